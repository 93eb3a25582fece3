"""The counters that number rows: where one has come to, and making it go on from there in another database."""

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

# PostgreSQL's sequence behind a column that numbers itself.
_SEQUENCE = "pg_get_serial_sequence(:table, :column)::regclass"


async def last(connection: AsyncConnection, table: Table) -> int:
    """Give the highest number that a table has given to a row, be the row gone or not; 0 where there was none."""
    key = table.autoincrement_column
    assert key is not None
    numbers: list[int | None] = [(await connection.execute(select(func.max(key)))).scalar_one()]
    names = {"table": table.name, "column": key.name}
    if connection.dialect.name == "postgresql":
        numbers.append(
            (await connection.execute(text(f"SELECT pg_sequence_last_value({_SEQUENCE})"), names)).scalar()
        )
    elif _remembers(table):
        found = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        numbers.append((await connection.execute(found, {"table": table.name})).scalar())
    return max(number or 0 for number in numbers)


async def go_on_after(connection: AsyncConnection, table: Table, number: int) -> None:
    """Let the next row of a table have a higher number than this one."""
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
    """Tell whether SQLite keeps the highest number of this table, rather than look for it each time."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])
