import asyncio
import sqlite3
import traceback
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from bot.store import timeouts
from bot.store.database import Database, DatabaseUnavailable, url_with_driver
from bot.store.schema import migrate, version
from bot.store.tables import metadata, presets
from tests.proxy import Proxy


async def test_migrations_make_the_tables(database: Database) -> None:
    """The migrations create exactly the tables that the statements expect, and can be run again."""
    await migrate(database)

    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_older_bot(database: Database) -> None:
    """An older bot restarted during a deploy runs on a newer database."""
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await migrate(database)
    assert await version(database) == "9999"


async def test_cancelled_at_any_step(sqlite_database: Database) -> None:
    """A writer cancelled at any step blocks no other, even while its traceback is still held."""
    look, change = text("SELECT * FROM alembic_version"), text("UPDATE alembic_version SET version_num = 'x'")

    async def write() -> None:
        async with sqlite_database.write() as connection:
            for _ in range(3):
                await connection.execute(look)
                await connection.execute(change)
            raise asyncio.CancelledError

    def write_too() -> None:
        with sqlite_database.blocking() as connection:
            connection.execute(change)
            connection.rollback()

    tasks = []
    for turns in range(0, 600, 2):
        tasks.append(asyncio.create_task(write()))
        for _ in range(turns):
            await asyncio.sleep(0)
        tasks[-1].cancel()
        await asyncio.wait(tasks[-1:])
        await asyncio.to_thread(write_too)
    assert await version(sqlite_database) != "x"


async def test_a_database_that_says_nothing(postgres_url: str) -> None:
    """A server that accepts connections but never answers is unavailable after a while, and works again later."""
    async with Proxy(postgres_url) as proxy:
        database = Database(proxy.url)

        def block() -> None:
            with database.blocking() as connection:
                connection.execute(text("SELECT 1"))

        async def read() -> None:
            async with database.read() as connection:
                await connection.execute(text("SELECT 1"))

        await asyncio.to_thread(block)
        with pytest.MonkeyPatch.context() as patch, pytest.raises(DatabaseUnavailable):
            async with database.read() as connection:
                proxy.cut()
                patch.setattr(timeouts, "LONGEST", 0.5)
                await connection.execute(text("SELECT 1"))
        with pytest.MonkeyPatch.context() as patch, pytest.raises(DatabaseUnavailable):
            patch.setattr(timeouts.ThreadConnection, "LONGEST", 0.5)
            await asyncio.to_thread(block)
        proxy.mend()
        await read()
        await asyncio.to_thread(block)
        # A caller that no longer waits is released at once.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timeouts, "LONGEST", 600)
            async with asyncio.timeout(30), database.read() as connection:
                proxy.cut()
                waiting = asyncio.create_task(connection.execute(text("SELECT 1")))
                await proxy.swallowed.wait()
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
        await database.close()


@pytest.mark.parametrize("is_blocking", [False, True])
async def test_a_server_that_became_a_replica(postgres_database: Database, *, is_blocking: bool) -> None:
    """Connections to a server that takes no writes any more are left: the next write goes to the one that does."""
    change = "UPDATE alembic_version SET version_num = version_num"

    async def write(statement: str) -> None:
        if is_blocking:
            with postgres_database.blocking() as blocking:
                blocking.execute(text(statement))
        else:
            async with postgres_database.write() as connection:
                await connection.execute(text(statement))

    await write("SET default_transaction_read_only = on")
    with pytest.raises(DatabaseUnavailable):
        await write(change)
    await write(change)


async def test_sqlite_is_durable(sqlite: str) -> None:
    """SQLite runs with a write-ahead log, a sync at every commit, and foreign keys."""
    database = Database(sqlite)
    async with database.read() as connection:
        pragmas = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]
    await database.close()


async def test_locked_is_unavailable(sqlite: str, tmp_path: Path) -> None:
    """A database that another process has locked is reported as unavailable, and works again afterwards."""
    database = Database(sqlite)
    await migrate(database)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM notes"))
    other.execute("ROLLBACK")
    other.close()
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM notes"))
    await database.close()


async def test_no_parameters_in_errors(database: Database) -> None:
    """What people typed does not leak into the log through a database error."""
    with pytest.raises(DatabaseUnavailable) as error:
        async with database.read() as connection:
            await connection.execute(text("SELECT :name FROM no_such_table"), {"name": "a secret name"})
    assert "secret" not in f"{error.value} {error.value.__cause__}"


async def test_no_rows_in_errors(database: Database) -> None:
    """Nor through an error that quotes a row which breaks a rule of its table."""
    words = "a secret\nname"
    with pytest.raises(IntegrityError) as error:
        async with database.write() as connection:
            await connection.execute(presets.insert().values(name=words, owner_id=None, plan=words))
    assert "secret" not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite"),
        ("postgres://h/d", "postgresql+psycopg"),
        ("postgresql://h/d", "postgresql+psycopg"),
    ],
)
def test_urls(given: str, driver: str) -> None:
    """Operators write plain URLs; the driver is ours to know."""
    assert url_with_driver(given).drivername == driver


@pytest.mark.parametrize("given", ["mysql://h/d", "pomodoro.db", ""])
def test_refused_urls(given: str) -> None:
    """Any other URL is refused with a sentence."""
    with pytest.raises(ValueError, match="must look like|not supported"):
        url_with_driver(given)
