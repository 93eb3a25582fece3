"""``!focus`` and ``/focus``: shared sessions, typed or pressed."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.focus import form as task_form
from bot.chat.focus.requests import Focus as Requests
from bot.chat.help.text import topic_help
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, into, suggest
from bot.domain.errors import UserError
from bot.domain.focus import parser as focus_parser
from bot.domain.invocation import Invocation
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
        extras={"default": "start", "introduction": N_("Join, and I call you at each change of phase.")},
    )

    def __init__(self, requests: Requests, presets: Presets, runner: RequestRunner) -> None:
        self._requests = requests
        self._presets = presets
        self._runner = runner

    @commands.command(name="focus")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!focus …``."""
        await self._serve(self._runner.typed(context), TOPIC.read(words))

    @slash.command(
        description=N_("Start a session in this channel."),
        extras={
            "examples": (
                "start",
                "start deep",
                "start focus 50 short 10 rounds 3",
                "start 10m warm-up, 3x(40m focus, 8m break), 30m lunch",
                "start classic in 10m voice #Study",
            ),
            "spell": focus_parser.into_fields("start"),
        },
    )
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
        await self._serve_slash(
            interaction,
            "start",
            preset=preset,
            plan=plan,
            focus=focus,
            short=short,
            long=long,
            rounds=rounds,
            auto=auto,
            start=start,
            voice=voice.mention if voice else None,
            warn=warn,
        )

    @slash.command(
        description=N_("Come in."), extras={"examples": ("join", "join write the report"), "spell": into("task")}
    )
    @app_commands.describe(task=N_("What you will do"))
    async def join(self, interaction: discord.Interaction, task: str | None = None) -> None:
        """Serve ``/focus join``."""
        await self._serve_slash(interaction, "join", task=task)

    @slash.command(description=N_("Leave; what you did counts."), extras={"examples": ("leave",)})
    async def leave(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus leave``."""
        await self._serve_slash(interaction, "leave")

    @slash.command(
        description=N_("Say what you will do."), extras={"examples": ("task write tests",), "spell": into("task")}
    )
    @app_commands.describe(task=N_("What you will do"))
    async def task(self, interaction: discord.Interaction, task: str) -> None:
        """Serve ``/focus task``."""
        await self._serve_slash(interaction, "task", task=task)

    @slash.command(
        description=N_("Pause for yourself; the others go on."),
        extras={"aliases": ("pause me",), "examples": ("rest",)},
    )
    async def rest(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus rest``."""
        await self._serve_slash(interaction, "rest")

    @slash.command(
        description=N_("Let your time count again."), extras={"aliases": ("resume me",), "examples": ("back",)}
    )
    async def back(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus back``."""
        await self._serve_slash(interaction, "back")

    @slash.command(
        description=N_("Choose how you hear of a new phase."),
        extras={"examples": ("notify dm",), "spell": into("how")},
    )
    @app_commands.describe(how=N_("At each change of phase: mention me, leave me be, or write to me directly"))
    async def notify(self, interaction: discord.Interaction, how: Literal["ping", "silent", "dm"]) -> None:
        """Serve ``/focus notify``."""
        await self._serve_slash(interaction, "notify", how=how)

    @slash.command(description=N_("Pause the session for all."), extras={"examples": ("pause",)})
    async def pause(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus pause``."""
        await self._serve_slash(interaction, "pause")

    @slash.command(
        description=N_("Let the session go on, or begin the phase that waits."), extras={"examples": ("resume",)}
    )
    async def resume(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus resume``."""
        await self._serve_slash(interaction, "resume")

    @slash.command(
        description=N_("Go on to the next phase now."), extras={"aliases": ("next",), "examples": ("skip",)}
    )
    async def skip(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus skip``."""
        await self._serve_slash(interaction, "skip")

    @slash.command(
        description=N_("Give this phase longer."), extras={"examples": ("extend 5m",), "spell": into("by")}
    )
    @app_commands.describe(by=N_("How much longer, in minutes or as 90s (5)"))
    async def extend(self, interaction: discord.Interaction, by: str | None = None) -> None:
        """Serve ``/focus extend``."""
        await self._serve_slash(interaction, "extend", by=by)

    @slash.command(description=N_("End the session for all."), extras={"aliases": ("end",), "examples": ("stop",)})
    async def stop(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus stop``."""
        await self._serve_slash(interaction, "stop")

    @slash.command(
        description=N_("Hand the session over."), extras={"examples": ("host @Sam",), "spell": into("person")}
    )
    @app_commands.describe(person=N_("Who hosts it from now on; they must be in it"))
    async def host(self, interaction: discord.Interaction, person: discord.User) -> None:
        """Serve ``/focus host``."""
        await self._serve_slash(interaction, "host", person=person.mention)

    @slash.command(
        description=N_("Change lengths and rounds while it goes on; what is over stays over."),
        extras={"examples": ("edit short 10 rounds 5",), "spell": focus_parser.into_fields("edit")},
    )
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
        await self._serve_slash(interaction, "edit", focus=focus, short=short, long=long, rounds=rounds, plan=plan)

    @slash.command(description=N_("Show how the session of this channel stands."), extras={"examples": ("status",)})
    async def status(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus status``."""
        await self._serve_slash(interaction, "status")

    @slash.command(name="list", description=N_("Show the sessions of this server."), extras={"examples": ("list",)})
    async def list_(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus list``."""
        await self._serve_slash(interaction, "list")

    @slash.command(
        description=N_("Keep a plan under a name."),
        extras={"examples": ("save my-plan 50m focus, 10m break",), "spell": focus_parser.into_fields("save")},
    )
    @app_commands.describe(
        name=N_("What to call it"),
        plan=N_("10m warm-up, 3x(40m focus, 8m break), 30m lunch; or focus 50 short 10 rounds 3"),
        for_server=N_("Whether all of this server can use it (needs Manage Messages)"),
    )
    async def save(self, interaction: discord.Interaction, name: str, plan: str, for_server: bool = False) -> None:
        """Serve ``/focus save``."""
        await self._serve_slash(interaction, "save", name=name, plan=plan, for_server=for_server)

    @slash.command(
        description=N_("Forget a plan that you have saved."),
        extras={"examples": ("forget my-plan",), "spell": focus_parser.into_fields("forget")},
    )
    @app_commands.describe(name=N_("Which one"), for_server=N_("Whether it is the server's"))
    async def forget(self, interaction: discord.Interaction, name: str, for_server: bool = False) -> None:
        """Serve ``/focus forget``."""
        await self._serve_slash(interaction, "forget", name=name, for_server=for_server)

    @slash.command(description=N_("Show the plans that have a name."), extras={"examples": ("presets",)})
    async def presets(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus presets``."""
        await self._serve_slash(interaction, "presets")

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/focus help``."""
        await self._serve_slash(interaction, "help")

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
        self, interaction: discord.Interaction, action: str, given: Given, timer_id: int, stage: int
    ) -> None:
        """Serve the task form."""
        del action, stage
        request = InteractionRequest(interaction)
        task, notify = task_form.read(given)
        await self._runner.serve(
            request, lambda: self._requests.take_form(request, timer_id, task, notify), is_command=False
        )

    async def _serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        await self._serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def _serve(self, request: Request, asked: Invocation) -> None:
        await self._runner.serve(request, lambda: self._do(request, asked))

    async def _do(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await request.say(topic_help(TOPIC, request.prefix))
        else:
            await self._requests.do(request, focus_parser.parse(asked, TOPIC))


TOPIC = describe(Focus.slash)
suggest(Focus.slash, "preset", Focus.names)
