"""Connections to SQLite, set up as the bot needs them.

For each statement aiosqlite asks the thread of its connection four times: to open a cursor, to execute, to fetch
and to close. That takes longer than most statements do; here it is asked once. A transaction begins in the turn of
its first statement, and where none was begun, none is ended.
"""

import asyncio
import functools
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager

from bot.threads import Threads

# Seconds that SQLite waits for another process's lock before it fails with "database is locked": Discord waits for
# three.
BUSY = 2.0
# Rows that are fetched in the same turn of the thread that executes; most results have no more.
_FIRST_ROWS = 100


class Opener:
    """Opens connections for the event loop.

    aiosqlite opens each in a thread; where the waiter is cancelled meanwhile, aiosqlite would leak the connection.
    """

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._closing: set[asyncio.Task[None]] = set()

    async def connect(self, *arguments: Any, **options: Any) -> aiosqlite.Connection:
        """Open a connection, with the arguments of ``sqlite3.connect``."""
        connection = _Connection(functools.partial(_opened, *arguments, **options), _FIRST_ROWS)
        self._threads.drive(connection)
        opening = asyncio.ensure_future(connection)
        try:
            return await asyncio.shield(opening)
        except RuntimeError as error:  # the machine's thread limit, which passes
            raise sqlite3.OperationalError(str(error)) from error
        except asyncio.CancelledError:
            closing = asyncio.create_task(_close(opening), name="close")
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            raise

    async def close(self) -> None:
        """Wait until abandoned connections are closed."""
        await asyncio.gather(*self._closing)


async def _close(opening: asyncio.Future[aiosqlite.Connection]) -> None:
    try:
        connection = await opening
    except (aiosqlite.Error, OSError):
        return  # nothing was opened
    await connection.close()


def set_up(connection: sqlite3.Connection) -> None:
    """Set up a connection that has been opened."""
    # The driver must not begin transactions itself: the engine does.
    connection.isolation_level = None
    # Invalid UTF-8 would otherwise make the whole result unreadable.
    connection.text_factory = functools.partial(bytes.decode, errors="replace")
    _enable_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


class _Connection(aiosqlite.Connection):
    # How the next statement is to begin a transaction.
    begins: str | None = None
    # Whether a statement that nobody waits for any more may still be running.
    _is_abandoned = False

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())

    async def create_function(self, *arguments: Any, **named: Any) -> None:
        # Without a turn of the thread: SQLAlchemy adds some to each connection that nobody else uses yet.
        self._conn.create_function(*arguments, **named)

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Awaitable[None]]) -> None:
        self.begins = None
        if self._is_abandoned or self.in_transaction:
            await end()

    async def _execute(self, fn: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        try:
            return await super()._execute(fn, *arguments, **named)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self._is_abandoned = True
            raise


class _Cursor(aiosqlite.Cursor):
    """Executes a statement and fetches the first rows at once; what is read to its end needs no closing."""

    def __init__(self, connection: _Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._connection = connection
        self._rows: list[Any] = []
        self._is_open = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._rows, self._is_open = [], not sql.startswith("BEGIN")
        if self._is_open:
            self._keep(await self._change(self._begin, sql, parameters or ()), _FIRST_ROWS)
        else:
            self._connection.begins = sql
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        await self._change(self._cursor.executemany, sql, parameters)
        return self

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        count = self.arraysize if size is None else size
        if self._is_open and (missing := count - len(self._rows)) > 0:
            self._keep(await self._ask(self._cursor.fetchmany, missing), missing)
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    async def fetchall(self) -> list[Any]:
        if self._is_open:
            self._rows += await self._ask(self._cursor.fetchall)
            self._is_open = False
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []
        if self._is_open:
            await self._ask(self._cursor.close)

    async def _change(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Let the connection's thread do some work, in a new transaction where one is to begin."""
        begins, self._connection.begins = self._connection.begins, None
        try:
            return await self._ask(self._within, begins, work, *arguments)
        except sqlite3.Error:
            if not self._connection.in_transaction:  # it could not begin: what follows must not do without
                self._connection.begins = begins
            raise

    async def _ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    def _within(self, begins: str | None, work: Callable[..., Any], *arguments: Any) -> Any:
        if begins:
            self._cursor.execute(begins)
        return work(*arguments)

    def _begin(self, sql: str, parameters: Iterable[Any]) -> list[Any]:
        self._cursor.execute(sql, parameters)  # type: ignore[arg-type]
        return self._cursor.fetchmany(_FIRST_ROWS)

    def _keep(self, rows: list[Any], most: int) -> None:
        self._rows += rows
        self._is_open = len(rows) == most


def _opened(*arguments: Any, **options: Any) -> sqlite3.Connection:
    # A cursor is made on the event loop's thread; all else is done in the connection's own.
    connection: sqlite3.Connection = sqlite3.connect(*arguments, **options | {"check_same_thread": False})
    try:
        set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _enable_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode, retrying: SQLite refuses at once while another connection does the same."""
    until = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
