"""Undo: a person's last change of timers is reverted, and only that."""

from datetime import timedelta

import pytest

from bot.domain.errors import TooLate, TooMany
from bot.domain.timers.command import ExtendTimer
from bot.domain.timers.timer import State
from bot.service.last_changes import Change, LastChanges
from bot.service.timers import Limits, Timers
from tests.engine.conftest import ANN, CANCEL, Engine
from tests.unit.timers.test_timer import BEN, NOON

M = timedelta(minutes=1)


async def test_a_restored_timer_that_is_overdue(engine: Engine) -> None:
    """A cancelled timer that would have ended before the undo is announced once, as late."""
    tea = await engine.start("tea", 60)
    await engine.timers.change(ANN, tea, CANCEL)
    engine.clock.advance(90)
    (back,) = await engine.timers.undo(ANN)
    assert (back.state, back.due_at) == (State.RUNNING, tea.due_at)
    await engine.outbox.until_announced("tea")
    assert (await engine.timers.by_id(tea.id)).state is State.DONE
    with pytest.raises(TooLate, match="nothing to undo"):
        await engine.timers.undo(ANN)


async def test_over_stays_over(engine: Engine) -> None:
    """An extension is not undone once the timer is over, nor after five minutes, nor by anybody else."""
    tea, eggs = await engine.start("tea", 60), await engine.start("eggs", 3600)
    await engine.timers.change(ANN, tea, ExtendTimer(None, M))
    engine.clock.advance(120)
    await engine.outbox.until_announced("tea")
    with pytest.raises(TooLate, match="finished"):
        await engine.timers.undo(ANN)
    await engine.timers.change(ANN, eggs, ExtendTimer(None, M))
    with pytest.raises(TooLate, match="nothing to undo"):
        await engine.timers.undo(BEN)
    engine.clock.advance(301)
    with pytest.raises(TooLate, match="nothing to undo"):
        await engine.timers.undo(ANN)


async def test_a_changed_timer_is_not_restored(engine: Engine) -> None:
    """Undo of a joint cancel restores all but a timer that was changed meanwhile."""
    tea, eggs = await engine.start("tea", 3600), await engine.start("eggs", 3600)
    await engine.timers.change(ANN, tea, CANCEL)
    cancelled, refused = await engine.timers.change_all(ANN, [tea, eggs], CANCEL)
    assert ([timer.id for timer in cancelled], [timer.id for timer, _ in refused]) == ([eggs.id], [tea.id])
    assert [timer.id for timer in await engine.timers.undo(ANN)] == [eggs.id]
    assert [timer.id for timer in await engine.timers.live(ANN)] == [eggs.id]


async def test_undo_respects_the_limit(engine: Engine) -> None:
    """Undo restores as many timers as their owner may have; without room for any, it says so."""
    timers = Timers(engine.database, engine.clock, Limits(2, 0))
    timers.attach(engine.scheduler, engine.outbox)
    cancelled = [await timers.start(ANN, name, 60 * M, name) for name in ("tea", "eggs")]
    await timers.change_all(ANN, cancelled, CANCEL)
    await timers.start(ANN, "milk", 60 * M, "milk")
    assert [timer.name for timer in await timers.undo(ANN)] == ["tea"]
    assert {timer.name for timer in await timers.live(ANN)} == {"tea", "milk"}
    (tea,) = [timer for timer in await timers.live(ANN) if timer.name == "tea"]
    await timers.change(ANN, tea, CANCEL)
    await timers.start(ANN, "rice", 60 * M, "rice")
    with pytest.raises(TooMany, match="already got 2 timers"):
        await timers.undo(ANN)


def test_changes_are_remembered_of_so_many_people() -> None:
    """The last changes of the latest thousand people are remembered."""
    changes = LastChanges()
    for user_id in range(1_001):
        changes.note(user_id, [Change(user_id, lambda old, _: old)], NOON)
    assert [bool(changes.take(user_id, NOON)) for user_id in (0, 1, 1_000)] == [False, True, True]
