"""The opener of SQLite connections for the event loop: one whose waiter was cancelled is closed again."""

import asyncio
from typing import Any

import aiosqlite

from bot.store import sqlite
from bot.threads import Threads


class Opener:
    """Opens connections.

    aiosqlite opens each in a thread; where the waiter is cancelled meanwhile, aiosqlite would leak the connection.
    """

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._closing: set[asyncio.Task[None]] = set()

    async def connect(self, *arguments: Any, **options: Any) -> aiosqlite.Connection:
        """Open a connection, with the arguments of ``sqlite3.connect``."""
        connection = sqlite.connect(*arguments, **options)
        self._threads.drive(connection)
        opening = asyncio.ensure_future(connection)
        try:
            return await asyncio.shield(opening)
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
