"""Copying a database into an empty one, of the same kind and of the other."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from bot.domain.shard import WHOLE
from bot.store import counters, leases, transfer as module
from bot.store.database import Database, DatabaseUnavailable
from bot.store.process_id import process_id_here
from bot.store.schema import migrate, newest
from bot.store.tables import focus_log, notes, timers
from bot.store.transfer import TABLES, NotCopied, transfer
from tests.store.rows import fill, rows_of

Databases = tuple[Database, Database]
COUNTED = {"timers": timers, "focus_log": focus_log}
PAIRS = [
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
    ("sqlite", "sqlite"),
    ("postgresql", "postgresql"),
]


@pytest.fixture(params=PAIRS, ids="-".join)
def urls(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> tuple[str, str]:
    """The URL of a migrated database, and that of one without any tables."""
    source, target = request.param
    return request.getfixturevalue("sqlite" if source == "sqlite" else "postgres_url"), new_database(target)


@pytest.fixture
async def pair(urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Databases]:
    """A database with some of everything in it, and an empty one; a batch is small."""
    monkeypatch.setattr(module, "BATCH", 16)
    source, target = map(Database, urls)
    await fill(source, 40)
    yield source, target
    for database in (source, target):
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        await database.close()


async def contents(database: Database) -> dict[str, Any]:
    async with database.read() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in TABLES
        }


def silent(_table: str, _done: int, _total: int) -> None:
    pass


async def test_all_of_it(pair: Databases) -> None:
    """Every row of every table arrives as it was, and the progress is reported to the end."""
    source, target = pair
    reports: list[tuple[str, int, int]] = []
    counts = await transfer(source, target, lambda *progress: reports.append(progress))
    before = await contents(source)
    assert all(before.values())
    assert await contents(target) == before
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert [done for _, done, _ in reports] == sorted(done for _, done, _ in reports)
    assert reports[-1][1] == reports[-1][2] == sum(counts.values())


async def test_numbers_go_on(pair: Databases) -> None:
    """The copy reuses no number of a deleted timer or log entry."""
    source, target = pair
    numbers = []
    async with source.write() as connection:
        for table, row in rows_of(70):
            if table in COUNTED:
                await counters.continue_after(connection, COUNTED[table], 69)
                fresh = insert(COUNTED[table]).values({key: value for key, value in row.items() if key != "id"})
                await connection.execute(fresh)
                await connection.execute(delete(COUNTED[table]).where(COUNTED[table].c.id > 20))
    await transfer(source, target, silent)
    async with target.write() as connection:
        for table, row in rows_of(80):
            if table in COUNTED:
                fresh = insert(COUNTED[table]).values({key: value for key, value in row.items() if key != "id"})
                numbers.append((await connection.execute(fresh)).inserted_primary_key)
    assert numbers == [(71,), (71,)]


async def test_other_data(pair: Databases) -> None:
    """If there is data already, nothing is copied, and that data stays as it is."""
    source, target = pair
    await migrate(target)
    async with target.write() as connection:
        await connection.execute(insert(notes).values(key="mine", value="1"))
    before = await contents(target)
    with pytest.raises(NotCopied, match=r"holds data already \(notes: 1 rows\)"):
        await transfer(source, target, silent)
    assert await contents(target) == before


async def test_broken_off(pair: Databases) -> None:
    """An aborted copy leaves the other database empty; repeated, it copies everything; a third is refused."""
    source, target = pair

    def pull_the_plug(_table: str, done: int, total: int) -> None:
        if done > total / 2:
            raise ConnectionAbortedError

    with pytest.raises(DatabaseUnavailable):
        await transfer(source, target, pull_the_plug)
    assert not any((await contents(target)).values())
    await transfer(source, target, silent)
    assert await contents(target) == await contents(source)
    with pytest.raises(NotCopied, match="holds data already"):
        await transfer(source, target, silent)


async def test_written_to_meanwhile(pair: Databases) -> None:
    """If a bot writes during the copy, the copy is discarded."""
    source, target = pair
    other = Database(source.engine.url.render_as_string(hide_password=False))
    written = False

    async def change() -> None:
        async with other.write() as connection:
            await connection.execute(update(timers).where(timers.c.id == 1).values(version=99))

    def in_between(_table: str, _done: int, _total: int) -> None:
        nonlocal written
        if not written:
            written = True
            working = threading.Thread(target=lambda: asyncio.run(change()))
            working.start()
            working.join()

    with pytest.raises(NotCopied, match="has written to the database to copy from"):
        await transfer(source, target, in_between)
    await other.close()
    assert not any((await contents(target)).values())


@pytest.mark.parametrize("side", ["from", "into"])
async def test_while_a_bot_runs(pair: Databases, side: str) -> None:
    """While a process holds a lease on either database nothing is copied; afterwards all but leases is."""
    source, target = pair
    await migrate(target)
    used = source if side == "from" else target
    with used.blocking() as connection:
        lease = leases.take(connection, [WHOLE], process_id_here(), 600)
    assert lease
    with pytest.raises(NotCopied, match=f"A bot runs on the database to copy {side}: stop it"):
        await transfer(source, target, silent)
    assert not any((await contents(target)).values())
    with used.blocking() as connection:
        leases.give_back(connection, lease)
    await transfer(source, target, silent)
    with target.blocking() as connection:
        held = connection.execute(text("SELECT count(*) FROM leases")).scalar_one()
    assert held == (0 if side == "from" else 1)


async def test_a_row_that_is_not_taken(new_database: Callable[[str], str]) -> None:
    """A row that the other database cannot store is named by its number, without its contents."""
    source, target = Database(new_database("sqlite")), Database(new_database("postgresql"))
    await migrate(source)
    await fill(source, 40)
    async with source.write() as connection:
        await connection.execute(text("UPDATE timers SET length = 'a secret' WHERE id = 33"))
    with pytest.raises(NotCopied, match=r"a row of timers \(id 33\)") as refused:
        await transfer(source, target, silent)
    assert "secret" not in str(refused.value)
    assert not any((await contents(target)).values())
    for database in (source, target):
        await database.close()


async def test_nothing_to_copy_from(tmp_path: Path, new_database: Callable[[str], str]) -> None:
    """A missing source creates no file; the database of an older bot has to be migrated first."""
    source, target = Database(f"sqlite:///{tmp_path / 'none.db'}"), Database(new_database("sqlite"))
    with pytest.raises(NotCopied, match="no database of the bot's"):
        await transfer(source, target, silent)
    assert not (tmp_path / "none.db").exists()
    await migrate(source)
    with sqlite3.connect(tmp_path / "none.db") as older:
        older.execute("UPDATE alembic_version SET version_num = '0001'")
    older.close()
    with pytest.raises(NotCopied, match=f"at migration 0001, and this bot at {newest()}"):
        await transfer(source, target, silent)
    for database in (source, target):
        await database.close()
