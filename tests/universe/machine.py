"""The machine: threads, clocks and the database's driver of one process within the simulation."""

import asyncio
import concurrent.futures
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.engine.clock import Clock
from bot.threads import Threads
from tests.universe import fiber
from tests.universe.fiber import Fiber, Queue
from tests.universe.loop import Loop, Owner

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Machine(Threads):
    """Threads as fibers, see ``bot.threads.Threads``."""

    def __init__(self, loop: Loop, owner: Owner) -> None:
        self._loop = loop
        self._owner = owner

    def start(self, work: Callable[[], object], name: str) -> Fiber:
        """Start some work in a fiber of its own."""
        del name
        return self._keep(Fiber(work, self._loop))

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do some work in a fiber, and wait for its result."""
        result = self._loop.create_future()

        def do() -> None:
            try:
                value = work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
                if not result.done():
                    result.set_exception(error)
            else:
                if not result.done():
                    result.set_result(value)

        self._keep(Fiber(do, self._loop))
        return await asyncio.shield(result)

    def drive(self, connection: Any) -> None:
        """Let a fiber drive an aiosqlite connection."""
        queue = connection._tx = Queue()
        target = connection._thread._target
        connection._thread = _Starter(lambda: self._keep(Fiber(lambda: target(queue), self._loop)))

    def process(self, _set_up: Callable[..., object], *_arguments: object) -> concurrent.futures.Executor:
        """Return an executor that works at once."""
        return _AtOnce()

    def _keep(self, started: Fiber) -> Fiber:
        kept = self._owner.fibers
        if len(kept) > 500:
            kept -= {ended for ended in kept if not ended.is_alive()}
        kept.add(started)
        return started


class _Starter:
    def __init__(self, start: Callable[[], object]) -> None:
        self.start = start


class _AtOnce(concurrent.futures.Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            future.set_exception(error)
        return future


class MachineClock(Clock):
    """A clock on virtual time, whose wall time is ``skew`` seconds ahead."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.skew = 0.0

    def now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=round((self._loop.epoch + self._loop.now + self.skew) * 1e6))

    def monotonic(self) -> float:
        return self._loop.now

    def wait_until(self, event: Any, moment: float) -> None:
        fiber.wait(event, moment - self._loop.now)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
