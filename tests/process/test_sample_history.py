"""A month of made-up focus, for the playground to show."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.__main__ import main
from bot.domain.stats.log import Entry
from bot.operating.sample_history import month
from bot.store import entries
from bot.store.database import Database

NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it
ZONES = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")])


@given(MOMENTS, ZONES, st.integers())
def test_a_second_counts_once(now: datetime, zone: ZoneInfo, seed: int) -> None:
    """No two pomodoros overlap, none is still to come, and all are of the last thirty-one days."""
    made = list(month(now, now, zone, random.Random(seed)))
    assert all(ended <= began for (_, ended, _), (began, _, _) in pairwise(made))
    assert made[-1][1] <= now
    assert made[0][0] > now - timedelta(days=32)


@pytest.mark.parametrize("day", range(7))
def test_the_week_has_something(day: int) -> None:
    """Early on any day there is something of today, so that the picture of a new week is not empty."""
    early = datetime(2026, 11, 30 - day, 7, tzinfo=UTC)
    made = list(month(early, early, ZoneInfo("UTC"), random.Random(1)))
    assert made[-1][0].date() == early.date()


def test_it_ends_before_real_entries() -> None:
    """Where something was really done, what is made up comes before it; after a month of it nothing is."""
    zone, days = ZoneInfo("UTC"), timedelta(days=1)
    made = list(month(NOW - 3 * days, NOW, zone, random.Random(1)))
    assert NOW - 5 * days < made[-1][1] <= NOW - 3 * days
    assert list(month(NOW - 28 * days, NOW, zone, random.Random(1))) == []


def test_once_into_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command writes a month into the log of the person named, and a second time nothing."""
    url = f"sqlite:///{(tmp_path / 'pomodoro.db').as_posix()}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:8700/api/v10")
    assert [main(["sample-history", "2", "10", "20"]) for _ in range(2)] == [0, 0]
    first, second = capsys.readouterr().out.splitlines()
    assert (first.startswith("A month of sample history is in"), "already" in second) == (True, True)

    async def latest() -> list[tuple[int, Entry]]:
        database = Database(url)
        async with database.read() as connection:
            listed = await entries.latest(connection, 2, 1000)
        await database.close()
        return listed

    assert f"{len(asyncio.run(latest()))} pomodoros" in first


def test_not_on_a_real_discord(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the bot is at work on the real Discord, nothing is made up."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/pomodoro.db")
    monkeypatch.delenv("DISCORD_API_URL", raising=False)
    assert main(["sample-history", "2", "10", "20"]) == 2
    assert "local Discord only" in capsys.readouterr().err
