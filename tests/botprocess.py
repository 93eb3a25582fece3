"""The bot as a process: started, watched, signalled, and waited for."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.forkserver import Fork

ROOT = Path(__file__).parents[1]
# The longest line that it may write: a traceback in JSON is one line.
_LONGEST_LINE = 1 << 20


class Process:
    """``python -m bot …`` in an empty folder, without any of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "SYSTEMROOT", "TMPDIR", "PYTHONTZPATH"}
        } | {"PYTHONPATH": str(ROOT)}
        self._process: asyncio.subprocess.Process | Fork | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self, *arguments: str, module: str = "bot", under: Sequence[str] = ()) -> None:
        """Start it, as an argument of the command ``under`` if there is one."""
        self._listen_to(
            await asyncio.create_subprocess_exec(
                *under, sys.executable, "-m", module, *arguments,
                cwd=self.folder, env=self.environment, limit=_LONGEST_LINE,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )
        )  # fmt: skip

    def _listen_to(self, process: asyncio.subprocess.Process | Fork) -> None:
        self._said: tuple[list[str], list[str]] = ([], [])
        self._heard = asyncio.Event()
        self._process = process
        streams = (self._process.stdout, self._process.stderr)
        # Read as it comes: a full pipe would block the bot.
        self._listening = asyncio.gather(*map(self._listen, streams, self._said))

    def signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    async def says(self, part: str, since: int = 0) -> str:
        """Wait for a log line with these words, after the first ``since`` lines; return it."""
        async with asyncio.timeout(60):
            while True:
                self._heard.clear()
                for line in [*self._said[0], *self._said[1][since:]]:
                    if part in line:
                        return line
                await self._heard.wait()

    @property
    def lines(self) -> int:
        """Return how many lines of log it has written."""
        return len(self._said[1])

    def since(self, lines: int) -> str:
        """Return what it has logged after a number of lines."""
        return "".join(self._said[1][lines:])

    async def ended(self, within: float = 60) -> tuple[int, str, str]:
        """Wait for it to exit; return the exit code, stdout and stderr."""
        assert self._process
        async with asyncio.timeout(within):
            await asyncio.shield(self._listening)  # which `clear` waits for too
            code = await self._process.wait()
        self._process = None
        out, err = map("".join, self._said)
        return code, out, err

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        await self.start(*arguments)
        return await self.ended()

    async def clear(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self.ended()

    async def _listen(self, stream: asyncio.StreamReader | None, lines: list[str]) -> None:
        assert stream
        async for line in stream:
            lines.append(line.decode())
            self._heard.set()


class ForkedProcess(Process):
    """The same, forked from a process that has already imported the bot: for tests that are not about starting."""

    async def start(self, *arguments: str, module: str = "bot", under: Sequence[str] = ()) -> None:
        if under or module != "bot":
            await super().start(*arguments, module=module, under=under)
            return
        fork = Fork(self.folder, self.environment, arguments)
        await fork.listen(_LONGEST_LINE)
        self._listen_to(fork)
