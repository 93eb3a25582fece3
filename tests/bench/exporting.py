"""Exporting and deleting one person's 200,000 entries: how long it takes, and what it delays meanwhile."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.engine.clock import Clock
from bot.operating.person import _LeftToTheBot
from bot.service.focus_log import FocusLog
from bot.service.privacy import Privacy
from bot.service.sessions import Sessions
from bot.store.database import Database
from bot.store.schema import migrate
from tests.bench import history
from tests.bench.contender import Round
from tests.bench.spans import greatest, p99
from tests.bench.table import Figure

_MEMORY = Path("/proc/self")
_TICK = 0.005


async def measure(run: Round) -> list[Figure]:
    """Export and delete a log of this length, while the event loop ticks and others write."""
    count = run.of(200_000, 10_000)
    file = run.folder / "exporting.db"
    database, clock = Database(f"sqlite:///{file}"), Clock()
    await migrate(database)
    history.write(file, history.entries(1, 1, count, datetime.now(UTC)))
    privacy, log = Privacy(database, Sessions(database, clock, 0), clock), FocusLog(database, clock)
    bot = _LeftToTheBot()
    privacy.attach(bot, bot)
    sizes: list[int] = []

    async def export() -> None:
        async with privacy.export(1) as archive:
            sizes.extend([len(await asyncio.to_thread(archive.part, number)) for number in range(len(archive))])

    async def statistics() -> None:
        mine = await log.mine(1)
        await log.hours(1)
        await log.week(1, mine.today, mine.preference)

    figures = [
        *await _measured(database, f"{count:,} entries: statistics", statistics, 2),
        *await _measured(database, f"{count:,} entries: an export", export, run.of(60, 10)),
        Figure(f"{count:,} entries: the largest file of an export", max(sizes) / 2**20, "MiB", most=10),
        *await _measured(database, f"{count:,} entries: their deletion", lambda: privacy.delete(1), run.of(60, 10)),
    ]
    await database.close()
    return figures


async def _measured(
    database: Database, title: str, work: Callable[[], Awaitable[object]], most: float
) -> list[Figure]:
    before = _reset_peak()
    began = time.perf_counter()
    async with _noting(_tick) as late, _noting(lambda: _write(database)) as waited:
        await work()
    peak, took = _peak(), time.perf_counter() - began
    return [
        Figure(title, took, "s", most=most),
        Figure(f"{title}: memory over before", peak - before if peak and before else None, "MB", most=50),
        Figure(f"{title}: event loop late, p99", p99(late), most=20),
        Figure(f"{title}: event loop late, max", greatest(late), most=50),
        Figure(f"{title}: another's transaction, max", greatest(waited), most=250),
    ]


@contextlib.asynccontextmanager
async def _noting(act: Callable[[], Awaitable[float]]) -> AsyncIterator[list[float]]:
    """Run the work repeatedly, and record how late each run was, in milliseconds."""
    noted: list[float] = []

    async def again() -> None:
        while True:
            noted.append(await act() * 1000)

    task = asyncio.create_task(again())
    try:
        yield noted
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _tick() -> float:
    began = time.perf_counter()
    await asyncio.sleep(_TICK)
    return time.perf_counter() - began - _TICK


async def _write(database: Database) -> float:
    await asyncio.sleep(_TICK)
    began = time.perf_counter()
    async with database.write():
        return time.perf_counter() - began


def _reset_peak() -> float | None:
    """Reset this process's peak memory; return the megabytes it holds now."""
    with contextlib.suppress(OSError):
        (_MEMORY / "clear_refs").write_text("5")
    return _peak()


def _peak() -> float | None:
    """Return this process's peak memory in megabytes; None if there is no ``/proc``."""
    try:
        lines = (_MEMORY / "status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
