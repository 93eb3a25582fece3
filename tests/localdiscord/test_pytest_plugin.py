"""The pytest plugin, as a project that knows nothing of this one uses it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import discord
import pytest

from bot.localdiscord.local import LocalDiscord

PROJECT = """
import asyncio
import discord
import pytest
from bot.localdiscord.local import LocalDiscord

pytest_plugins = ["bot.localdiscord.pytest_plugin"]

class Pong(discord.Client):
    async def on_message(self, message):
        if message.content == "!ping":
            await message.reply("pong")

@pytest.mark.asyncio
async def test_ping(local_discord, discord_py):
    client = Pong(intents=discord.Intents.all())
    running = asyncio.create_task(client.start(local_discord.token))
    await local_discord.wait_connected()
    ping = await local_discord.person("ann").say(local_discord.channel("general"), "!ping")
    await local_discord.wait_for(lambda message: message["content"] == "pong", after=ping)
    await client.close()
    await running

@pytest.mark.asyncio
async def test_that_fails(local_discord):
    await local_discord.person("ann").say(local_discord.channel("general"), "is anybody here?")
    async with LocalDiscord() as other:
        await other.person("ben").say(other.channel("quiet"), "not here")
        raise AssertionError
"""


async def test_a_failing_test_shows_a_transcript(tmp_path: Path) -> None:
    """A project is shown what was said in each local Discord of the test that failed, and in no other."""
    file = tmp_path / "test_project.py"
    file.write_text(PROJECT)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(file)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert "1 failed, 1 passed" in ended.stdout, ended.stdout + ended.stderr
    assert "#general      ann: is anybody here?" in ended.stdout
    assert "#quiet        ben: not here" in ended.stdout
    assert "#general      Robin: pong" not in ended.stdout


async def test_discord_py_is_pointed_at_it(local_discord: LocalDiscord, discord_py: None) -> None:
    """With `discord_py`, a client of discord.py needs the token alone."""
    client = discord.Client(intents=discord.Intents.default())
    running = asyncio.create_task(client.start(local_discord.token))
    await local_discord.wait_connected()

    assert client.user
    assert client.user.name == "Robin"
    await client.close()
    await running


@pytest.mark.parametrize("local_discord_options", [{"token": "another"}])
def test_options(local_discord: LocalDiscord) -> None:
    """What `local_discord_options` says is how the local Discord is made."""
    assert local_discord.token == "another"
