"""Unreadable leases and turns to identify do not block those who need them."""

import contextlib
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DataError, IntegrityError

from bot.domain.lease import LeaseLost
from bot.store import identifies, leases, tables
from bot.store.database import Database, DatabaseUnavailable
from bot.store.inspection import damaged_rows
from tests.store.test_leases import HOUR, THERE, carrying, take

# Some days after 1970 began, in milliseconds.
LONG_AGO = 2**30 + 1
# Each database takes those of them that its types allow.
ABSURD: tuple[Any, ...] = (-(2**60), -1, LONG_AGO, 2**62, 2**63 - 1, 1e300, 1.5, "x", "", "a|b", b"\xff\x00")
FIELDS = [column.name for column in tables.leases.c if not column.primary_key]


async def put(database: Database, where: str, value: Any) -> bool:
    """Put a value into a column; return whether the database accepts it."""
    table, _, column = where.partition(".")
    if isinstance(value, float) and database.file is None:  # PostgreSQL makes whole numbers of them
        return False
    with contextlib.suppress(DatabaseUnavailable, DataError, IntegrityError):
        async with database.write() as connection:
            await connection.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": value})
        return True
    return False


async def findings(database: Database) -> set[tuple[str, str, str]]:
    async with database.read(snapshot=True) as connection:
        return {(row.table, row.row, row.column) async for row in damaged_rows(connection)}


@pytest.mark.parametrize("field", FIELDS)
async def test_a_lease_that_has_ended(database: Database, database_url: str, field: str) -> None:
    """Whatever an ended lease contains, its block can be taken and held, and its former holder writes nothing."""
    for value in ABSURD:
        before = take(database, THERE, seconds=0)
        assert before
        if not await put(database, f"leases.{field}", value):
            continue
        # A readable value is believed: that others split the shards differently, while their lease lasts.
        taken = take(database, seconds=0)
        assert taken, (field, value)
        assert taken.fence != before.fence
        with database.blocking() as connection:
            assert leases.renew(connection, taken)
        async with carrying(database_url, taken) as bearer, bearer.write():
            pass
        async with carrying(database_url, before) as bearer:
            with pytest.raises(LeaseLost):
                async with bearer.write():
                    pass
        assert await findings(database) == set()


@pytest.mark.parametrize("field", ["holder", "fence", "length", "ends_at"])
async def test_a_lease_that_lasts(database: Database, field: str) -> None:
    """The doctor names it; its holder keeps it for a lease's length, and others stand by."""
    is_named = False
    for value in ABSURD:
        async with database.write() as connection:
            await connection.execute(delete(tables.leases))
        assert take(database, THERE)
        if (field, value) == ("ends_at", LONG_AGO) or not await put(database, f"leases.{field}", value):
            continue
        is_named |= ("leases", "0", field) in await findings(database)
        assert take(database) is None, value
        with database.blocking() as connection:
            assert 0 < leases.soonest_end(connection) <= HOUR
    assert is_named or field == "holder"  # which may be any text


async def test_a_turn_to_identify(database: Database) -> None:
    """A shard whose turn is unreadable, or impossibly far off, identifies itself, and the next waits."""
    for value in ABSURD:
        async with database.write() as connection:
            await connection.execute(delete(tables.identifies))
            await identifies.turn(connection, 0, 10)
        if value == LONG_AGO or not await put(database, "identifies.next_at", value):
            continue
        async with database.write() as connection:
            waits = [await identifies.turn(connection, 0, 10) for _ in range(2)]
        assert waits[0] == 0, value
        assert 0 < waits[1] <= 5.5
