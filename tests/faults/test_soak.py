"""The soak: thousands of commands and timers, and a check of the process's holdings whenever all is quiet."""

import asyncio
import itertools
import random
import re
import signal
import sqlite3
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.botprocess import Process
from tests.faults.conftest import Report, stop
from tests.reading import Message, eventually, rows, says

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read from /proc")

# Visits in a round, and how many come at once to warm up: enough that no later round opens more connections.
_VISITS, _CRUSH = 50, 150
# Rounds that are counted: some 20 seconds, or an hour's use in minutes.
_SHORT, _LONG = 4, 60
# Growth from the first to the second half of them, by the median. Memory: SQLite's page caches fill as the
# database grows, up to 2 MB in each of 5 connections. Objects: a task that each visit left behind would be
# thousands in the short form, a single object each 1,500 in the long one.
_BOUNDS = {"memory_kb": 12_000, "objects": 1_000, "threads": 2, "tasks": 3, "files": 8}


class Holdings(NamedTuple):
    """What a process holds: kilobytes of memory, Python's objects, threads, asyncio tasks, files and sockets."""

    memory_kb: int
    objects: int
    threads: int
    tasks: int
    files: int


class Soak:
    """One bot, and visitors who use everything it offers."""

    def __init__(self, discord: LocalDiscord, bot: Process, database: Path, chance: random.Random) -> None:
        self._discord = discord
        self._bot = bot
        self._database = database
        self._chance = chance
        self._channels = [discord.create_channel(f"room-{number}") for number in range(20)]
        self._people = [discord.person(name) for name in ("ann", "ben", "mia")]
        self._asked = itertools.count()
        # An interaction has three seconds: on a busy machine no more than these may be in the bot's hands.
        self._pressing = asyncio.Semaphore(8)
        self.timers = 0
        self.commands = 0
        self.unanswered = 0

    async def round(self, visits: int = _VISITS) -> Holdings:
        """Let visitors come, all at once; when the last is gone and all is announced, measure the holdings."""
        await asyncio.gather(*(self._visit() for _ in range(visits)))
        async with asyncio.timeout(60):
            while rows(self._database, "SELECT id FROM outbox WHERE state = 'pending' LIMIT 1"):
                await self._people[0].slash(self._channels[0], "pomodoro list")
        number = next(self._asked)
        self._bot.signal(signal.SIGUSR1)
        tasks, objects = (await self._bot.says(f"held {number}: ")).split()[-2:]
        process = Path("/proc", str(self._bot.pid))
        status = dict(re.findall(r"^(\w+):\s+(\d+)", (process / "status").read_text(), re.MULTILINE))
        files = len(list((process / "fd").iterdir()))
        return Holdings(int(status["VmRSS"]), int(objects), int(status["Threads"]), int(tasks), files)

    async def age_half(self, days: int) -> list[tuple[int]]:
        """Make the first half of the timers older, restart the bot, and return the rows of the others."""
        with closing(sqlite3.connect(self._database)) as connection, connection:
            older = "UPDATE timers SET ended_at = ended_at - ? WHERE id <= ?"
            connection.execute(older, (days * 86_400_000, self.timers // 2))
        await stop(self._bot)
        await self.start()
        return [(number,) for number in range(self.timers // 2 + 1, self.timers + 1)]

    async def start(self) -> None:
        """Start the bot, and wait for it."""
        await self._bot.start(module="tests.faults.observed")
        await self._discord.wait_connected(timeout=30)

    async def _visit(self) -> None:
        person, channel = self._chance.choice(self._people), self._chance.choice(self._channels)
        self.timers += 1
        self.commands += 1
        name = f"t{self.timers}"
        ends_early = self._chance.random() < 0.5
        length = "1h" if ends_early else "2s"
        is_card = says(f" {name}\nEnds")  # and not that of another whose name begins so
        if self._chance.random() < 0.5:
            request = await person.say(channel, f"!pomodoro {name} {length}")
            card = await self._discord.wait_for(is_card, channel=channel, after=request, timeout=60)
        else:
            async with self._pressing:
                outcome = await person.slash(channel, "pomodoro start", name=name, duration=length)
            # On a busy machine the three seconds can be over; the card then comes as a plain message.
            card = outcome.message or await self._discord.wait_for(is_card, channel=channel, timeout=60)
        await person.say(channel, "and now something else")
        if ends_early:
            await self._handle(person, card)
        else:
            await self._discord.wait_for(says(f"POMODORO! {name}"), channel=channel, timeout=60)

    async def _handle(self, person: Person, card: Message) -> None:
        """Use every button and every other command, and end the timer before its time."""
        channel = self._discord.channel(card["channel_id"])
        async with self._pressing:
            for button in ("Pause", "Resume", "+5 min", "Pause", "Cancel"):
                if (await person.click(card, button)).kind == "failed":
                    await self._by_hand(person, card)
                    break
            for command in ("list", "help"):
                await person.slash(channel, f"pomodoro {command}")
            await person.autocomplete(channel, "pomodoro cancel", "timer", "t")
            await person.slash(channel, "pomodoro time", timer="nothing")
        request = await person.say(channel, "!pomodoro tea 99h")
        await self._discord.wait_for(says("24 hours"), channel=channel, after=request, timeout=60)
        self.commands += 10

    async def _by_hand(self, person: Person, card: Message) -> None:
        """Cancel by typing, if a button was not answered in time."""
        channel = self._discord.channel(card["channel_id"])
        name = re.findall(r"t\d+", text_of(card))[0]
        request = await person.say(channel, f"!pomodoro cancel {name}")
        await self._discord.wait_for(
            lambda message: says(f"Cancelled {name} ")(message) or says("There's no timer called")(message),
            channel=channel, after=request, timeout=60,
        )  # fmt: skip
        self.unanswered += 1


@pytest.fixture
async def soak(discord: LocalDiscord, bot: Process, database: Path, chance: random.Random) -> AsyncIterator[Soak]:
    discord.limits.enabled = False
    soak = Soak(discord, bot, database, chance)
    await soak.start()
    yield soak
    await stop(bot)


async def test_soak(soak: Soak, database: Path, report: Report, pytestconfig: pytest.Config) -> None:
    """However much it is used, its memory does not grow, and its database forgets old data."""
    for visits in (_CRUSH, _VISITS):
        await soak.round(visits)
    counted = _LONG if pytestconfig.getoption("--soak") else _SHORT
    held = [await soak.round() for _ in range(counted)]
    first, last = _median(held[: counted // 2]), _median(held[counted // 2 :])
    grown = {name: getattr(last, name) - getattr(first, name) for name in _BOUNDS}
    changes = {name: f"{getattr(first, name)} → {getattr(last, name)}" for name in _BOUNDS}
    report({"timers": soak.timers, "commands": soak.commands, "too late": soak.unanswered, **changes})
    assert {name: growth for name, growth in grown.items() if growth > _BOUNDS[name]} == {}
    kept = await soak.age_half(days=31)
    await eventually(lambda: rows(database, "SELECT id FROM timers ORDER BY id") == kept)
    told_of = set(rows(database, "SELECT timer_id FROM outbox"))
    assert told_of
    assert told_of <= set(kept)


def _median(held: Sequence[Holdings]) -> Holdings:
    return Holdings(*(round(statistics.median(column)) for column in zip(*held, strict=True)))
