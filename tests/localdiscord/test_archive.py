"""What the local Discord still knows after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.attachments import Upload
from bot.localdiscord.local import LocalDiscord
from tests.localdiscord.conftest import Rest

if TYPE_CHECKING:
    from pathlib import Path

    import aiohttp


async def test_history_threads_commands_and_nonces_outlive_a_restart(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """After a restart messages, threads and commands are still there, and a fresh nonce finds its message."""
    file = tmp_path / "discord.db"
    async with LocalDiscord(archive=file) as local:
        ann, general = local.person("ann"), local.channel("general")
        first = await Rest(local, session).say("once", nonce="n", enforce_nonce=True)
        await ann.react(first, "🍅")
        await ann.say(await ann.open_thread(first, "Tea talk"), "inside")
        await ann.say(await ann.dm(), "between us")
        await Rest(local, session)(
            "PUT", f"/applications/{local.bot.id}/commands", [{"name": "tea", "description": "x"}]
        )
        before = local.messages(general)
        command = local.commands[0]
    async with LocalDiscord(archive=file) as local:
        assert local.messages(local.channel("general")) == before
        assert [m["content"] for m in local.messages(local.channel("Tea talk"))] == ["", "inside"]
        assert [m["content"] for m in local.messages(await local.person("ann").dm())] == ["between us"]
        assert local.commands == [command]
        again = await Rest(local, session).say("once", nonce="n", enforce_nonce=True)
        assert again["id"] == first["id"]


async def test_files_outlive_a_restart_at_their_new_address(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A file is served after a restart too, under the address the server then has."""
    file = tmp_path / "discord.db"
    async with LocalDiscord(archive=file) as local:
        hello = {"attachments": [{"id": "0", "filename": "hello.txt"}]}
        local.person("ann").post(local.channel("general"), hello, [Upload(0, "hello.txt", b"hello")])
    async with LocalDiscord(archive=file) as local:
        (message,) = local.messages(local.channel("general"))
        assert message["attachments"][0]["url"].startswith(local.base_url)
        async with session.get(message["attachments"][0]["url"]) as response:
            assert await response.read() == b"hello"
