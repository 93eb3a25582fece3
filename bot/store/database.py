"""The database: one engine, one writer at a time in this process, and errors under one name."""

import asyncio
import contextlib
import functools
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.lease import Lease
from bot.store.leases import must_hold

# Seconds that SQLite waits for another process's lock before it says "database is locked".
_BUSY = 1.0
# Seconds that those at work are given to end when it is closed.
_FAREWELL = 2.0
# Seconds that a migration waits for another process's, of which there may be several, one after the other.
_MIGRATION = 60.0
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
_BLOCKING = {**_DRIVERS, "sqlite": "sqlite+pysqlite"}
# Seconds and milliseconds after which a PostgreSQL that cannot be reached is given up, instead of after minutes.
# For one that is reached and says nothing there is ``patience``.
_REACH = {"connect_timeout": 5, "tcp_user_timeout": 5_000, "keepalives_idle": 5, "keepalives_interval": 2}


class DatabaseUnavailable(Exception):
    """The database could not do what was asked: locked, read-only, full, or gone. Nothing was changed."""


def url_with_driver(url: str) -> URL:
    """Read a database URL as operators write it and name the driver: ``sqlite:///x.db``, ``postgres://…``.

    Raises ``ValueError`` with a sentence where the URL or its database is not one of ours.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("it must look like sqlite:///pomodoro.db or postgresql://user@host/name") from error
    name = parsed.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise ValueError(f"{name} is not supported; sqlite and postgresql are")
    return parsed.set(drivername=_DRIVERS[name])


class Database:
    """Connections for reading and writing.

    ``write`` takes turns: SQLite has one writer anyway, and one that waits here waits in order. Each transaction
    that writes carries the ``lease``, where there is one: it fails once another process has taken that.
    """

    def __init__(self, url: str, lease: Lease | None = None) -> None:
        self._url = url_with_driver(url)
        self._lease = lease
        is_file = self._url.get_backend_name() == "sqlite"
        # Where SQLite's data is; None for PostgreSQL.
        self.file = Path(self._url.database or "") if is_file else None
        self.engine: AsyncEngine = create_async_engine(self._url, **_options(self._url, is_async=True))
        _set_up(self.engine.sync_engine)
        self._turn = asyncio.Lock()
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        # Made when it is first used: it is for the few who may not wait for the event loop.
        self._for_threads = functools.cache(self._blocking_engine)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads. Raises ``DatabaseUnavailable``."""
        with _errors_named(), self._at_work():
            async with self.engine.connect() as connection:
                if connection.dialect.name != "sqlite":  # nothing to begin, and nothing to wait for at the end
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that is committed at the end, or undone by any exception.

        Raises ``DatabaseUnavailable``, and ``LeaseLost`` where another process may write instead; an
        ``IntegrityError`` comes through.
        """
        with _errors_named(), self._at_work():
            async with self._turn, self.engine.connect() as connection:
                await connection.execution_options(writes=True)
                async with connection.begin():
                    if self._lease:
                        await must_hold(connection, self._lease)
                    yield connection

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    @contextlib.contextmanager
    def blocking(self) -> Iterator[Connection]:
        """Open a transaction that writes, and blocks, but not for long: for threads.

        Raises ``DatabaseUnavailable``.
        """
        with _errors_named(), _writing(self._for_threads()) as connection:
            yield connection

    async def migrate(self, work: Callable[[Connection], None]) -> None:
        """Do work in one transaction of a connection that blocks, in a thread, however long: Alembic wants one.

        Raises ``DatabaseUnavailable``.
        """

        def run() -> None:
            engine = self._blocking_engine(is_patient=True)
            try:
                with _writing(engine) as connection:
                    work(connection)
            finally:
                engine.dispose()

        with _errors_named():
            await asyncio.to_thread(run)

    async def close(self) -> None:
        """Close every connection, once those who are at work have given theirs back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._idle.wait()
        await self.engine.dispose()
        if self._for_threads.cache_info().currsize:
            self._for_threads().dispose()

    def _blocking_engine(self, *, is_patient: bool = False) -> Engine:
        url = self._url.set(drivername=_BLOCKING[self._url.get_backend_name()])
        engine = create_engine(url, **_options(url, is_patient=is_patient))
        _set_up(engine)
        return engine


def _options(url: URL, *, is_async: bool = False, is_patient: bool = False) -> dict[str, Any]:
    # Names and texts must not reach the log by way of an error's words.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        # A thread keeps up the lease, and has the time for it: on a slow disk a writer may take a second.
        busy = _MIGRATION if is_patient else _BUSY if is_async else 3 * _BUSY
        return options | {"connect_args": {"timeout": busy}}
    from bot.store import patience  # noqa: PLC0415 - psycopg is there only for those who use PostgreSQL

    # PgBouncer in transaction mode knows no prepared statements of a connection.
    arguments: dict[str, Any] = {"prepare_threshold": None} | _REACH
    if is_async:
        arguments["async_creator_fn"] = patience.Patient.connect
    elif not is_patient:
        arguments |= {"connect_timeout": 2}
        creator = functools.partial(patience.Impatient.connect, **_spoken(url), **arguments)
        return options | {"creator": creator, "pool_pre_ping": True}
    return options | {"connect_args": arguments, "pool_pre_ping": True}


def _spoken(url: URL) -> dict[str, Any]:
    """Say where the database is as the driver wants to hear it."""
    _, arguments = url.get_dialect()().create_connect_args(url)
    return dict(arguments)


@contextlib.contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def _errors_named() -> Any:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise DatabaseUnavailable(str(error).partition("\n")[0]) from error


def _set_up(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "invalidate", _roll_back)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    _take_to_wal(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _take_to_wal(cursor: Any) -> None:
    """Switch a new file to its write-ahead log, which SQLite refuses at once while another does the same."""
    until = time.monotonic() + _BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _roll_back(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """Undo what a writer had begun who was cancelled in the middle, before its connection is closed.

    SQLite keeps the transaction of a closed connection, and its lock, for as long as Python keeps a cursor of it,
    in the traceback of the cancelled task, say.
    """
    with contextlib.suppress(Exception, asyncio.CancelledError):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that read first and asked for it later could be refused for good.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
