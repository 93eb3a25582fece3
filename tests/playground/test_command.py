"""The bot as a process, and the command that starts a playground."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from bot.playground import datalock
from bot.playground.botprocess import BotProcess
from bot.playground.command import main

if TYPE_CHECKING:
    from pathlib import Path

CALL = "import os,socket;print('up',flush=True);socket.create_connection(('127.0.0.1',int(os.environ['CALL'])));"
POLITE = "import signal,sys;signal.signal(signal.SIGTERM,lambda *_:sys.exit(0));" + CALL + "signal.pause()"
DEAF = "import signal;signal.signal(signal.SIGTERM,signal.SIG_IGN);" + CALL + "signal.pause()"


async def started(tmp_path: Path, program: str) -> BotProcess:
    """Start a program in the bot's place and wait for its call, which shows that it is up."""
    up = asyncio.Event()

    async def called(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up.set()
        writer.close()

    async with await asyncio.start_server(called, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        bot = BotProcess({"CALL": str(port)}, tmp_path / "bot.log", [sys.executable, "-c", program])
        await bot.start()
        await asyncio.wait_for(up.wait(), 60)
    return bot


async def test_a_bot_stops_in_order_and_starts_again(tmp_path: Path) -> None:
    """SIGTERM ends the bot, its lines are in the log, and it can be started again."""
    bot = await started(tmp_path, POLITE)
    changes: list[str] = []
    bot.listeners.append(lambda: changes.append(bot.state))
    await bot.stop()
    assert (bot.state, bot.exit_code, bot.log.read_text()) == ("stopped", 0, "up\n")
    await bot.start()
    await bot.kill()
    assert changes == ["stopped", "running", "stopped"]


async def test_a_bot_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    """A bot that ignores SIGTERM is killed after the time given."""
    bot = await started(tmp_path, DEAF)
    await bot.stop(seconds=0.05)
    assert (bot.state, bot.exit_code) == ("stopped", -signal.SIGKILL)


async def test_a_bot_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    """When the bot exits by itself, its state and exit code show that."""
    ended = asyncio.Event()
    bot = BotProcess({}, tmp_path / "bot.log", [sys.executable, "-c", "raise SystemExit(3)"])
    bot.listeners.append(lambda: ended.set() if bot.state == "stopped" else None)
    await bot.start()
    await asyncio.wait_for(ended.wait(), 60)
    assert bot.exit_code == 3


def test_a_taken_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When the port is taken, the command says what to do and returns 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--no-browser", "--port", str(port), "--data", str(tmp_path)]) == 1
    text = capsys.readouterr().err
    assert (f"Port {port}" in text, "--port" in text) == (True, True)


def test_a_second_playground_on_the_same_files_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While one playground has its files, another says where that one is, and returns 1."""
    with datalock.held(tmp_path) as note:
        note("http://127.0.0.1:8701/")
        assert main(["--no-browser", "--port", "0", "--data", str(tmp_path)]) == 1
    complaint = capsys.readouterr().err
    assert ("http://127.0.0.1:8701/" in complaint, "--data" in complaint) == (True, True)


async def test_a_killed_playground_leaves_no_lock_behind(tmp_path: Path) -> None:
    """The lock goes with the process that has it, even by SIGKILL; the next has it, without the old address."""
    program = (
        "import pathlib,sys\n"
        "from bot.playground import datalock\n"
        "with datalock.held(pathlib.Path(sys.argv[1])) as note:\n"
        "    note('http://127.0.0.1:8701/')\n"
        "    print('held',flush=True)\n"
        "    sys.stdin.read()"
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 60) == b"held\n"
    with pytest.raises(datalock.InUse, match="8701"), datalock.held(tmp_path):
        pass
    process.kill()
    await process.wait()
    with datalock.held(tmp_path), pytest.raises(datalock.InUse) as caught, datalock.held(tmp_path):
        pass
    assert caught.value.address == ""


async def test_another_command_runs_beside_the_bot(tmp_path: Path) -> None:
    """What a command of the bot's prints is returned, and why it failed is raised."""
    program = "import sys,os;print(os.environ['SAY'],sys.argv[1]) if sys.argv[1] == 'well' else sys.exit('oh no')"
    bot = BotProcess({"SAY": "all"}, tmp_path / "bot.log", [sys.executable, "-c", program])
    assert await bot.run("well") == "all well"
    with pytest.raises(ValueError, match="oh no"):
        await bot.run("ill")


async def test_the_playground_runs_the_bot_and_ends_on_sigterm(tmp_path: Path) -> None:
    """`python -m bot playground` prints its address, keeps files in --data alone, and ends with 0 on SIGTERM."""
    elsewhere = tmp_path / "elsewhere.db"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--port", "0", "--no-browser", "--data", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{elsewhere}"},
    )
    assert process.stdout is not None
    output = b""
    while b"Ctrl-C" not in output:
        output += await asyncio.wait_for(process.stdout.readline(), 60)
    assert b"http://127.0.0.1:" in output
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 60) == 0
    kept = set(os.listdir(tmp_path))  # noqa: PTH208 - a Path would block too
    assert {"discord.db", "bot.log"} <= kept
    assert "elsewhere.db" not in kept
