"""A person's data, by statement; tests/engine/test_privacy.py covers everything that a person can do."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import func, insert, select

from bot.domain.focus import plan
from bot.domain.focus.session import Session
from bot.domain.stats import log
from bot.domain.timers.timer import LIVE, Purpose, State, Timer
from bot.store import due_timers, focus_log, persons, preferences, sessions, tables, timers
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M = timedelta(minutes=1)
ANN, BEN = 7 << 55, 8 << 55
TEA = Timer(
    id=0, version=1, state=State.RUNNING, owner_id=ANN, guild_id=3, channel_id=30, name="tea", length=25 * M,
    started_at=NOON, due_at=NOON + 25 * M,
)  # fmt: skip
CLOCK = replace(TEA, owner_id=BEN, purpose=Purpose.SESSION, due_at=NOON, name="focus")
TOGETHER = Session(CLOCK, plan.parse("2x(25m, 5m break)"), began_at=NOON).join(BEN, NOON).join(ANN, NOON)


async def count(database: Database) -> int:
    """Count Ann's rows, in every table."""
    async with database.read(snapshot=True) as connection:
        pages = [page for table in persons.PERSONAL async for page in persons.rows_of(connection, ANN, table)]
    return sum(map(len, pages))


async def test_nothing_is_kept_of_a_stranger(database: Database) -> None:
    """A person who never used the bot has no row in any table, and nothing to delete."""
    async with database.write() as connection:
        await timers.add(connection, replace(TEA, owner_id=BEN), "message:1")
    assert await count(database) == 0
    async with database.write() as connection:
        gone, ids = await persons.forget(connection, ANN)
        assert (sum(gone.values()), ids) == (0, [])
        assert await timers.live(connection, BEN, 0)


async def test_sums_add_up(database: Database) -> None:
    """A server keeps one sum a day for all deleted people, in whole seconds, each second once."""
    entry = log.of_pomodoro(replace(TEA.finish(NOON), id=1), TEA)
    assert entry
    async with database.write() as connection:
        for user_id in (ANN, BEN):
            await preferences.save(connection, user_id, shares=True)
            for days in (0, 1, 1, 2):
                moved = replace(
                    entry, user_id=user_id, began_at=NOON + days * 1440 * M, ended_at=NOON + days * 1441 * M
                )
                await focus_log.add(connection, [replace(moved, focused=25 * M + timedelta(milliseconds=999))])
            await persons.forget(connection, user_id)
        rows = (await connection.execute(select(tables.focus_sums).order_by(tables.focus_sums.c.day))).all()
    day = (NOON - datetime(1970, 1, 1, tzinfo=UTC)).days
    assert [tuple(row) for row in rows] == [(3, day + number, 2 * 1500) for number in range(3)]


async def test_a_damaged_sum(database: Database) -> None:
    """A sum of a server that nothing can be added to keeps nobody from deleting what is theirs."""
    entry = log.of_pomodoro(replace(TEA.finish(NOON), id=1), TEA)
    assert entry
    day = (NOON - datetime(1970, 1, 1, tzinfo=UTC)).days
    async with database.write() as connection:
        await preferences.save(connection, ANN, shares=True)
        await focus_log.add(connection, [entry])
        await connection.execute(insert(tables.focus_sums).values(guild_id=3, day=day, seconds=2**63 - 1))
        await persons.forget(connection, ANN)
        rows = (await connection.execute(select(tables.focus_sums))).all()
    assert (await count(database), [tuple(row) for row in rows]) == (0, [(3, day, 2**63 - 1)])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_leave_a_sum_at_once(database: Database, database_url: str) -> None:
    """Two whose data two processes delete at once are both in the sum of a day for which there was none."""
    entry = log.of_pomodoro(replace(TEA.finish(NOON), id=1), TEA)
    assert entry
    async with database.write() as connection:
        for user_id in (ANN, BEN):
            await preferences.save(connection, user_id, shares=True)
            await focus_log.add(connection, [replace(entry, user_id=user_id)])
    other = Database(database_url)

    async def forget() -> None:
        async with other.write() as connection:
            await persons.forget(connection, BEN)

    async with database.write() as connection:
        await persons.forget(connection, ANN)
        forgetting = asyncio.create_task(forget())
        await asyncio.to_thread(until_one_waits, database_url)
    await forgetting
    await other.close()
    async with database.read() as connection:
        assert (await connection.execute(select(tables.focus_sums.c.seconds))).scalars().all() == [2 * 1500]


async def test_live_sessions(database: Database) -> None:
    """A person's live sessions are those they host or are in, not those that they left or that are over."""
    async with database.write() as connection:
        here = await sessions.add(connection, TOGETHER, "message:1")
        left = await sessions.add(connection, TOGETHER, "message:2")
        over = await sessions.add(connection, TOGETHER, "message:3")
        await sessions.save(connection, left, left.leave(ANN, NOON + M))
        await sessions.save(connection, over, over.leave(ANN, NOON + M).leave(BEN, NOON + M))
        assert await persons.live_sessions(connection, ANN) == [here.timer.id]
        assert await persons.live_sessions(connection, BEN) == [here.timer.id, left.timer.id]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["pomodoro", "session"])
async def test_while_another_process_ends_it(database: Database, database_url: str, kind: str) -> None:
    """Rows that another process is just writing, as a phase or pomodoro ends, are deleted with the rest."""
    async with database.write() as connection:
        tea = await timers.add(connection, TEA, "message:1")
        together = await sessions.add(connection, TOGETHER.tick(NOON), "message:2")
    other = Database(database_url)

    async def forget() -> None:
        async with other.write() as connection:
            await persons.forget(connection, ANN)

    async with database.write() as connection:
        if kind == "pomodoro":
            (over,) = await due_timers.finish(connection, [tea], NOON + 25 * M)
            entry = log.of_pomodoro(over, tea)
            await focus_log.add(connection, [entry] if entry else [])
        else:
            before = await sessions.by_id(connection, together.timer.id, to_change=True)
            assert before
            await sessions.save(connection, before, before.tick(NOON + 25 * M))
        forgetting = asyncio.create_task(forget())
        await asyncio.to_thread(until_one_waits, database_url)
    await forgetting
    await other.close()
    assert await count(database) == 0
    async with database.read() as connection:
        live = select(func.count()).select_from(tables.timers).where(tables.timers.c.state.in_(LIVE))
        assert (await connection.execute(live)).scalar_one() == 1


def until_one_waits(url: str) -> None:
    """Return once a transaction of this database waits for a lock of another."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            pass
