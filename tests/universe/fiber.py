"""A fiber: a thread of production, run as a greenlet on the simulation's one thread.

When it blocks (it sleeps, or waits for an event, a queue, another fiber or a database lock), the event loop
continues, and returns to it in time.
"""

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import greenlet  # type: ignore[import-untyped]


class Fiber:
    """Some work that may block."""

    def __init__(self, work: Callable[[], object], loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._work = work
        self._context = contextvars.copy_context()
        self._greenlet = greenlet.greenlet(self._run)
        self._greenlet.gr_context = contextvars.copy_context()
        self._ended = False
        self._waiters: list[Fiber] = []
        self._timer: asyncio.Handle | None = loop.call_soon(self._resume, context=self._context)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that it shares the thread with."""
        return self._loop

    def is_alive(self) -> bool:
        return not self._ended

    def join(self, timeout: float | None = None) -> None:
        if self._ended:
            return
        fiber = current()
        assert fiber, "the event loop would block"
        self._waiters.append(fiber)
        fiber.block(timeout)

    def block(self, seconds: float | None) -> None:
        """Let the event loop run until ``wake`` or for that many seconds; called from within."""
        assert current() is self
        if seconds is not None:
            self._timer = self._loop.call_later(max(0.0, seconds), self._resume, context=self._context)
        self._greenlet.parent.switch()

    def wake(self) -> None:
        """Let it continue soon; once is enough."""
        if self._timer is None or isinstance(self._timer, asyncio.TimerHandle):
            if self._timer:
                self._timer.cancel()
            self._timer = self._loop.call_soon(self._resume, context=self._context)

    def _resume(self) -> None:
        self._timer = None
        if not self._ended:
            self._greenlet.parent = greenlet.getcurrent()
            self._greenlet.switch()

    def _run(self) -> None:
        _fibers[greenlet.getcurrent()] = self
        try:
            self._work()
        finally:
            self._ended = True
            del _fibers[greenlet.getcurrent()]
            for fiber in self._waiters:
                fiber.wake()


_fibers: dict[Any, Fiber] = {}


def current() -> Fiber | None:
    """Return the running fiber; None on the event loop."""
    return _fibers.get(greenlet.getcurrent())


class Queue:
    """Replaces ``queue.SimpleQueue``."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._reader: Fiber | None = None

    def put_nowait(self, item: Any) -> None:
        self._items.append(item)
        if self._reader:
            self._reader.wake()

    def get(self) -> Any:
        fiber = current()
        assert fiber
        while not self._items:
            self._reader = fiber
            fiber.block(None)
        self._reader = None
        return self._items.popleft()


class _Alarm:
    """Stands among the locks that a condition releases for those who wait for it."""

    def __init__(self, fiber: Fiber) -> None:
        self.release = fiber.wake


def wait(event: threading.Event, seconds: float) -> None:
    """Wait for an event as ``event.wait`` does."""
    fiber = current()
    assert fiber, "the event loop would block"
    if event.is_set():
        return
    waiters: deque[Any] = event._cond._waiters  # type: ignore[attr-defined]
    alarm = _Alarm(fiber)
    waiters.append(alarm)
    fiber.block(seconds)
    if alarm in waiters:
        waiters.remove(alarm)
