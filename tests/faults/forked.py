"""Bots that are forked: a whole start takes a second of a core, nearly all of it for imports that touch nothing."""

import asyncio
import json
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

import bot.app  # noqa: F401 - so that the process they are forked from has it
from bot.__main__ import main

# Seconds between looks at what a process has logged: for what nobody else tells of.
GLANCE = 0.02
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["pytest", __name__])


class Forked:
    """The bot in a process of its own, forked from one that has imported it and done nothing else."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self._folder = folder
        self._log = folder / "bot.log"
        self._process: Any = None

    async def start(self) -> None:
        self._log.write_bytes(b"")
        self._process = _server.Process(target=_run, args=(self._folder, self.environment, self._log))
        self._process.start()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text()

    def logged(self, event: str) -> list[dict[str, object]]:
        """Give the lines of its log that are of this event."""
        records = (json.loads(line) for line in self.log.splitlines() if line.endswith("}"))
        return [one for one in records if one["event"] == event]

    async def logs(self, event: str, before: int = 0) -> dict[str, object]:
        """Wait until it has logged this event, more often than before; give the line."""
        async with asyncio.timeout(30):
            while len(found := self.logged(event)) <= before:  # noqa: ASYNC110 - a file tells of no event
                await asyncio.sleep(GLANCE)
        return found[-1]

    def signal(self, number: signal.Signals) -> None:
        assert self._process.pid
        os.kill(self._process.pid, number)

    async def clear(self) -> None:
        """Kill it, where it has not ended."""
        if self._process:
            self._process.kill()
            await self.ended()

    async def ended(self, within: float = 30) -> tuple[int, str]:
        """Wait for its end; give the exit code and the log."""
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
