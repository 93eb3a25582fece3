import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.local import LocalDiscord

ROOT = Path(__file__).parents[2]


class Process:
    """``python -m bot …`` as a process of its own, in an empty folder, with none of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "SYSTEMROOT", "TMPDIR"}
        } | {"PYTHONPATH": str(ROOT)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=self.folder, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    def signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    async def ended(self) -> tuple[int, str, str]:
        """Wait for its end; give the exit code, what it said, and what it said of errors."""
        assert self._process
        async with asyncio.timeout(30):
            out, err = await self._process.communicate()
        code = self._process.returncode
        self._process = None
        assert code is not None
        return code, out.decode(), err.decode()

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        await self.start(*arguments)
        return await self.ended()

    async def clear(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    started = Process(tmp_path)
    yield started
    await started.clear()


@pytest.fixture
async def discord() -> AsyncIterator[LocalDiscord]:
    """A local Discord with its rate limits on."""
    async with LocalDiscord(port=0) as local:
        yield local


@pytest.fixture
def bot(process: Process, discord: LocalDiscord) -> Process:
    """The bot's process with settings for the local Discord, not yet started."""
    process.environment |= {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{process.folder / 'pomodoro.db'}",
    }
    return process
