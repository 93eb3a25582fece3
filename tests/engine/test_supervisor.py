import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
import structlog

from bot.domain.lease import LeaseLost
from bot.domain.timers.timer import Due
from bot.engine.scheduler import Scheduler
from bot.engine.supervisor import supervise
from bot.service.due_timers import DueTimers
from tests.clock import HurriedClock
from tests.engine.conftest import Engine
from tests.reading import eventually


def failing(errors: list[Exception]) -> Callable[[], Awaitable[None]]:
    """Make a task that fails with each of these in turn, and then is done."""

    async def work() -> None:
        if errors:
            raise errors.pop(0)

    return work


async def test_started_again() -> None:
    """A task that fails is logged with its traceback and started again, later each time, until it is done."""
    clock = HurriedClock()
    with structlog.testing.capture_logs() as log:
        await supervise("tidy", failing([KeyError(), ValueError(), OSError()]), clock)
    assert [(line["event"], line["task"], line["exc_info"]) for line in log] == [("task_failed", "tidy", True)] * 3
    first, second, third = clock.slept
    assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4


async def test_again_and_again() -> None:
    """A task that keeps failing is restarted every minute in the end."""
    clock = HurriedClock()
    errors: list[Exception] = [KeyError() for _ in range(10)]
    await supervise("tidy", failing(errors), clock)
    assert all(30 <= slept <= 60 for slept in clock.slept[6:])


async def test_after_a_long_run() -> None:
    """A task that has run well for long is restarted as soon as after its first failure."""
    clock = HurriedClock()
    errors: list[Exception] = [KeyError(), KeyError(), KeyError()]

    async def work() -> None:
        clock.advance(120)
        if errors:
            raise errors.pop()

    await supervise("tidy", work, clock)
    assert all(0.5 <= slept <= 1 for slept in clock.slept)
    assert len(clock.slept) == 3


async def test_left_to_another() -> None:
    """If the lease is lost, a task is not restarted: the new holder does its work."""
    clock = HurriedClock()
    errors: list[Exception] = [LeaseLost(), KeyError()]
    await supervise("tidy", failing(errors), clock)
    assert (len(errors), clock.slept) == (1, [])


async def test_cancelled() -> None:
    """A task ends when asked to."""

    async def wait() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(supervise("tidy", wait, HurriedClock()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


class Mistaken(DueTimers):
    """Due timers that return something once that no scheduler can count down."""

    def __init__(self, due_timers: DueTimers) -> None:
        self._right = due_timers
        self.attach = due_timers.attach  # type: ignore[method-assign]
        self.finish = due_timers.finish  # type: ignore[method-assign]
        self.answers: list[Sequence[Due]] = [None]  # type: ignore[list-item]

    async def soonest(self, limit: int) -> Sequence[Due]:
        return self.answers.pop() if self.answers else await self._right.soonest(limit)


async def test_a_mistake_of_ours(engine: Engine) -> None:
    """A bug between the database and the threads ends no countdown for good."""
    await engine.start("tea", 5)
    await engine.close()
    engine.scheduler = Scheduler(Mistaken(engine.due_timers), engine.clock, limit=10)
    engine.due_timers.attach(engine.scheduler, engine.outbox)
    await engine.scheduler.open()
    await eventually(lambda: engine.clock.sleepers)
    engine.clock.advance(5)
    assert await engine.outbox.until(1) == ["tea"]
