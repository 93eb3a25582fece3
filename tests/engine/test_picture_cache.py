import asyncio
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

import pytest

from bot.domain.errors import TooMany
from bot.pictures.subject import Hours
from bot.service import picture_cache as module
from bot.service.picture_cache import PictureCache
from bot.threads import Threads
from tests.clock import ManualClock
from tests.reading import eventually


@pytest.fixture
async def picture_cache(clock: ManualClock) -> AsyncIterator[PictureCache]:
    picture_cache = PictureCache(clock, kept=2, waiting=4)
    yield picture_cache
    picture_cache.close()


def subjects(name: str) -> list[Hours]:
    return [Hours((number,) * 24, name) for number in range(5)]


async def test_a_picture_is_drawn_once(picture_cache: PictureCache) -> None:
    """However many wait to be drawn, a second request for one of them gets the same picture."""
    first = [asyncio.create_task(picture_cache.draw(subject)) for subject in subjects("wait")]
    again = [asyncio.create_task(picture_cache.draw(subject)) for subject in subjects("wait")]
    drawn = await asyncio.gather(*first), await asyncio.gather(*again)
    assert all(picture is other for picture, other in zip(*drawn, strict=True))


async def test_the_painter_is_gone(picture_cache: PictureCache) -> None:
    """If the drawing process was killed, another draws the next picture."""
    first, second, *_ = subjects("killed")
    await picture_cache.draw(first)
    assert isinstance(picture_cache._painter, ProcessPoolExecutor)
    (painter,) = picture_cache._painter._processes
    os.kill(painter, signal.SIGKILL)
    assert await picture_cache.draw(second)


class PatientThreads(Threads):
    """Those for whose processes there is all the time that they need, from their start on."""

    def process(self, *arguments: Any) -> Executor:
        module._LONGEST = 60.0
        return super().process(*arguments)


async def test_the_painter_hangs(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process that draws hangs, it is killed, and another draws what is asked for."""
    picture_cache = PictureCache(clock, threads=PatientThreads())
    first, second, *_ = subjects("hung")
    await picture_cache.draw(first)
    assert isinstance(picture_cache._painter, ProcessPoolExecutor)
    (painter,) = picture_cache._painter._processes.values()
    assert painter.pid
    os.kill(painter.pid, signal.SIGSTOP)
    monkeypatch.setattr(module, "_LONGEST", 0.1)
    assert await picture_cache.draw(second)
    await eventually(lambda: painter.exitcode is not None)
    picture_cache.close()


@pytest.mark.parametrize("hangs", [False, True])
async def test_closed(clock: ManualClock, *, hangs: bool) -> None:
    """Closed, it leaves no process behind, not even one that hangs."""
    picture_cache = PictureCache(clock)
    await picture_cache.draw(subjects("closed")[0])
    assert isinstance(picture_cache._painter, ProcessPoolExecutor)
    (painter,) = picture_cache._painter._processes.values()
    if hangs:
        assert painter.pid
        os.kill(painter.pid, signal.SIGSTOP)
    picture_cache.close()
    # Not by joining it: the second of two waiters for a process gets no exit code for a moment.
    await eventually(lambda: painter.exitcode is not None)


async def test_few_are_kept(picture_cache: PictureCache) -> None:
    """Of pictures that nobody waits for any more, only the latest are cached."""
    for subject in subjects("kept"):
        await picture_cache.draw(subject)
    await asyncio.sleep(0)
    assert [subject for subject, _ in picture_cache._kept] == subjects("kept")[-2:]


async def test_in_demand(picture_cache: PictureCache) -> None:
    """A picture that was requested again stays cached longer than a newer one that was not."""
    first, second, third, *_ = subjects("demand")
    for subject in (first, second, first, third):
        await picture_cache.draw(subject)
    await asyncio.sleep(0)
    assert [subject for subject, _ in picture_cache._kept] == [first, third]


async def test_who_waits_goes_first(picture_cache: PictureCache) -> None:
    """A picture that a person waits for is drawn before background ones, such as digests."""
    digests = [asyncio.create_task(picture_cache.draw(subject)) for subject in subjects("digest")]
    await asyncio.sleep(0)
    await picture_cache.show(7, Hours((9,) * 24, "mine"))
    assert sum(digest.done() for digest in digests) <= 2
    await asyncio.gather(*digests)


async def test_only_so_many_wait(picture_cache: PictureCache) -> None:
    """When many are queued, further requests are refused, except for pictures already on their way."""
    waiting = [
        asyncio.create_task(picture_cache.show(number, subject)) for number, subject in enumerate(subjects("wait"))
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(TooMany, match="try again soon"):
        await picture_cache.show(9, Hours((9,) * 24, "mine"))
    assert await picture_cache.show(9, subjects("wait")[4]) is await waiting[4]
    await asyncio.gather(*waiting)
    assert await picture_cache.show(9, Hours((9,) * 24, "mine"))
