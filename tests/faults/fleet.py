"""A fleet: processes on one PostgreSQL and one local Discord, each as if on a machine of its own."""

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import ended_well, settings
from tests.faults.forked import GLANCE, Forked

SHARDS, EACH, SECONDS = 8, 2, 3.0
_BLOCKS = SHARDS // EACH


class Member(Forked):
    """One process, by the name of its machine."""

    def __init__(self, folder: Path, environment: dict[str, str], name: str) -> None:
        folder.mkdir()
        super().__init__(folder, environment | {"MACHINE_NAME": name})
        self.name = name


class Fleet:
    """Four processes that hold a block of shards each, and one that stands by.

    ``leased`` and ``reconnected`` are the seconds from the end of a process until another has its lease, and until
    its shards are connected again, by how it ended.
    """

    def __init__(self, folder: Path, discord: LocalDiscord, url: str, through: str, chance: random.Random) -> None:
        self.members: dict[str, Member] = {}
        self.leased: dict[str, list[float]] = {}
        self.reconnected: dict[str, list[float]] = {}
        self._folder = folder
        self._discord = discord
        self._url = url
        self._chance = chance
        self._count = 0
        self._environment = (
            Process(folder).environment
            | settings(discord, folder)
            | {
                "DATABASE_URL": through,
                "SHARD_COUNT": str(SHARDS),
                "SHARDS_PER_PROCESS": str(EACH),
                "LEASE_SECONDS": str(SECONDS),
                "MAX_REMINDERS_PER_USER": "0",
            }
        )
        # As Discord treats a bot of this size, apart from the number of groups.
        discord.gateway.identify_seconds, discord.gateway.max_concurrency = 5.0, 16

    async def start(self) -> None:
        """Start them all, and wait until every shard is heard."""
        for _ in range(_BLOCKS):
            await self.add()
        await self._discord.gateway.bell.until(lambda: len(self._heard()) == SHARDS or None, 60)
        await (await self.add()).logs("standing_by")

    async def add(self, url: str | None = None) -> Member:
        """Start one more."""
        name = f"m{self._count}"
        self._count += 1
        environment = self._environment | ({"DATABASE_URL": url} if url else {})
        member = self.members[name] = Member(self._folder / name, environment, name)
        await member.start()
        return member

    async def kill_one(self) -> None:
        """Kill any, and start another in its place."""
        holders = await self.holders()
        victim = self._chance.choice(list(self.members.values()))
        async with self._replacing(holders, victim, "killed"):
            victim.signal(signal.SIGKILL)
            code, log = await victim.ended()
            assert code == -signal.SIGKILL, log
            del self.members[victim.name]
            await self.add()

    async def put_to_sleep(self) -> None:
        """Stop one that holds a block until another has it, and wake it again."""
        holders = await self.holders()
        victim = self.members[self._chance.choice(list(holders))]
        stood_by = len(victim.logged("standing_by"))
        async with self._replacing(holders, victim, "asleep"):
            victim.signal(signal.SIGSTOP)
        victim.signal(signal.SIGCONT)
        await victim.logs("standing_by", stood_by)

    async def cut_off(self, cut: Callable[[], None], mend: Callable[[], None], victim: Member) -> float:
        """Cut one off from the database until another has its block; return the seconds left when it was done."""
        stood_by = len(victim.logged("standing_by"))
        async with self._replacing(await self.holders(), victim, "cut off"):
            cut()
        left = await victim.logs("shards_left")
        mend()
        await victim.logs("standing_by", stood_by)
        seconds = left["seconds_left"]
        assert isinstance(seconds, float)
        return seconds

    async def roll(self) -> None:
        """Deploy: start a new one, then stop an old one, one after the other."""
        for old in list(self.members.values()):
            holders = await self.holders()
            await (await self.add()).logs("standing_by")
            async with self._replacing(holders, old, "told to end"):
                await self.stop(old)

    async def stop(self, member: Member) -> None:
        """Stop one; it must exit cleanly, and have logged no error of its own."""
        member.signal(signal.SIGTERM)
        code, log = await member.ended()
        del self.members[member.name]
        ended_well(code, log)

    async def clear(self) -> None:
        """Kill what is left."""
        for member in self.members.values():
            with contextlib.suppress(ProcessLookupError):
                member.signal(signal.SIGKILL)
                await member.ended()

    async def holders(self) -> dict[str, int]:
        """Return the block that each process holds, by its name, once all are held."""
        async with asyncio.timeout(60):
            while True:
                rows = await asyncio.to_thread(
                    self.rows, "SELECT holder, block FROM leases WHERE ends_at > extract(epoch from now()) * 1000"
                )
                blocks = {holder.partition("/")[0]: block for holder, block in rows}
                if len(blocks) == _BLOCKS and set(blocks) <= set(self.members) and len(self._heard()) == SHARDS:
                    return blocks
                await asyncio.sleep(GLANCE)

    def rows(self, statement: str) -> list[tuple[str, int]]:
        """Query the database directly, bypassing any proxy."""
        url = make_url(self._url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            return connection.execute(statement.encode()).fetchall()

    def states(self) -> dict[str, str]:
        """Return the state of each timer and reminder by its name."""
        return dict(self.rows("SELECT name, state FROM timers"))  # type: ignore[arg-type]

    @contextlib.asynccontextmanager
    async def _replacing(self, holders: dict[str, int], victim: Member, how: str) -> AsyncIterator[None]:
        """Wait until another process serves the shards of the one that is ended within; record the time."""
        sessions, begun, moment = self._discord.gateway.sessions, time.monotonic(), datetime.now(UTC)
        before, block = set(sessions), holders.get(victim.name)
        yield
        if block is not None:
            wanted = set(range(block * EACH, (block + 1) * EACH))
            await self._discord.gateway.bell.until(lambda: wanted <= self._heard(before) or None, 60)
            self.reconnected.setdefault(how, []).append(time.monotonic() - begun)
            self.leased.setdefault(how, []).append((self._taken_at(block) - moment).total_seconds())
        for number in [number for number, session in sessions.items() if not session.send]:
            del sessions[number]  # nobody will resume them

    def _taken_at(self, block: int) -> datetime:
        """Return when a block was last taken."""
        taken = [record for member in self.members.values() for record in member.logged("lease_taken")]
        return max(datetime.fromisoformat(str(record["timestamp"])) for record in taken if record["block"] == block)

    def _heard(self, but: Collection[str] = ()) -> set[int]:
        return {session.shard[0] for session in self._discord.gateway.connected if session.id not in but}
