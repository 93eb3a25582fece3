"""Status: how the bot and the switches stand, for the page.

Told at every change, but not more often than it can be read.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.wire import Json
    from bot.playground.botprocess import BotProcess

_PAUSE = 0.25
_COUNT_FALLS = 1.05  # after this long without a request, "in the last second" is 0 again


class Status:
    """Puts the STATUS together and calls `tell` when it has changed."""

    def __init__(self, backend: Backend, bot: BotProcess | None, tell: Callable[[Json], None]) -> None:
        self._backend = backend
        self._bot = bot
        self._tell = tell
        self._last: Json = {}
        self._due: asyncio.TimerHandle | None = None
        backend.faults.listeners.append(lambda _name: self.changed())
        backend.record.listeners.append(lambda _exchange: self.changed())
        backend.gateway.bell.listeners.append(self.changed)
        if bot:
            bot.listeners.append(self.changed)

    def wire(self) -> Json:
        """Return the STATUS, and when it was so in monotonic seconds."""
        connected = bool(self._backend.gateway.connected)
        state: str = self._bot.state if self._bot else "unmanaged"
        if state == "running" and not connected:
            state = "starting"
        record = self._backend.record
        requests = {
            "sent": record.sent,
            "rate_limited": self._backend.limits.rate_limited,
            "last_second": record.last_second(),
        }
        return {
            "bot": state,
            "bot_connected": connected,
            "faults": self._backend.faults.switches(),
            "requests": requests,
            "at": time.monotonic(),
        }

    def changed(self) -> None:
        """Tell soon; changes that come together are told together."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(_PAUSE, self._push)

    def close(self) -> None:
        """Stop telling."""
        if self._due:
            self._due.cancel()

    def _push(self) -> None:
        self._due = None
        now = self.wire()
        news = {name: value for name, value in now.items() if name != "at"}
        if news != self._last:
            self._last = news
            self._tell(now)
        if now["requests"]["last_second"]:
            self._due = asyncio.get_running_loop().call_later(_COUNT_FALLS, self._push)
