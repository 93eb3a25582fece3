"""Hundreds of weekly digests are due on one morning, while the bot is killed and Discord's answers are lost."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.localdiscord.local import LocalDiscord
from tests.bench.mondays import Mondays
from tests.faults.conftest import Report, settings
from tests.faults.lives import Lives
from tests.reading import eventually, rows

SERVERS = 300
SEND = "POST /channels/{channel_id}/messages"
# Messages still to be sent, and digests due by a moment.
UNSETTLED = """
    SELECT id FROM outbox WHERE state = 'pending'
    UNION SELECT id FROM timers WHERE state = 'running' AND due_at <= {}
"""


async def test_kills(
    chance: random.Random,
    seed: int,
    tmp_path: Path,
    discord: LocalDiscord,
    database: Path,
    sqlite_template: Path,
    report: Report,
) -> None:
    """Killed again and again while digests are due, some of them late, the bot sends one to each server."""
    shutil.copy(sqlite_template, database)
    mondays = Mondays(discord, SERVERS)
    now = datetime.now(UTC)
    late, on_time = timedelta(hours=-1), timedelta(seconds=3)
    mondays.plant(database, [now + (late if number % 3 else on_time) for number in range(SERVERS)])
    lives = Lives(tmp_path, discord, settings(discord, database), chance, most_requests=60, longest=3)
    lost = 0
    while mondays.missing > SERVERS / 10:
        fault = discord.faults.fail("lost", only=SEND, times=2)
        await lives.live_and_die()
        fault.off()
        lost += fault.struck
    async with lives.in_peace():
        unsettled = UNSETTLED.format(round((now + on_time).timestamp() * 1000))
        await eventually(lambda: not rows(database, unsettled))
    report(
        {
            "kills": lives.kills,
            "digests": SERVERS,
            "told": len(mondays.told_at),
            "answers lost": lost,
            "lost": mondays.missing,
            "doubled": mondays.doubled,
            "seed": seed,
        }
    )
    assert (mondays.missing, mondays.doubled) == (0, 0)
    assert lives.kills >= 5
    assert lost > 0
