"""Threads: where work that blocks is done, beside the event loop."""

import asyncio
import errno
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Thread(Protocol):
    """A thread that has been started."""

    def join(self, timeout: float | None = None) -> None:
        """Block until it has ended, or for that many seconds."""

    def is_alive(self) -> bool:
        """Return whether it has not ended yet."""


class Pool(ThreadPoolExecutor):
    """The event loop's threads: at the machine's limit, work waits for one of those that are there.

    A ``RuntimeError`` would come out of looking up an address or asking the database, as if it were a bug of ours.
    """

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except RuntimeError as error:
            if not self._threads:
                raise OSError(errno.EAGAIN, str(error)) from error


class Threads:
    """The machine's own threads and processes; a simulation has others, which take turns on one thread."""

    def start(self, work: Callable[[], object], name: str) -> Thread:
        """Do some work in a thread of its own. Raises ``RuntimeError`` at the machine's limit."""
        # A daemon: a stuck thread must not keep a stopped process alive.
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do some work in a thread, and wait for its result; cancelling the wait does not stop the work."""
        return await asyncio.to_thread(work, *args, **kwargs)

    def drive(self, connection: Any) -> None:
        """Prepare the thread of an aiosqlite connection, which is about to start it."""
        connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does: exit does not wait for it

    def process(self, set_up: Callable[..., object], *arguments: object) -> Executor:
        """Return an executor that runs in one other process, which calls ``set_up`` first."""
        # Not forked: forking a multi-threaded process is unsafe.
        return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), set_up, arguments)

    def kill(self, executor: Executor) -> None:
        """Kill the process of an executor, which may hang: this process would wait for it before it exits."""
        processes = getattr(executor, "_processes", None) or {}  # before Python 3.14 there is no other way to it
        for process in list(processes.values()):
            process.kill()


SYSTEM = Threads()
