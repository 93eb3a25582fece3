"""Forked bots whose log is a file: it is complete even when they are killed."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.__main__ import main
from tests.forkserver import CONTEXT

# Seconds between looks at a process's log, for events that nothing else reports.
GLANCE = 0.02


class Forked:
    """The bot in a process forked from one that has merely imported it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self._folder = folder
        self._log = folder / "bot.log"
        self._process: Any = None

    async def start(self) -> None:
        self._log.write_bytes(b"")
        self._process = CONTEXT.Process(target=_run, args=(self._folder, self.environment, self._log))
        self._process.start()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text()

    def logged(self, event: str) -> list[dict[str, object]]:
        """Return the lines of its log with this event."""
        records = (json.loads(line) for line in self.log.splitlines() if line.endswith("}"))
        return [record for record in records if record["event"] == event]

    async def logs(self, event: str, before: int = 0) -> dict[str, object]:
        """Wait until it has logged this event once more; return the line."""
        try:
            async with asyncio.timeout(60):
                while len(lines := self.logged(event)) <= before:  # noqa: ASYNC110 - a file tells of no event
                    await asyncio.sleep(GLANCE)
        except TimeoutError:
            raise AssertionError(f"it has not logged {event}: {self.log}") from None
        return lines[-1]

    def signal(self, number: signal.Signals) -> None:
        assert self._process.pid
        os.kill(self._process.pid, number)

    async def stopped(self) -> None:
        """Wait until a signal has stopped its threads, which takes a while on a busy machine."""
        while not self._is_stopped():  # noqa: ASYNC110 - the kernel tells only its parent
            await asyncio.sleep(GLANCE)

    def _is_stopped(self) -> bool:
        threads = Path(f"/proc/{self._process.pid}/task")
        try:
            return all("State:\tT" in file.read_text() for file in threads.glob("*/status"))
        except (FileNotFoundError, ProcessLookupError):  # one of them has just ended
            return False

    async def clear(self) -> None:
        """Kill it, where it has not ended."""
        if self._process:
            self._process.kill()
            await self.ended()

    async def ended(self, within: float = 60) -> tuple[int, str]:
        """Wait for its end; return the exit code and the log."""
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            async with asyncio.timeout(within):
                await over.wait()
        except TimeoutError:
            self._process.kill()  # or pytest would wait for it at its own end
            raise AssertionError(f"it has not ended: {self.log}") from None
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        self._process = None
        return code, self._log.read_text()


def _run(folder: Path, environment: dict[str, str], log: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.exit(main([]))
