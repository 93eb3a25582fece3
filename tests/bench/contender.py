"""Contenders: our bot and the plain ones, each a process of its own on a local Discord of its own."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord
from bot.playground.scenery import STUDY_HALL
from tests.bench import waiting
from tests.bench.ear import Ear
from tests.bench.process import Process

_PATIENCE = 120.0
# Discord's own limits are off until a measure puts them on, so that a figure is the bot's own.
OURS = {
    "COMMANDS_PER_10S": "0",
    "MAX_TIMERS_PER_USER": "0",
    "MAX_TIMERS_PER_GUILD": "0",
    "SHORTEST_PHASE_SECONDS": "1",
}
OURS |= {"MAX_REMINDERS_PER_USER": "0", "LOG_FORMAT": "json"}


class Contender:
    """A bot under measurement. ``requests`` maps each timer it was told to start to its command's id and moment."""

    label = ""
    module = ""

    def __init__(self, discord: LocalDiscord, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.discord = discord
        self.ear = Ear(discord)
        self.requests: dict[str, tuple[str, float]] = {}
        self.lengths: dict[str, int] = {}
        token = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
        self.process = Process(folder, self.module, token | (settings or {}))
        discord.limits.enabled = False

    async def start(self) -> float:
        """Start it; return the seconds until it was ready."""
        began = time.perf_counter()
        await self.process.start()
        connected = asyncio.create_task(self.discord.wait_connected(timeout=_PATIENCE))
        while not connected.done():
            await asyncio.wait((connected,), timeout=0.2)
            if not self.process.is_running:
                connected.cancel()
                raise RuntimeError(f"{self.label} ended: {self.process.last_words()}")
        connected.result()
        return time.perf_counter() - began

    async def stop(self) -> None:
        await self.process.stop()
        # Its successor's connection is awaited, not its own.
        await self.discord.wait_until(lambda: not self.discord.gateway.connected)

    def make_channels(self, count: int) -> list[Channel]:
        return [self.discord.create_channel(f"bench-{number}") for number in range(count)]

    async def command(self, channel: Channel, name: str, seconds: int, words: str = "!pomodoro {} {}") -> None:
        """Ask it to start a timer with this name and length."""
        message = await self.discord.person("ann").say(channel, words.format(name, seconds))
        self.lengths[name] = seconds
        self.requests[name] = (message["id"], self.discord.posted_at(message["id"]))

    async def answered(self, names: Iterable[str], silence: float = 10.0) -> None:
        """Wait until these commands are answered, or it has gone silent."""
        wanted = {self.requests[name][0] for name in names}
        await self.ear.until(lambda: self.ear.replies.keys() >= wanted, silence)

    async def announced(self, names: Sequence[str], silence: float) -> None:
        """Wait until these timers are announced, or it has gone silent."""
        await self.ear.until(lambda: all(name in self.ear.announced for name in names), silence)

    def due(self) -> dict[str, float]:
        """Return when each timer was due, in Unix seconds: what the bot itself holds as its deadline."""
        raise NotImplementedError

    def delays(self, names: Iterable[str]) -> list[float]:
        """Return the milliseconds from each command to its reply, for those that were answered."""
        requests = [self.requests[name] for name in names]
        replies = self.ear.replies
        return [(replies[message_id].at - at) * 1000 for message_id, at in requests if message_id in replies]

    def lateness(self, names: Iterable[str]) -> list[float]:
        """Return the milliseconds from each deadline to its announcement, for those that were announced."""
        due, announced = self.due(), self.ear.announced
        return [(announced[name][0] - due[name]) * 1000 for name in names if name in announced]

    def felt(self, names: Iterable[str]) -> list[float]:
        """Return the lateness as people see it: from the typed command plus the length that it asked for."""
        announced = self.ear.announced
        requests = ((name, *self.requests[name]) for name in names if name in announced)
        return [(announced[name][0] - at - self.lengths[name]) * 1000 for name, _, at in requests]

    def losses(self, names: Sequence[str]) -> int:
        """Count the missing announcements and the duplicates."""
        return sum(name not in self.ear.announced for name in names) + self.ear.doubled


class Ours(Contender):
    """Our bot, on an SQLite file; its deadlines are ``due_at`` of its rows."""

    label = "ours"
    module = "bot"

    def __init__(self, discord: LocalDiscord, folder: Path) -> None:
        self.file = folder / "pomodoro.db"
        super().__init__(discord, folder, OURS | {"DATABASE_URL": f"sqlite:///{self.file}"})

    def due(self) -> dict[str, float]:
        return waiting.due(self.file)

    async def migrate(self) -> float:
        """Create the tables; return the seconds taken, which is about what a start takes too."""
        began = time.perf_counter()
        await self.process.run("migrate")
        return time.perf_counter() - began

    def preload(self, timers: Iterable[waiting.Waiting]) -> None:
        """Insert timers while the bot is not running."""
        waiting.write(self.file, timers, self.discord.person("ann").id, self.discord.guild.id)


class Plain(Contender):
    """A baseline; its deadline is when it received the command plus the length, as its reply says."""

    def due(self) -> dict[str, float]:
        return {
            name: float(self.ear.replies[message_id].text.rpartition(" ")[2])
            for name, (message_id, _) in self.requests.items()
            if message_id in self.ear.replies
        }


class Sleeping(Plain):
    """A timer is an ``asyncio.sleep``."""

    label = "sleeping"
    module = "tests.bench.sleeping"


class Ticking(Plain):
    """A timer is a thread that ticks every second."""

    label = "ticking"
    module = "tests.bench.ticking"


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the benchmark: its folder, and whether it is a short one."""

    folder: Path
    quick: bool = False

    def of(self, full: int, short: int) -> int:
        """Choose the number, or the duration, for this run."""
        return short if self.quick else full

    @property
    def kinds(self) -> tuple[type[Contender], ...]:
        """Name the contenders; a short run leaves out the slowest."""
        return (Ours, Sleeping) if self.quick else (Ours, Sleeping, Ticking)

    @contextlib.asynccontextmanager
    async def enter(self, kind: type[Contender]) -> AsyncIterator[Contender]:
        """Create a contender and its local Discord, with the bot not yet started; both are stopped at the end."""
        async with LocalDiscord(scenery=STUDY_HALL) as discord:
            contender = kind(discord, Path(tempfile.mkdtemp(prefix=kind.label, dir=self.folder)))
            try:
                yield contender
            finally:
                await contender.process.stop()
