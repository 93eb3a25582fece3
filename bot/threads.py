"""Threads: where work that blocks is done, beside the event loop."""

import asyncio
import errno
import functools
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from queue import SimpleQueue
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
    """The event loop's threads, which no exit waits for: a locked database or a name server can block for a minute.

    At the machine's limit, work waits for a thread that is there. Only where there is none, ``submit`` raises: an
    ``OSError``, as a ``RuntimeError`` would look like a bug of ours.
    """

    def __init__(self, most: int = 16) -> None:
        super().__init__(most)
        self._most = most
        self._workers = 0
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        # Each submission takes one of these or starts a thread, and each end of work adds one.
        self._idle = threading.Semaphore(0)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do some work in one of the threads, a new one if all are busy."""
        future: Future[T] = Future()
        self._calls.put(functools.partial(_carry_out, future, functools.partial(fn, *args, **kwargs)))
        if not self._idle.acquire(blocking=False) and self._workers < self._most:
            try:
                SYSTEM.start(self._work, f"pool-{self._workers}")
                self._workers += 1
            except RuntimeError as error:
                if not self._workers:
                    future.cancel()
                    raise OSError(errno.EAGAIN, str(error)) from error
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - its
        """Let each thread end after its work, without waiting for it."""
        for _ in range(self._workers):
            self._calls.put(None)

    def _work(self) -> None:
        while call := self._calls.get():
            call()
            self._idle.release()


def _carry_out(future: Future[T], work: Callable[[], T]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is whoever waits that hears of it
            future.set_exception(error)


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
