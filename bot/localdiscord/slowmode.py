"""Slow mode: how soon one person may write again in a channel, or open another thread there.

Bots are exempt, and so is whoever has BYPASS_SLOWMODE: since 2026-02-23 MANAGE_MESSAGES and MANAGE_CHANNELS are no
longer enough.  Interactions are not counted.

Source: https://discord.com/developers/docs/resources/channel#channel-object
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord.errors import RateLimited

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.user import User
    from bot.localdiscord.world import World


class SlowMode:
    """Remembers each person's last message and last thread in a channel; a deleted one still counts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._messages: dict[tuple[str, str], Message] = {}
        self._threads: dict[tuple[str, str], Channel] = {}

    def check_message(self, channel: Channel, author: User) -> None:
        """Raise 20016, with the seconds to wait, for who writes again too soon."""
        last = self._messages.get((channel.id, author.id))
        self._check(channel, author, last.posted_at if last else 0.0)

    def check_thread(self, channel: Channel, author: User) -> None:
        """Raise 20016, with the seconds to wait, for who opens another thread too soon."""
        last = self._threads.get((channel.id, author.id))
        self._check(channel, author, last.thread.created_at if last and last.thread else 0.0)

    def note_message(self, message: Message) -> None:
        """Remember a message as its author's last."""
        self._messages[message.channel_id, message.author["id"]] = message

    def note_thread(self, thread: Channel) -> None:
        """Remember a thread as its owner's last."""
        if thread.thread and thread.parent_id:
            self._threads[thread.parent_id, thread.thread.owner_id] = thread

    def _check(self, channel: Channel, author: User, last_at: float) -> None:
        wait = last_at + channel.slowmode - time.time()
        if wait > 0 and not author.bot and not self._world.may(channel, author.id, "BYPASS_SLOWMODE"):
            raise RateLimited(wait, 20016)
