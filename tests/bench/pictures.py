"""Pictures: how long it takes to draw a year of entries, and what it delays meanwhile."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from bot.engine.clock import Clock
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.service.focus_log import FocusLog, OwnFocus
from bot.service.picture_cache import PictureCache
from bot.store.database import Database
from bot.store.schema import migrate
from tests.bench import history
from tests.bench.contender import Contender, Ours, Round
from tests.bench.spans import beats, greatest, middle, p99
from tests.bench.table import Figure

_ENTRIES = 10_000
_TICK = 0.005
_BURST = 50
_DAY = timedelta(days=1)


async def measure(run: Round) -> list[Figure]:
    """Draw 10,000 entries, one picture after the other; then let fifty people ask at once."""
    file = run.folder / "pictures.db"
    database = Database(f"sqlite:///{file}")
    await migrate(database)
    history.write(file, history.entries(1, 1, _ENTRIES, datetime.now(UTC)))
    log, picture_cache = FocusLog(database, Clock()), PictureCache(Clock())
    await picture_cache.draw(Hours((0,) * 24, "warm"))
    figures = []
    for name in ("week", "year", "hours"):
        ticking = asyncio.create_task(_late())
        took = [await _draw(log, picture_cache, name, number) for number in range(run.of(100, 20))]
        ticking.cancel()
        (late,) = await asyncio.gather(ticking)
        title = f"{name} of {_ENTRIES:,} entries"
        figures += [
            Figure(f"{title} to a picture, median", middle(took)),
            Figure(f"{title} to a picture, p99", p99(took), most=400),
            Figure(f"{title}: event loop late, max", greatest(late), most=50),
        ]
    picture_cache.close()
    await database.close()
    return figures + await _burst(run)


async def _draw(log: FocusLog, picture_cache: PictureCache, name: str, number: int) -> float:
    """Draw a picture that differs from all others, and so is not cached."""
    began = time.perf_counter()
    await picture_cache.draw(await _subject(log, await log.mine(1), name, number))
    return (time.perf_counter() - began) * 1000


async def _subject(log: FocusLog, mine: OwnFocus, name: str, number: int) -> Subject:
    match name:
        case "week":
            monday, rows = await log.week(1, mine.today - _DAY * number, mine.preference)
            return Week(monday, tuple(rows), goal=3600 + number)
        case "year":
            return Year.of(mine.days, mine.today - _DAY * number)
        case _:
            return Hours(await log.hours(1), f"the year {number}")


async def _late() -> list[float]:
    """Wake at an even pace until cancelled, and record how many milliseconds late each wake-up is."""
    late: list[float] = []
    while True:
        due = time.perf_counter() + _TICK
        try:
            await asyncio.sleep(_TICK)
        except asyncio.CancelledError:
            return late
        late.append((time.perf_counter() - due) * 1000)


async def _burst(run: Round) -> list[Figure]:
    """Run timers with nobody asking, and then while fifty people ask for a picture at once."""
    async with run.enter(Ours) as contender:
        await contender.start()
        calm = await _timers(contender, "calm")
        discord, room = contender.discord, contender.discord.channel("quiet")
        people = [discord.add_person(f"person{number}") for number in range(_BURST)]
        requests = [asyncio.create_task(person.slash(room, "stats me", period="hours")) for person in people]
        busy = await _timers(contender, "busy")
        await asyncio.gather(*requests)
    title = f"while {_BURST} ask for pictures: a timer late"
    return [
        Figure("nobody asks for pictures: a timer late, max", greatest(calm)),
        Figure(f"{title}, median", middle(busy)),
        Figure(f"{title}, max", greatest(busy), most=50),
    ]


async def _timers(contender: Contender, name: str) -> list[float]:
    """Run a timer of a second each tenth of a second, for three."""
    names = [f"{name}{number}" for number in range(30)]
    channels = contender.make_channels(len(names))
    async for beat in beats(len(names), 10):
        await contender.command(channels[beat], names[beat], 1)
    await contender.announced(names, silence=5)
    return contender.lateness(names)
