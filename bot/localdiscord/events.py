"""Events: what happened, for its listeners (gateway sessions, open pages, waiting tests)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.wire import Json


@dataclass(slots=True, frozen=True)
class Event:
    """One event with what decides who gets it.

    `reader_id` narrows it to one person (ephemeral messages, answers to their interaction); `person_only` keeps
    it from bots altogether.
    """

    name: str
    data: Json
    guild_id: str | None = None
    channel: Channel | None = None
    message: Message | None = None
    reader_id: str | None = None
    person_only: bool = False


class Events:
    """Hands each event to every listener, in the order of their coming."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[Event], None]] = []

    def emit(
        self,
        name: str,
        data: Json,
        channel: Channel | None = None,
        *,
        guild_id: str | None = None,
        message: Message | None = None,
        reader_id: str | None = None,
        person_only: bool = False,
    ) -> None:
        """Tell all listeners that something happened; a channel's guild needs no naming."""
        guild_id = guild_id or (channel.guild_id if channel else None)
        event = Event(name, data, guild_id, channel, message, reader_id, person_only)
        for listener in list(self.listeners):
            listener(event)
