"""The database: one engine, one writer at a time in this process, and one exception for its failures."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import Unavailable
from bot.domain.lease import Lease
from bot.store import sqlite
from bot.store.leases import must_hold
from bot.threads import SYSTEM, Threads

# Seconds that SQLite waits in a thread for another process's lock. The lease thread can afford to wait longer than
# Discord does: on a slow disk a writer may take a second.
_BUSY_IN_THREAD = 3.0
# Seconds that running transactions are given to end on close.
_CLOSE_TIMEOUT = 2.0
# Seconds that a migration waits for those of other processes; several may run in turn.
_MIGRATION = 60.0
# How SQLite begins a transaction. A writer takes the lock at once: upgrading a read transaction can fail for good.
_AS_WRITER = "BEGIN IMMEDIATE"
# A snapshot is read in a transaction; any other read does without, which saves its begin and end.
_SNAPSHOT: dict[str, dict[str, Any]] = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}
_READ: dict[str, dict[str, Any]] = {"sqlite": {"begins": None}, "postgresql": {"isolation_level": "AUTOCOMMIT"}}
# PostgreSQL's code of a write to a server that is read-only.
_READ_ONLY = "25006"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_BLOCKING = {**_DRIVERS, "sqlite": "sqlite+pysqlite"}
# Seconds and milliseconds after which an unreachable PostgreSQL is given up, instead of after minutes. ``timeouts``
# is for one that is reachable but silent.
_REACH = {"connect_timeout": 5, "tcp_user_timeout": 5_000, "keepalives_idle": 5, "keepalives_interval": 2}


class DatabaseUnavailable(Unavailable):
    """The database could not serve the request: locked, read-only, full, or gone. Nothing was changed.

    It does not cover rejected values, which would be rejected the next time too.
    """


def url_with_driver(url: str) -> URL:
    """Parse a database URL as operators write it and set the driver: ``sqlite:///x.db``, ``postgres://…``.

    Raises ``ValueError`` with a sentence where the URL is invalid or its database unsupported.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("it must look like sqlite:///pomodoro.db or postgresql://user@host/name") from error
    name = parsed.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise ValueError(f"{name} is not supported; sqlite and postgresql are")
    if name == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file, as in sqlite:///pomodoro.db")
    return parsed.set(drivername=_DRIVERS[name])


class Database:
    """Connections for reading and writing.

    ``write`` is serialised: SQLite has one writer anyway, and waiting here is fair. Each write transaction checks
    the ``lease``, where there is one: it fails once another process has taken that.
    """

    def __init__(self, url: str, lease: Lease | None = None, threads: Threads = SYSTEM) -> None:
        self._url = url_with_driver(url)
        self._lease = lease
        self._threads = threads
        backend = self._url.get_backend_name()
        # SQLite's file; None for PostgreSQL.
        self.file = Path(self._url.database or "") if backend == "sqlite" else None
        self._opener = sqlite.Opener(threads)
        self.engine: AsyncEngine = create_async_engine(self._url, **self._async_options())
        _set_up(self.engine.sync_engine)
        self._writer = self.engine.execution_options(begins=_AS_WRITER)
        self._snapshot = self.engine.execution_options(**_SNAPSHOT[backend])
        self._reader = self.engine.execution_options(**_READ[backend])
        self._turn = asyncio.Lock()
        self._working = 0
        self._idle = asyncio.Event()
        self._idle.set()
        # Created on first use: only a few callers must not wait for the event loop.
        self._for_threads = functools.cache(self._blocking_engine)

    @contextlib.asynccontextmanager
    async def read(self, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a read-only connection. Raises ``DatabaseUnavailable``.

        A ``snapshot`` shows the state at the first read, and may be streamed.
        """
        with _errors_named(), self._at_work():
            async with (self._snapshot if snapshot else self._reader).connect() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that is committed at the end, or rolled back on any exception.

        Raises ``DatabaseUnavailable``, and ``LeaseLost`` if another process may write instead; an
        ``IntegrityError`` passes through.
        """
        with _errors_named(), self._at_work():
            async with self._turn, self._writer.begin() as connection:
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
        """Open a blocking write transaction with short timeouts, for threads. Raises ``DatabaseUnavailable``."""
        with _errors_named(), _writing(self._for_threads()) as connection:
            yield connection

    @contextlib.contextmanager
    def blocking_read(self) -> Iterator[Connection]:
        """Open a blocking connection for single reads, for threads. Raises ``DatabaseUnavailable``."""
        with _errors_named(), self._for_threads().connect() as connection:
            yield connection.execution_options(**_READ[self._url.get_backend_name()])

    async def migrate(self, work: Callable[[Connection], None]) -> None:
        """Do blocking work in one transaction, in a thread, with no time limit. Raises ``DatabaseUnavailable``."""

        def run() -> None:
            engine = self._blocking_engine(is_migration=True)
            try:
                with _writing(engine) as connection:
                    work(connection)
            finally:
                engine.dispose()

        with _errors_named():
            await self._threads.run(run)

    async def close(self) -> None:
        """Close every connection, once running transactions have ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_TIMEOUT):
                await self._idle.wait()
        await self.engine.dispose()
        await self._opener.close()
        if self._for_threads.cache_info().currsize:
            self._for_threads().dispose()

    def _async_options(self) -> dict[str, Any]:
        options = _options(self._url, is_async=True)
        if self.file:
            options["connect_args"]["async_creator_fn"] = self._opener.connect
        return options

    def _blocking_engine(self, *, is_migration: bool = False) -> Engine:
        url = self._url.set(drivername=_BLOCKING[self._url.get_backend_name()])
        engine = create_engine(url, **_options(url, is_migration=is_migration))
        if self.file:
            event.listen(engine, "connect", lambda connection, _: sqlite.set_up(connection))
        _set_up(engine)
        return engine


def _options(url: URL, *, is_async: bool = False, is_migration: bool = False) -> dict[str, Any]:
    # Names and texts must not reach the log through error messages.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        busy = sqlite.BUSY if is_async else _BUSY_IN_THREAD
        return options | {"connect_args": {"timeout": _MIGRATION if is_migration else busy}}
    from bot.store import timeouts  # noqa: PLC0415 - psycopg is an optional dependency

    # PgBouncer in transaction mode does not support prepared statements.
    arguments: dict[str, Any] = {"prepare_threshold": None} | _REACH
    if is_async:
        arguments["async_creator_fn"] = timeouts.LoopConnection.connect
    elif not is_migration:
        arguments |= {"connect_timeout": 2}
        creator = functools.partial(timeouts.ThreadConnection.connect, **_connect_arguments(url), **arguments)
        return options | {"creator": creator, "pool_pre_ping": True}
    return options | {"connect_args": arguments, "pool_pre_ping": True}


def _connect_arguments(url: URL) -> dict[str, Any]:
    _, arguments = url.get_dialect()().create_connect_args(url)
    return dict(arguments)


@contextlib.contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(begins=_AS_WRITER) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def _errors_named() -> Any:
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise DatabaseUnavailable(str(error).partition("\n")[0]) from error


def _set_up(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "invalidate", _roll_back)
    event.listen(engine, "handle_error", _handle)


def _handle(context: ExceptionContext) -> None:
    """Keep people's rows, which PostgreSQL quotes below its first line, out of errors; leave a replica.

    Connections to a server that takes no writes any more are dropped: after a failover, another server does.
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def _roll_back(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """Roll back a cancelled writer before its connection is closed.

    SQLite keeps the transaction of a closed connection, and its lock, for as long as Python holds a cursor of it,
    for example in the traceback of the cancelled task.
    """
    with contextlib.suppress(Exception, asyncio.CancelledError):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    if begins := connection.get_execution_options().get("begins", "BEGIN"):
        connection.exec_driver_sql(begins)
