"""The database connection is lost at a commit: it succeeded, but its answer does not come."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotSaved
from bot.domain.timers.command import ExtendTimer
from bot.service.rules import ServerRules
from bot.store.database import Database
from tests.clock import HurriedClock
from tests.engine.conftest import ANN, Engine
from tests.engine.trouble import Power


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


async def test_of_a_finish(engine: Engine, power: Power) -> None:
    """A timer whose end was committed without an answer is announced once, and so are later ones."""
    await engine.start("tea", 5)
    await engine.start("eggs", 8, replace(ANN, channel_id=31))
    power.losing = 1
    engine.clock.advance(5)
    assert await engine.outbox.until(1) == ["tea"]
    assert power.lost == 1
    engine.clock.advance(3)
    assert await engine.outbox.until(2) == ["tea", "eggs"]


async def test_of_a_change(engine: Engine, power: Power) -> None:
    """A timer that was extended without an answer ends at its new time."""
    tea = await engine.start("tea", 5)
    with power.losing_own(), pytest.raises(NotSaved):
        await engine.timers.change(ANN, tea, ExtendTimer(None, timedelta(seconds=5)))
    await engine.start("eggs", 7)
    engine.clock.advance(7)
    assert await engine.outbox.until(1) == ["eggs"]
    engine.clock.advance(3)
    assert await engine.outbox.until(2) == ["eggs", "tea"]


async def test_of_the_end_of_a_session(engine: Engine, power: Power) -> None:
    """A session whose end was rolled back is still watched; one whose end was committed unheard soon is not."""
    sessions = engine.sessions
    for failing in (power.refusing_own, power.losing_own):
        session = await engine.focus("25s, 5s break, 25s")
        with failing(), pytest.raises(NotSaved):
            await sessions.change(session.timer.id, lambda old, now: old.stop(ANN, now), by=ANN.user_id)
        assert sessions.live.get(session.timer.id) == session
        if failing == power.refusing_own:
            await sessions.change(session.timer.id, lambda old, now: old.stop(ANN, now), by=ANN.user_id)
            assert sessions.live.get(session.timer.id) is None
    assert (await sessions.by_id(session.timer.id)).is_over
    assert sessions.live.ending_before(engine.clock.now() + timedelta(hours=2)) == []
    assert sessions.live.get(session.timer.id) is None


async def test_of_rules(engine: Engine, power: Power) -> None:
    """Rules that were saved without an answer apply."""
    rules = ServerRules(engine.database, "!", 0)
    assert await rules.prefix_of(1) == "!"
    with power.losing_own(), pytest.raises(NotSaved):
        await rules.change(1, lambda old: replace(old, prefix="?"))
    assert await rules.prefix_of(1) == "?"


class Slow(Database):
    """A database whose answers to reads wait for ``answering``."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.answering = asyncio.Event()

    @contextlib.asynccontextmanager
    async def read(self, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
        async with super().read(snapshot=snapshot) as connection:
            yield connection
        await self.answering.wait()


async def test_rules_that_change_while_they_are_read(engine: Engine, database_url: str) -> None:
    """Rules read before a change, and arriving after it, do not replace it."""
    database = Slow(database_url)
    rules = ServerRules(database, "!", 0)
    reading = asyncio.create_task(rules.of(1))
    await asyncio.wait([reading], timeout=0.5)
    await rules.change(1, lambda old: replace(old, prefix="?"))
    database.answering.set()
    assert ((await reading).prefix, await rules.prefix_of(1)) == ("?", "?")
    await database.close()
