"""Connections to SQLite on the event loop: how often they use their thread, and that results are complete."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, DatabaseUnavailable
from bot.threads import Threads
from tests.reading import eventually

COUNT = 250
# A query with so many rows.
NUMBERS = text(
    f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {COUNT - 1}) "
    "SELECT n FROM numbers"
)
NOTE = text("INSERT INTO notes (key, value) VALUES (:key, 'x')")


class Counting(Threads):
    """Threads that count the calls of connections."""

    def __init__(self) -> None:
        self.asked = 0

    def drive(self, connection: Any) -> None:
        super().drive(connection)
        execute = connection._execute

        async def counted(*args: Any, **more: Any) -> Any:
            self.asked += 1
            return await execute(*args, **more)

        connection._execute = counted


@pytest.fixture
def threads() -> Counting:
    return Counting()


@pytest.fixture
async def opened(sqlite: str, threads: Counting) -> AsyncIterator[Database]:
    database = Database(sqlite, threads=threads)
    yield database
    await database.close()


async def test_opening_takes_no_other_turn(opened: Database, threads: Counting) -> None:
    """SQLAlchemy's set-up of a new connection takes no extra call to its thread."""
    async with opened.read():  # by which SQLAlchemy gets to know SQLite
        before = threads.asked
        async with opened.read() as connection:
            await connection.execute(text("SELECT 1"))
        assert threads.asked == before + 1


async def test_a_statement_asks_the_thread_once(opened: Database, threads: Counting) -> None:
    """A query or a change takes one call to the connection's thread, and closing it none."""
    async with opened.write() as connection:
        for statement, parameters in ((NOTE, {"key": "a"}), (text("SELECT * FROM notes"), {})):
            before = threads.asked
            await connection.execute(statement, parameters)
            assert threads.asked == before + 1


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, COUNT])
async def test_a_result_comes_whole(opened: Database, count: int) -> None:
    """All rows come, in order, however many they are and however they are fetched."""
    some = text(f"{NUMBERS.text} LIMIT {count}")
    async with opened.read(snapshot=True) as connection:
        assert list((await connection.execute(some)).scalars()) == [*range(count)]
        async with connection.stream(some) as streamed:
            assert [n async for n in streamed.scalars()] == [*range(count)]
        async with connection.stream(some) as streamed:
            parts = [n async for part in streamed.scalars().partitions(40) for n in part]
        assert parts == [*range(count)]
        async with connection.stream(some) as streamed:
            first = await streamed.fetchone()
            assert (first and first.n) == (0 if count else None)
            assert len(await streamed.fetchall()) == max(0, count - 1)


async def test_a_result_that_is_left(opened: Database) -> None:
    """A result that is not read to its end blocks nothing."""
    async with opened.write() as connection:
        async with connection.stream(NUMBERS) as streamed:
            assert await streamed.fetchone()
        await connection.execute(NOTE, {"key": "b"})
    async with opened.write() as connection:
        await connection.execute(text("DROP TABLE notes"))


async def test_a_refused_statement(opened: Database) -> None:
    """After a statement that SQLite refuses, the next in the same transaction works."""
    async with opened.write() as connection:
        await connection.execute(NOTE, {"key": "c"})
        with pytest.raises(Exception, match="UNIQUE"):
            await connection.execute(NOTE, {"key": "c"})
        assert (await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one() == 1


@pytest.mark.parametrize(
    ("turns", "open_"),
    [
        (1, lambda database: database.read()),
        (2, lambda database: database.read(snapshot=True)),
        (2, lambda database: database.write()),
    ],
)
async def test_a_transaction_takes_one_turn_more(
    opened: Database,
    threads: Counting,
    turns: int,
    open_: Callable[[Database], AbstractAsyncContextManager[AsyncConnection]],
) -> None:
    """A transaction begins in the call of its first statement and ends in one of its own; else none is needed."""
    for _ in range(2):  # the first opens the connection
        before = threads.asked
        async with open_(opened) as connection:
            await connection.execute(text("SELECT * FROM notes"))
    assert threads.asked == before + turns
    before = threads.asked
    async with open_(opened):
        pass
    assert threads.asked == before


@pytest.mark.parametrize("rows", [[{"key": "d"}], [{"key": "d"}, {"key": "e"}]])
async def test_a_transaction_that_could_not_begin(opened: Database, tmp_path: Path, rows: list[Any]) -> None:
    """Statements after a transaction that could not begin change nothing outside of one."""
    async with opened.write() as connection:
        await connection.execute(text("PRAGMA busy_timeout=0"))
    with contextlib.closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        with pytest.raises(ZeroDivisionError):
            async with opened.write() as connection:
                other.execute("BEGIN EXCLUSIVE")
                with pytest.raises(OperationalError, match="locked"):
                    await connection.execute(NOTE, rows)
                other.execute("ROLLBACK")
                await connection.execute(NOTE, rows)
                raise ZeroDivisionError
        assert other.execute("SELECT count(*) FROM notes").fetchone() == (0,)


async def test_a_write_that_is_broken_off(opened: Database, threads: Counting, tmp_path: Path) -> None:
    """A write cancelled before its thread runs it blocks no other."""
    async with opened.write() as connection:
        await connection.execute(text("SELECT * FROM notes"))
    with contextlib.closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        async def write() -> None:
            try:
                async with opened.write() as connection:
                    await connection.execute(NUMBERS)
            except asyncio.CancelledError as error:
                kept.append(error)  # its traceback keeps the cursor alive
                raise

        kept: list[BaseException] = []

        before, writing = threads.asked, asyncio.create_task(write())
        await eventually(lambda: threads.asked > before)
        writing.cancel()
        other.execute("ROLLBACK")
        await asyncio.wait([writing])
        async with opened.write() as connection:
            await connection.execute(NOTE, {"key": "f"})
        assert other.execute("SELECT key FROM notes").fetchall() == [("f",)]


class Exhausted(Threads):
    """Threads on a machine that is at its limit of them, for as long as ``is_at_limit``."""

    is_at_limit = True

    def drive(self, connection: Any) -> None:
        super().drive(connection)
        if self.is_at_limit:
            connection._thread.start = _refuse


def _refuse() -> None:
    raise RuntimeError("can't start new thread")


async def test_no_thread_for_a_connection(sqlite: str) -> None:
    """Where the machine has no thread left for another connection, the database is unavailable for as long."""
    threads = Exhausted()
    database = Database(sqlite, threads=threads)
    with pytest.raises(DatabaseUnavailable, match="new thread"):
        async with database.read() as connection:
            await connection.execute(NUMBERS)
    threads.is_at_limit = False
    async with database.read() as connection:
        assert len((await connection.execute(NUMBERS)).all()) == COUNT
    await database.close()
