"""The transfer: copies a whole database into an empty one of either kind, in one transaction."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from sqlalchemy import Table, TableClause, column, func, insert, select, table as table_clause, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator

from bot.store import counters, schema
from bot.store.database import Database
from bot.store.leases import lasting
from bot.store.tables import identifies, leases, metadata, timers

BATCH = 5_000
# Parents first; what processes coordinate by is meaningless in another database.
TABLES = [table for table in metadata.sorted_tables if table not in {leases, identifies}]

# Called after each batch: the table, the rows copied so far, and the total.
Tell = Callable[[str, int, int], None]


class NotCopied(Exception):
    """Nothing was copied, and the target is still empty; the message says why, and what to do."""


async def transfer(source: Database, target: Database, tell: Tell) -> dict[str, int]:
    """Copy every row with its key, and the counters of the tables; return the row count of each.

    The source is read in one snapshot, and everything is written in one transaction, whose counts are checked
    before it ends: any failure leaves the target empty, and it may be tried again.

    Raises ``NotCopied``, and ``DatabaseUnavailable``.
    """
    await _check_version(source)
    await schema.migrate(target)
    async with source.read(snapshot=True) as reading, target.write() as writing:
        if writing.dialect.name == "postgresql":
            # Readers continue; writers wait for the end, as on SQLite.
            names = ", ".join(metadata.tables)
            await writing.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        for connection, direction in ((reading, "from"), (writing, "into")):
            await _check_unused(connection, direction)
        await _check_empty(writing)
        before = await _state(reading)
        counts = {table.name: await _count(reading, table) for table in TABLES}
        copied = 0
        for table in TABLES:
            async for rows in _copy(reading, writing, table):
                copied += rows
                tell(table.name, copied, sum(counts.values()))
            if table.autoincrement_column is not None:
                await counters.continue_after(writing, table, await counters.highest(reading, table))
        arrived = {table.name: await _count(writing, table) for table in TABLES}
        if arrived != counts:
            raise NotCopied(f"Of {counts} rows {arrived} came through.")
        await reading.rollback()  # so that the next read takes a new snapshot
        await _check_unused(reading, "from")
        if await _state(reading) != before:
            raise NotCopied(
                "Something has written to the database to copy from meanwhile: stop it, and copy again."
            )
    return counts


async def _check_version(source: Database) -> None:
    version, newest = await schema.version(source), schema.newest()
    if version is None:
        raise NotCopied("There is no database of the bot's to copy from.")
    if version != newest:
        raise NotCopied(
            f"The database to copy from is at migration {version}, and this bot at {newest}: bring it up to date "
            "first (python -m bot migrate)."
        )


async def _check_unused(connection: AsyncConnection, direction: str) -> None:
    if (await connection.execute(select(1).where(lasting(connection.dialect.name)))).first():
        raise NotCopied(
            f"A bot runs on the database to copy {direction}: stop it first. One that was killed counts as running "
            "until its lease ends, for LEASE_SECONDS."
        )


async def _check_empty(connection: AsyncConnection) -> None:
    for table in TABLES:
        if count := await _count(connection, table):
            raise NotCopied(
                f"The database to copy into holds data already ({table.name}: {count} rows): give it an empty one. "
                "Where an earlier copy has come to its end, it is all there."
            )


async def _state(connection: AsyncConnection) -> object:
    """Return a value that changes with every write: exact on SQLite, good enough on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        return (await connection.execute(text("PRAGMA data_version"))).scalar_one()
    counts = [await _count(connection, table) for table in TABLES]
    return counts, (await connection.execute(select(func.sum(timers.c.version)))).scalar_one()


async def _count(connection: AsyncConnection, table: Table) -> int:
    return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


def _plain(table: Table) -> TableClause:
    """Return a table without our type decorators, so that damaged values are copied as they are where possible."""
    types = {own.name: own.type for own in table.c}
    return table_clause(
        table.name,
        *(
            column(name, kind.impl_instance if isinstance(kind, TypeDecorator) else kind)
            for name, kind in types.items()
        ),
    )


async def _copy(reading: AsyncConnection, writing: AsyncConnection, table: Table) -> AsyncIterator[int]:
    """Copy a table batch by batch; yield the number of rows of each."""
    plain = _plain(table)
    ordered = select(plain).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    rows = await reading.stream(ordered)
    try:
        async for batch in rows.mappings().partitions():
            await _write(writing, table, plain, [dict(row) for row in batch])
            yield len(batch)
    finally:
        await rows.close()


async def _write(
    connection: AsyncConnection, table: Table, plain: TableClause, rows: Sequence[dict[str, Any]]
) -> None:
    try:
        async with connection.begin_nested():
            await connection.execute(insert(plain), rows)
    except (DataError, IntegrityError) as error:
        if len(rows) > 1:  # bisect for the bad row
            half = len(rows) // 2
            await _write(connection, table, plain, rows[:half])
            await _write(connection, table, plain, rows[half:])
            return
        # Only the integers of its key: the rest is what people typed.
        values = {part.name: rows[0][part.name] for part in table.primary_key}
        key = ", ".join(f"{name} {value}" for name, value in values.items() if isinstance(value, int))
        raise NotCopied(
            f"The database to copy into does not take a row of {table.name} ({key}). "
            "Mend or delete it, and copy again."
        ) from error
