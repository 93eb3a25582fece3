"""Many processes: commands a second of one, two and four on one PostgreSQL, and how late they announce."""

import asyncio
import contextlib
import itertools
import os
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from bot.localdiscord.local import LocalDiscord
from bot.playground.scenery import STUDY_HALL
from tests.bench.contender import OURS, Round
from tests.bench.ear import Ear
from tests.bench.process import Process, machine_busy
from tests.bench.spans import beats, middle, p99
from tests.bench.table import Figure
from tests.postgresql import postgresql

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel

_SHARDS, _GUILDS = 8, 64
# People who each ask for the next timer once they have the last: more than the processes can serve.
_PEOPLE = 24


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a number of processes achieved.

    ``busy`` is how many cores they had together while they answered, ``discord`` how much of one their Discord, and
    ``machine`` how many worked in all, those of PostgreSQL among them.
    """

    a_second: float
    busy: float | None
    discord: float
    machine: float | None
    late: list[float]
    losses: int


async def measure(run: Round) -> list[Figure]:
    """Let one, two and four processes do the same work, each on an empty database of one server."""
    figures: list[Figure] = []
    try:
        with postgresql() as server:
            first: float | None = None
            for count in (1, 2) if run.quick else (1, 2, 4):
                outcome = await _run(run, server.get_uri(), count)
                first = first or outcome.a_second
                figures += _figures(f"{count} process{'es' * (count > 1)}", outcome, first)
    except ImportError:
        return [Figure("1, 2 and 4 processes: there is no PostgreSQL here", None)]
    return figures


def _figures(title: str, outcome: Outcome, first: float) -> list[Figure]:
    busy = outcome.busy
    return [
        Figure(f"{title}: timers started", outcome.a_second, "a second"),
        Figure(f"{title}: that many times one process's", outcome.a_second / first, ""),
        Figure(f"{title}: cores that they had meanwhile", busy, ""),
        Figure(f"{title}: of a core that the local Discord had", outcome.discord, ""),
        Figure(f"{title}: cores of {os.cpu_count()} that worked in all", outcome.machine, ""),
        Figure(f"{title}: of a core, for each", busy / outcome.a_second * 1000 if busy else None, "ms"),
        Figure(f"{title}: late, median", middle(outcome.late), most=50),
        Figure(f"{title}: late, p99", p99(outcome.late), most=500),
        Figure(f"{title}: lost or doubled", outcome.losses, "", most=0, counts_losses=True),
    ]


async def _run(run: Round, server: str, count: int) -> Outcome:
    async with LocalDiscord(scenery=STUDY_HALL) as discord, _running(run, discord, server, count) as (bots, url):
        channels = [_general(discord, number) for number in range(_GUILDS)]
        before, all_before = [bot.busy() for bot in bots], machine_busy()
        began, own = time.monotonic(), time.process_time()
        started = await _started(discord, channels, run.of(15, 2))
        seconds, own = time.monotonic() - began, time.process_time() - own
        spent = [now - then for now, then in zip((bot.busy() for bot in bots), before, strict=True) if now and then]
        worked = (machine_busy() or 0.0) - (all_before or 0.0)
        names = [f"tea{number}" for number in range(run.of(200, 20))]
        ear = Ear(discord)
        # Three requests each, at a pace that Discord allows.
        async for beat in beats(len(names), 8):
            await discord.person("ben").say(channels[beat % _GUILDS], f"!pomodoro {names[beat]} 3")
        await ear.until(lambda: ear.announced.keys() >= set(names), 10)
        due = _due(url)
        late = [(ear.announced[name][0] - due[name]) * 1000 for name in names if name in ear.announced]
        losses = len(names) - len(late) + ear.doubled
    busy, machine = sum(spent) / seconds or None, worked / seconds or None
    return Outcome(started / seconds, busy, own / seconds, machine, late, losses)


async def _started(discord: LocalDiscord, channels: "list[Channel]", seconds: float) -> int:
    """Let people start timers by slash commands, whose answers are not rate-limited; return how many."""
    until, numbers, done = time.monotonic() + seconds, itertools.count(), 0

    async def ask() -> None:
        nonlocal done
        while time.monotonic() < until:
            number = next(numbers)
            place = channels[number % _GUILDS]
            await discord.person("ann").slash(place, "pomodoro start", name=f"n{number}", duration="20h")
            done += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(_PEOPLE):
            group.create_task(ask())
    return done


@contextlib.asynccontextmanager
async def _running(
    run: Round, discord: LocalDiscord, server: str, count: int
) -> AsyncIterator[tuple[list[Process], str]]:
    """Start a number of processes on a new database of the server, and wait until every shard is connected."""
    discord.limits.enabled = False
    discord.gateway.max_concurrency = 16
    url = _new_database(server, f"bench_{count}")
    settings = OURS | {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": url,
        "SHARD_COUNT": str(_SHARDS),
        "SHARDS_PER_PROCESS": str(_SHARDS // count),
    }
    bots = [Process(Path(tempfile.mkdtemp(dir=run.folder)) / str(n), "bot", settings) for n in range(count)]
    await bots[0].run("migrate")
    try:
        for bot in bots:
            await bot.start()
        await discord.gateway.bell.until(lambda: len(discord.gateway.connected) == _SHARDS or None, 60)
        await discord.wait_until(lambda: discord.commands, 60)
        yield bots, url
    finally:
        for bot in bots:
            await bot.stop()


def _new_database(server: str, name: str) -> str:
    url = make_url(server)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _due(url: str) -> dict[str, float]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, due_at FROM timers WHERE due_at IS NOT NULL")).all()
    engine.dispose()
    return {name: due_at / 1000 for name, due_at in rows}


def _general(discord: LocalDiscord, number: int) -> "Channel":
    while (time.time_ns() // 1_000_000 - 1_420_070_400_000) % _SHARDS != number % _SHARDS:
        pass  # a server's shard follows from the millisecond of its creation
    guild = discord.add_guild(f"guild-{number}")
    return next(channel for channel in discord.world.channels.values() if channel.guild_id == guild.id)
