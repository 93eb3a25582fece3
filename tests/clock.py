"""A clock that the test advances."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

from bot.engine.clock import Clock


def _condition(event: threading.Event) -> threading.Condition:
    """Return what the threads that wait for an event sleep on: they can be woken without setting it."""
    condition: threading.Condition = event._cond  # type: ignore[attr-defined]
    return condition


class ManualClock(Clock):
    """Stands still until ``advance`` (time passes) or ``set_wall`` (someone sets the wall clock)."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)) -> None:
        self._wall = now
        self._seconds = 0.0
        # How often a thread has begun to wait.
        self.waits_begun = 0
        self._lock = threading.Lock()
        self._threads: list[tuple[float, threading.Event]] = []
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._seconds

    @property
    def sleepers(self) -> int:
        """Return how many tasks are sleeping on this clock."""
        return len(self._sleepers)

    def advance(self, seconds: float) -> None:
        """Let time pass on both hands; to be called on the event loop."""
        with self._lock:
            self._wall += timedelta(seconds=seconds)
            self._seconds += seconds
            due = [event for until, event in self._threads if until <= self._seconds]
            self._threads = [waiting for waiting in self._threads if waiting[0] > self._seconds]
        for event in due:
            condition = _condition(event)
            with condition:
                condition.notify_all()
        for until, sleeper in self._sleepers:
            if until <= self._seconds and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]

    def set_wall(self, by: float) -> None:
        """Set the wall hand forward or back, as a person or NTP does."""
        self._wall += timedelta(seconds=by)

    def wait_until(self, event: threading.Event, moment: float) -> None:
        with self._lock:
            self._threads.append((moment, event))
            self.waits_begun += 1
        condition = _condition(event)
        with condition:
            condition.wait_for(lambda: event.is_set() or self._seconds >= moment)

    async def sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._seconds + seconds, sleeper))
        await sleeper


class HurriedClock(ManualClock):
    """Advances as soon as a task sleeps, and records how long each meant to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.advance(seconds)
