"""Posting: making, editing and deleting messages under Discord's rules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.playground import mentions
from bot.playground.channel import DIRECT, DM, TEXT, THREADS, VOICE, Channel
from bot.playground.draft import Draft, DraftReader, nonce_of
from bot.playground.errors import DiscordError, RateLimited, invalid
from bot.playground.message import DEFAULT, EPHEMERAL, LOADING, REPLY, SUPPRESS_EMBEDS, Message

if TYPE_CHECKING:
    from bot.playground.archive import Archive
    from bot.playground.attachments import Upload
    from bot.playground.events import Events
    from bot.playground.limits import Limits
    from bot.playground.threads import Threads
    from bot.playground.user import User
    from bot.playground.wire import Json
    from bot.playground.world import World

NONCE_SECONDS = 300.0
OLD_SECONDS = 3600.0
_MANY_NONCES = 5000


class Posting:
    """Makes, edits and deletes messages; what changes is archived and told."""

    def __init__(
        self,
        world: World,
        events: Events,
        archive: Archive,
        limits: Limits,
        drafts: DraftReader,
        threads: Threads,
    ) -> None:
        self._world = world
        self._events = events
        self._archive = archive
        self._limits = limits
        self._drafts = drafts
        self._threads = threads
        self._nonces: dict[str, tuple[str, float]] = {}

    def restore_nonces(self) -> None:
        """Take up the nonces that are still fresh."""
        if self._archive:
            self._nonces = self._archive.nonces(time.time() - NONCE_SECONDS)

    def create(self, channel: Channel, author: User, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Post a message as a user; raise what Discord would answer.

        With `enforce_nonce`, a nonce that the author used in this channel within the last minutes brings the
        earlier message.
        """
        self.check(channel, author)
        nonce = nonce_of(body)
        key = f"{channel.id}/{author.id}/{nonce}"
        if nonce and body.get("enforce_nonce") and (earlier := self._earlier(key, channel)):
            return earlier
        reference, replied = self._reference(channel, author, body.get("message_reference"))
        draft = self._drafts.read(body, uploads or [], channel.id)
        if channel.guild_id:
            if draft.embeds:
                self._world.require(channel, author.id, "EMBED_LINKS")
            if draft.attachments or draft.shown_inside:
                self._world.require(channel, author.id, "ATTACH_FILES")
        draft.flags &= ~EPHEMERAL
        message = self.place(
            channel,
            author.wire(),
            draft,
            replied=replied,
            nonce=nonce,
            type=REPLY if reference else DEFAULT,
            reference=reference,
        )
        if nonce:
            self._forget_old_nonces()
            self._nonces[key] = (message.id, time.time())
            self._archive.put_nonce(key, message.id, time.time())
        return message

    def check(self, channel: Channel, author: User, *, wakes: bool = True) -> None:
        """Raise when a user may not post in a channel; a message into an archived thread wakes it, else 50083."""
        if channel.type not in {TEXT, VOICE, *DIRECT, *THREADS}:
            raise DiscordError(50008)
        thread = channel.thread
        self._world.require(channel, author.id, "SEND_MESSAGES_IN_THREADS" if thread else "SEND_MESSAGES")
        if channel.type == DM and author.id == self._world.bot.id:
            self._check_dm(channel)
        if thread:
            mighty = self._world.may(channel, author.id, "MANAGE_THREADS")
            if thread.locked and not mighty:
                raise DiscordError(50083 if thread.archived else 160005)
            if thread.archived and not wakes:
                raise DiscordError(50083)
            if thread.archived:
                self._threads.wake(channel)

    def _check_dm(self, channel: Channel) -> None:
        for user in channel.recipients:
            if user.dm_blocked or user.bot:
                raise DiscordError(50007)
            if not user.installed and not any(user.id in guild.members for guild in self._world.bot_guilds):
                raise DiscordError(50278)

    def _forget_old_nonces(self) -> None:
        if len(self._nonces) < _MANY_NONCES:
            return
        since = time.time() - NONCE_SECONDS
        self._nonces = {key: used for key, used in self._nonces.items() if used[1] > since}

    def _earlier(self, key: str, channel: Channel) -> Message | None:
        message_id, at = self._nonces.get(key, ("", 0.0))
        fresh = time.time() - at < NONCE_SECONDS
        return self._world.messages[channel.id].get(message_id) if fresh else None

    def _reference(self, channel: Channel, author: User, raw: Json | None) -> tuple[Json | None, Message | None]:
        if not raw:
            return None, None
        self._world.require(channel, author.id)
        if not self._world.may(channel, author.id, "READ_MESSAGE_HISTORY"):
            raise DiscordError(160002)
        place_id = str(raw.get("channel_id") or channel.id)
        replied = self._world.messages.get(place_id, {}).get(str(raw.get("message_id")))
        if place_id != channel.id:
            raise invalid(
                "message_reference.channel_id",
                "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
                "Cannot reply to a message in a different channel",
            )
        if replied is None or replied.reader_id:
            if raw.get("fail_if_not_exists", True):
                raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            return None, None
        reference = {"type": 0, "channel_id": channel.id, "message_id": replied.id}
        return reference | ({"guild_id": channel.guild_id} if channel.guild_id else {}), replied

    def place(
        self,
        channel: Channel,
        author: Json,
        draft: Draft,
        *,
        replied: Message | None = None,
        nonce: str | None = None,
        **more: Any,
    ) -> Message:
        """Put a checked draft into a channel, and tell of it; `more` are further fields of the message."""
        now = time.time()
        message = Message(self._world.snowflakes.next(), channel.id, author, now, **more)
        message.tts = draft.tts
        self._fill(message, draft, channel, replied, pings=True)
        if channel.thread:
            message.position = channel.thread.message_count
        self._world.messages[channel.id][message.id] = message
        self._archive.keep_message(message)
        if not message.reader_id:
            channel.last_message_id = message.id
            if channel.thread:
                channel.thread.message_count += 1
                if author["id"] in self._world.users and not message.webhook_id:
                    self._threads.join(channel, author["id"])
            self._archive.keep_channel(channel)
        self.tell("MESSAGE_CREATE", message, nonce)
        return message

    def _fill(
        self, message: Message, draft: Draft, channel: Channel, replied: Message | None, *, pings: bool
    ) -> None:
        message.content, message.flags = draft.content, draft.flags | message.flags
        message.embeds, message.components = draft.embeds, draft.components
        message.attachments, message.shown_inside = draft.attachments, draft.shown_inside
        found = mentions.find(
            self._world, channel, message.author["id"], draft.said, draft.allowed_mentions, replied
        )
        message.mentions, message.mention_roles = found.users, found.roles
        message.mention_everyone = found.everyone
        if pings:
            message.pinged = found.pinged

    def edit(self, message: Message, editor_id: str, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Edit a message.

        Raise 50005 for another's, 50083 in an archived thread, 30046 for the old when too often.
        """
        channel = self._world.channel(message.channel_id)
        if channel.guild_id:
            self._world.require(channel, editor_id)
        if message.author["id"] != editor_id or message.type not in {DEFAULT, REPLY, 20, 23}:
            only_flags = set(body) <= {"flags"} and self._world.may(channel, editor_id, "MANAGE_MESSAGES")
            if not only_flags:
                raise DiscordError(50005)
        if channel.thread and channel.thread.archived:
            raise DiscordError(50083)
        if time.time() - message.posted_at > OLD_SECONDS and (wait := self._limits.hidden("edit old", channel.id)):
            raise RateLimited(wait, 30046)
        return self.rewrite(message, body, uploads)

    def rewrite(self, message: Message, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Give a message new parts without asking who does it: an interaction's token is leave enough."""
        channel = self._world.channel(message.channel_id)
        draft = self._drafts.read(body, uploads or [], channel.id, message)
        loading = bool(message.flags & LOADING)
        if set(body) & {"content", "embeds", "components", "attachments"} or uploads:
            # the filling of a deferred answer is its first form, not an edit, and so it pings
            message.edited_at = None if loading else time.time()
        message.flags &= ~(LOADING | SUPPRESS_EMBEDS)
        self._fill(
            message, draft, channel, message.origin(self._world) if message.type == REPLY else None, pings=loading
        )
        if loading:
            message.flags &= ~LOADING
        self.changed(message)
        return message

    def changed(self, message: Message) -> None:
        """Archive a message as it now is, and tell of it."""
        self._archive.keep_message(message)
        self.tell("MESSAGE_UPDATE", message)

    def tell(self, name: str, message: Message, nonce: str | None = None) -> None:
        """Emit a message event; an ephemeral message's goes to its reader alone."""
        data = message.event(self._world)
        if nonce is not None:
            data["nonce"] = nonce
        channel = self._world.channel(message.channel_id)
        self._events.emit(name, data, channel, message=message, reader_id=message.reader_id)

    def delete(self, message: Message, actor_id: str | None = None) -> None:
        """Delete a message.

        `actor_id` may delete their own, and others' with MANAGE_MESSAGES (else 50013, or 50003).
        """
        channel = self._world.channel(message.channel_id)
        if actor_id:
            if channel.guild_id:
                self._world.require(channel, actor_id)
            if message.author["id"] != actor_id:
                if channel.type in DIRECT:
                    raise DiscordError(50003)
                self._world.require(channel, actor_id, "MANAGE_MESSAGES")
            if channel.thread and channel.thread.archived:
                raise DiscordError(50083)
        self._world.messages[channel.id].pop(message.id, None)
        self._archive.drop("message", message.id)
        data: Json = {"id": message.id, "channel_id": channel.id}
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        self._events.emit("MESSAGE_DELETE", data, channel, message=message, reader_id=message.reader_id)

    def system(self, channel: Channel, author: User, kind: int, **more: Any) -> Message:
        """Post one of Discord's own lines (a pin, a new thread)."""
        content = str(more.pop("content", ""))
        return self.place(channel, author.wire(), Draft(content=content), type=kind, **more)
