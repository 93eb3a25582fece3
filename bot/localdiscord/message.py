"""Messages as they are kept, and as each reader is shown them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.localdiscord.channel import DM
from bot.localdiscord.wire import copied, iso

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json

DEFAULT, PINNED, THREAD_CREATED, REPLY, SLASH, THREAD_STARTER, CONTEXT = 0, 6, 18, 19, 20, 21, 23
ANSWERABLE = (DEFAULT, REPLY, SLASH, CONTEXT)
"""The types of messages that somebody wrote; the others are Discord's own lines."""
CROSSPOSTED, SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL = 1 << 0, 1 << 2, 1 << 5, 1 << 6
LOADING, SILENT, V2 = 1 << 7, 1 << 12, 1 << 15


class Surroundings(Protocol):
    """What rendering a message looks up: the users it mentions, its channel, the message it replies to."""

    users: dict[str, User]
    channels: dict[str, Channel]
    messages: dict[str, dict[str, Message]]

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild a channel is in."""


@dataclass(slots=True)
class Message:
    """One message.  Times are Unix seconds; `reader_id` is set for an ephemeral one."""

    id: str
    channel_id: str
    author: Json
    posted_at: float
    content: str = ""
    type: int = DEFAULT
    flags: int = 0
    tts: bool = False
    edited_at: float | None = None
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    pinged: list[str] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    shown_inside: list[Json] = field(default_factory=list)  # attachments that an embed or component displays
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned_at: float | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    interaction: Json | None = None
    interaction_metadata: Json | None = None
    reference: Json | None = None
    thread_id: str | None = None
    position: int | None = None
    reader_id: str | None = None

    @property
    def starts_thread(self) -> bool:
        """Whether a thread begins with the message: the first of a post, or the line that shows the original."""
        return self.type == THREAD_STARTER or self.id == self.channel_id

    def stored(self) -> Json:
        """Return every field, for the archive; `Message(**stored)` makes it again."""
        return asdict(self)

    def wire(self, world: Surroundings, viewer_id: str | None = None, *, deep: bool = True) -> Json:
        """Return the message in Discord's form (`MessageResponse`), as `viewer_id` sees it.

        With `deep` it brings the message it replies to; that one does not bring its own again.
        """
        wire: Json = {
            "type": self.type,
            "content": self.content,
            "mentions": [world.users[user_id].wire() for user_id in self.mentions if user_id in world.users],
            "mention_roles": list(self.mention_roles),
            "attachments": copied(self.attachments),
            "embeds": [] if self.flags & SUPPRESS_EMBEDS else copied(self.embeds),
            "timestamp": iso(self.posted_at),
            "edited_timestamp": iso(self.edited_at) if self.edited_at else None,
            "flags": self.flags,
            "components": copied(self.components),
            "id": self.id,
            "channel_id": self.channel_id,
            "author": dict(self.author),
            "pinned": self.pinned_at is not None,
            "mention_everyone": self.mention_everyone,
            "tts": self.tts,
        }
        for name in ("webhook_id", "application_id", "interaction", "interaction_metadata", "position"):
            if (value := getattr(self, name)) is not None:
                wire[name] = copied(value)
        if self.reactions:
            wire["reactions"] = [self._reaction(key, viewer_id) for key in self.reactions]
        if self.thread_id and self.thread_id in world.channels:
            wire["thread"] = world.channels[self.thread_id].wire()
        if self.reference:
            wire["message_reference"] = dict(self.reference)
            if deep and self.type in {REPLY, THREAD_STARTER, CONTEXT}:
                origin = self.origin(world)
                if origin and origin.reader_id not in {None, self.reader_id}:
                    origin = None
                wire["referenced_message"] = origin.wire(world, viewer_id, deep=False) if origin else None
        return wire

    def origin(self, world: Surroundings) -> Message | None:
        """Return the message that this one replies to, while it is there."""
        reference = self.reference or {}
        return world.messages.get(reference.get("channel_id", ""), {}).get(reference.get("message_id", ""))

    def event(self, world: Surroundings, viewer_id: str | None = None) -> Json:
        """Return what MESSAGE_CREATE and MESSAGE_UPDATE carry: the message, its guild, and memberships."""
        wire = self.wire(world, viewer_id)
        channel = world.channels[self.channel_id]
        wire["channel_type"] = channel.type
        guild = world.guild_of(channel)
        if guild is None:
            return wire
        wire["guild_id"] = guild.id
        if not self.webhook_id and self.author["id"] in guild.members:
            wire["member"] = guild.members[self.author["id"]].wire(with_user=False)
        for user in wire["mentions"]:
            if user["id"] in guild.members:
                user["member"] = guild.members[user["id"]].wire(with_user=False)
        return wire

    def blanked(self, wire: Json, world: Surroundings, user_id: str) -> Json:
        """Return `wire` without its content for a bot that may not read it.

        Discord shows it still in direct messages, in its own messages, and in those that mention it.
        """
        direct = world.channels[self.channel_id].type == DM
        if direct or self.author["id"] == user_id or user_id in self.mentions:
            return wire
        return wire | {"content": "", "embeds": [], "attachments": [], "components": []}

    def _reaction(self, key: str, viewer_id: str | None) -> Json:
        users = self.reactions[key]
        return {
            "emoji": emoji_of(key),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me_burst": False,
            "burst_me": False,
            "burst_count": 0,
            "me": viewer_id in users,
        }


def emoji_of(key: str) -> Json:
    """Return an emoji by how the address of a reaction names it: a character, or `name:id`."""
    name, _, emoji_id = key.partition(":")
    return {"id": emoji_id or None, "name": name}
