"""Signals: a process suspended and resumed, like a sleeping machine, and one that is terminated."""

import asyncio
import random
import signal
import time
from pathlib import Path

import pytest

from bot.engine.countdown import SLICE
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import Report, ended_well, settings, stop
from tests.faults.crowd import Crowd, within
from tests.faults.forked import Forked
from tests.reading import says

_BURST = 200
_STARTS = 30


async def test_suspended(
    chance: random.Random, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """Timers due while the machine slept are announced within a slice of waking, as late, and once."""
    crowd = Crowd(discord, chance, channels=10)
    await bot.start()
    await discord.wait_connected(timeout=30)
    # None is due before all have their cards; some are late enough on waking to be marked as late.
    for seconds in (4, 4, 5, 5, 7, 18):
        await crowd.start(seconds)
    await discord.wait_until(lambda: len(crowd.cards) == 6, 30)
    bot.signal(signal.SIGSTOP)
    awake = set(crowd.announced)
    with pytest.raises(TimeoutError):  # nothing is announced while it sleeps
        await discord.wait_until(lambda: set(crowd.announced) - awake, 16)
    bot.signal(signal.SIGCONT)
    woken = time.monotonic()
    await discord.wait_for(says("POMODORO!", "finished", "s ago"), timeout=SLICE)
    await discord.wait_until(lambda: len(crowd.announced) >= 5, SLICE)
    took = time.monotonic() - woken
    await crowd.all_announced(database, 30)
    await stop(bot)
    counted = crowd.account(database)
    report(counted | {"seconds after waking": f"{took:.2f}"})
    assert (counted["announced"], counted["lost"], counted["doubled"]) == (6, 0, 0)


async def test_stopped_in_a_burst(
    chance: random.Random, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """Stopped, twice, while 200 timers are due at once, it exits within ten seconds; none is lost or doubled.

    Discord has stopped answering by then, so that the stop comes in the middle on a machine of any speed.
    """
    crowd = Crowd(discord, chance, channels=_BURST)
    await bot.start()
    await discord.wait_connected(timeout=30)
    for _ in range(_BURST):
        await crowd.start(8)
    await discord.wait_until(lambda: len(crowd.cards) == _BURST, 60)
    await discord.wait_until(lambda: len(crowd.announced) >= 20, 30)
    fault = discord.faults.fail("hang", only="POST /channels/{id}/messages")
    signalled_at = time.monotonic()
    bot.signal(signal.SIGTERM)
    await bot.says('"stopping"')
    bot.signal(signal.SIGTERM)
    code, _, log = await bot.ended()
    took = time.monotonic() - signalled_at
    assert code == 0, log
    before = len(crowd.announced)
    assert before < _BURST
    fault.off()
    await bot.start()
    await crowd.all_announced(database, 60)
    await stop(bot)
    counted = crowd.account(database)
    report(counted | {"before the end": before, "seconds to end": f"{took:.1f}"})
    assert took < 10
    assert (counted["announced"], counted["lost"], counted["doubled"]) == (_BURST, 0, 0)


async def test_stopped_while_starting(
    tmp_path: Path, chance: random.Random, discord: LocalDiscord, database_url: str, report: Report
) -> None:
    """Stopped at any moment after taking a lease, a process exits cleanly, with one shard or with several."""
    environment = settings(discord, tmp_path) | {
        "DATABASE_URL": database_url,
        "SHARD_COUNT": "4" if database_url.startswith("postgresql") else "1",
    }
    for _ in range(_STARTS):
        bot = Forked(tmp_path, Process(tmp_path).environment | environment)
        await bot.start()
        await bot.logs("lease_taken")
        await within(asyncio.Event(), chance.uniform(0, chance.choice((0.06, 0.6))))
        bot.signal(signal.SIGTERM)
        ended_well(*await bot.ended())
    report({"starts": _STARTS})
