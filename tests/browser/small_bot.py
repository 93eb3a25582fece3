"""A small bot of discord.py's that answers with everything the page has to draw."""

import asyncio
import contextlib
import struct
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot.localdiscord.pytest_plugin import point_discord_py
from bot.playground.playground import Playground


def dot() -> bytes:
    """Paint a red picture of 40 by 20, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = (b"\0" + b"\xe5\x53\x3d" * 40) * 20
    header = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class Questions(ui.Modal, title="Edit your timer"):
    note: ui.TextDisplay[Any] = ui.TextDisplay("Change what you **like**.")
    name: ui.Label["Questions"] = ui.Label(
        text="Name", description="What it is called", component=ui.TextInput(min_length=2, max_length=20)
    )
    sound: ui.Label["Questions"] = ui.Label(
        text="Sound",
        component=ui.Select(options=[discord.SelectOption(label="Bell"), discord.SelectOption(label="Gong")]),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, ui.TextInput)
        assert isinstance(self.sound.component, ui.Select)
        chosen = f"{self.name.component.value} with {self.sound.component.values[0]}"
        await interaction.response.send_message(f"Edited: {chosen}")


class When(ui.Modal, title="Remind me"):
    when: ui.Label["When"] = ui.Label(text="When", component=ui.TextInput(default="tomorrow"))

    def __init__(self, about: discord.Message) -> None:
        super().__init__()
        self.about = about

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.when.component, ui.TextInput)
        text = f"{self.when.component.value}: {self.about.content}"
        await interaction.response.send_message(text, ephemeral=True)


# Kept, and so is the task that waits for it: destroyed, it would log an error in another test.
_NEVER = asyncio.Event()


class Buttons(ui.View):
    @ui.button(label="Pause", style=discord.ButtonStyle.primary)
    async def pause(self, interaction: discord.Interaction, _button: ui.Button["Buttons"]) -> None:
        await interaction.response.edit_message(content="Paused")

    @ui.button(label="Silence", style=discord.ButtonStyle.danger)
    async def silence(self, _interaction: discord.Interaction, _button: ui.Button["Buttons"]) -> None:
        # at the end of this discord.py would answer by itself
        await _NEVER.wait()

    @ui.button(label="Edit", style=discord.ButtonStyle.secondary)
    async def ask(self, interaction: discord.Interaction, _button: ui.Button["Buttons"]) -> None:
        await interaction.response.send_modal(Questions())

    @ui.select(
        placeholder="Snooze for…",
        options=[
            discord.SelectOption(label="Five minutes", value="5", description="A short breath"),
            discord.SelectOption(label="Ten minutes", value="10"),
        ],
    )
    async def snooze(self, interaction: discord.Interaction, select: ui.Select["Buttons"]) -> None:
        await interaction.response.edit_message(content=f"Snoozed for {select.values[0]}")


class Card(ui.LayoutView):
    """One of each of the new components."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        plus: ui.Button[Card] = ui.Button(label="+5 min", custom_id="plus")
        row: ui.ActionRow[Card] = ui.ActionRow(
            ui.Button(label="Help", url="https://example.org/help"),
            ui.Button(label="Done", style=discord.ButtonStyle.success, custom_id="done", disabled=True),
        )
        pictures: ui.MediaGallery[Card] = ui.MediaGallery()
        pictures.add_item(media="attachment://dot.png", description="A single dot")
        self.add_item(
            ui.Container(
                ui.Section(ui.TextDisplay("### tea"), ui.TextDisplay("Five minutes"), accessory=plus),
                ui.Separator(),
                pictures,
                ui.File("attachment://notes.txt"),
                row,
                accent_colour=0xE5533D,
            )
        )


class Timer(app_commands.Group):
    """Slash commands with options of every kind."""

    @app_commands.command(description="Start a timer")
    @app_commands.describe(name="What it is for", minutes="How long", rounds="How often", friend="With whom")
    async def start(
        self,
        interaction: discord.Interaction,
        name: str,
        minutes: app_commands.Range[int, 1, 90],
        rounds: int | None = None,
        friend: discord.Member | None = None,
        silent: bool = False,
    ) -> None:
        more = f" with {friend.display_name}" if friend else ""
        await interaction.response.send_message(f"{name}: {minutes} min x{rounds or 1}{more} silent={silent}")

    @start.autocomplete("name")
    async def names(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ["tea", "tea for two", "eggs"]
        return [app_commands.Choice(name=f"{name} (known)", value=name) for name in known if typed in name]

    @app_commands.command(description="Say something to yourself")
    async def whisper(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Between us", ephemeral=True)


class SmallBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())
        self.tree = app_commands.CommandTree(self)
        self.think = asyncio.Event()
        self.tree.add_command(Timer(name="timer", description="Timers"))
        self.tree.add_command(app_commands.Command(name="slow", description="Think first", callback=self.slow))
        self.tree.add_command(app_commands.Command(name="mute", description="Never answer", callback=self.mute))
        self.tree.add_command(app_commands.ContextMenu(name="Remind me", callback=self.remind))
        self.tree.add_command(app_commands.ContextMenu(name="Focus of", callback=self.focus))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def slow(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await self.think.wait()
        await interaction.followup.send("Thought enough")

    async def mute(self, interaction: discord.Interaction) -> None:
        """Give no answer at all."""

    async def remind(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_modal(When(message))

    async def focus(self, interaction: discord.Interaction, user: discord.User) -> None:
        await interaction.response.send_message(f"{user.display_name} focused", ephemeral=True)

    async def on_message(self, message: discord.Message) -> None:
        if message.content == "!buttons":
            await message.channel.send("Pick", view=Buttons(timeout=None))
        elif message.content == "!card":
            files = [discord.File(BytesIO(dot()), "dot.png"), discord.File(BytesIO(b"notes"), "notes.txt")]
            await message.channel.send(view=Card(), files=files)
        elif message.content == "!embed":
            embed = discord.Embed(title="This week", description="You kept **14**.", colour=0x3F9A5C)
            embed.add_field(name="Streak", value="4 days").set_footer(text="Times in UTC")
            embed.set_image(url="attachment://dot.png")
            await message.channel.send(embed=embed, file=discord.File(BytesIO(dot()), "dot.png"))

    @contextlib.asynccontextmanager
    async def running(self, local: Playground, patch: pytest.MonkeyPatch) -> AsyncIterator[None]:
        """Keep the bot connected to a local Discord."""
        point_discord_py(local, patch)
        async with self:
            await self.login(local.token)
            task = asyncio.create_task(self.connect())
            try:
                async with asyncio.timeout(10):
                    await self.wait_for("connect")
                yield
            finally:
                await self.close()
                await task
