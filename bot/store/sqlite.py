"""Connections to SQLite, set up as the bot needs them.

For each statement aiosqlite asks the thread of its connection four times: to open a cursor, to execute, to fetch
and to close. That takes longer than most statements do; here it is asked once.
"""

import functools
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager

# Seconds that SQLite waits for another process's lock before it fails with "database is locked": Discord waits for
# three.
BUSY = 2.0
# Rows that are fetched in the same turn of the thread that executes; most results have no more.
_AT_FIRST = 100


def connect(*arguments: Any, **options: Any) -> aiosqlite.Connection:
    """Return a connection for the event loop, which opens when it is awaited; it takes what ``sqlite3`` does."""
    return _Connection(functools.partial(_opened, *arguments, **options), _AT_FIRST)


def set_up(connection: sqlite3.Connection) -> None:
    """Set up a connection that has been opened."""
    # The driver must not begin transactions itself: the engine does.
    connection.isolation_level = None
    # Invalid UTF-8 would otherwise make the whole result unreadable.
    connection.text_factory = _text
    _take_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


class _Connection(aiosqlite.Connection):
    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())


class _Cursor(aiosqlite.Cursor):
    """Executes a statement and fetches the first rows at once; what is read to its end needs no closing."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._rows: list[Any] = []
        self._is_open = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._rows, self._is_open = [], True
        self._keep(await self._ask(self._begin, sql, parameters or ()), _AT_FIRST)
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

    async def _ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Let the connection's thread do some work."""
        return await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    def _begin(self, sql: str, parameters: Iterable[Any]) -> list[Any]:
        self._cursor.execute(sql, parameters)  # type: ignore[arg-type]
        return self._cursor.fetchmany(_AT_FIRST)

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


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _take_to_wal(connection: sqlite3.Connection) -> None:
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
