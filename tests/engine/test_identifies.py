"""The turns of shards to identify, by the database's clock."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text

from bot.domain.start_limit import StartLimit
from bot.service.identifies import Identifies
from bot.store.database import Database
from tests.clock import HurriedClock
from tests.conftest import opened
from tests.engine.trouble import Power


class DatabaseClock(HurriedClock):
    """Advances the database's time too, as far as turns are stored."""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__()
        self._database = database

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self._database.execute("UPDATE identifies SET next_at = next_at - ?", (round(seconds * 1000),))


@pytest.fixture
async def other(sqlite: str, sqlite_database: Database) -> AsyncIterator[Database]:
    """The same database as opened by another process, whose connections do not fail."""
    async with opened(sqlite) as database:
        yield database


@pytest.fixture
def clock(other: Database) -> Iterator[DatabaseClock]:
    # Blocking, since it is called thousands of times.
    with contextlib.closing(sqlite3.connect(str(other.file), isolation_level=None)) as database:
        yield DatabaseClock(database)


async def next_in(database: Database) -> float:
    """Return in how many seconds the next turn is, without the clock of the test."""
    statement = "SELECT next_at / 1000.0 - (julianday('now') - 2440587.5) * 86400 FROM identifies"
    async with database.read() as connection:
        return float((await connection.execute(text(statement))).scalar_one())


async def test_one_after_the_other(sqlite_database: Database, clock: DatabaseClock) -> None:
    """Of two shards that Discord counts together the second waits five seconds; another group does not."""
    identifies = Identifies(sqlite_database, clock)
    await identifies.take(0)
    await identifies.take(1)
    assert clock.slept == []
    await identifies.take(0)
    (slept,) = clock.slept
    assert 0 < slept <= 5.5


async def test_a_turn_by_a_clock_that_was_ahead(sqlite_database: Database, clock: DatabaseClock) -> None:
    """A turn that no waiter can have taken, since the clock was set back, delays nobody."""
    identifies = Identifies(sqlite_database, clock)
    await identifies.take(0)
    async with sqlite_database.write() as connection:
        await connection.execute(text("UPDATE identifies SET next_at = next_at + 3600000"))
    await identifies.take(0)
    assert clock.slept == []
    assert 0 < await next_in(sqlite_database) <= 5.5


async def test_a_turn_that_is_far_off(sqlite_database: Database, other: Database, clock: DatabaseClock) -> None:
    """A waiter for a distant turn asks again until it is near, and takes it only then, on time."""
    identifies = Identifies(sqlite_database, clock)
    await identifies.take(0)
    async with other.write() as connection:
        await connection.execute(text("UPDATE identifies SET next_at = next_at + 60000"))
    await identifies.wait_until_near(0)
    assert 0 < await next_in(other) <= 10
    assert len(clock.slept) > 1
    async with other.write() as connection:
        await connection.execute(text("UPDATE identifies SET next_at = next_at + 10000"))
    clock.slept.clear()
    await identifies.take(0)
    *before, last = clock.slept
    assert before
    assert set(before) == {5}
    assert 0 < last <= 10
    assert 0 < await next_in(other) <= 5.5


async def test_not_known(sqlite_database: Database, clock: DatabaseClock) -> None:
    """While the database is unavailable, no shard identifies itself."""
    power = Power()
    power.supply(sqlite_database)
    power.refusing = 3
    identifies = Identifies(sqlite_database, clock)
    await identifies.wait_until_near(0)
    assert clock.slept == [5, 5, 5]
    power.refusing = 2
    clock.slept.clear()
    await identifies.take(0)
    assert clock.slept == [5, 5]


async def test_paced_for_a_day(sqlite_database: Database, clock: DatabaseClock) -> None:
    """Shards that flap all day leave half of the starts, and processes that restart all day a tenth."""
    identifies = Identifies(sqlite_database, clock)
    for at_start, left in ((False, 500), (True, 100)):
        begun, remaining = clock.monotonic(), 1000
        while (past := clock.monotonic() - begun) < 86_399:
            apart = StartLimit(1000, remaining, 86_400 - past, 1).seconds_apart(at_start=at_start)
            if not apart:
                remaining -= 1
                await clock.sleep(5)
            elif wait := await identifies.take_paced(apart, at_start=at_start):
                await clock.sleep(wait)
            else:
                remaining -= 1
        assert left <= remaining < left + 10
