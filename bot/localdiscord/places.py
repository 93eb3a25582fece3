"""Places: changes to channels, new threads, permissions, pins and typing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord import message as kinds, permissions, tags
from bot.localdiscord.channel import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    DIRECT,
    DM,
    GROUP_DM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    THREAD_ONLY,
    Channel,
    Overwrite,
)
from bot.localdiscord.errors import DiscordError, Form, RateLimited

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.events import Events
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.limits import Limits
    from bot.localdiscord.members import Members
    from bot.localdiscord.message import Message
    from bot.localdiscord.posting import Posting
    from bot.localdiscord.threads import Threads
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_MOST_PINS, _MOST_CHANNELS = 250, 500
_MOST_TOPIC, _MOST_GUIDELINES = 1024, 4096


class Places:
    """Changes channels under Discord's rules; what changes is archived and told."""

    def __init__(
        self,
        world: World,
        events: Events,
        archive: Archive,
        limits: Limits,
        threads: Threads,
        posting: Posting,
        members: Members,
    ) -> None:
        self._world = world
        self._events = events
        self._archive = archive
        self._limits = limits
        self._threads = threads
        self._posting = posting
        self._members = members

    def change(self, channel: Channel, actor_id: str, body: Json) -> Channel:
        """Edit a guild channel; a third new name within ten minutes is refused for the rest of them."""
        if channel.type in DIRECT:
            raise DiscordError(50003)
        self._world.require(channel, actor_id, "MANAGE_CHANNELS")
        form = Form()
        if "name" in body:
            form.filled("name", body["name"])
        _check_topic(form, channel.type, body.get("topic"))
        available = channel.tags
        if "available_tags" in body and channel.type in THREAD_ONLY:
            available = tags.available(form, body["available_tags"], self._world.snowflakes)
        form.raise_if_any()
        renamed = (
            body.get("name", channel.name) != channel.name or body.get("topic", channel.topic) != channel.topic
        )
        if renamed and (wait := self._limits.hidden("rename", channel.id)):
            raise RateLimited(wait)
        channel.name = body.get("name", channel.name)
        channel.topic = body.get("topic", channel.topic)
        channel.slowmode = body.get("rate_limit_per_user", channel.slowmode) or 0
        channel.thread_slowmode = body.get("default_thread_rate_limit_per_user", channel.thread_slowmode) or 0
        channel.nsfw = bool(body.get("nsfw", channel.nsfw))
        if channel.type in THREAD_ONLY:
            channel.flags = (body.get("flags", channel.flags) or 0) & tags.REQUIRE_TAG
        channel.tags = available
        return self.changed(channel)

    def delete(self, channel: Channel, actor_id: str | None = None) -> Channel:
        """Delete a channel or thread with its messages; `actor_id` needs MANAGE_CHANNELS or MANAGE_THREADS."""
        if channel.type in DIRECT:
            return channel
        if actor_id:
            self._world.require(channel, actor_id, "MANAGE_THREADS" if channel.thread else "MANAGE_CHANNELS")
        for child in [child for child in self._world.channels.values() if child.parent_id == channel.id]:
            if child.thread:
                self.delete(child)
            else:
                # a category leaves its channels behind
                child.parent_id = None
                self.changed(child)
        if guild := self._world.guild_of(channel):
            for member in guild.seated:
                if member.voice_channel_id == channel.id:
                    self._members.sit(guild, member, None)
        data = channel.wire()
        if channel.thread:
            data = {name: data[name] for name in ("id", "guild_id", "parent_id", "type")}
        self._events.emit("THREAD_DELETE" if channel.thread else "CHANNEL_DELETE", data, channel)
        self._world.channels.pop(channel.id, None)
        for message_id in self._world.messages.pop(channel.id, {}):
            self._archive.drop("message", message_id)
        self._archive.drop("channel", channel.id)
        return channel

    def create_channel(self, guild: Guild, name: str, kind: int, topic: str | None = None) -> Channel:
        """Make a channel in a guild; raise 30013 for one too many."""
        form = Form()
        form.filled("name", name)
        _check_topic(form, kind, topic)
        form.raise_if_any()
        there = [
            other for other in self._world.channels.values() if other.guild_id == guild.id and not other.thread
        ]
        position = len(there)
        if position >= _MOST_CHANNELS:
            raise DiscordError(30013)
        channel = Channel(self._world.snowflakes.next(), kind, name, guild.id, None, position, topic)
        self._world.add_channel(channel)
        self._archive.keep_channel(channel)
        self._events.emit("CHANNEL_CREATE", channel.wire(), channel)
        return channel

    def create_guild(self, name: str, *, with_bot: bool) -> Guild:
        """Add a guild with a channel `general`, as when the bot is invited to it; without it, it hears nothing."""
        next_id = self._world.snowflakes.next
        guild = self._world.create_guild(name, next_id(), next_id() if with_bot else None)
        self._world.add_channel(Channel(next_id(), TEXT, "general", guild.id))
        self._events.emit("GUILD_CREATE", guild.wire(), guild_id=guild.id)
        return guild

    def invite_bot(self, guild: Guild) -> None:
        """Add the bot to a guild that it is not in."""
        self._world.admit_bot(guild, self._world.snowflakes.next(), time.time())
        self._events.emit("GUILD_CREATE", guild.wire(), guild_id=guild.id)

    def remove_bot(self, guild: Guild) -> None:
        """Take the bot out of a guild, as when it is kicked or leaves: it hears so, and then nothing any more."""
        self._events.emit("GUILD_DELETE", {"id": guild.id}, guild_id=guild.id)
        self._world.expel_bot(guild)

    def begin_outage(self, guild: Guild) -> None:
        """Let a guild become unavailable; the bot hears nothing of it until the outage ends."""
        self._events.emit("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild_id=guild.id)
        guild.unavailable = True

    def end_outage(self, guild: Guild) -> None:
        """Let a guild be available again."""
        guild.unavailable = False
        self._events.emit("GUILD_CREATE", guild.wire() | {"unavailable": False}, guild_id=guild.id)

    def branch(self, message: Message, owner: User, body: Json) -> Channel:
        """Open a thread on a message, whose id it takes.

        Raise 160004 where there is one, 50024 where none can be, 50021 on one of Discord's own lines.
        """
        parent = self._world.channel(message.channel_id)
        if message.thread_id:
            raise DiscordError(160004)
        if message.type not in kinds.ANSWERABLE:
            raise DiscordError(50021)
        kind = ANNOUNCEMENT_THREAD if parent.type == ANNOUNCEMENT else PUBLIC_THREAD
        thread = self._threads.open(message.id, kind, parent, owner, body)
        message.thread_id = thread.id
        message.flags |= kinds.HAS_THREAD
        self._posting.changed(message)
        reference = {"type": 0, "channel_id": parent.id, "message_id": message.id, "guild_id": parent.guild_id}
        self._posting.system(thread, owner, kinds.THREAD_STARTER, reference=reference)
        return thread

    def create_thread(self, parent: Channel, owner: User, body: Json) -> Channel:
        """Open a thread without a message; a private one unless the body says type 11."""
        kind = body.get("type") or PRIVATE_THREAD
        thread = self._threads.open(self._world.snowflakes.next(), kind, parent, owner, body)
        if kind != PRIVATE_THREAD:
            reference = {"type": 0, "channel_id": thread.id, "guild_id": parent.guild_id}
            self._posting.system(parent, owner, kinds.THREAD_CREATED, content=thread.name, reference=reference)
        return thread

    def overwrite(self, channel: Channel, target: str, kind: int, allow: int, deny: int) -> None:
        """Set what a channel grants and takes from a role (kind 0) or member (kind 1)."""
        channel.overwrites[target] = Overwrite(kind, allow, deny)
        self.changed(channel)

    def grant(self, channel: Channel, user: User, names: tuple[str, ...], *, allowed: bool | None) -> None:
        """Allow, deny, or (None) leave to the roles some permissions of one member in a channel."""
        bits = permissions.bits(names)
        _, allow, deny = channel.overwrites.get(user.id, Overwrite(1, 0, 0))
        allow, deny = allow & ~bits, deny & ~bits
        if allowed is not None:
            allow, deny = (allow | bits, deny) if allowed else (allow, deny | bits)
        self.overwrite(channel, user.id, 1, allow, deny)

    def changed(self, channel: Channel) -> Channel:
        """Archive a channel as it now is, and tell of it."""
        self._archive.keep_channel(channel)
        self._events.emit("CHANNEL_UPDATE", channel.wire(), channel)
        return channel

    def open_dm(self, user: User) -> Channel:
        """Return the bot's direct-message channel with a user; opening it is never refused, only messages are."""
        channel = self._world.dm(user)
        self._archive.keep_channel(channel)
        return channel

    def gather(self, people: list[User], name: str) -> Channel:
        """Open a channel of people among themselves: a direct message of two, else a group."""
        kind = DM if len(people) == 2 else GROUP_DM
        channel = self._world.add_channel(Channel(self._world.snowflakes.next(), kind, name, recipients=people))
        self._archive.keep_channel(channel)
        self._events.emit("CHANNEL_CREATE", channel.wire(), channel)
        return channel

    def typing(self, channel: Channel, user: User) -> None:
        """Show that a user types; raise as for a message."""
        self._posting.check(channel, user, wakes=False)
        data: Json = {"channel_id": channel.id, "user_id": user.id, "timestamp": int(time.time())}
        if member := self._world.member(channel, user.id):
            data |= {"guild_id": channel.guild_id, "member": member.wire()}
        self._events.emit("TYPING_START", data, channel)

    def pin(self, message: Message, actor: User, *, pinned: bool) -> None:
        """Pin or unpin a message; needs PIN_MESSAGES."""
        channel = self._world.channel(message.channel_id)
        self._world.require(channel, actor.id, "PIN_MESSAGES")
        self._world.require_unarchived(channel)
        if (message.pinned_at is not None) == pinned:
            return
        if pinned and len(self.pins(channel)) >= _MOST_PINS:
            raise DiscordError(30003)
        message.pinned_at = time.time() if pinned else None
        channel.last_pin_at = message.pinned_at or channel.last_pin_at
        self._posting.changed(message)
        data: Json = {"channel_id": channel.id, "last_pin_timestamp": channel.wire().get("last_pin_timestamp")}
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        self._events.emit("CHANNEL_PINS_UPDATE", data, channel)
        if pinned:
            reference: Json = {"type": 0, "channel_id": channel.id, "message_id": message.id}
            if channel.guild_id:
                reference["guild_id"] = channel.guild_id
            self._posting.system(channel, actor, kinds.PINNED, reference=reference)

    def pins(self, channel: Channel) -> list[Message]:
        """Return a channel's pinned messages, the last pinned first."""
        pinned = [message for message in self._world.messages[channel.id].values() if message.pinned_at is not None]
        return sorted(pinned, key=lambda message: message.pinned_at or 0.0, reverse=True)


def _check_topic(form: Form, kind: int, topic: str | None) -> None:
    """Check a channel's topic; that of a forum has its guidelines."""
    if topic:
        form.length("topic", topic, _MOST_GUIDELINES if kind in THREAD_ONLY else _MOST_TOPIC)
