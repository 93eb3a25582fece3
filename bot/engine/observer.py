"""The observer: receives events for monitoring."""

from contextvars import ContextVar
from datetime import datetime

from bot.domain.timers.timer import Purpose


class Observer:
    """Receives events, and must not block; this one ignores them."""

    def announced(self, purpose: Purpose, seconds_late: float) -> None:
        """Note that the end of a timer was announced, and how long after it was due."""

    def answered(self, route: str, status: int, limit: str | None) -> None:
        """Note the response to a request (status 0: none came), and the scope of the rate ``limit`` hit, if any."""

    def maybe_twice(self, messages: int) -> None:
        """Note that messages may have been sent twice: it could not be looked up whether they had been."""


NOBODY = Observer()
# When Discord last answered this task: discord.py may sleep before it passes the answer on.
answered_at: ContextVar[datetime | None] = ContextVar("answered_at", default=None)
