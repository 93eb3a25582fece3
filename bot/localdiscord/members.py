"""Members: how people come to a guild and leave it, what moderators do to them, and where they sit in voice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord import permissions
from bot.localdiscord.channel import SEATS, STAGE
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.guild import Member

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.events import Events
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.user import User

LONGEST_TIMEOUT = 28 * 24 * 3600


class Members:
    """Changes memberships, and tells of each change; who may make it is the caller's question."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def welcome(self, guild: Guild, user: User) -> None:
        """Let a user into a guild; raise 40007 for one who is banned."""
        if user.id in guild.bans:
            raise DiscordError(40007)
        member = guild.members[user.id] = Member(user, time.time())
        data = member.wire() | {"guild_id": guild.id}
        self._events.emit("GUILD_MEMBER_ADD", data, guild_id=guild.id)

    def leave(self, guild: Guild, user: User) -> None:
        """Take a user out of a guild, and out of its voice; leaving and being kicked look the same."""
        if (member := guild.members.get(user.id)) and member.voice_channel_id:
            self.sit(guild, member, None)
        if guild.members.pop(user.id, None):
            data = {"guild_id": guild.id, "user": user.wire()}
            self._events.emit("GUILD_MEMBER_REMOVE", data, guild_id=guild.id)

    def ban(self, guild: Guild, user: User, reason: str | None = None) -> None:
        """Ban a user, who need not be a member."""
        guild.bans[user.id] = reason
        self._events.emit("GUILD_BAN_ADD", {"guild_id": guild.id, "user": user.wire()}, guild_id=guild.id)
        self.leave(guild, user)

    def unban(self, guild: Guild, user: User) -> None:
        """Lift a ban; raise 10026 where there is none."""
        if user.id not in guild.bans:
            raise DiscordError(10026)
        del guild.bans[user.id]
        self._events.emit("GUILD_BAN_REMOVE", {"guild_id": guild.id, "user": user.wire()}, guild_id=guild.id)

    def time_out(self, guild: Guild, member: Member, until: float | None) -> None:
        """Keep a member from communicating until a Unix time (None: no longer).

        Raise 50013 for the owner and administrators.
        """
        if until and permissions.of_roles(guild, member) == permissions.ALL:
            raise DiscordError(50013)
        member.timed_out_until = until or 0.0
        self.tell(guild, member)

    def tell(self, guild: Guild, member: Member) -> None:
        """Tell of a member as they now are."""
        self._events.emit("GUILD_MEMBER_UPDATE", member.wire() | {"guild_id": guild.id}, guild_id=guild.id)

    def sit(self, guild: Guild, member: Member, channel: Channel | None) -> None:
        """Move a member into a voice or stage channel, or (None) out of voice; raise 50024 for any other.

        On a stage everybody joins the audience.
        """
        if channel and channel.type not in SEATS:
            raise DiscordError(50024)
        member.voice_channel_id = channel.id if channel else None
        member.suppressed = channel is not None and channel.type == STAGE
        member.hand_raised_at = 0.0
        self.tell_voice(guild, member)

    def suppress(self, guild: Guild, member: Member, *, suppressed: bool) -> None:
        """Bring a member of a stage's audience up to speak, or send them back."""
        member.suppressed = suppressed
        member.hand_raised_at = 0.0 if suppressed or member.user.bot else time.time()
        self.tell_voice(guild, member)

    def raise_hand(self, guild: Guild, member: Member, at: float | None) -> None:
        """Let a member ask to speak on a stage at a Unix time, or (None) ask no longer."""
        member.hand_raised_at = at or 0.0
        self.tell_voice(guild, member)

    def tell_voice(self, guild: Guild, member: Member) -> None:
        """Tell of a member's voice state."""
        self._events.emit("VOICE_STATE_UPDATE", member.voice_wire(guild.id), guild_id=guild.id)
