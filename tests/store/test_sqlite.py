"""Connections to SQLite on the event loop: what they ask of their thread, and that results come whole."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.threads import Threads

COUNT = 250
# A query with so many rows.
NUMBERS = text(
    f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {COUNT - 1}) "
    "SELECT n FROM numbers"
)
NOTE = text("INSERT INTO notes (key, value) VALUES (:key, 'x')")


class Counting(Threads):
    """Threads that count what connections ask of theirs."""

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


async def test_a_statement_asks_the_thread_once(opened: Database, threads: Counting) -> None:
    """A query or a change takes one turn of the connection's thread, and no turn is taken to close it."""
    async with opened.write() as connection:
        for statement, parameters in ((NOTE, {"key": "a"}), (text("SELECT * FROM notes"), {})):
            before = threads.asked
            await connection.execute(statement, parameters)
            assert threads.asked == before + 1


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, COUNT])
async def test_a_result_comes_whole(opened: Database, count: int) -> None:
    """All rows come, in their order, however many they are and however they are asked for."""
    some = text(f"{NUMBERS.text} LIMIT {count}")
    async with opened.read(at_once=False) as connection:
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
    """A result that nobody reads to its end is in nobody's way."""
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


async def test_what_is_read_at_once_has_no_transaction(opened: Database, threads: Counting) -> None:
    """No transaction is begun for a query that stands alone, which saves a turn of the thread."""
    for at_once, turns in ((True, 2), (False, 3)):
        for _ in range(2):  # the first opens the connection
            before = threads.asked
            async with opened.read(at_once=at_once) as connection:
                await connection.execute(text("SELECT * FROM notes"))
        assert threads.asked == before + turns
