"""Timeouts for a PostgreSQL that is silent although its connection stays open.

TCP notices a dead peer, but not a proxy, a pooler or a stopped server that accepts data and never answers. Such a
connection is closed here by its waiter, and so is one whose waiter was cancelled: asking the server to cancel the
query first, as psycopg would, could block again.
"""

import asyncio
import time
from collections.abc import Callable, Generator
from typing import Any

from psycopg import AsyncConnection, Connection, OperationalError, waiting

# Seconds between checks of a wait, and its limit.
_CHECK_EVERY, LONGEST = 0.1, 10.0


class LoopConnection(AsyncConnection[Any]):
    """A connection for the event loop."""

    async def wait(self, gen: Generator[Any, Any, Any], interval: float = _CHECK_EVERY, timeout: Any = None) -> Any:  # noqa: ASYNC109 - psycopg's name
        """Run one step of psycopg's."""
        try:
            return await waiting.wait_async(_until(gen, LONGEST, self.pgconn.finish), self.pgconn.socket, interval)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise


class ThreadConnection(Connection[Any]):
    """A blocking connection for threads, whose work is useless when it is late."""

    LONGEST = 2.0

    def wait(self, gen: Generator[Any, Any, Any], interval: float = _CHECK_EVERY, timeout: Any = None) -> Any:
        """Run one step of psycopg's."""
        return waiting.wait(_until(gen, self.LONGEST, self.pgconn.finish), self.pgconn.socket, interval)


def _until(
    generator: Generator[Any, Any, Any], seconds: float, give_up: Callable[[], None]
) -> Generator[Any, Any, Any]:
    """Drive a psycopg generator for at most this many seconds; it is resumed at each check."""
    until = time.monotonic() + seconds
    try:
        wanted = next(generator)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > until:
                give_up()
                raise OperationalError(f"the database has said nothing for {seconds:.0f} s")
            wanted = generator.send(ready)
    except StopIteration as done:
        return done.value
