"""The process that others are forked from: it has merely imported the bot.

A whole start takes a second of CPU, nearly all of it for imports.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from bot.__main__ import main

CONTEXT = multiprocessing.get_context("forkserver")
# Only migrations need Alembic.
CONTEXT.set_forkserver_preload(
    ["pytest", "bot.app", "bot.logs", "alembic.command", "alembic.autogenerate", __name__]
)


class Fork:
    """A forked process that runs the bot's command line, with as much of asyncio's ``Process`` as is needed."""

    def __init__(self, folder: Path, environment: dict[str, str], arguments: Sequence[str]) -> None:
        pipes = [CONTEXT.Pipe(duplex=False) for _ in range(2)]
        self._read = [reading for reading, _ in pipes]
        written = [writing for _, writing in pipes]
        self._process = CONTEXT.Process(target=_run, args=(folder, environment, arguments, written))
        self._process.start()
        for writing in written:
            writing.close()
        assert self._process.pid
        self.pid = self._process.pid

    async def listen(self, limit: int) -> None:
        """Open what it writes, as ``stdout`` and ``stderr``."""
        self.stdout, self.stderr = [await _opened(reading, limit) for reading in self._read]

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode


async def _opened(reading: Connection, limit: int) -> asyncio.StreamReader:
    file = os.fdopen(os.dup(reading.fileno()), "rb", buffering=0)  # which its transport closes
    reading.close()
    reader = asyncio.StreamReader(limit)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)
    return reader


def _run(
    folder: Path, environment: dict[str, str], arguments: Sequence[str], written: Sequence[Connection]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, pipe in enumerate(written, 1):
        os.dup2(pipe.fileno(), stream)
        pipe.close()
    # The existing ones were opened on pytest's capture, and take these for files.
    sys.stdout, sys.stderr = (os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", buffering=1, closefd=False))
    sys.exit(main(arguments))
