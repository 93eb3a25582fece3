"""Patience: how long a PostgreSQL that says nothing is waited for, whoever keeps its connection open meanwhile.

TCP notices a peer that is gone, and not a proxy, a pooler or a stopped server that takes what it is sent and does
nothing with it. Such a connection is closed here, by whoever waits on it, and so is one on which nobody waits any
more: asking the server first to cancel what it does, as psycopg would, is another wait.
"""

import asyncio
import time
from collections.abc import Callable, Generator
from typing import Any

from psycopg import AsyncConnection, Connection, OperationalError, waiting

# Seconds after which the waiting is looked at, and those for which it goes on.
_GLANCE, LONGEST = 0.1, 10.0


class Patient(AsyncConnection[Any]):
    """A connection of the event loop."""

    async def wait(self, gen: Generator[Any, Any, Any], interval: float = _GLANCE, timeout: Any = None) -> Any:  # noqa: ASYNC109 - psycopg's name
        """Run one step of psycopg's."""
        del timeout
        try:
            return await waiting.wait_async(_until(gen, LONGEST, self.pgconn.finish), self.pgconn.socket, interval)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise


class Impatient(Connection[Any]):
    """A connection that blocks a thread: what it is for is of no use when it comes late."""

    LONGEST = 2.0

    def wait(self, gen: Generator[Any, Any, Any], interval: float = _GLANCE, timeout: Any = None) -> Any:
        """Run one step of psycopg's."""
        del timeout
        return waiting.wait(_until(gen, self.LONGEST, self.pgconn.finish), self.pgconn.socket, interval)


def _until(
    generator: Generator[Any, Any, Any], seconds: float, give_up: Callable[[], None]
) -> Generator[Any, Any, Any]:
    """Lead a generator of psycopg's on, for so many seconds at most: it is woken at each glance."""
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
