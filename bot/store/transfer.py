"""The transfer: copies all that a database holds into an empty one of either kind, in one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table, TableClause, column, func, insert, select, table, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator

from bot.store import counters, schema
from bot.store.database import Database
from bot.store.leases import database_clock
from bot.store.tables import identifies, leases, metadata, timers

BATCH = 5_000
# Those that others point to come first; what processes tell each other means nothing in another database.
TABLES = [one for one in metadata.sorted_tables if one not in {leases, identifies}]

# Hears of each batch: the table, the rows that are copied, and those there are in all.
Tell = Callable[[str, int, int], None]


class NotCopied(Exception):
    """Nothing was copied, and the other database is as empty as it was; says why, and what to do."""


class _Progress:
    def __init__(self, tell: Tell, total: int) -> None:
        self._tell = tell
        self._total = total
        self._done = 0

    def add(self, one: Table, rows: int) -> None:
        self._done += rows
        self._tell(one.name, self._done, self._total)


async def transfer(source: Database, target: Database, tell: Tell) -> dict[str, int]:
    """Copy every row with its key, and how far each table has counted; give the number of rows of each.

    The source is read in one transaction, as it was at one moment, and all is written in one, with the counts
    checked before it ends: whatever breaks it off leaves the target empty, and it may be done again.

    Raises ``NotCopied``, and ``DatabaseUnavailable``.
    """
    await _check_version(source)
    await schema.migrate(target)
    async with source.read() as reading, target.write() as writing:
        if reading.dialect.name == "postgresql":
            await reading.execution_options(isolation_level="REPEATABLE READ")
        if writing.dialect.name == "postgresql":
            # Those who read may go on; whoever would write waits for the end, as on SQLite.
            names = ", ".join(metadata.tables)
            await writing.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        for connection, which in ((reading, "from"), (writing, "into")):
            await _check_unused(connection, which)
        await _check_empty(writing)
        before = await _state(reading)
        counts = {one.name: await _count(reading, one) for one in TABLES}
        progress = _Progress(tell, sum(counts.values()))
        for one in TABLES:
            await _copy(reading, writing, one, progress)
            if one.autoincrement_column is not None:
                await counters.go_on_after(writing, one, await counters.last(reading, one))
        arrived = {one.name: await _count(writing, one) for one in TABLES}
        if arrived != counts:
            raise NotCopied(f"Of {counts} rows {arrived} came through.")
        await reading.rollback()  # so that the next look is not at the same moment
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


async def _check_unused(connection: AsyncConnection, which: str) -> None:
    now = database_clock(connection.dialect.name)
    if (await connection.execute(select(1).where(leases.c.ends_at > now))).first():
        raise NotCopied(
            f"A bot runs on the database to copy {which}: stop it first. One that was killed counts as running "
            "until its lease ends, for LEASE_SECONDS."
        )


async def _check_empty(connection: AsyncConnection) -> None:
    for one in TABLES:
        if count := await _count(connection, one):
            raise NotCopied(
                f"The database to copy into holds data already ({one.name}: {count} rows): give it an empty one. "
                "Where an earlier copy has come to its end, it is all there."
            )


async def _state(connection: AsyncConnection) -> object:
    """Give what is another once somebody has written: SQLite knows; of PostgreSQL it tells enough."""
    if connection.dialect.name == "sqlite":
        return (await connection.execute(text("PRAGMA data_version"))).scalar_one()
    counts = [await _count(connection, one) for one in TABLES]
    return counts, (await connection.execute(select(func.sum(timers.c.version)))).scalar_one()


async def _count(connection: AsyncConnection, one: Table) -> int:
    return (await connection.execute(select(func.count()).select_from(one))).scalar_one()


def _plain(one: Table) -> TableClause:
    """Give a table without our own reading of its values: a damaged one is copied as it is, where it can be."""
    types = {key: one.c[key].type for key in one.c.keys()}  # noqa: SIM118 - it is no dictionary
    return table(
        one.name,
        *(
            column(key, kind.impl_instance if isinstance(kind, TypeDecorator) else kind)
            for key, kind in types.items()
        ),
    )


async def _copy(reading: AsyncConnection, writing: AsyncConnection, one: Table, progress: _Progress) -> None:
    plain = _plain(one)
    ordered = select(plain).order_by(*one.primary_key).execution_options(yield_per=BATCH)
    rows = await reading.stream(ordered)
    try:
        async for batch in rows.mappings().partitions():
            await _write(writing, one, plain, [dict(row) for row in batch])
            progress.add(one, len(batch))
    finally:
        await rows.close()


async def _write(
    connection: AsyncConnection, one: Table, plain: TableClause, rows: Sequence[dict[str, Any]]
) -> None:
    try:
        async with connection.begin_nested():
            await connection.execute(insert(plain), rows)
    except (DataError, IntegrityError) as error:
        if len(rows) > 1:  # look for the one
            half = len(rows) // 2
            await _write(connection, one, plain, rows[:half])
            await _write(connection, one, plain, rows[half:])
            return
        # Of its key the numbers alone: the rest is what people have typed.
        values = {part.name: rows[0][part.name] for part in one.primary_key}
        key = ", ".join(f"{name} {value}" for name, value in values.items() if isinstance(value, int))
        raise NotCopied(
            f"The database to copy into does not take a row of {one.name} ({key}). "
            "Mend or delete it, and copy again."
        ) from error
