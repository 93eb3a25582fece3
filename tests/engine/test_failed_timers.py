"""Timers that cannot be ended, or belong to another version: they delay no other."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import Kind
from bot.domain.timers.timer import Purpose, Timer
from bot.engine.scheduler import Scheduler
from bot.service.due_timers import DueTimers, Effects
from bot.service.stored_outbox import StoredOutbox
from bot.service.timers import Limits, Timers
from bot.service.undelivered import Undelivered
from bot.store.tables import outbox, timers
from tests.clock import HurriedClock
from tests.engine.conftest import ANN, CANCEL, Engine
from tests.reading import eventually


class Stumbling(Timers):
    """A completion handler with a bug that one timer triggers, until it is fixed."""

    tries = 0
    is_mended = False

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        if any(timer.name == "bad" for timer in due) and not self.is_mended:
            self.tries += len(due) == 1
            raise ZeroDivisionError
        return await super().end(connection, due, now)


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
async def stumbling(engine: Engine) -> Stumbling:
    """The engine's completion handler; its scheduler is not open yet."""
    await engine.scheduler.close()
    stumbling = Stumbling(engine.database, engine.clock, Limits(0, 0))
    due_timers = DueTimers(engine.database, engine.clock, {Purpose.POMODORO: stumbling})
    engine.scheduler = Scheduler(due_timers, engine.clock, 50)
    for part in (due_timers, stumbling, engine.timers):
        part.attach(engine.scheduler, engine.outbox)
    return stumbling


async def test_one_that_cannot_be_ended(engine: Engine, stumbling: Stumbling) -> None:
    """Those due with it are announced; it is retried a fixed number of times, and stays as it was."""
    for name in ("tea", "bad", "eggs"):
        await engine.start(name, 5)
    engine.clock.advance(5)
    await engine.scheduler.open()
    await engine.outbox.until_announced("tea", "eggs")
    await eventually(lambda: engine.scheduler.set_aside)
    await eventually(lambda: not engine.scheduler._failed.tasks)
    assert (engine.scheduler.set_aside, stumbling.tries) == (1, 8)
    # finding it due again at each look changes nothing
    engine.scheduler.refresh()
    await engine.start("milk", 5)
    engine.clock.advance(5)
    await engine.outbox.until_announced("milk")
    assert (engine.scheduler.threads, stumbling.tries) == (0, 8)
    async with engine.database.read() as connection:
        bad = select(timers.c.state, timers.c.version).where(timers.c.name == "bad")
        assert (await connection.execute(bad)).all() == [("running", 1)]


async def test_its_owner_can_retry_or_cancel_it(engine: Engine, stumbling: Stumbling) -> None:
    """Its owner sees it, and can retry it, which ends it once that works, or cancel it."""
    for _ in range(2):
        await engine.start("bad", 5)
    undelivered = Undelivered(engine.database, engine.clock)
    undelivered.attach(engine.scheduler, engine.outbox)
    assert await undelivered.of(7, Purpose.POMODORO) == []
    engine.clock.advance(5)
    await engine.scheduler.open()
    await eventually(lambda: engine.scheduler.set_aside == 2)
    engine.clock.advance(300)
    first, second = [timer for timer, _ in await undelivered.of(7, Purpose.POMODORO)]
    assert await undelivered.of(8, Purpose.POMODORO) == await undelivered.of(7, Purpose.REMINDER) == []
    await engine.timers.change(ANN, first, CANCEL)
    assert engine.scheduler.set_aside == 1
    stumbling.is_mended = True
    assert await undelivered.retry(8, Purpose.POMODORO) == 0
    assert await undelivered.retry(7, Purpose.POMODORO) == 1
    await engine.outbox.until_announced("bad")
    assert engine.outbox.of(Kind.ANNOUNCEMENT)[0].timers[0].id == second.id
    assert engine.scheduler.set_aside == 0
    assert await undelivered.of(7, Purpose.POMODORO) == []


async def test_what_a_newer_version_wrote(engine: Engine) -> None:
    """A timer of unknown purpose and a message of unknown kind are left for a version that knows them."""
    tea, strange = await engine.start("tea", 5), await engine.start("strange", 5)
    await engine.close()
    await engine.open()
    message = {"nonce": "n", "kind": "poem", "state": "pending", "place_id": 30, "timer_id": tea.id}
    async with engine.database.write() as connection:
        await connection.execute(update(timers).where(timers.c.id == strange.id).values(purpose="dance"))
        await connection.execute(insert(outbox).values(message))
    await engine.close()
    await engine.open()
    engine.clock.advance(5)
    await engine.outbox.until_announced("tea")
    store = StoredOutbox(engine.database, {}, engine.clock)
    assert [message.nonce for message in await store.pending()] == [engine.outbox.messages[0].nonce]
    async with engine.database.read() as connection:
        kept = select(timers.c.state, timers.c.version, timers.c.purpose).where(timers.c.id == strange.id)
        assert (await connection.execute(kept)).all() == [("running", 1, "dance")]
        unsaid = select(outbox.c.state).where(outbox.c.kind == "poem")
        assert (await connection.execute(unsaid)).scalars().all() == ["pending"]
