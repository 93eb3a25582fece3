import asyncio
import threading
from datetime import datetime, timedelta

import pytest

from bot.domain.timers.timer import Due
from bot.engine.clock import Clock
from bot.engine.countdown import LEAD, SLICE, Countdown
from tests.clock import ManualClock


class Waiting(ManualClock):
    """Records when a thread waits, and for how long it intends to."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.entered = threading.Semaphore(0)

    def wait_until(self, event: threading.Event, moment: float) -> None:
        self.waits.append(moment - self._seconds)
        self.entered.release()
        super().wait_until(event, moment)


@pytest.fixture
def clock() -> Waiting:
    return Waiting()


def countdown(clock: ManualClock, seconds: float) -> tuple[Countdown, list[Countdown]]:
    back: list[Countdown] = []
    thread = Countdown(Due(1, 1, clock.now() + timedelta(seconds=seconds)), clock, back.append)
    thread.start()
    return thread, back


@pytest.mark.parametrize("seconds", [5, 0.1])
def test_reaches_its_deadline(clock: Waiting, seconds: float) -> None:
    """A countdown hands itself back fifty milliseconds before the deadline, and no earlier."""
    thread, back = countdown(clock, seconds)
    clock.entered.acquire()
    assert clock.waits == [pytest.approx(seconds - 0.05)]
    clock.advance(seconds - LEAD - 0.001)
    assert not thread.reached
    clock.advance(0.001)
    thread.join(60)
    assert back == [thread]
    assert thread.reached


def test_can_be_shut_down(clock: Waiting) -> None:
    """A countdown that is stopped ends at once and says that it did not reach its deadline."""
    thread, back = countdown(clock, 3600)
    clock.entered.acquire()
    thread.stop()
    thread.join(60)
    assert back == [thread]
    assert not thread.reached
    thread.stop()


def test_already_due(clock: Waiting) -> None:
    """A deadline in the past is reached without waiting."""
    thread, _ = countdown(clock, -60)
    thread.join(60)
    assert thread.reached
    assert clock.waits == []


def test_wall_clock_set_forward(clock: Waiting) -> None:
    """A suspended machine or a clock set forward makes it late by one slice at most."""
    thread, _ = countdown(clock, 3600)
    clock.entered.acquire()
    assert clock.waits == [SLICE] == [15]
    clock.set_wall(3600)
    clock.advance(SLICE)
    thread.join(60)
    assert thread.reached


def test_wall_clock_set_back(clock: Waiting) -> None:
    """A clock set back makes it wait longer: the deadline is a time of day, not a span."""
    thread, _ = countdown(clock, 10)
    clock.entered.acquire()
    clock.set_wall(-3600)
    clock.advance(10)
    clock.entered.acquire()
    assert not thread.reached
    thread.stop()
    thread.join(60)


class HeldUp(ManualClock):
    """Delays the next reader of the wall clock right after reading, for a number of seconds."""

    held_up = 0.0

    def now(self) -> datetime:
        looked = super().now()
        seconds, self.held_up = self.held_up, 0.0
        self.advance(seconds)
        return looked


def test_held_up_before_its_wait() -> None:
    """Time between reading the clock and waiting is not waited for twice."""
    clock = HeldUp()
    thread = Countdown(Due(1, 1, clock.now() + timedelta(seconds=10)), clock, lambda _: None)
    clock.held_up = 10.0
    thread.start()
    thread.join(60)
    assert thread.reached
    thread.stop()


async def test_hands_back_to_the_loop() -> None:
    """With the machine's own clock too, the thread comes back by way of the loop."""
    loop, clock = asyncio.get_running_loop(), Clock()
    back: asyncio.Future[Countdown] = loop.create_future()
    due = Due(1, 1, clock.now() + timedelta(milliseconds=20))

    def hand_back(done: Countdown) -> None:
        loop.call_soon_threadsafe(back.set_result, done)

    thread = Countdown(due, clock, hand_back)
    thread.start()
    assert await back is thread
    assert clock.now() >= due.at - timedelta(seconds=LEAD)
