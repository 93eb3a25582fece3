"""Long histories: showing or exporting them blocks neither memory nor the event loop."""

import gc
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

from bot.domain.preference import Preference
from bot.domain.stats.log import Entry, EntryOutcome
from bot.pictures.subject import Week
from bot.service.focus_log import FocusLog
from bot.service.privacy import Privacy
from bot.service.sessions import Sessions
from bot.store import focus_log
from bot.store.database import Database
from tests.clock import ManualClock

# How a selector is polled, on Linux and elsewhere.
LOOKS = {"poll", "control"}
# Both are several pages of an export long.
SHORT, LONG = 400, 1_600
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 2, 23, tzinfo=UTC)
ANN, GUILD = 7 << 55, 3


async def live(database: Database, count: int) -> None:
    """Give Ann a number of entries in one week, all different."""
    each = timedelta(days=6) / count
    async with database.write() as connection:
        for first in range(0, count, 400):
            begins = (MONDAY + number * each for number in range(first, first + 400))
            entries = [
                Entry(ANN, GUILD, 30, 5, None, at, at + MINUTE, MINUTE, f"{at:%c} {at:%f}", EntryOutcome.FINISHED)
                for at in begins
            ]
            await focus_log.add(connection, entries)


async def most_in_a_turn(work: Callable[[], Awaitable[Any]]) -> int:
    """Count the calls on the event loop in its busiest turn."""
    calls = most = 0

    def count(_: FrameType, event: str, called: Any) -> None:
        nonlocal calls, most
        if event == "c_call" and called.__name__ in LOOKS:  # another turn begins
            most, calls = max(most, calls), 0
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        await work()
    finally:
        sys.setprofile(before)
    return most


async def peak(work: Callable[[], Awaitable[Any]]) -> int:
    """Measure the peak of allocated bytes.

    Python counts the whole process, so other work can only add: the lesser of two measurements is closer.
    """
    peaks: list[int] = []
    for _ in range(2):
        gc.collect()
        tracemalloc.start()
        try:
            await work()
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return min(peaks)


async def export(database: Database, clock: ManualClock) -> None:
    async with Privacy(database, Sessions(database, clock, 0), clock).export(ANN):
        pass


async def sums(database: Database, clock: ManualClock) -> None:
    log = FocusLog(database, clock)
    await log.mine(ANN)
    await log.hours(ANN)


async def week(database: Database, clock: ManualClock) -> None:
    monday, rows = await FocusLog(database, clock).week(ANN, MONDAY.date(), Preference())
    assert sum(Week(monday, tuple(rows)).days) > 0


async def server(database: Database, clock: ManualClock) -> None:
    await FocusLog(database, clock).server(GUILD, ANN)
    await FocusLog(database, clock).server_days(GUILD, MONDAY.date())


async def test_four_times_as_long(database: Database, clock: ManualClock) -> None:
    """Showing or exporting a longer history takes about as much memory, and as much of each turn of the loop."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for more in (SHORT, LONG - SHORT):
        await live(database, more)
        for ask in (export, sums, week, server):
            work = partial(ask, database, clock)
            await work()  # fills caches, such as compiled statements
            taken.setdefault(ask.__name__, []).append((await most_in_a_turn(work), await peak(work)))
    monday, rows = await FocusLog(database, clock).week(ANN, MONDAY.date(), Preference())
    assert sum(Week(monday, tuple(rows)).days) == (await FocusLog(database, clock).mine(ANN)).statistics.total
    for label, (short, long) in taken.items():
        assert long[0] < 1.5 * short[0], (label, "calls", taken)
        assert long[1] < 2 * short[1], (label, "bytes", taken)
