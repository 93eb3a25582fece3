import threading
from datetime import timedelta

import pytest

from bot.domain.errors import TooLate
from bot.domain.timer import State
from bot.engine.roster import Roster
from tests.engine.conftest import ANN, Engine


def counting() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("countdown-")]


async def test_the_shorter_one_first(engine: Engine) -> None:
    """Of two timers the shorter one finishes first, though it was started second."""
    await engine.start("timer1", 8)
    await engine.start("timer2", 4)
    assert len(counting()) == 2
    engine.clock.advance(4)
    assert await engine.heard.until(1) == ["timer2"]
    engine.clock.advance(4)
    assert await engine.heard.until(2) == ["timer2", "timer1"]


async def test_cancel(engine: Engine) -> None:
    """A cancelled timer's thread ends and nothing is announced."""
    tea = await engine.start("tea", 5)
    await engine.start("eggs", 6)
    await engine.timers.cancel(ANN, tea)
    engine.clock.advance(6)
    assert await engine.heard.until(1) == ["eggs"]
    assert (await engine.timers.by_id(tea.id)).state is State.CANCELLED
    assert engine.roster.threads == 0


async def test_pause_and_resume(engine: Engine) -> None:
    """A paused timer holds no thread; resumed, it counts on for what was left."""
    tea = await engine.start("tea", 10)
    await engine.start("eggs", 20)
    engine.clock.advance(4)
    paused = await engine.timers.pause(ANN, tea)
    engine.clock.advance(16)
    assert await engine.heard.until(1) == ["eggs"]
    resumed = await engine.timers.resume(ANN, paused)
    assert resumed.due_at == engine.clock.now() + timedelta(seconds=6)
    engine.clock.advance(6)
    assert await engine.heard.until(2) == ["eggs", "tea"]


async def test_extend(engine: Engine) -> None:
    """An extended timer is over at its new time and not at the old one."""
    tea = await engine.start("tea", 5)
    await engine.timers.extend(ANN, tea, timedelta(seconds=10))
    await engine.start("eggs", 7)
    engine.clock.advance(7)
    assert await engine.heard.until(1) == ["eggs"]
    engine.clock.advance(8)
    assert await engine.heard.until(2) == ["eggs", "tea"]


async def test_too_late_to_cancel(engine: Engine) -> None:
    """A cancel that loses the race against the end is told that it has just finished."""
    tea = await engine.start("tea", 5)
    engine.clock.advance(5)
    await engine.heard.until(1)
    with pytest.raises(TooLate, match="just finished"):
        await engine.timers.cancel(ANN, tea)


async def test_restart(engine: Engine) -> None:
    """After a restart every timer goes on; one that came due meanwhile is announced at once, and only once."""
    await engine.start("tea", 5)
    await engine.start("eggs", 600)
    paused = await engine.timers.pause(ANN, await engine.start("milk", 5))
    await engine.close()
    engine.clock.advance(60)
    await engine.open()
    assert await engine.heard.until(1) == ["tea"]
    await engine.close()
    await engine.open()
    engine.clock.advance(540)
    assert await engine.heard.until(1) == ["eggs"]
    assert (await engine.timers.by_id(paused.id)).state is State.PAUSED


class TestFewThreads:
    @pytest.fixture
    def threads(self) -> int:
        return 4

    async def test_never_more_threads_than_allowed(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        """Fifty timers of mixed lengths share four threads, and each is over in its turn."""
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
            assert len(await engine.heard.until(second)) == second
        assert engine.heard.names == [str(length) for length in sorted(lengths)]
        assert most == 4

    async def test_the_soonest_hold_the_threads(self, engine: Engine) -> None:
        """A newcomer that is due sooner takes the place of the latest; one due later waits in the database."""
        for length in (100, 200, 300, 400):
            await engine.start(str(length), length)
        await engine.start("500", 500)
        await engine.start("5", 5)
        engine.clock.advance(5)
        assert await engine.heard.until(1) == ["5"]
        for count, length in enumerate((95, 100, 100, 100, 100), start=2):
            engine.clock.advance(length)
            await engine.heard.until(count)
        assert engine.heard.names == ["5", "100", "200", "300", "400", "500"]


async def test_stop_leaves_no_thread(engine: Engine) -> None:
    """When the roster closes, every countdown thread ends, however far off its deadline is."""
    for number in range(20):
        await engine.start(f"timer {number}", 3600)
    assert len(counting()) == 20
    await engine.roster.close()
    assert counting() == []


async def test_stop_before_it_was_opened(engine: Engine) -> None:
    """A roster whose process is told to end before it was opened closes as well as any."""
    await Roster(engine.agenda, engine.clock, 4).close()
    assert counting() == []
