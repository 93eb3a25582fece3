"""Pictures: how long it takes from a year's entries to one, and whether the event loop waits for it."""

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.focus_log import Entry, Outcome
from bot.domain.slice import Slice, slices
from bot.domain.statistics import by_day, by_hour, by_task, monday_of
from bot.pictures import gallery
from bot.pictures.subject import Hours, Subject, Week, Year
from tests.bench.contender import Round
from tests.bench.spans import greatest, middle, p99
from tests.bench.table import Figure

_ENTRIES = 10_000
_TICK = 0.005
_ZONE = ZoneInfo("Europe/Berlin")
_NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)
_TODAY = _NOW.astimezone(_ZONE).date()
_SUBJECTS: dict[str, Callable[[list[Slice]], Subject]] = {
    "week": lambda pieces: Week(monday_of(_TODAY), tuple(by_task(pieces, _ZONE, monday_of(_TODAY))), 7200),
    "year": lambda pieces: Year.of(by_day(pieces, _ZONE), _TODAY),
    "hours": lambda pieces: Hours(by_hour(pieces, _ZONE), "a year"),
}


async def measure(run: Round) -> list[Figure]:
    """Draw from the entries of a year, one picture after the other in a thread of its own, as the bot does."""
    entries = _year(random.Random(1))
    loop = asyncio.get_running_loop()
    figures = []
    with ThreadPoolExecutor(1) as thread:
        await loop.run_in_executor(thread, gallery.warm_up)
        for name, subject in _SUBJECTS.items():
            ticking = asyncio.create_task(_late())
            took = [await loop.run_in_executor(thread, _draw, entries, subject) for _ in range(run.of(100, 20))]
            ticking.cancel()
            (late,) = await asyncio.gather(ticking)
            what = f"{name} of {_ENTRIES:,} entries"
            figures += [
                Figure(f"{what} to a picture, median", middle(took)),
                Figure(f"{what} to a picture, p99", p99(took), most=400),
                Figure(f"{what}: event loop late, max", greatest(late), most=50),
            ]
    return figures


def _draw(entries: list[Entry], subject: Callable[[list[Slice]], Subject]) -> float:
    began = time.perf_counter()
    gallery.draw(subject([piece for entry in entries for piece in slices(entry)]))
    return (time.perf_counter() - began) * 1000


async def _late() -> list[float]:
    """Wake at an even pace until cancelled, and note by how many milliseconds too late."""
    late = []
    try:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_TICK)
            late.append((time.perf_counter() - began - _TICK) * 1000)
    except asyncio.CancelledError:
        return late


def _year(chance: random.Random) -> list[Entry]:
    tasks = [f"{word} {number}" for number in range(500) for word in ("write", "読む", "اكتب", "परीक्षण", "🍅")]
    entries = []
    for number in range(_ENTRIES):
        began = _NOW - timedelta(seconds=chance.randrange(3600, 365 * 86_400))
        focused = timedelta(minutes=chance.choice((5, 25, 25, 50)))
        paused = timedelta(minutes=chance.choice((0, 0, 3)))
        entry = Entry(
            1,
            None,
            1,
            number,
            None,
            began,
            began + focused + paused,
            focused,
            chance.choice(tasks),
            Outcome.FINISHED,
        )
        entries.append(entry)
    return entries
