"""The clock: wall-clock time for deadlines, monotonic time for spans, and ways to wait by them."""

import asyncio
import threading
import time
from datetime import UTC, datetime

# Linux's monotonic clock stops while the machine is suspended; this one does not.
_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock:
    """The machine's own clock; tests inject one that they advance by hand."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never step back, and that count while the machine sleeps."""
        return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)

    def wait_until(self, event: threading.Event, moment: float) -> None:
        """Block this thread until the event is set, or ``monotonic()`` reaches the moment.

        A moment rather than a duration, so that a delay between reading the clock and waiting adds nothing.
        """
        event.wait(max(0.0, moment - self.monotonic()))

    async def sleep(self, seconds: float) -> None:
        """Suspend this task for that many seconds."""
        await asyncio.sleep(seconds)


def to_the_millisecond(moment: datetime) -> datetime:
    """Truncate to the database's precision, so that values read back equal those written."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def stored_now(clock: Clock) -> datetime:
    """Return the wall-clock time to the database's precision."""
    return to_the_millisecond(clock.now())
