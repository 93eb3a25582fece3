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
from bot.messages.catalogue import N_
from bot.service.presets import Presets

# Discord's limit on autocomplete choices.
_CHOICES = 25


class Focus(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="focus",
        description=N_("Keep time together: focus, breaks, and who is in"),
        allowed_installs=WITH_SERVERS,
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

    @slash.command(description=N_("Start a session in this channel."))
    @app_commands.describe(
        preset=N_("classic, deep, ultradian, or one that you have saved"),
        plan=N_("Or phase by phase: 10m warm-up, 3x(40m focus, 8m break), 30m lunch"),
        focus=N_("Or minutes of focus in each round (25)"),
        short=N_("Minutes of a short break (5)"),
        long=N_("Minutes of the long break at the end (15)"),
        rounds=N_("How many rounds of focus (4)"),
        auto=N_("Whether each phase begins by itself (yes), or when somebody presses Start"),
        start=N_("When to begin: in 10m, or at 14:00 in your time zone; until then the doors are open"),
        voice=N_("Whoever sits in this voice channel is in the session"),
        warn=N_("Whether to say so one minute before each phase ends"),
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
        """Serve ``/focus start``."""
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

    @slash.command(description=N_("Come in."))
    @app_commands.describe(task=N_("What you will do"))
    async def join(self, interaction: discord.Interaction, task: str | None = None) -> None:
        """Serve ``/focus join``."""
        await self._serve(interaction, lambda: focus_parser.parse(f"join {task or ''}"))

    @slash.command(description=N_("Leave; what you did counts."))
    async def leave(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus leave``."""
        await self._serve(interaction, command.Leave)

    @slash.command(description=N_("Say what you will do."))
    @app_commands.describe(task=N_("What you will do"))
    async def task(self, interaction: discord.Interaction, task: str) -> None:
        """Serve ``/focus task``."""
        await self._serve(interaction, lambda: focus_parser.parse(f"task {task}"))

    @slash.command(description=N_("Pause for yourself; the others go on."))
    async def rest(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus rest``."""
        await self._serve(interaction, command.Rest)

    @slash.command(description=N_("Let your time count again."))
    async def back(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus back``."""
        await self._serve(interaction, command.Back)

    @slash.command(description=N_("Choose how you hear of a new phase."))
    @app_commands.describe(how=N_("At each change of phase: mention me, leave me be, or write to me directly"))
    async def notify(self, interaction: discord.Interaction, how: Literal["ping", "silent", "dm"]) -> None:
        """Serve ``/focus notify``."""
        await self._serve(interaction, lambda: command.Notify(how))

    @slash.command(description=N_("Pause the session for all."))
    async def pause(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus pause``."""
        await self._serve(interaction, command.Pause)

    @slash.command(description=N_("Let the session go on, or begin the phase that waits."))
    async def resume(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus resume``."""
        await self._serve(interaction, command.Resume)

    @slash.command(description=N_("Go on to the next phase now."))
    async def skip(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus skip``."""
        await self._serve(interaction, command.Skip)

    @slash.command(description=N_("Give this phase longer."))
    @app_commands.describe(by=N_("How much longer, in minutes or as 90s (5)"))
    async def extend(self, interaction: discord.Interaction, by: str = "5") -> None:
        """Serve ``/focus extend``."""
        await self._serve(interaction, lambda: focus_parser.parse(f"extend {by}"))

    @slash.command(description=N_("End the session for all."))
    async def stop(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus stop``."""
        await self._serve(interaction, command.Stop)

    @slash.command(description=N_("Hand the session over."))
    @app_commands.describe(person=N_("Who hosts it from now on; they must be in it"))
    async def host(self, interaction: discord.Interaction, person: discord.User) -> None:
        """Serve ``/focus host``."""
        await self._serve(interaction, lambda: command.Host(person.id))

    @slash.command(description=N_("Change lengths and rounds while it goes on; what is over stays over."))
    @app_commands.describe(
        focus=N_("Minutes of focus in each round"),
        short=N_("Minutes of a short break"),
        long=N_("Minutes of the long break"),
        rounds=N_("How many rounds in all"),
        plan=N_("Or all that comes after this phase, phase by phase"),
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
        """Serve ``/focus edit``."""
        await self._serve(
            interaction, lambda: focus_parser.edit(focus=focus, short=short, long=long, rounds=rounds, plan=plan)
        )

    @slash.command(description=N_("Show how the session of this channel stands."))
    async def status(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus status``."""
        await self._serve(interaction, command.Status)

    @slash.command(name="list", description=N_("Show the sessions of this server."))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus list``."""
        await self._serve(interaction, command.ListAll)

    @slash.command(description=N_("Keep a plan under a name."))
    @app_commands.describe(
        name=N_("What to call it"),
        plan=N_("10m warm-up, 3x(40m focus, 8m break), 30m lunch; or focus 50 short 10 rounds 3"),
        for_server=N_("Whether all of this server can use it (needs Manage Messages)"),
    )
    async def save(self, interaction: discord.Interaction, name: str, plan: str, for_server: bool = False) -> None:
        """Serve ``/focus save``."""
        await self._serve(interaction, lambda: focus_parser.save(name, plan, for_server=for_server))

    @slash.command(description=N_("Forget a plan that you have saved."))
    @app_commands.describe(name=N_("Which one"), for_server=N_("Whether it is the server's"))
    async def forget(self, interaction: discord.Interaction, name: str, for_server: bool = False) -> None:
        """Serve ``/focus forget``."""
        await self._serve(interaction, lambda: command.ForgetPreset(focus_start.preset_name(name), for_server))

    @slash.command(description=N_("Show the plans that have a name."))
    async def presets(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus presets``."""
        await self._serve(interaction, command.Presets)

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus help``."""
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
