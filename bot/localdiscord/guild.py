"""Guilds, their roles and their members."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.localdiscord.wire import iso

if TYPE_CHECKING:
    from bot.localdiscord.keywords import KeywordRule
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json

LOCALE = "en-US"


@dataclass(slots=True)
class Role:
    """A role: a name, permission bits, and whether everyone may mention it."""

    id: str
    name: str
    permissions: int
    position: int = 0
    color: int = 0
    mentionable: bool = False
    bot_id: str | None = None

    def wire(self) -> Json:
        """Return the role in Discord's form (`GuildRoleResponse`)."""
        wire: Json = {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.bot_id:
            wire["tags"] = {"bot_id": self.bot_id}
        return wire


@dataclass(slots=True)
class Member:
    """A user's membership of a guild.

    `timed_out_until` is a Unix time, 0 for a member who never was.  `voice_channel_id` is where they sit and talk;
    in a stage channel the audience is `suppressed`, and may ask to speak (`hand_raised_at`, a Unix time).
    """

    user: User
    joined_at: float
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    mute: bool = False
    deaf: bool = False
    voice_channel_id: str | None = None
    self_mute: bool = False
    self_deaf: bool = False
    suppressed: bool = False
    hand_raised_at: float = 0.0
    timed_out_until: float = 0.0

    def wire(self, *, with_user: bool = True) -> Json:
        """Return the member in Discord's form (`GuildMemberResponse`); events on messages go without the user."""
        wire: Json = {
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "collectibles": None,
            "communication_disabled_until": iso(self.timed_out_until) if self.timed_out_until else None,
            "flags": 0,
            "joined_at": iso(self.joined_at),
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": list(self.roles),
            "mute": self.mute,
            "deaf": self.deaf,
        }
        if with_user:
            wire["user"] = self.user.wire()
        return wire

    def voice_wire(self, guild_id: str) -> Json:
        """Return the member's voice state (`VoiceStateResponse`)."""
        return self.seat_wire() | {"guild_id": guild_id, "member": self.wire()}

    def seat_wire(self) -> Json:
        """Return the member's voice state without guild and member, as it stands where a guild is told of whole."""
        return {
            "channel_id": self.voice_channel_id,
            "user_id": self.user.id,
            "session_id": f"voice{self.user.id}",
            "deaf": self.deaf,
            "mute": self.mute,
            "self_deaf": self.self_deaf,
            "self_mute": self.self_mute,
            "self_stream": False,
            "self_video": False,
            "suppress": self.suppressed,
            "request_to_speak_timestamp": iso(self.hand_raised_at) if self.hand_raised_at else None,
        }


@dataclass(slots=True)
class Guild:
    """A server: roles (that of @everyone has the guild's own id) and members by user id.

    `bans` are reasons by user id.  `mfa_level` 1 requires two-factor authentication of moderators.  `unavailable`
    tells of an outage.
    """

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    bans: dict[str, str | None] = field(default_factory=dict)
    mfa_level: int = 0
    keyword_rules: list[KeywordRule] = field(default_factory=list)
    unavailable: bool = False

    @property
    def seated(self) -> list[Member]:
        """The members who sit in a voice channel."""
        return [member for member in self.members.values() if member.voice_channel_id]

    def counts(self) -> Json:
        """Return how many members there are, and are online, as `with_counts` asks for."""
        return {"approximate_member_count": len(self.members), "approximate_presence_count": len(self.members)}

    def wire(self) -> Json:
        """Return the guild in Discord's form (`GuildResponse`)."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "description": None,
            "home_header": None,
            "splash": None,
            "discovery_splash": None,
            "features": [],
            "banner": None,
            "owner_id": self.owner_id,
            "application_id": None,
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "roles": [role.wire() for role in self.roles.values()],
            "default_message_notifications": 1,
            "mfa_level": self.mfa_level,
            "explicit_content_filter": 0,
            "max_presences": None,
            "max_members": 500000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": LOCALE,
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
            "incidents_data": None,
            "hub_type": None,
        }

    def shard(self, count: int) -> int:
        """Return which of `count` shards the guild's events go to."""
        return (int(self.id) >> 22) % count
