"""Malice: damaged rows, unreadable events, and a server where the bot can reach nobody."""

import asyncio
import inspect
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.wire import Json
from tests.engine.planting import ABSURD, COPY, plant
from tests.faults.crowd import within
from tests.poison import EVENTS

_PEOPLE = 3
_DUE = f"UPDATE timers SET state = 'running', due_at = started_at WHERE name = '{COPY}' AND state = 'done'"


class Malice:
    """What happens to a bot besides kills; ``counts`` says how often."""

    def __init__(self, discord: LocalDiscord, chance: random.Random) -> None:
        self.counts: Counter[str] = Counter()
        self._discord = discord
        self._chance = chance
        self._people = [discord.add_person(f"foe{number}") for number in range(_PEOPLE)]
        self._pit = discord.create_channel("pit", guild=discord.add_guild("Pit"))
        discord.deny(self._pit, "SEND_MESSAGES")
        for person in self._people:
            discord.block_dm(person)
        if chance.random() < 0.5:  # its permissions there are unknown then
            discord.faults.alter_event("GUILD_CREATE", _without_roles)

    async def go_on(self, until: asyncio.Event) -> None:
        """Let unreachable people ask for things, and poison the gateway, until the event is set."""
        while not await within(until, self._chance.uniform(0.05, 0.3)):
            if self._chance.random() < 0.5:
                await self._poison()
            else:
                words = self._chance.choice(("pomodoro list", "pomodoro x 1", "remind 2s x"))
                await self._chance.choice(self._people).say(self._pit, f"!{words}")
                self.counts["in vain"] += 1

    async def plant(self, database: Path) -> None:
        """Plant damaged rows in the database of a bot that is not running; some belong to due timers."""
        values = self._chance.sample(ABSURD["sqlite"], 2)
        self.counts["rows"] += len(await plant(f"sqlite:///{database}", values=values))
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(_DUE)

    async def _poison(self) -> None:
        event, alteration, cause = self._chance.choice(EVENTS)
        fault = self._discord.faults.alter_event(event, alteration, times=1)
        if inspect.isawaitable(caused := cause(self._discord)):
            await caused
        self.counts["events"] += fault.struck


def _without_roles(guild: Json) -> Json:
    return guild | {"roles": 5} if guild["name"] == "Pit" else guild
