import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, select
from sqlalchemy.exc import IntegrityError

from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Purpose, State, Timer
from bot.store import due_timers, tables, timers
from bot.store.damage import DamagedRow
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)
TEA = Timer(
    id=0, version=1, state=State.RUNNING, owner_id=7 << 55, guild_id=3, channel_id=30, name="té 🍵",
    length=timedelta(minutes=5), started_at=NOON, due_at=NOON + timedelta(minutes=5) + MS,
)  # fmt: skip


async def add(database: Database, timer: Timer = TEA, request: str = "message:1") -> Timer:
    async with database.write() as connection:
        return await timers.add(connection, timer, request)


async def read(database: Database, timer: Timer) -> Timer | None:
    async with database.read() as connection:
        return await timers.by_id(connection, timer.id)


@pytest.mark.parametrize("column", [column for column in timers.COLUMNS if column.name not in {"name", "card_id"}])
async def test_read_as_it_should_be(database: Database, column: Column[Any]) -> None:
    """A row with a wrong value in a column is no timer, and its column is named."""
    added = await add(database)
    async with database.read() as connection:
        row = dict((await connection.execute(select(*timers.COLUMNS))).mappings().one())
    assert timers.timer_of(row) == added  # type: ignore[arg-type]
    with pytest.raises(DamagedRow, match=column.name):
        timers.timer_of({**row, column.name: object()})  # type: ignore[arg-type]


async def test_round_trip(database: Database) -> None:
    """A timer comes back as it was written: to the millisecond, in UTC, in any script, with ids of 64 bits."""
    added = await add(database)
    assert await read(database, added) == added
    paused = replace(added, state=State.PAUSED, due_at=None, remaining=1234 * MS, version=2)
    async with database.write() as connection:
        assert await timers.change(connection, added, paused)
    assert await read(database, added) == paused


async def test_numbers_are_never_given_twice(database: Database) -> None:
    """Each timer has a unique number, even after the last one's row is gone."""
    first = await add(database)
    async with database.write() as connection:
        await connection.execute(tables.timers.delete())
    assert (await add(database)).id > first.id


async def test_a_request_starts_once(database: Database) -> None:
    """The same request cannot write two rows, and the failed one leaves nothing behind."""
    first = await add(database)
    with pytest.raises(IntegrityError):
        await add(database, replace(TEA, name="other"))
    async with database.read() as connection:
        assert await timers.by_request(connection, "message:1") == first
        assert await timers.count_live(connection, owner_id=TEA.owner_id, guild_id=None) == 1


async def test_overdue(database: Database) -> None:
    """A timer counts as overdue, to be cancelled or retried, five minutes after its time."""
    tea = await add(database)
    assert tea.due_at
    for minutes, is_overdue in ((4, False), (6, True)):
        now = tea.due_at + timedelta(minutes=minutes)
        async with database.read() as connection:
            overdue = select(tables.timers.c.id).where(*due_timers.is_overdue(now))
            assert bool((await connection.execute(overdue)).all()) == is_overdue


async def test_a_change_happens_once(database: Database) -> None:
    """Of two changes made from the same version one is accepted and the other refused."""
    added = await add(database)
    now = NOON + timedelta(minutes=1)

    async def change(new: Timer) -> bool:
        async with database.write() as connection:
            return await timers.change(connection, added, new)

    won = await asyncio.gather(change(added.cancel(now)), change(added.pause(now)))
    assert sorted(won) == [False, True]


async def test_finish_is_all_or_nothing(database: Database) -> None:
    """A batch is finished in one statement; one timer that changed meanwhile undoes it for all."""
    first, second = await add(database), await add(database, request="message:2")
    later = NOON + timedelta(hours=1)
    async with database.write() as connection:
        await timers.change(connection, second, second.cancel(NOON))
    with pytest.raises(timers.LostRace):
        async with database.write() as connection:
            await due_timers.finish(connection, [first, second], later)
    assert await read(database, first) == first
    async with database.write() as connection:
        assert first.due and second.due
        still, _ = await due_timers.running(connection, [first.due, second.due])
        assert await due_timers.finish(connection, still, later) == [first.finish(later)]
    assert await read(database, first) == first.finish(later)


async def test_running_minds_the_version(database: Database) -> None:
    """A timer extended after its countdown ended is not among those to be finished."""
    added = await add(database)
    async with database.write() as connection:
        await timers.change(connection, added, added.extend(timedelta(minutes=5), NOON))
    assert added.due
    async with database.write() as connection:
        assert await due_timers.running(connection, [added.due]) == ([], set())


async def test_soonest(database: Database) -> None:
    """The running timers come soonest first, as many as asked for; paused and ended ones do not."""
    ids = {}
    for minutes in (3, 1, 2, 0):
        timer = replace(TEA, due_at=NOON + timedelta(minutes=minutes))
        ids[minutes] = (await add(database, timer, f"message:{minutes}")).id
    async with database.write() as connection:
        nought = await timers.by_id(connection, ids[0])
        assert nought
        await timers.change(connection, nought, nought.cancel(NOON))
        assert [due.timer_id for due in await due_timers.soonest(connection, 2)] == [ids[1], ids[2]]


async def test_live(database: Database) -> None:
    """A person's list holds their own live timers and those of the channel, paused ones last."""
    mine_elsewhere = await add(database, replace(TEA, channel_id=31), "message:1")
    theirs_here = await add(database, replace(TEA, owner_id=8, due_at=NOON), "message:2")
    await add(database, replace(TEA, owner_id=8, channel_id=31), "message:3")
    paused = await add(database, replace(TEA, state=State.PAUSED, due_at=None, remaining=MS), "message:4")
    await add(database, replace(TEA, state=State.DONE), "message:5")
    async with database.read() as connection:
        assert await timers.live(connection, TEA.owner_id, 30) == [theirs_here, mine_elsewhere, paused]
        assert await timers.count_live(connection, owner_id=None, guild_id=3) == 4


async def test_owners_due(database: Database) -> None:
    """The owners of pomodoros that end in a server soon are found, soonest first, and of these shards only."""
    elsewhere = 3 + (1 << 22)
    for number, (minutes, changed) in enumerate(
        (
            (20, {"owner_id": 1}),
            (10, {"owner_id": 2}),
            (15, {"owner_id": 3, "guild_id": elsewhere}),
            (30, {"owner_id": 4}),
            (5, {"owner_id": 5, "guild_id": None}),
            (5, {"owner_id": 6, "state": State.PAUSED}),
            (5, {"owner_id": 7, "purpose": Purpose.SESSION}),
        )
    ):
        due_at = NOON + timedelta(minutes=minutes)
        await add(database, replace(TEA, due_at=due_at, **changed), f"message:{number}")  # type: ignore[arg-type]

    async def due_ids(limit: int, shards: ShardRange = WHOLE) -> list[tuple[int, int]]:
        async with database.read() as connection:
            return await due_timers.owners_due(connection, NOON + timedelta(minutes=20), limit, shards)

    assert await due_ids(9) == [(3, 2), (elsewhere, 3), (3, 1)]
    assert await due_ids(2) == [(3, 2), (elsewhere, 3)]
    assert await due_ids(9, ShardRange(2, 0, 1)) == [(3, 2), (3, 1)]
