import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import Report, settings
from tests.faults.crowd import within
from tests.faults.forked import Forked
from tests.faults.stand import Stand
from tests.reading import rows

_STANDS = 6


async def test_kills(
    chance: random.Random, seed: int, tmp_path: Path, report: Report, pytestconfig: pytest.Config
) -> None:
    """Killed hundreds of times, among damaged rows and hostile input, it announces each acknowledged timer once."""
    kills = -(-pytestconfig.getoption("--kills") // _STANDS)
    stands = [Stand(tmp_path / str(number), random.Random(chance.random())) for number in range(_STANDS)]
    total: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        runs = [group.create_task(stand.run(kills)) for stand in stands]
    for run in runs:
        total.update(run.result())
    counted = dict(total) | {"seed": seed}
    report(counted)
    assert (counted["lost"], counted["doubled"], counted["after a cancel"]) == (0, 0, 0)
    assert counted["acknowledged"] > counted["kills"] / 2  # commands were served in between
    assert counted["cancelled"] > 0
    assert all(counted[kind] > 0 for kind in ("rows", "events", "in vain"))


async def test_killed_while_it_migrates(
    chance: random.Random, discord: LocalDiscord, tmp_path: Path, report: Report
) -> None:
    """Killed during its first start ever, it leaves a database that the next start can use."""
    half_made: Counter[str] = Counter()
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        database = folder / "pomodoro.db"
        bot = Forked(folder, Process(folder).environment | settings(discord, database))
        await bot.start()
        await within(asyncio.Event(), chance.uniform(0, 0.2))
        bot.signal(signal.SIGKILL)
        assert (await bot.ended())[0] == -signal.SIGKILL
        half_made["with a file" if database.exists() else "before"] += 1
        discord.gateway.sessions.clear()
        await bot.start()
        await discord.wait_connected(timeout=30)
        bot.signal(signal.SIGTERM)
        code, log = await bot.ended()
        assert code == 0, log
        assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    report({"kills": half_made.total()} | half_made)
