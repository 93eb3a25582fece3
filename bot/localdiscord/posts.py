"""Posts: the threads of forum and media channels, each with the message that it starts with.

Source: https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import tags
from bot.localdiscord.channel import PUBLIC_THREAD, THREAD_ONLY
from bot.localdiscord.errors import DiscordError, invalid, within

if TYPE_CHECKING:
    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.posting import Posting
    from bot.localdiscord.threads import Threads
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World


class Posts:
    """Opens posts."""

    def __init__(self, world: World, threads: Threads, posting: Posting) -> None:
        self._world = world
        self._threads = threads
        self._posting = posting

    def open(self, parent: Channel, owner: User, body: Json, uploads: list[Upload] | None = None) -> Message:
        """Open a post with its message, whose id it has; SEND_MESSAGES is enough.

        Raise 50024 in a channel of another kind.
        """
        if parent.type not in THREAD_ONLY:
            raise DiscordError(50024)
        self._world.require(parent, owner.id, "SEND_MESSAGES")
        if not isinstance(body.get("message"), dict):
            raise invalid("message", "BASE_TYPE_REQUIRED", "This field is required")
        moderator = self._world.may(parent, owner.id, "MANAGE_THREADS")
        applied = tags.applied(parent, body.get("applied_tags"), moderator=moderator)
        thread_id = self._world.snowflakes.next()
        with within("message"):
            draft = self._posting.compose(parent, owner, body["message"], uploads, thread_id)
        thread = self._threads.open(thread_id, PUBLIC_THREAD, parent, owner, body, applied)
        parent.last_message_id = thread.id
        return self._posting.place(thread, owner.wire(), draft, message_id=thread.id)
