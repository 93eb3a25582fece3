import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import TooLate
from bot.domain.lease import LeaseLost
from bot.domain.shard import ShardRange
from bot.domain.timers.command import ExtendTimer
from bot.domain.timers.timer import Due, Purpose, State
from bot.engine import scheduler
from bot.engine.scheduler import Scheduler
from bot.service.due_timers import DueTimers
from bot.store import timers as timer_rows
from tests.clock import HurriedClock
from tests.engine.conftest import ANN, CANCEL, PAUSE, RESUME, Engine
from tests.engine.trouble import Power
from tests.reading import eventually


def counting() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("countdown-")]


async def test_the_shorter_one_first(engine: Engine) -> None:
    """Of two timers the shorter one finishes first, though it was started second."""
    await engine.start("timer1", 8)
    await engine.start("timer2", 4)
    assert len(counting()) == 2
    engine.clock.advance(4)
    assert await engine.outbox.until(1) == ["timer2"]
    engine.clock.advance(4)
    assert await engine.outbox.until(2) == ["timer2", "timer1"]


async def test_cancel(engine: Engine) -> None:
    """A cancelled timer's thread ends and nothing is announced."""
    tea = await engine.start("tea", 5)
    await engine.start("eggs", 6)
    await engine.timers.change(ANN, tea, CANCEL)
    engine.clock.advance(6)
    assert await engine.outbox.until(1) == ["eggs"]
    assert (await engine.timers.by_id(tea.id)).state is State.CANCELLED
    assert engine.scheduler.threads == 0


async def test_pause_and_resume(engine: Engine) -> None:
    """A paused timer holds no thread; resumed, it counts on for what was left."""
    tea = await engine.start("tea", 10)
    await engine.start("eggs", 20)
    engine.clock.advance(4)
    paused = await engine.timers.change(ANN, tea, PAUSE)
    engine.clock.advance(16)
    assert await engine.outbox.until(1) == ["eggs"]
    resumed = await engine.timers.change(ANN, paused, RESUME)
    assert resumed.due_at == engine.clock.now() + timedelta(seconds=6)
    engine.clock.advance(6)
    assert await engine.outbox.until(2) == ["eggs", "tea"]


async def test_extend(engine: Engine) -> None:
    """An extended timer ends at its new time and not at the old one."""
    tea = await engine.start("tea", 5)
    await engine.timers.change(ANN, tea, ExtendTimer(None, timedelta(seconds=10)))
    await engine.start("eggs", 7)
    engine.clock.advance(7)
    assert await engine.outbox.until(1) == ["eggs"]
    engine.clock.advance(8)
    assert await engine.outbox.until(2) == ["eggs", "tea"]


async def test_too_late_to_cancel(engine: Engine) -> None:
    """A cancel that loses the race against the end is refused: the timer has just finished."""
    tea = await engine.start("tea", 5)
    engine.clock.advance(5)
    await engine.outbox.until(1)
    with pytest.raises(TooLate, match="just finished"):
        await engine.timers.change(ANN, tea, CANCEL)


async def test_restart(engine: Engine) -> None:
    """After a restart every timer continues; one that came due meanwhile is announced at once, and only once."""
    await engine.start("tea", 5)
    await engine.start("eggs", 600)
    paused = await engine.timers.change(ANN, await engine.start("milk", 5), PAUSE)
    await engine.close()
    engine.clock.advance(60)
    await engine.open()
    assert await engine.outbox.until(1) == ["tea"]
    await engine.close()
    await engine.open()
    engine.clock.advance(540)
    assert await engine.outbox.until(1) == ["eggs"]
    assert (await engine.timers.by_id(paused.id)).state is State.PAUSED


class TestFewThreads:
    @pytest.fixture
    def threads(self) -> int:
        return 4

    async def test_never_more_threads_than_allowed(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        """Fifty timers of mixed lengths share four threads, and each ends in its turn."""
        most = 0
        start = threading.Thread.start

        def counted(thread: threading.Thread) -> None:
            nonlocal most
            start(thread)
            most = max(most, len(counting()))

        monkeypatch.setattr(threading.Thread, "start", counted)
        lengths = [(number * 37) % 50 + 1 for number in range(50)]
        for length in lengths:
            await engine.start(str(length), length)
        for second in range(1, 51):
            engine.clock.advance(1)
            assert len(await engine.outbox.until(second)) == second
        assert engine.outbox.names == [str(length) for length in sorted(lengths)]
        assert most == 4

    async def test_the_soonest_hold_the_threads(self, engine: Engine) -> None:
        """A timer due sooner takes the place of the latest; one due later waits in the database."""
        for length in (100, 200, 300, 400):
            await engine.start(str(length), length)
        await engine.start("500", 500)
        await engine.start("5", 5)
        engine.clock.advance(5)
        assert await engine.outbox.until(1) == ["5"]
        for count, length in enumerate((95, 100, 100, 100, 100), start=2):
            engine.clock.advance(length)
            await engine.outbox.until(count)
        assert engine.outbox.names == ["5", "100", "200", "300", "400", "500"]


class TestOneThread:
    """The same with a single thread."""

    @pytest.fixture
    def threads(self) -> int:
        return 1

    async def test_two_sooner_ones_at_once(self, engine: Engine) -> None:
        """Of two that arrive while the thread is still ending, the sooner one gets it."""
        late = await engine.start("late", 100)
        sooner = []
        async with engine.database.write() as connection:
            for seconds in (50, 20):
                due_at = engine.clock.now() + timedelta(seconds=seconds)
                row = replace(late, id=0, name=str(seconds), due_at=due_at)
                sooner.append(await timer_rows.add(connection, row, f"message:{seconds}"))
        for timer in sooner:
            assert timer.due
            engine.scheduler.put(timer.due)
        await eventually(lambda: counting() == [f"countdown-{sooner[1].id}"])
        for count, seconds in enumerate((20, 30, 50), start=1):
            engine.clock.advance(seconds)
            await engine.outbox.until(count)
        assert engine.outbox.names == ["20", "50", "late"]


async def test_stop_leaves_no_thread(engine: Engine) -> None:
    """When the scheduler closes, every countdown thread ends, however far off its deadline is."""
    for number in range(20):
        await engine.start(f"timer {number}", 3600)
    assert len(counting()) == 20
    await engine.scheduler.close()
    assert counting() == []


async def test_stop_before_it_was_opened(engine: Engine) -> None:
    """A scheduler closes cleanly even if its process is stopped before it was opened."""
    await Scheduler(engine.due_timers, engine.clock, 4).close()
    assert counting() == []


async def test_stop_finishes_due_timers(engine: Engine) -> None:
    """What was due while the database refused to finish it is finished as the scheduler closes."""
    power = Power()
    power.supply(engine.database)
    tea = await engine.start("tea", 5)
    power.refusing = 1
    engine.clock.advance(5)
    await eventually(lambda: power.refused)
    await engine.scheduler.close()
    assert (await engine.timers.by_id(tea.id)).state is State.DONE
    assert engine.outbox.names == ["tea"]


async def test_stop_of_threads_that_end(engine: Engine) -> None:
    """Threads that end when asked to are not reported."""
    await engine.start("tea", 60)
    with capture_logs() as log:
        await engine.scheduler.close()
    assert [event for event in log if event["log_level"] == "error"] == []


async def test_stop_immediately(engine: Engine) -> None:
    """A process that has lost its lease stops its threads, and leaves due timers to the next one."""
    power = Power()
    power.supply(engine.database)
    tea = await engine.start("tea", 5)
    await engine.start("eggs", 60)
    power.refusing = 1
    engine.clock.advance(5)
    await eventually(lambda: power.refused)
    await engine.scheduler.close(immediately=True)
    assert counting() == []
    assert (await engine.timers.by_id(tea.id)).state is State.RUNNING


def refuse_threads(patch: pytest.MonkeyPatch) -> None:
    """Let the machine refuse countdown threads."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith("countdown-"):
            raise RuntimeError("can't start new thread")
        start(thread)

    patch.setattr(threading.Thread, "start", refuse)


async def test_a_thread_that_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that is refused a thread gets one as soon as another's ends."""
    monkeypatch.setattr(scheduler, "_FIRST_WAIT", 3600.0)
    monkeypatch.setattr(scheduler, "_LONGEST_WAIT", 3600.0)
    await engine.start("eggs", 5)
    with monkeypatch.context() as patch:
        refuse_threads(patch)
        await engine.start("tea", 8)
    assert len(counting()) == 1
    engine.clock.advance(5)
    assert await engine.outbox.until(1) == ["eggs"]
    engine.clock.advance(3)
    assert await engine.outbox.until(2) == ["eggs", "tea"]


async def test_the_only_thread_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that is refused a thread gets one after a while, even if no other's ends."""
    monkeypatch.setattr(scheduler, "_FIRST_WAIT", 0.0)
    monkeypatch.setattr(scheduler, "_LONGEST_WAIT", 0.0)
    with monkeypatch.context() as patch:
        refuse_threads(patch)
        await engine.start("tea", 5)
    await eventually(counting)
    engine.clock.advance(5)
    assert await engine.outbox.until(1) == ["tea"]


class Held(DueTimers):
    """Due timers whose answers can be held back."""

    def __init__(self, due_timers: DueTimers) -> None:
        self._held = due_timers
        self.attach = due_timers.attach  # type: ignore[method-assign]
        self.queried, self.answers = asyncio.Event(), asyncio.Event()
        self.finishing, self.finishes = asyncio.Event(), asyncio.Event()

    async def soonest(self, limit: int) -> Sequence[Due]:
        due = await self._held.soonest(limit)
        self.queried.set()
        await self.answers.wait()
        return due

    async def finish(self, due: Sequence[Due]) -> set[int]:
        self.finishing.set()
        await self.finishes.wait()
        return await self._held.finish(due)


async def test_shards_of_another_process(engine: Engine) -> None:
    """Timers of another process's shards are not counted down here; those it started for these shards soon are."""
    await engine.scheduler.close()
    other, shards = replace(ANN, guild_id=1 << 22), ShardRange(2, 0, 1)
    due_timers = Held(DueTimers(engine.database, engine.clock, {Purpose.POMODORO: engine.timers}, shards))
    due_timers.answers.set()
    due_timers.finishes.set()
    engine.scheduler = Scheduler(due_timers, engine.clock, limit=10, shards=shards)
    for part in (due_timers, engine.timers):
        part.attach(engine.scheduler, engine.outbox)
    await engine.scheduler.open()
    await eventually(lambda: due_timers.queried.is_set() and engine.clock.sleepers)
    theirs = await engine.start("theirs", 5, other)
    assert engine.scheduler.threads == 0
    async with engine.database.write() as connection:
        mine = replace(theirs, guild_id=0, name="put by another")
        await timer_rows.add(connection, mine, "message:1")
    engine.clock.advance(2)
    await eventually(lambda: engine.scheduler.threads == 1)
    engine.clock.advance(3)
    assert await engine.outbox.until(1) == ["put by another"]


async def test_a_thread_ends_while_the_database_is_asked(engine: Engine) -> None:
    """If the only thread ends during the query for the next timers, the next one still gets it."""
    await engine.start("tea", 5)
    await engine.start("eggs", 60)
    await engine.scheduler.close()
    held = Held(engine.due_timers)
    engine.scheduler = Scheduler(held, engine.clock, limit=1)
    engine.due_timers.attach(engine.scheduler, engine.outbox)
    held.answers.set()
    await engine.scheduler.open()
    async with asyncio.timeout(60):
        await eventually(lambda: engine.scheduler.threads == 1)
        held.queried.clear()
        held.answers.clear()
        engine.scheduler.refresh()
        await held.queried.wait()
        engine.clock.advance(5)
        await held.finishing.wait()
        held.answers.set()
        await asyncio.sleep(0)
        held.finishes.set()
    assert await engine.outbox.until(1) == ["tea"]
    engine.clock.advance(55)
    assert await engine.outbox.until(2) == ["tea", "eggs"]


async def test_cancelled_while_the_database_is_asked(engine: Engine) -> None:
    """A timer cancelled during the query for the next timers is not counted down by its result."""
    tea, _ = await engine.start("tea", 5), await engine.start("eggs", 60)
    await engine.scheduler.close()
    held = Held(engine.due_timers)
    engine.scheduler = Scheduler(held, engine.clock, limit=10)
    for part in (engine.due_timers, engine.timers):
        part.attach(engine.scheduler, engine.outbox)
    await engine.scheduler.open()
    await held.queried.wait()
    await engine.timers.change(ANN, tea, CANCEL)
    held.answers.set()
    await eventually(counting)
    assert engine.scheduler.threads == 1


@pytest.mark.parametrize("immediately", [False, True])
async def test_stop_while_it_finishes(engine: Engine, immediately: bool) -> None:
    """Timers being finished when the scheduler closes are finished, once; an immediate close aborts that."""

    class Counted(Held):
        begun = 0

        async def finish(self, due: Sequence[Due]) -> set[int]:
            self.begun += 1
            return await super().finish(due)

    await engine.scheduler.close()
    held = Counted(engine.due_timers)
    held.answers.set()
    engine.scheduler = Scheduler(held, engine.clock, limit=1)
    engine.due_timers.attach(engine.scheduler, engine.outbox)
    engine.timers.attach(engine.scheduler, engine.outbox)
    await engine.scheduler.open()
    tea = await engine.start("tea", 5)
    engine.clock.advance(5)
    await held.finishing.wait()
    closing = asyncio.create_task(engine.scheduler.close(immediately=immediately))
    await eventually(lambda: not counting())
    if not immediately:
        await asyncio.sleep(0)
        held.finishes.set()
    await closing
    assert (await engine.timers.by_id(tea.id)).state is (State.RUNNING if immediately else State.DONE)
    assert held.begun == 1
    held.finishes.set()


async def test_the_lease_is_lost(engine: Engine) -> None:
    """Timers due when another process has taken the lease are left to that, and not retried."""

    class Lost(Held):
        async def finish(self, _: Sequence[Due]) -> set[int]:
            self.finishing.set()
            raise LeaseLost

    await engine.scheduler.close()
    lost = Lost(engine.due_timers)
    lost.answers.set()
    engine.scheduler = Scheduler(lost, engine.clock, limit=2)
    engine.timers.attach(engine.scheduler, engine.outbox)
    await engine.scheduler.open()
    for name in ("tea", "eggs"):
        await engine.start(name, 5)
    engine.clock.advance(5)
    await eventually(lambda: lost.finishing.is_set() and not engine.scheduler.threads)
    lost.finishing.clear()
    engine.clock.advance(10)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not lost.finishing.is_set()
    assert engine.outbox.names == []


async def has_looked(scheduler: Scheduler) -> None:
    """Wait until it has seen everything in the database: a refusal from then on hits the finish."""
    await eventually(lambda: not (scheduler._is_refreshing or scheduler._wants_refresh.is_set()))


def assert_backed_off(waits: list[float], times: int) -> None:
    """Assert that the waits double, from a twentieth of a second on; half of each is jitter."""
    assert len(waits) == times
    for failures, wait in enumerate(waits):
        assert 0.025 * 2**failures <= wait <= 0.05 * 2**failures


class TestInAHurry:
    @pytest.fixture
    def clock(self) -> HurriedClock:
        return HurriedClock()

    async def test_back_off(self, engine: Engine, clock: HurriedClock) -> None:
        """While the database refuses, due timers are retried ever less often, down to once in five seconds."""
        power = Power()
        power.supply(engine.database)
        await engine.start("tea", 5)
        await has_looked(engine.scheduler)
        power.refusing = 6
        clock.advance(5)
        assert await engine.outbox.until(1) == ["tea"]
        assert_backed_off(clock.slept, 6)
        clock.slept.clear()
        await engine.start("eggs", 5)
        await has_looked(engine.scheduler)
        power.refusing = 1
        clock.advance(5)
        assert await engine.outbox.until(2) == ["tea", "eggs"]
        assert_backed_off(clock.slept, 1)

    async def test_back_off_of_looking(self, engine: Engine, clock: HurriedClock) -> None:
        """While the query for the next timers fails, it is retried ever less often."""
        await engine.start("tea", 5)
        await engine.close()
        await engine.open()
        power = Power()
        power.supply(engine.database)
        power.refusing = 6
        clock.advance(5)
        assert await engine.outbox.until(1) == ["tea"]
        assert_backed_off(clock.slept, 6)
        clock.slept.clear()
        power.refusing = 1
        engine.scheduler.refresh()
        await eventually(lambda: clock.slept)
        assert_backed_off(clock.slept, 1)
