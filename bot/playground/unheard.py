"""Unheard messages: what people wrote while the bot was not connected, and Discord does not keep for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.events import Event


class Unheard:
    """The ids of such messages, of this run; `tell` is called when there are others.

    A bot that resumes its session hears what it missed; one that begins a new session never does.
    """

    def __init__(self, backend: Backend, tell: Callable[[list[str]], None]) -> None:
        self._world = backend.world
        self._gateway = backend.gateway
        self._tell = tell
        self._never: list[str] = []
        self._missed: list[str] = []
        self._resumes = 0
        backend.events.listeners.append(self._hear)
        backend.gateway.bell.listeners.append(self._look)

    @property
    def ids(self) -> list[str]:
        """The ids, as things stand."""
        return self._never + self._missed

    def _hear(self, event: Event) -> None:
        message, channel = event.message, event.channel
        if event.name != "MESSAGE_CREATE" or message is None or channel is None or self._gateway.connected:
            return
        if message.author["id"] != self._world.bot.id and self._world.bot_at(channel):
            if not self._missed:
                self._resumes = self._gateway.resumes
            self._missed.append(message.id)
            self._tell(self.ids)

    def _look(self) -> None:
        if not self._missed or not self._gateway.connected:
            return
        if self._gateway.resumes == self._resumes:
            self._never += self._missed
        self._missed = []
        self._tell(self.ids)
