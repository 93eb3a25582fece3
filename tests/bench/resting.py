"""Timers that are far from due: their cost in memory, in start-up time and while idle."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.contender import Contender, Ours, Round, Sleeping
from tests.bench.spans import greatest, middle
from tests.bench.table import Figure
from tests.bench.waiting import Waiting

# Seconds from ready until it idles: discord.py waits two for more servers, and then reports that it is ready.
SETTLE = 3.0
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Idle:
    """The cost of one start: seconds until ready, megabytes, and per cent of a core while idle."""

    ready: float
    memory: float | None
    busy: float | None


async def measure(run: Round) -> list[Figure]:
    """Start with many waiting and with none, in turn, and take the medians."""
    timers, starts, seconds = run.of(100_000, 10_000), run.of(3, 1), run.of(10, 5)
    many, none, plain = [], [], []
    async with run.enter(Ours) as full, run.enter(Ours) as empty, run.enter(Sleeping) as sleeping:
        await _fill(full, timers)
        await _fill(empty, 0)
        plain.append(await _idle(sleeping, seconds))
        for _ in range(starts):
            none.append(await _idle(empty, seconds))
            await full.stop()
            many.append(await _idle(full, seconds, stop=False))
        beside = await _beside(full, run.of(10, 3), f"{timers:,} waiting")
    title = f"{timers:,} waiting"
    ready = [middle([start.ready for start in idle]) or 0.0 for idle in (many, none, plain)]
    memory = [middle([start.memory for start in idle if start.memory is not None]) for idle in (many, none, plain)]
    busy = [middle([start.busy for start in idle if start.busy is not None]) for idle in (many, none, plain)]
    more = memory[0] - memory[1] if memory[0] is not None and memory[1] is not None else None
    return [
        Figure(f"{title}: memory over none", more, "MB", 15),
        Figure(f"{title}: memory", memory[0], "MB", sleeping=memory[2]),
        Figure(f"{title}: ready after none", ready[0] - ready[1], "s", 1),
        Figure(f"{title}: ready", ready[0], "s", sleeping=ready[2]),
        Figure(f"{title}: idle, of a core", busy[0], "%", 0.5, sleeping=busy[2]),
        Figure("none waiting: idle, of a core", busy[1], "%", sleeping=busy[2]),
        *beside,
    ]


async def measure_million(run: Round) -> list[Figure]:
    """Start with a million waiting, and run new short timers beside them."""
    title = "1,000,000 waiting"
    async with run.enter(Ours) as contender:
        await _fill(contender, 1_000_000)
        ready = await contender.start()
        await asyncio.sleep(SETTLE)
        memory = contender.process.memory()
        beside = await _beside(contender, 10, title)
    return [Figure(f"{title}: ready", ready, "s", 10), Figure(f"{title}: memory", memory, "MB"), *beside]


async def _beside(contender: Contender, count: int, title: str) -> list[Figure]:
    """Run new short timers, one after the other, beside those that wait."""
    names = [f"short{number}" for number in range(count)]
    for name in names:
        await contender.command(contender.discord.channel("focus"), name, 1)
        await contender.announced([name], silence=5)
    late = contender.lateness(names)
    return [
        Figure(f"{title}: a new timer late, median", middle(late), most=5),
        Figure(f"{title}: a new timer late, max", greatest(late), most=20),
        Figure(f"{title}: reply to its start, median", middle(contender.delays(names)), most=8),
        Figure(f"{title}: lost or doubled", contender.losses(names), "", 0, counts_losses=True),
    ]


async def _fill(contender: Contender, count: int) -> None:
    assert isinstance(contender, Ours)
    channel = contender.discord.channel("quiet").id
    since = time.time() + _DAY

    def rows() -> Iterator[Waiting]:
        return (Waiting(f"resting{number}", channel, since + number) for number in range(count))

    await contender.migrate()
    contender.preload(rows())


async def _idle(contender: Contender, seconds: float, *, stop: bool = True) -> Idle:
    ready = await contender.start()
    await asyncio.sleep(SETTLE)
    before = contender.process.busy()
    await asyncio.sleep(seconds)
    after = contender.process.busy()
    memory = contender.process.memory()
    if stop:
        await contender.stop()
    busy = 100 * (after - before) / seconds if before is not None and after is not None else None
    return Idle(ready, memory, busy)
