"""The observer: what is told of how the bot does, for those who watch over it."""

from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from bot.domain.timer import Purpose


class Observer(Protocol):
    """What hears of what happens; it must not take long."""

    def said(self, purpose: Purpose, seconds_late: float) -> None:
        """Hear that the end of a timer was said, and how long after its time."""

    def answered(self, route: str, status: int, limit: str | None) -> None:
        """Hear of the answer to a request (a status of 0: there was none), and whose ``limit`` was hit, if one."""


class Nobody:
    """An observer that does not listen."""

    def said(self, purpose: Purpose, seconds_late: float) -> None:
        """Pass over it."""

    def answered(self, route: str, status: int, limit: str | None) -> None:
        """Pass over it."""


NOBODY = Nobody()
# When Discord last answered this task: discord.py may rest after that before it gives the answer on.
answered_at: ContextVar[datetime | None] = ContextVar("answered_at", default=None)
