import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import ForkedProcess, Process


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Restore the log that a command has configured in this process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    for module in list(sys.modules.values()):
        if (log := vars(module).get("_log")) is not None and module.__name__.startswith("bot."):
            vars(log).pop("bind", None)  # where structlog keeps what it was set up to


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    started = ForkedProcess(tmp_path)
    yield started
    await started.clear()


@pytest.fixture
def discord(local_discord: LocalDiscord) -> LocalDiscord:
    """A local Discord with its rate limits on."""
    return local_discord


@pytest.fixture
def bot(process: Process, discord: LocalDiscord) -> Process:
    """The bot's process with settings for the local Discord, not yet started."""
    process.environment |= {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{process.folder / 'pomodoro.db'}",
    }
    return process
