"""Posting: making, editing and deleting messages under Discord's rules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.localdiscord import automod, mentions, replies
from bot.localdiscord.channel import ANNOUNCEMENT, CATEGORY, DIRECT, DM, THREAD_ONLY, Channel
from bot.localdiscord.draft import MOST_CONTENT, MOST_WITH_NITRO, Draft, DraftReader, nonce_of
from bot.localdiscord.errors import DiscordError, RateLimited
from bot.localdiscord.message import (
    ANSWERABLE,
    CROSSPOSTED,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    REPLY,
    SUPPRESS_EMBEDS,
    THREAD_STARTER,
    Message,
)
from bot.localdiscord.nonces import Nonces

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.events import Events
    from bot.localdiscord.limits import Limits
    from bot.localdiscord.slowmode import SlowMode
    from bot.localdiscord.threads import Threads
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

OLD_SECONDS = 3600.0


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
        slowmode: SlowMode,
    ) -> None:
        self._world = world
        self._events = events
        self._archive = archive
        self._limits = limits
        self._drafts = drafts
        self._threads = threads
        self._slowmode = slowmode
        self.nonces = Nonces(world, archive)

    def create(self, channel: Channel, author: User, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Post a message as a user; raise what Discord would answer.

        With `enforce_nonce`, a nonce that the author used in this channel within the last minutes brings the
        earlier message.
        """
        self.check(channel, author)
        nonce = nonce_of(body)
        if nonce and body.get("enforce_nonce"):
            earlier = self.nonces.earlier(channel.id, author.id, nonce)
            if earlier:
                return earlier
        reference, replied = replies.read(self._world, channel, author, body.get("message_reference"))
        draft = self.compose(channel, author, body, uploads)
        self._slowmode.check_message(channel, author)
        self._threads.ready_for_message(channel, author.id)
        message = self.place(
            channel,
            author.wire(),
            draft,
            replied=replied,
            nonce=nonce,
            type=REPLY if reference else DEFAULT,
            reference=reference,
        )
        self._slowmode.note_message(message)
        if nonce:
            self.nonces.keep(message, nonce)
        return message

    def compose(
        self, channel: Channel, author: User, body: Json, uploads: list[Upload] | None, place_id: str | None = None
    ) -> Draft:
        """Return the draft of a user's message that has passed their permissions and AutoMod.

        `place_id` is where its files belong, if not in `channel`.
        """
        longest = MOST_WITH_NITRO if author.nitro else MOST_CONTENT
        draft = self._drafts.read(body, uploads or [], place_id or channel.id, longest=longest)
        if channel.guild_id:
            if draft.embeds:
                self._world.require(channel, author.id, "EMBED_LINKS")
            if draft.attachments or draft.shown_inside:
                self._world.require(channel, author.id, "ATTACH_FILES")
            if draft.tts:
                self._world.require(channel, author.id, "SEND_TTS_MESSAGES")
        automod.check(self._world, channel, author, draft.texts)
        draft.flags &= ~EPHEMERAL
        return draft

    def check(self, channel: Channel, author: User, *, wakes: bool = True) -> None:
        """Raise when a user may not post in a channel; where nothing `wakes` an archived thread, it is 50083."""
        if channel.type == CATEGORY:
            raise DiscordError(50008)
        if channel.type in THREAD_ONLY:
            raise DiscordError(40058)
        thread = channel.thread
        self._world.require(channel, author.id, "SEND_MESSAGES_IN_THREADS" if thread else "SEND_MESSAGES")
        if channel.type == DM and author.id == self._world.bot.id:
            self._check_dm(channel)
        if wakes:
            self._threads.require_postable(channel, author.id)
        else:
            self._threads.require_editable(channel, author.id)

    def _check_dm(self, channel: Channel) -> None:
        for user in channel.recipients:
            if user.dm_blocked or user.bot:
                raise DiscordError(50007)
            if not user.installed and not any(user.id in guild.members for guild in self._world.bot_guilds):
                raise DiscordError(50278)

    def place(
        self,
        channel: Channel,
        author: Json,
        draft: Draft,
        *,
        replied: Message | None = None,
        nonce: str | None = None,
        message_id: str | None = None,
        **more: Any,
    ) -> Message:
        """Put a checked draft into a channel, and tell of it; `more` are further fields of the message.

        Raise 10003 where the channel has been deleted.
        """
        self._world.require_available(self._world.channel(channel.id))
        now = time.time()
        message = Message(message_id or self._world.snowflakes.next(), channel.id, author, now, **more)
        message.tts = draft.tts
        self._fill(message, draft, channel, replied, pings=True)
        if channel.thread:
            message.position = 0 if message.starts_thread else channel.thread.total_sent + 1
        self._world.messages[channel.id][message.id] = message
        self._archive.keep_message(message)
        if not message.reader_id:
            channel.last_message_id = message.id
            if channel.thread:
                if not message.starts_thread:
                    channel.thread.message_count += 1
                    channel.thread.total_sent += 1
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
        mentioned = mentions.find(
            self._world, channel, message.author["id"], draft.texts, draft.allowed_mentions, replied
        )
        message.mentions, message.mention_roles = mentioned.users, mentioned.roles
        message.mention_everyone = mentioned.everyone
        if pings:
            message.pinged = mentioned.pinged

    def edit(self, message: Message, editor_id: str, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Edit a message.

        Raise 50005 for another's, 50021 for one of Discord's own, 50083 in an archived thread, 30046 for the old
        when too often.
        """
        channel = self._world.channel(message.channel_id)
        if channel.guild_id:
            self._world.require(channel, editor_id)
            self._world.require_not_timed_out(channel, editor_id)
        if message.type not in ANSWERABLE:
            raise DiscordError(50021)
        if message.author["id"] != editor_id:
            only_flags = set(body) <= {"flags"} and self._world.may(channel, editor_id, "MANAGE_MESSAGES")
            if not only_flags:
                raise DiscordError(50005)
        self._threads.require_editable(channel, editor_id)
        if time.time() - message.posted_at > OLD_SECONDS and (wait := self._limits.hidden("edit old", channel.id)):
            raise RateLimited(wait, 30046)
        return self.rewrite(message, body, uploads)

    def rewrite(self, message: Message, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Replace a message's parts without a permission check: an interaction's token is authority enough."""
        channel = self._world.channel(message.channel_id)
        self._world.require_available(channel)
        author = self._world.users.get(message.author["id"])
        longest = MOST_WITH_NITRO if author and author.nitro else MOST_CONTENT
        draft = self._drafts.read(body, uploads or [], channel.id, message, longest=longest)
        if author and not message.webhook_id:
            automod.check(self._world, channel, author, draft.texts)
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
        """Delete a message; raise 50021 for the line with which a thread shows the message that it began with.

        `actor_id` may delete their own, and others' with MANAGE_MESSAGES (else 50013, or 50003).
        """
        if message.type == THREAD_STARTER:
            raise DiscordError(50021)
        channel = self._world.channel(message.channel_id)
        if actor_id:
            if channel.guild_id:
                self._world.require(channel, actor_id)
            if message.author["id"] != actor_id:
                if channel.type in DIRECT:
                    raise DiscordError(50003)
                self._world.require(channel, actor_id, "MANAGE_MESSAGES")
            if channel.thread and channel.thread.archived:
                # deleting is the one thing that an archived thread allows, while it is not locked
                self._threads.require_postable(channel, actor_id)
        self._remove(channel, message)
        data: Json = {"id": message.id, "channel_id": channel.id}
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        self._events.emit("MESSAGE_DELETE", data, channel, message=message, reader_id=message.reader_id)

    def crosspost(self, message: Message, actor_id: str) -> None:
        """Publish a message of an announcement channel; another's needs MANAGE_MESSAGES.

        Raise 50024 in any other channel, 40033 where it has been published.
        """
        channel = self._world.channel(message.channel_id)
        if channel.type != ANNOUNCEMENT:
            raise DiscordError(50024)
        own = message.author["id"] == actor_id
        self._world.require(channel, actor_id, "SEND_MESSAGES", *([] if own else ["MANAGE_MESSAGES"]))
        if message.flags & CROSSPOSTED:
            raise DiscordError(40033)
        message.flags |= CROSSPOSTED
        self.changed(message)

    def bulk_delete(self, channel: Channel, messages: list[Message]) -> None:
        """Delete several messages of a channel, and tell of it once."""
        for message in messages:
            self._remove(channel, message)
        data = {
            "ids": [message.id for message in messages],
            "channel_id": channel.id,
            "guild_id": channel.guild_id,
        }
        self._events.emit("MESSAGE_DELETE_BULK", data, channel)

    def _remove(self, channel: Channel, message: Message) -> None:
        removed = self._world.messages[channel.id].pop(message.id, None)
        self._archive.drop("message", message.id)
        if removed and channel.thread and not message.reader_id and not message.starts_thread:
            channel.thread.message_count -= 1

    def system(self, channel: Channel, author: User, kind: int, **more: Any) -> Message:
        """Post one of Discord's own lines (a pin, a new thread)."""
        content = str(more.pop("content", ""))
        return self.place(channel, author.wire(), Draft(content=content), type=kind, **more)
