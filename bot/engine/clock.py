"""The clock: a wall hand for deadlines, a monotonic hand for spans, and ways to wait by it."""

import asyncio
import threading
import time
from datetime import UTC, datetime
from typing import Protocol

# Linux's monotonic clock stands still while the machine is suspended; this one does not.
_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock(Protocol):
    """What the engine asks of a clock, so that tests can turn its hands."""

    def now(self) -> datetime:
        """Tell the wall-clock time, aware, in UTC."""

    def monotonic(self) -> float:
        """Tell seconds that never step back."""

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Block this thread until the event is set, or for that many seconds."""

    async def sleep(self, seconds: float) -> None:
        """Let this task rest for that many seconds."""


def to_the_millisecond(moment: datetime) -> datetime:
    """Cut off what is finer than the database keeps, so that what is read is what was written."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Tell seconds that never step back, and go on while the machine sleeps."""
        return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Block this thread until the event is set, or for that many seconds."""
        event.wait(seconds)

    async def sleep(self, seconds: float) -> None:
        """Let this task rest for that many seconds."""
        await asyncio.sleep(seconds)
