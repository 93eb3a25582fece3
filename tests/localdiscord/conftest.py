"""A local Discord, the real discord.py in it, and a bare REST client beside it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.localdiscord.pytest_plugin import point_discord_py
from tests.localdiscord.stage import Stage, build
from tests.localdiscord.wire import Wire, connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.people import Person
    from bot.localdiscord.wire import Json


class Choices(discord.ui.View):
    """A button that updates, one that opens a modal, one that never answers, and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Cancel", custom_id="cancel")
    async def cancel(self, interaction: discord.Interaction, _: discord.ui.Button[Choices]) -> None:
        await interaction.response.edit_message(content="cancelled", view=None)

    @discord.ui.button(label="Rename", custom_id="rename")
    async def rename(self, interaction: discord.Interaction, _: discord.ui.Button[Choices]) -> None:
        await interaction.response.send_modal(Rename())

    @discord.ui.button(label="Silence", custom_id="silence")
    async def silence(self, interaction: discord.Interaction, _: discord.ui.Button[Choices]) -> None:
        """Answer nothing."""

    @discord.ui.select(custom_id="length", options=[discord.SelectOption(label=label) for label in ("5", "25")])
    async def length(self, interaction: discord.Interaction, select: discord.ui.Select[Choices]) -> None:
        await interaction.response.send_message(f"chose {select.values[0]}", ephemeral=True)


class Rename(discord.ui.Modal, title="Rename"):
    name: discord.ui.TextInput[Rename] = discord.ui.TextInput(label="Name", custom_id="name", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"renamed to {self.name.value}")


class Probe(discord.Client):
    """A discord.py client that answers in every way a bot can, and records the gateway events it receives."""

    def __init__(self, intents: discord.Intents | None = None, **options: Any) -> None:
        if intents is None:
            intents = discord.Intents.default()
            intents.message_content = True
        super().__init__(intents=intents, enable_debug_events=True, **options)
        self.tree = app_commands.CommandTree(self)
        self.seen: dict[str, list[Any]] = defaultdict(list)
        self.changed = asyncio.Event()
        self.running: asyncio.Task[None] | None = None
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; discord.py's own hook waits five seconds for Discord's sake."""

    async def on_socket_event_type(self, name: str) -> None:
        self.note(name, None)

    async def on_message(self, message: discord.Message) -> None:
        self.note("message", message)
        if not message.author.bot and message.content == "buttons":
            await message.reply("choose", view=Choices())

    def note(self, name: str, value: Any) -> None:
        self.seen[name].append(value)
        self.changed.set()

    async def until(self, name: str, count: int = 1) -> Any:
        """Return the last of `count` things recorded under a name."""
        async with asyncio.timeout(30):
            while len(self.seen[name]) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.seen[name][-1]


def add_commands(tree: app_commands.CommandTree[Probe]) -> None:
    group = app_commands.Group(name="pomodoro", description="Timers")

    async def known(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=drink, value=drink) for drink in ("tea", "toast") if drink.startswith(typed)
        ]

    @group.command(description="Start a timer")
    @app_commands.autocomplete(name=known)
    async def start(
        interaction: discord.Interaction, name: str, minutes: app_commands.Range[int, 1, 60] = 25
    ) -> None:
        await interaction.response.send_message(f"started {name} for {minutes}")

    @group.command(description="Answer late")
    async def later(interaction: discord.Interaction, who: discord.Member) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"about {who.display_name}")
        await interaction.followup.send("and more")

    @tree.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}")

    tree.add_command(group)


class Rest:
    """A bare client with the bot's token."""

    def __init__(self, local: LocalDiscord, session: aiohttp.ClientSession) -> None:
        self.local = local
        self.session = session

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        status, answer, _ = await self.full(method, path, body, **more)
        return status, answer

    async def full(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any, Any]:
        headers = {"Authorization": f"Bot {self.local.token}", **more.pop("headers", {})}
        url = f"{self.local.api_url}{path}"
        async with self.session.request(method, url, json=body, headers=headers, **more) as response:
            text = await response.text()
            return response.status, (await response.json() if text else None), response.headers

    async def say(self, content: str, channel: str = "general", **more: Any) -> Json:
        status, message = await self(
            "POST", f"/channels/{self.local.channel(channel).id}/messages", {"content": content, **more}
        )
        assert status == 200, message
        assert isinstance(message, dict)
        return message


@pytest.fixture
def local_discord_options() -> dict[str, Any]:
    """The defaults, as for any bot."""
    return {}


@pytest.fixture
def local(local_discord: LocalDiscord) -> LocalDiscord:
    """A local Discord with long timeouts: on a busy machine an answer takes its time."""
    local_discord.interactions.answer_seconds = 60
    return local_discord


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def rest(local: LocalDiscord, session: aiohttp.ClientSession) -> Rest:
    return Rest(local, session)


@pytest.fixture
def ann(local: LocalDiscord) -> Person:
    return local.person("ann")


@pytest.fixture
async def stage(local: LocalDiscord, rest: Rest) -> Stage:
    return await build(local, rest)


@asynccontextmanager
async def connected(local: LocalDiscord, client: Probe) -> AsyncIterator[Probe]:
    client.running = asyncio.create_task(client.start(local.token))
    try:
        await client.until("GUILD_CREATE")
        yield client
    finally:
        await client.close()
        await asyncio.gather(client.running, return_exceptions=True)


@pytest.fixture
async def probe(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Probe]:
    point_discord_py(local, monkeypatch)
    async with connected(local, Probe()) as client:
        yield client


@pytest.fixture
async def wire(local: LocalDiscord, session: aiohttp.ClientSession) -> AsyncIterator[Wire]:
    async with connection(local, session) as opened:
        yield opened
