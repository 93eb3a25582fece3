from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    started = Process(tmp_path)
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
