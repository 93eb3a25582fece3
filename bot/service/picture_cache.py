"""The picture cache: statistics pictures, drawn in a separate process and cached while in demand."""

import asyncio
import contextlib
import heapq
import itertools
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool

import structlog

from bot.domain.errors import TooMany
from bot.engine.clock import Clock
from bot.engine.sliding_window import SlidingWindows
from bot.messages import catalogue
from bot.messages.catalogue import N_
from bot.pictures import drawing
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Subject
from bot.threads import SYSTEM, Threads

_log = structlog.get_logger(__name__)

# Cached pictures, some 30 kB each; how many may wait to be drawn, which takes some seconds; and the rate limit of
# a person: pictures per seconds.
_KEPT, _WAITING = 200, 100
_MOST, _SECONDS = 10, 60.0
# Seconds after which the process that draws is taken to hang; a picture takes a small part of one.
_LONGEST = 60.0


class PictureCache:
    """Pictures are drawn one at a time, by a process started on demand; those that a person waits for go first.

    Not by a thread: it would hold the GIL for tens of milliseconds at a time and block the event loop.
    """

    def __init__(self, clock: Clock, kept: int = _KEPT, waiting: int = _WAITING, threads: Threads = SYSTEM) -> None:
        self._threads = threads
        self._most_kept = kept
        self._most_waiting = waiting
        self._kept: OrderedDict[tuple[Subject, Theme], asyncio.Task[Picture]] = OrderedDict()
        self._requests = SlidingWindows(clock, _SECONDS)
        self._painter: Executor | None = None
        self._is_painting = False
        # A heap of waiting turns: those that a person waits for first, then in order.
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    async def show(self, user_id: int, subject: Subject, theme: Theme = Theme.DARK) -> Picture:
        """Return a picture for a person. Raises ``TooMany`` at their rate limit, or where the queue is full."""
        if len(self._waiting) >= self._most_waiting and self._find(subject, theme) is None:
            raise TooMany(N_("I'm drawing a lot of pictures right now. Please try again soon."), "stats")
        self._count(user_id)
        return await self.draw(subject, theme, in_background=False)

    async def draw(self, subject: Subject, theme: Theme = Theme.DARK, *, in_background: bool = True) -> Picture:
        """Return the picture of a subject, drawn once; ``in_background`` queues it behind those people wait for."""
        key = (subject, theme)
        task = self._find(subject, theme)
        if task is None:
            task = self._kept[key] = asyncio.create_task(
                self._draw(subject, theme, in_background=in_background), name="picture"
            )
            task.add_done_callback(lambda _: self._forget())
        self._kept.move_to_end(key)
        return await asyncio.shield(task)

    def close(self) -> None:
        """Stop drawing; pictures in progress are abandoned."""
        for task in self._kept.values():
            task.cancel()
        if self._painter:
            self._threads.kill(self._painter)
            self._painter.shutdown(wait=False, cancel_futures=True)

    def _find(self, subject: Subject, theme: Theme) -> asyncio.Task[Picture] | None:
        """Return the task of a picture that is cached or in progress, unless it failed."""
        task = self._kept.get((subject, theme))
        has_failed = task and task.done() and (task.cancelled() or task.exception())
        return None if has_failed else task

    def _forget(self) -> None:
        """Evict the oldest finished pictures; one in progress would only be drawn again."""
        excess = len(self._kept) - self._most_kept
        drawn = (key for key, task in self._kept.items() if task.done())
        for key in list(itertools.islice(drawn, max(excess, 0))):
            del self._kept[key]

    async def _draw(self, subject: Subject, theme: Theme, *, in_background: bool) -> Picture:
        if self._is_painting:
            turn = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (in_background, next(self._order), turn))
            await turn
        self._is_painting = True
        try:
            return await self._paint(subject, theme)
        finally:
            self._is_painting = False
            while self._waiting:
                *_, turn = heapq.heappop(self._waiting)
                if not turn.done():
                    self._is_painting = True  # so that nobody cuts in
                    turn.set_result(None)
                    break

    async def _paint(self, subject: Subject, theme: Theme) -> Picture:
        try:
            return await self._ask(subject, theme)
        except (BrokenProcessPool, TimeoutError) as error:
            _log.warning("drawing_process_lost", error=type(error).__name__)
            return await self._ask(subject, theme)

    async def _ask(self, subject: Subject, theme: Theme) -> Picture:
        """Let the process draw. Raises ``BrokenProcessPool`` or ``TimeoutError`` where it is gone, or hangs."""
        painter = self._open()
        try:
            async with asyncio.timeout(_LONGEST):
                return await asyncio.get_running_loop().run_in_executor(painter, drawing.draw, subject, theme)
        except (BrokenProcessPool, TimeoutError):
            self._threads.kill(painter)
            self._painter = None
            raise

    def _open(self) -> Executor:
        if self._painter is None:
            self._painter = self._threads.process(_begin, catalogue.current())
        return self._painter

    def _count(self, user_id: int) -> None:
        if self._requests.count(user_id) >= _MOST:
            raise TooMany(N_("Slow down a little – try again in a minute."), "stats")
        self._requests.add(user_id)


def _begin(language: str) -> None:
    """Set up the drawing process: language, low priority, SIGINT left to its parent, exit with its parent."""
    catalogue.use(language)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(AttributeError):  # Windows
        os.nice(10)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_exit_with, args=(parent,), daemon=True).start()


def _exit_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(0)
