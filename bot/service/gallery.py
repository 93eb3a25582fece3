"""The gallery: pictures of sums, drawn in a thread of its own and kept for as long as they are asked for."""

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor

from bot.domain.errors import TooMany
from bot.engine.clock import Clock
from bot.pictures import gallery
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Subject

# Pictures that are kept, some 30 kB each; and how many a person may ask for in so many seconds.
_KEPT = 200
_MOST, _SECONDS = 10, 60.0


class Gallery:
    """One picture is drawn at a time: what waits for its turn holds up nobody but those who ask for pictures."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[Subject, Theme], asyncio.Future[Picture]] = OrderedDict()
        self._asked: dict[int, deque[float]] = {}
        self._executor = ThreadPoolExecutor(1, "gallery")

    async def show(self, user_id: int, subject: Subject, theme: Theme = Theme.DARK) -> Picture:
        """Give the picture that a person asks for. Raises ``TooMany``."""
        self._count(user_id)
        return await self.draw(subject, theme)

    async def draw(self, subject: Subject, theme: Theme = Theme.DARK) -> Picture:
        """Give the picture of a subject; the same subject is drawn once."""
        key = (subject, theme)
        drawing = self._kept.get(key)
        if drawing is None or (drawing.done() and drawing.exception()):
            loop = asyncio.get_running_loop()
            drawing = asyncio.ensure_future(loop.run_in_executor(self._executor, gallery.draw, subject, theme))
            self._kept[key] = drawing
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return await asyncio.shield(drawing)

    def close(self) -> None:
        """Draw nothing more; what is being drawn is given up."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _count(self, user_id: int) -> None:
        now = self._clock.monotonic()
        for other in [one for one, times in self._asked.items() if times[-1] <= now - _SECONDS]:
            del self._asked[other]
        times = self._asked.setdefault(user_id, deque())
        while times and times[0] <= now - _SECONDS:
            times.popleft()
        if len(times) >= _MOST:
            raise TooMany(f"That was more than {_MOST} pictures in a minute; wait a little, please.")
        times.append(now)
