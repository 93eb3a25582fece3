"""A second process on the same database: it stands by, and takes over when the first is gone."""

import contextlib
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.localdiscord.local import LocalDiscord
from bot.store.database import Database
from tests.botprocess import Process
from tests.faults.forked import Forked
from tests.faults.posts import Posts
from tests.reading import Message, says

SECONDS = 3.0


class Pair:
    """Two processes of the bot, on two machines unless ``on_one_machine``."""

    def __init__(self, folder: Path, discord: LocalDiscord, url: str) -> None:
        self.discord = discord
        self._told = Posts(discord)
        self.url = url
        self.first, self.second = (self._make(folder / f"machine-{number}") for number in range(2))

    def _make(self, folder: Path) -> Forked:
        folder.mkdir()
        environment = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DATABASE_URL": self.url,
            "LEASE_SECONDS": str(SECONDS),
            "MACHINE_NAME": folder.name,
        }
        return Forked(folder, Process(folder).environment | environment)

    def on_one_machine(self) -> None:
        for process in (self.first, self.second):
            process.environment |= {"MACHINE_NAME": "the-same", "LEASE_SECONDS": "60"}

    async def start(self) -> None:
        """Start one after the other; the second has to stand by."""
        await self.first.start()
        await self.discord.wait_connected(timeout=30)
        await self.second.start()
        await self.second.logs("standing_by")

    async def put_to_sleep(self) -> None:
        """Stop the first, but not in the middle of a write, where it would keep SQLite locked."""
        with self._nobody_writing():
            self.first.signal(signal.SIGSTOP)
            await self.first.stopped()

    @contextlib.contextmanager
    def _nobody_writing(self) -> Iterator[None]:
        kind, _, file = self.url.partition(":///")
        if kind != "sqlite":
            yield
            return
        with contextlib.closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as own:
            own.execute("BEGIN IMMEDIATE")
            yield

    async def takes_over(self, process: Forked, before: int = 0) -> None:
        await process.logs("lease_taken", before)
        await process.logs("ready", before)

    async def timer(self, name: str, length: str) -> None:
        """Start a timer; its card is the answer."""
        ann, general = self.discord.person("ann"), self.discord.channel("general")
        request = await ann.say(general, f"!pomodoro {name} {length}")
        await self.discord.wait_for(says(name, "Ends"), channel=general, after=request, timeout=60)

    async def list(self) -> Message:
        """Ask for the list, and wait for the answer; return the request."""
        ann, general = self.discord.person("ann"), self.discord.channel("general")
        request = await ann.say(general, "!pomodoro list")
        await self.discord.wait_for(lambda _: self.answers(request), channel=general, after=request, timeout=60)
        return request

    def answers(self, request: Message) -> int:
        """Count the answers to a question."""
        there = self.discord.messages(self.discord.channel("general"))
        return sum((message.get("message_reference") or {}).get("message_id") == request["id"] for message in there)

    def count_posts(self, *words: str) -> int:
        """Count the messages that had all these words in them when they were posted."""
        return sum(all(word in post.text for word in words) for post in self._told.all)


@pytest.fixture
async def pair(tmp_path: Path, discord: LocalDiscord, database_url: str) -> AsyncIterator[Pair]:
    both = Pair(tmp_path, discord, database_url)
    yield both
    for process in (both.first, both.second):
        await process.clear()


async def test_killed_on_one_machine(pair: Pair) -> None:
    """While the first lives the second answers nothing; once that is killed it takes over at once."""
    pair.on_one_machine()
    await pair.start()
    await pair.timer("tea", "4s")
    pair.first.signal(signal.SIGKILL)
    await pair.takes_over(pair.second)
    await pair.timer("eggs", "1s")
    for name in ("tea", "eggs"):
        await pair.discord.wait_for(says(f"POMODORO! {name}"), timeout=60)
    assert [pair.count_posts(name, "Ends") for name in ("tea", "eggs")] == [1, 1]
    assert [pair.count_posts("POMODORO!", name) for name in ("tea", "eggs")] == [1, 1]


async def test_killed_on_another_machine(pair: Pair) -> None:
    """From a machine that has gone silent, nobody takes over before its lease ends."""
    await pair.start()
    pair.first.signal(signal.SIGKILL)
    await pair.first.ended()
    database = Database(pair.url)
    with database.blocking() as connection:
        ends_at = connection.execute(text("SELECT ends_at FROM leases")).scalar_one()
    await database.close()
    taken = await pair.second.logs("lease_taken")
    assert datetime.fromisoformat(str(taken["timestamp"])).timestamp() * 1000 >= ends_at


async def test_a_clock_that_was_ahead(pair: Pair) -> None:
    """A lease that was taken while the database's clock was an hour ahead is no lease for an hour."""
    await pair.start()
    pair.first.signal(signal.SIGKILL)
    await pair.first.ended()
    database = Database(pair.url)
    with database.blocking() as connection:
        connection.execute(text("UPDATE leases SET ends_at = ends_at + 3600000"))
    await database.close()
    await pair.takes_over(pair.second)


async def test_stopped(pair: Pair) -> None:
    """A stopped process hands over at once, whatever the other is doing."""
    for process in (pair.first, pair.second):
        process.environment["LEASE_SECONDS"] = "60"
    await pair.start()
    await pair.timer("tea", "1h")
    pair.first.signal(signal.SIGTERM)
    assert (await pair.first.ended())[0] == 0
    await pair.takes_over(pair.second)
    await pair.timer("eggs", "1h")
    assert [pair.count_posts(name, "Ends") for name in ("tea", "eggs")] == [1, 1]


async def test_stopped_while_standing_by(pair: Pair) -> None:
    """A stopped standby exits cleanly, long before it could take over."""
    for process in (pair.first, pair.second):
        process.environment["LEASE_SECONDS"] = "600"
    await pair.start()
    pair.second.signal(signal.SIGTERM)
    code, _ = await pair.second.ended()
    assert code == 0


async def test_woken_too_late(pair: Pair) -> None:
    """A process that slept past its lease says nothing and writes nothing when it wakes, and stands by again."""
    await pair.start()
    await pair.timer("tea", "3s")
    await pair.put_to_sleep()
    await pair.takes_over(pair.second)
    # The suspended process receives these too, on waking.
    await pair.timer("eggs", "1s")
    request = await pair.list()
    await pair.discord.wait_for(says("POMODORO! eggs"), timeout=60)
    await pair.discord.wait_for(says("POMODORO! tea"), timeout=60)
    asleep = pair.first.log
    pair.first.signal(signal.SIGCONT)
    await pair.first.logs("standing_by")
    log = pair.first.log.removeprefix(asleep)
    assert "timer_started" not in log
    assert "timer_due" not in log
    pair.second.signal(signal.SIGTERM)
    await pair.takes_over(pair.first, before=1)
    await pair.timer("toast", "1s")
    await pair.discord.wait_for(says("POMODORO! toast"), timeout=60)
    assert pair.answers(request) == 1
    names = ("tea", "eggs", "toast")
    assert [pair.count_posts(name, "Ends") for name in names] == [1, 1, 1]
    assert [pair.count_posts(f"POMODORO! {name}") for name in names] == [1, 1, 1]
