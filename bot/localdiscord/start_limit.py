"""The limit on how many sessions a bot may start a day."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json

_DAY = 86_400.0


@dataclass
class StartLimit:
    """How many IDENTIFYs are left of a day's `total`; the day begins with the first of them.

    Source: https://discord.com/developers/docs/events/gateway#session-start-limit-object
    """

    total: int = 1000
    remaining: int = 1000
    _began: float | None = None

    def spend(self) -> bool:
        """Count one IDENTIFY; False where none is left."""
        self._renew()
        if self._began is None:
            self._began = time.monotonic()
        if self.remaining <= 0:
            return False
        self.remaining -= 1
        return True

    def wire(self, max_concurrency: int) -> Json:
        """Return what `/gateway/bot` tells of it; `reset_after` is in milliseconds."""
        self._renew()
        left = _DAY if self._began is None else self._began + _DAY - time.monotonic()
        return {
            "total": self.total,
            "remaining": self.remaining,
            "reset_after": round(left * 1000) if self._began is not None else 0,
            "max_concurrency": max_concurrency,
        }

    def _renew(self) -> None:
        if self._began is not None and time.monotonic() - self._began >= _DAY:
            self._began, self.remaining = None, self.total
