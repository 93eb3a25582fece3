"""A stand: one bot that is killed over and over, its database, its Discord, and its crowd."""

import asyncio
import contextlib
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.playground.exchange import Exchange
from bot.playground.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import settings
from tests.faults.crowd import Crowd, within
from tests.faults.forked import Forked

# One start in so many is a whole `python -m bot`, imports and all.
_WHOLE = 20
# Seconds of life at most: nothing may be happening for a while.
_LONGEST_LIFE = 2.0


class Stand:
    """Kills a bot at random moments while people keep typing."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        folder.mkdir()
        self.database = folder / "pomodoro.db"
        self.kills = 0
        self._folder = folder
        self._chance = chance

    async def run(self, kills: int) -> dict[str, int]:
        """Kill so many times, restart once more, and give the account of what became of the timers."""
        async with LocalDiscord(port=0) as self._discord:
            self._environment = Process(self._folder).environment | settings(self._discord, self.database)
            crowd = Crowd(self._discord, self._chance, channels=30)
            over = asyncio.Event()
            typing = asyncio.create_task(crowd.type(over, a_second=6))
            try:
                while self.kills < kills:
                    await self._live_and_die()
            finally:
                over.set()
                await typing
            last = Forked(self._folder, self._environment)
            await last.start()
            try:
                await crowd.all_announced(self.database, 60)
            finally:
                last.signal(signal.SIGTERM)
                code, log = await last.ended()
            assert code == 0, log
            return {"kills": self.kills} | crowd.account(self.database)

    async def _live_and_die(self) -> None:
        """Start the bot, and kill it somewhere."""
        whole = self._chance.randrange(_WHOLE) == 0
        bot = Process(self._folder) if whole else Forked(self._folder, self._environment)
        if isinstance(bot, Process):
            bot.environment = self._environment
        await bot.start()
        kill = _once(lambda: bot.signal(signal.SIGKILL))
        if self._chance.random() < 0.2:
            await within(asyncio.Event(), self._chance.uniform(0, 1.2 if whole else 0.3))  # in its start
        else:
            await self._until_something_happens(kill)
        kill()
        code, *_, log = await bot.ended()
        assert code == -signal.SIGKILL, log
        self.kills += 1
        self._discord.gateway.sessions.clear()  # nobody will resume them

    async def _until_something_happens(self, kill: Callable[[], None]) -> None:
        """Wait for the n-th request of the bot; kill before it is answered, or let it live a little longer."""
        left = self._chance.randint(1, 30)
        in_the_act = self._chance.random() < 0.5
        reached = asyncio.Event()

        def count(_: Exchange) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                if in_the_act:
                    kill()
                reached.set()

        with _listening(self._discord, count):
            await within(reached, _LONGEST_LIFE)
        if not in_the_act:
            await within(asyncio.Event(), self._chance.uniform(0, 0.03))


def _once(act: Callable[[], None]) -> Callable[[], None]:
    done = False

    def once() -> None:
        nonlocal done
        if not done:
            done = True
            act()

    return once


@contextlib.contextmanager
def _listening(discord: LocalDiscord, listener: Callable[[Exchange], None]) -> Iterator[None]:
    discord.on_exchange.append(listener)
    try:
        yield
    finally:
        discord.on_exchange.remove(listener)
