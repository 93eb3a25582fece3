"""The counters that number rows: reading one, and continuing it in another database."""

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

# PostgreSQL's sequence behind an identity column.
_SEQUENCE = "pg_get_serial_sequence(:table, :column)::regclass"


async def highest(connection: AsyncConnection, table: Table) -> int:
    """Return the highest number that a table ever gave to a row, deleted rows included; 0 if there was none."""
    key = table.autoincrement_column
    assert key is not None
    numbers: list[int | None] = [(await connection.execute(select(func.max(key)))).scalar_one()]
    names = {"table": table.name, "column": key.name}
    if connection.dialect.name == "postgresql":
        numbers.append(
            (await connection.execute(text(f"SELECT pg_sequence_last_value({_SEQUENCE})"), names)).scalar()
        )
    elif _remembers(table):
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        numbers.append((await connection.execute(query, {"table": table.name})).scalar())
    return max(number or 0 for number in numbers)


async def continue_after(connection: AsyncConnection, table: Table, number: int) -> None:
    """Make the next row of a table get a higher number than this one."""
    key = table.autoincrement_column
    assert key is not None
    if connection.dialect.name == "postgresql":
        if number:
            values = {"table": table.name, "column": key.name, "number": number}
            await connection.execute(text(f"SELECT setval({_SEQUENCE}, :number)"), values)
    elif _remembers(table):
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
        row = {"table": table.name, "number": number}
        await connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), row)


def _remembers(table: Table) -> bool:
    """Return whether SQLite stores the highest number of this table (AUTOINCREMENT)."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])
