"""``!focus`` and ``/focus``: shared sessions, typed or pressed."""

from collections.abc import Callable
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.focus import form as task_form
from bot.chat.focus.requests import Focus as Requests
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_runner import RequestRunner
from bot.domain.errors import UserError
from bot.domain.focus import command
from bot.domain.focus import parser as focus_parser
from bot.domain.focus import start as focus_start
from bot.domain.focus.command import Command
from bot.service.presets import Presets

# Discord's limit on autocomplete choices.
_CHOICES = 25


class Focus(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="focus", description="Keep time together: focus, breaks, and who is in", allowed_installs=WITH_SERVERS
    )

    def __init__(self, requests: Requests, presets: Presets, runner: RequestRunner) -> None:
        self._requests = requests
        self._presets = presets
        self._runner = runner

    @commands.command(name="focus")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!focus …``."""
        request = self._runner.typed(context)

        async def work() -> None:
            await self._requests.do(request, focus_parser.parse(words))

        await self._runner.serve(request, work)

    @slash.command()
    @app_commands.describe(
        preset="classic, deep, ultradian, or one that you have saved",
        plan="Or phase by phase: 10m warm-up, 3x(40m focus, 8m break), 30m lunch",
        focus="Or minutes of focus in each round (25)",
        short="Minutes of a short break (5)",
        long="Minutes of the long break at the end (15)",
        rounds="How many rounds of focus (4)",
        auto="Whether each phase begins by itself (yes), or when somebody presses Start",
        start="When to begin: in 10m, or at 14:00 in your time zone; until then the doors are open",
        voice="Whoever sits in this voice channel is in the session",
        warn="Whether to say so one minute before each phase ends",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        preset: str | None = None,
        plan: str | None = None,
        focus: str | None = None,
        short: str | None = None,
        long: str | None = None,
        rounds: int | None = None,
        auto: bool | None = None,
        start: str | None = None,
        voice: discord.VoiceChannel | discord.StageChannel | None = None,
        warn: bool | None = None,
    ) -> None:
        """Start a session in this channel."""
        await self._serve(
            interaction,
            lambda: focus_start.from_options(
                preset=preset,
                plan=plan,
                focus=focus,
                short=short,
                long=long,
                rounds=rounds,
                auto=auto,
                start=start,
                warn=warn,
                voice=voice.mention if voice else None,
            ),
        )

    @slash.command()
    @app_commands.describe(task="What you will do")
    async def join(self, interaction: discord.Interaction, task: str | None = None) -> None:
        """Come in."""
        await self._serve(interaction, lambda: focus_parser.parse(f"join {task or ''}"))

    @slash.command()
    async def leave(self, interaction: discord.Interaction) -> None:
        """Leave; what you did counts."""
        await self._serve(interaction, command.Leave)

    @slash.command()
    @app_commands.describe(task="What you will do")
    async def task(self, interaction: discord.Interaction, task: str) -> None:
        """Say what you will do."""
        await self._serve(interaction, lambda: focus_parser.parse(f"task {task}"))

    @slash.command()
    async def rest(self, interaction: discord.Interaction) -> None:
        """Pause for yourself; the others go on."""
        await self._serve(interaction, command.Rest)

    @slash.command()
    async def back(self, interaction: discord.Interaction) -> None:
        """Let your time count again."""
        await self._serve(interaction, command.Back)

    @slash.command()
    @app_commands.describe(how="At each change of phase: mention me, leave me be, or write to me directly")
    async def notify(self, interaction: discord.Interaction, how: Literal["ping", "silent", "dm"]) -> None:
        """Choose how you hear of a new phase."""
        await self._serve(interaction, lambda: command.Notify(how))

    @slash.command()
    async def pause(self, interaction: discord.Interaction) -> None:
        """Pause the session for all."""
        await self._serve(interaction, command.Pause)

    @slash.command()
    async def resume(self, interaction: discord.Interaction) -> None:
        """Let the session go on, or begin the phase that waits."""
        await self._serve(interaction, command.Resume)

    @slash.command()
    async def skip(self, interaction: discord.Interaction) -> None:
        """Go on to the next phase now."""
        await self._serve(interaction, command.Skip)

    @slash.command()
    @app_commands.describe(by="How much longer, in minutes or as 90s (5)")
    async def extend(self, interaction: discord.Interaction, by: str = "5") -> None:
        """Give this phase longer."""
        await self._serve(interaction, lambda: focus_parser.parse(f"extend {by}"))

    @slash.command()
    async def stop(self, interaction: discord.Interaction) -> None:
        """End the session for all."""
        await self._serve(interaction, command.Stop)

    @slash.command()
    @app_commands.describe(person="Who hosts it from now on; they must be in it")
    async def host(self, interaction: discord.Interaction, person: discord.User) -> None:
        """Hand the session over."""
        await self._serve(interaction, lambda: command.Host(person.id))

    @slash.command()
    @app_commands.describe(
        focus="Minutes of focus in each round",
        short="Minutes of a short break",
        long="Minutes of the long break",
        rounds="How many rounds in all",
        plan="Or all that comes after this phase, phase by phase",
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        focus: str | None = None,
        short: str | None = None,
        long: str | None = None,
        rounds: int | None = None,
        plan: str | None = None,
    ) -> None:
        """Change lengths and rounds while it goes on; what is over stays over."""
        await self._serve(
            interaction, lambda: focus_parser.edit(focus=focus, short=short, long=long, rounds=rounds, plan=plan)
        )

    @slash.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Show how the session of this channel stands."""
        await self._serve(interaction, command.Status)

    @slash.command(name="list")
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the sessions of this server."""
        await self._serve(interaction, command.ListAll)

    @slash.command()
    @app_commands.describe(
        name="What to call it",
        plan="10m warm-up, 3x(40m focus, 8m break), 30m lunch; or focus 50 short 10 rounds 3",
        for_server="Whether all of this server can use it (needs Manage Messages)",
    )
    async def save(self, interaction: discord.Interaction, name: str, plan: str, for_server: bool = False) -> None:
        """Keep a plan under a name."""
        await self._serve(interaction, lambda: focus_parser.save(name, plan, for_server=for_server))

    @slash.command()
    @app_commands.describe(name="Which one", for_server="Whether it is the server's")
    async def forget(self, interaction: discord.Interaction, name: str, for_server: bool = False) -> None:
        """Forget a plan that you have saved."""
        await self._serve(interaction, lambda: command.ForgetPreset(focus_start.preset_name(name), for_server))

    @slash.command()
    async def presets(self, interaction: discord.Interaction) -> None:
        """Show the plans that have a name."""
        await self._serve(interaction, command.Presets)

    @slash.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Show what I can do."""
        await self._serve(interaction, command.Help)

    @start.autocomplete("preset")
    async def names(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the plans known by name here."""
        try:
            self._runner.offer(interaction.user.id)
            known = await self._presets.known(InteractionRequest(interaction).actor)
        except UserError:
            return []
        fitting = [name for name in known.names if typed.casefold() in name]
        return [app_commands.Choice(name=name, value=name) for name in fitting][:_CHOICES]

    @commands.Cog.listener()
    async def on_focus_button(
        self, interaction: discord.Interaction, action: str, timer_id: int, stage: int
    ) -> None:
        """Serve a button under a session's card."""
        request = InteractionRequest(interaction)
        await self._runner.serve(
            request, lambda: self._requests.press(request, action, timer_id, stage), is_command=False
        )

    @commands.Cog.listener()
    async def on_focus_form(
        self,
        interaction: discord.Interaction,
        action: str,
        given: Given,
        timer_id: int,
        stage: int,
    ) -> None:
        """Serve the task form."""
        del action, stage
        request = InteractionRequest(interaction)
        task, notify = task_form.read(given)
        await self._runner.serve(
            request, lambda: self._requests.take_form(request, timer_id, task, notify), is_command=False
        )

    async def _serve(self, interaction: discord.Interaction, read: Callable[[], Command]) -> None:
        """Serve a slash command; ``read`` returns the command, or raises ``UserError``."""
        request = InteractionRequest(interaction)

        async def work() -> None:
            await self._requests.do(request, read())

        await self._runner.serve(request, work)
