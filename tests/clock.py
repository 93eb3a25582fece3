"""A clock whose hands the test turns."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

# Seconds of real time after which a waiting thread looks at its event again.
_GLANCE = 0.005


class ManualClock:
    """Stands still until ``advance`` (time passes) or ``set_wall`` (someone sets the wall clock)."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)) -> None:
        self._wall = now
        self._seconds = 0.0
        # How often a thread has begun to wait.
        self.waits_begun = 0
        self._turned = threading.Condition()
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Let time pass on both hands; to be called on the event loop."""
        with self._turned:
            self._wall += timedelta(seconds=seconds)
            self._seconds += seconds
            self._turned.notify_all()
        for until, sleeper in self._sleepers:
            if until <= self._seconds and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [one for one in self._sleepers if not one[1].done()]

    def set_wall(self, by: float) -> None:
        """Set the wall hand forward or back, as a person or NTP does."""
        with self._turned:
            self._wall += timedelta(seconds=by)

    def wait(self, event: threading.Event, seconds: float) -> None:
        with self._turned:
            until = self._seconds + seconds
            self.waits_begun += 1
            while self._seconds < until and not event.is_set():
                self._turned.wait(_GLANCE)

    async def sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._seconds + seconds, sleeper))
        await sleeper
