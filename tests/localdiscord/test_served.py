"""`python -m bot.localdiscord`: the local Discord as a program that serves any bot."""

import asyncio
import contextlib
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl

from bot.localdiscord.__main__ import main

TOKEN = "not-a-secret"


class Served:
    """The program, its standard input and output in the hands of the test."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.output: list[str] = []

    async def until(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self._process.stdout
        async with asyncio.timeout(30):
            while line := (await self._process.stdout.readline()).decode():
                self.output.append(line)
                if match := re.search(pattern, line):
                    return match
        raise AssertionError("".join(self.output))

    async def type(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    async def ended_by(self, number: signal.Signals) -> int:
        self._process.send_signal(number)
        async with asyncio.timeout(30):
            return await self._process.wait()


@contextlib.asynccontextmanager
async def served(*options: str) -> AsyncIterator[Served]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.localdiscord", "--port", "0", "--token", TOKEN, *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Served(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_bot_can_connect(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """The output lets discord.py log in and receive what is typed; Ctrl-C and SIGTERM end the program with 0."""
    async with served() as program:
        token = (await program.until(r"token +(\S+)"))[1]
        api = (await program.until(r"API +(http\S+)"))[1]
        gateway = (await program.until(r"gateway +(ws\S+)"))[1]
        monkeypatch.setattr(discord.http.Route, "BASE", api)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(gateway))
        client = discord.Client(intents=discord.Intents.all())
        running = asyncio.create_task(client.start(token))
        await program.until("gateway +1 connected")
        waiting = asyncio.create_task(client.wait_for("message", timeout=30))
        await program.type("ben: is anybody here?")

        message = await waiting
        assert (message.author.name, str(message.channel), message.content) == (
            "ben",
            "general",
            "is anybody here?",
        )
        await message.reply("I am")
        await program.until("#general +Robin: I am")
        await client.close()
        await running
        assert await program.ended_by(number) == 0


async def test_typed_lines() -> None:
    """A line says who writes where, or is a slash command; an impossible one is answered with a sentence."""
    async with served() as program:
        await program.until("Ctrl-C")
        await program.type("mia#quiet: hush")
        await program.until("#quiet +mia: hush")
        await program.type("nobody: hello")
        await program.until("There is nobody and nothing called 'nobody'")
        await program.type("ann: note: buy milk")
        await program.until("#general +ann: note: buy milk")


async def test_commands_can_be_typed() -> None:
    """A line with a slash uses a command that the bot has registered, with its options."""
    async with served() as program, aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as bot:
        api = (await program.until(r"API +(http\S+)"))[1]
        me = await (await bot.get(f"{api}/users/@me")).json()
        option = {"type": 3, "name": "title", "description": "What it is about"}
        command = {"name": "poll", "description": "Ask all", "options": [option]}
        registered = await bot.post(f"{api}/applications/{me['id']}/commands", json=command)
        assert registered.status == 201
        await program.type('/poll title:"lunch at noon"')
        await program.until("#general +ann uses /poll title:lunch at noon")


async def test_data_is_kept(tmp_path: Path) -> None:
    """With `--data`, messages are there again after a restart."""
    async with served("--data", str(tmp_path)) as program:
        await program.until("Ctrl-C")
        await program.type("keep this")
        await program.until("ann: keep this")
        assert await program.ended_by(signal.SIGTERM) == 0
    async with served("--data", str(tmp_path)) as program, aiohttp.ClientSession() as bot:
        api = (await program.until(r"API +(http\S+)"))[1]
        bot.headers["Authorization"] = f"Bot {TOKEN}"
        guild = (await (await bot.get(f"{api}/users/@me/guilds")).json())[0]
        channel = (await (await bot.get(f"{api}/guilds/{guild['id']}/channels")).json())[0]
        messages = await (await bot.get(f"{api}/channels/{channel['id']}/messages")).json()
        assert [message["content"] for message in messages] == ["keep this"]


def test_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    """When the port is taken, the program says what to do and exits with 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    assert "choose another with --port" in capsys.readouterr().err
