"""The bot as a process of its own: started, stopped, killed and started again, as an operator would."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

STOP_SECONDS = 10.0


class BotProcess:
    """Runs `python -m bot`; its log lines are appended to the file `log`.

    `environment` is added to this process's own (it needs DISCORD_TOKEN, DISCORD_API_URL, DATABASE_URL);
    `command` replaces the program in tests.  `listeners` are told of every change of `state`.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, command: list[str] | None = None) -> None:
        self.environment = dict(environment)
        self.log = log
        self.listeners: list[Callable[[], None]] = []
        self.exit_code: int | None = None
        self.asked_to_end = False
        self._command = command or [sys.executable, "-m", "bot"]
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def state(self) -> Literal["running", "stopped"]:
        """Whether the process is there."""
        return "running" if self._process else "stopped"

    async def start(self) -> None:
        """Start the bot unless it runs."""
        async with self._turn:
            if self._process:
                return
            self.log.parent.mkdir(parents=True, exist_ok=True)
            environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment}
            with self.log.open("ab") as log:
                # a group of its own: Ctrl-C in the terminal is for the playground, which then stops the bot
                # in order
                if sys.platform == "win32":
                    from subprocess import CREATE_NEW_PROCESS_GROUP  # noqa: PLC0415 - it is there on Windows only

                    self._process = await asyncio.create_subprocess_exec(
                        *self._command,
                        env=environment,
                        stdout=log,
                        stderr=log,
                        creationflags=CREATE_NEW_PROCESS_GROUP,
                    )
                else:
                    self._process = await asyncio.create_subprocess_exec(
                        *self._command, env=environment, stdout=log, stderr=log, start_new_session=True
                    )
            self.exit_code, self.asked_to_end = None, False
            self._watcher = asyncio.create_task(self._watch(self._process))
        self._tell()

    async def run(self, *arguments: str) -> str:
        """Run another command of the bot to its end, beside it; return what it prints.

        Raises ValueError with what it says on stderr when it fails.
        """
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *arguments,
            env={**os.environ, **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, complaint = await process.communicate()
        if process.returncode:
            raise ValueError(complaint.decode(errors="replace").strip())
        return printed.decode(errors="replace").strip()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask the bot to stop (SIGTERM; on Windows it is ended), and kill it when it has not after `seconds`."""
        async with self._turn:
            if self._process is None or self._watcher is None:
                return
            self.asked_to_end = True
            self._send(self._process.terminate)
            done, _ = await asyncio.wait({self._watcher}, timeout=seconds)
            if not done:
                self._send(self._process.kill)
                await self._watcher

    async def kill(self) -> None:
        """Kill the bot without a warning (SIGKILL)."""
        async with self._turn:
            if self._process is None or self._watcher is None:
                return
            self.asked_to_end = True
            self._send(self._process.kill)
            await self._watcher

    @staticmethod
    def _send(signal: Callable[[], None]) -> None:
        try:
            signal()
        except ProcessLookupError:
            # it ended by itself a moment ago, and the watcher will say so
            return

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        self.exit_code = await process.wait()
        self._process = None
        self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()
