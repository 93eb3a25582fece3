"""Lives: one bot, started and killed over and over, each time at another moment."""

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.crowd import within
from tests.faults.forked import Forked

# One start in this many is a whole `python -m bot`, imports and all.
_WHOLE = 20


class Lives:
    """A bot's lives on one Discord and one database, each ended by ``kill -9`` at a random moment.

    A life ends with one of its first ``most_requests`` at random, on the way or soon after, or in its start, and
    lasts ``longest`` seconds at most: nothing may be happening for a while.
    """

    def __init__(
        self,
        folder: Path,
        discord: LocalDiscord,
        settings: dict[str, str],
        chance: random.Random,
        *,
        most_requests: int = 30,
        longest: float = 2.0,
    ) -> None:
        self.kills = 0
        self._folder = folder
        self._discord = discord
        self._environment = Process(folder).environment | settings
        self._chance = chance
        self._most_requests = most_requests
        self._longest = longest

    async def live_and_die(self) -> None:
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
        assert code == -signal.SIGKILL, f"{code}: {log}"
        self.kills += 1
        self._discord.gateway.sessions.clear()  # nobody will resume them

    @contextlib.asynccontextmanager
    async def in_peace(self) -> AsyncIterator[Forked]:
        """Start the bot, and let it end cleanly by itself."""
        bot = Forked(self._folder, self._environment)
        await bot.start()
        try:
            # Before that a signal would end it as it ends any process.
            await self._discord.wait_connected(timeout=30)
            yield bot
        finally:
            bot.signal(signal.SIGTERM)
            code, log = await bot.ended()
        assert code == 0, f"exit {code}: {log}"

    async def _until_something_happens(self, kill: Callable[[], None]) -> None:
        """Wait for the bot's n-th request; kill before it is answered, or let it live a little longer."""
        left = self._chance.randint(1, self._most_requests)
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
            await within(reached, self._longest)
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
