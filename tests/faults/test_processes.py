"""Many processes: four and a standby on one PostgreSQL, while people in 64 servers keep asking for things."""

import asyncio
import contextlib
import random
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord
from tests.faults.conftest import Report
from tests.faults.fleet import SECONDS, SHARDS, Fleet
from tests.faults.town import Town
from tests.pgbouncer import PROGRAM, pgbouncer
from tests.proxy import Proxy

_GUILDS = 64
# Commands that are given once nothing is killed any more.
_LAST = 20


class Trial:
    """A fleet and its town; ``is_long`` runs the full numbers."""

    def __init__(self, folder: Path, discord: LocalDiscord, chance: random.Random, *, is_long: bool) -> None:
        self.is_long = is_long
        self._folder = folder
        self._discord = discord
        self._chance = chance
        self.town = Town(discord, chance, _GUILDS, SHARDS)

    @contextlib.asynccontextmanager
    async def under_load(self, url: str, through: str | None = None, least: int = 0) -> AsyncIterator[Fleet]:
        """Run a fleet while people set at least a number of timers and reminders; then let all of them come."""
        self.fleet = Fleet(self._folder, self._discord, url, through or url, self._chance)
        over = asyncio.Event()
        try:
            await self.fleet.start()
            living = asyncio.create_task(self.town.live(over, a_second=10))
            yield self.fleet
            # All is well again: from now on nobody asks in vain, and the last requests are answered.
            calm = self.town.requests
            await self._discord.wait_until(
                lambda: self.town.started >= least and self.town.requests >= calm + _LAST, 600
            )
            over.set()
            await living
            await self.town.all_answered(calm, 60)
            await self.town.all_announced(lambda: asyncio.to_thread(self.fleet.states), 60)
            for member in list(self.fleet.members.values()):
                await self.fleet.stop(member)
            self._states = await asyncio.to_thread(self.fleet.states)
        finally:
            over.set()
            await self.fleet.clear()

    def holds(self, report: Report, **more: object) -> None:
        """Check the totals: nothing lost, nothing doubled, nothing answered twice."""
        account = self.town.account(self._states)
        times = {
            f"{how}, {until} after": "/".join(f"{get(took):.1f}" for get in (min, statistics.median, max))
            + f" s ({len(took)})"
            for until, measured in (("leased", self.fleet.leased), ("heard", self.fleet.reconnected))
            for how, took in measured.items()
        }
        report(account | times | more | {"hasty identifies": self._discord.gateway.hasty})
        assert [account[name] for name in ("lost", "doubled", "answered twice", "after a cancel")] == [0, 0, 0, 0]
        # A busy machine may let one be late, and the next one then too early.
        assert self._discord.gateway.hasty <= self._discord.gateway.identifies / 20
        assert len(self.town.answered) > len(self.town.announced) / 2


@pytest.fixture
def trial(tmp_path: Path, discord: LocalDiscord, chance: random.Random, pytestconfig: pytest.Config) -> Trial:
    return Trial(tmp_path, discord, chance, is_long=pytestconfig.getoption("--fleet"))


async def test_killed_asleep_and_cut_off(trial: Trial, postgres_url: str, seed: int, report: Report) -> None:
    """Processes are killed, suspended and cut off: nothing is lost, announced twice or answered twice."""
    kills, least = (20, 2_000) if trial.is_long else (2, 0)
    async with Proxy(postgres_url) as proxy, trial.under_load(postgres_url, least=least) as fleet:
        for _ in range(kills):
            await fleet.kill_one()
        await fleet.put_to_sleep()
        left = await _cut_off(fleet, proxy)
    trial.holds(report, **{"cut off, done before the end": f"{left:.1f} s", "seed": seed})
    assert 0 < left < SECONDS


async def test_rolling_deploy(trial: Trial, postgres_url: str, seed: int, report: Report) -> None:
    """New processes replace old ones, one after the other, under load: the same holds."""
    async with trial.under_load(postgres_url) as fleet:
        for _ in range(4 if trial.is_long else 1):
            await fleet.roll()
    trial.holds(report, seed=seed)
    assert max(trial.fleet.reconnected["told to end"]) < 30


async def _cut_off(fleet: Fleet, proxy: Proxy) -> float:
    """Let a process that reaches the database by a proxy take a block, and cut it off."""
    # The standby goes, so that this one is the next.
    holders = await fleet.holders()
    (standby,) = set(fleet.members) - set(holders)
    await fleet.stop(fleet.members[standby])
    behind = await fleet.add(proxy.url)
    await behind.logs("standing_by")
    await fleet.stop(fleet.members[min(holders)])
    await behind.logs("ready")
    await (await fleet.add()).logs("standing_by")
    await fleet.holders()
    return await fleet.cut_off(proxy.cut, proxy.mend, behind)


@pytest.mark.skipif(not PROGRAM, reason="there is no pgbouncer here: it is a package of Debian's")
async def test_behind_pgbouncer(trial: Trial, postgres_url: str, seed: int, report: Report) -> None:
    """Behind PgBouncer in transaction mode the same holds for killed, suspended and replaced processes."""
    kills, least = (20, 2_000) if trial.is_long else (1, 0)
    async with (
        pgbouncer(postgres_url) as through,
        trial.under_load(postgres_url, through, least=least) as fleet,
    ):
        for _ in range(kills):
            await fleet.kill_one()
        await fleet.put_to_sleep()
        if trial.is_long:
            await fleet.roll()
    trial.holds(report, seed=seed)
