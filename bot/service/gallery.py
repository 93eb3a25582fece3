"""The gallery: pictures of sums, drawn in a process of its own and kept for as long as they are asked for."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict, deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import structlog

from bot.domain.errors import TooMany
from bot.engine.clock import Clock
from bot.pictures import gallery
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Subject

_log = structlog.get_logger(__name__)

# Pictures that are kept, some 30 kB each; and how many a person may ask for in so many seconds.
_KEPT = 200
_MOST, _SECONDS = 10, 60.0


class Gallery:
    """One picture is drawn at a time, by a process that is started with the first.

    Not by a thread: that would hold Python's lock for tens of milliseconds at a time, and the event loop would
    wait.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[Subject, Theme], asyncio.Task[Picture]] = OrderedDict()
        self._asked: dict[int, deque[float]] = {}
        self._painter: ProcessPoolExecutor | None = None

    async def show(self, user_id: int, subject: Subject, theme: Theme = Theme.DARK) -> Picture:
        """Give the picture that a person asks for. Raises ``TooMany``."""
        self._count(user_id)
        return await self.draw(subject, theme)

    async def draw(self, subject: Subject, theme: Theme = Theme.DARK) -> Picture:
        """Give the picture of a subject; the same subject is drawn once."""
        key = (subject, theme)
        drawing = self._kept.get(key)
        if drawing is None or (drawing.done() and (drawing.cancelled() or drawing.exception())):
            drawing = self._kept[key] = asyncio.create_task(self._draw(subject, theme), name="picture")
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return await asyncio.shield(drawing)

    def close(self) -> None:
        """Draw nothing more; what is being drawn is given up."""
        for drawing in self._kept.values():
            drawing.cancel()
        if self._painter:
            self._painter.shutdown(wait=False, cancel_futures=True)

    async def _draw(self, subject: Subject, theme: Theme) -> Picture:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._open(), gallery.draw, subject, theme)
        except BrokenProcessPool:
            _log.warning("painter_gone")
            self._painter = None
            return await loop.run_in_executor(self._open(), gallery.draw, subject, theme)

    def _open(self) -> ProcessPoolExecutor:
        if self._painter is None:
            # Not forked: a process of many threads cannot be forked safely.
            context = multiprocessing.get_context("spawn")
            self._painter = ProcessPoolExecutor(1, context, _begin)
        return self._painter

    def _count(self, user_id: int) -> None:
        now = self._clock.monotonic()
        for other in [one for one, times in self._asked.items() if times[-1] <= now - _SECONDS]:
            del self._asked[other]
        times = self._asked.setdefault(user_id, deque())
        while times and times[0] <= now - _SECONDS:
            times.popleft()
        if len(times) >= _MOST:
            raise TooMany(f"That was more than {_MOST} pictures in a minute; wait a little, please.", "stats")
        times.append(now)


def _begin() -> None:
    """Make the process that draws wait for the others, leave signals to its parent, and go when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(AttributeError):  # Windows
        os.nice(10)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_go_with, args=(parent,), daemon=True).start()
    gallery.warm_up()


def _go_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(0)
