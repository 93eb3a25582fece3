import json
import random
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process

# Seconds that pytest-timeout gives each of these: the longest forms take ten minutes.
_PATIENCE = 1800
Report = Callable[[Mapping[str, object]], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(_PATIENCE))


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """The random seed of this test: a new one each time, unless --seed sets it."""
    given: int | None = pytestconfig.getoption("--seed")
    drawn = random.SystemRandom().randrange(1_000_000) if given is None else given
    print(f"--seed {drawn}")  # noqa: T201 - pytest shows it where the test failed
    return drawn


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Record a test's counts, shown at the end of the run whether it passes or not."""

    def take(counts: Mapping[str, object]) -> None:
        line = " · ".join(f"{name} {count}" for name, count in counts.items())
        request.node.user_properties.append(("counted", f"{request.node.name}: {line}"))

    return take


@pytest.fixture
def discord(local_discord: LocalDiscord) -> LocalDiscord:
    """A local Discord with its rate limits on."""
    return local_discord


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "pomodoro.db"


def settings(discord: LocalDiscord, database: Path) -> dict[str, str]:
    """The bot's settings: the local Discord, its database, and limits that let three people do the work of many."""
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "COMMANDS_PER_10S": "0",
        "MAX_TIMERS_PER_USER": "0",
        "MAX_TIMERS_PER_GUILD": "0",
        "MAX_REMINDERS_PER_USER": "0",
        "SHORTEST_PHASE_SECONDS": "1",
    }


@pytest.fixture
async def bot(tmp_path: Path, discord: LocalDiscord, database: Path) -> AsyncIterator[Process]:
    """The bot's process with settings for the local Discord, not yet started."""
    process = Process(tmp_path)
    process.environment |= settings(discord, database)
    yield process
    await process.clear()


async def stop(bot: Process) -> None:
    """Stop the bot. It must exit cleanly, and its log must have no error of its own."""
    bot.signal(signal.SIGTERM)
    code, _, log = await bot.ended()
    ended_well(code, log)


def ended_well(code: int, log: str) -> None:
    """Check that a process that has ended exited cleanly and logged no error of its own."""
    assert code == 0, log
    records = [json.loads(line) for line in log.splitlines()]  # a stray traceback would not be JSON
    assert [
        record for record in records if record["level"] == "error" and not record["logger"].startswith("discord.")
    ] == []
