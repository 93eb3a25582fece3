"""``!focus`` and ``/focus``: shared sessions, typed or pressed."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.components.suggestions import MOST, Suggestions, named
from bot.chat.focus import form
from bot.chat.focus.requests import FocusRequests
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, into
from bot.chat.topic_commands import HELP, TopicCommands, alone
from bot.domain.focus import parser as focus_parser
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_, gettext
from bot.service.presets import Presets

_MORE = N_("More…")


class FocusCommands(TopicCommands):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="focus",
        description=N_("Focus together: rounds, breaks and who's in"),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "start",
            "introduction": N_("Focus together: join in, and I'll ping you when a new phase starts."),
        },
    )

    def __init__(self, requests: FocusRequests, presets: Presets, runner: RequestRunner) -> None:
        super().__init__(runner)
        self._requests = requests
        self._presets = presets

    typed = commands.command(name="focus")(TopicCommands.serve_typed)

    @slash.command(
        description=N_("Start a session in this channel."),
        extras={
            "examples": (
                "start",
                "start deep",
                "start focus 50 short 10 rounds 3",
                "start 10m warm-up, 3x(40m focus, 8m break), 30m lunch",
                "start classic in 10m voice #Study",
                "start 25/5 on math",
            ),
            "spell": into("plan"),
            "typed": ("preset", "focus", "short", "long", "rounds", "auto", "start", "voice", "warn"),
        },
    )
    @app_commands.describe(
        plan=N_("deep, 50/10/20, 10m warm-up, 3x(40m focus, 8m break); More… has the rest"),
        task=N_("What you're working on"),
    )
    async def start(
        self, interaction: discord.Interaction, plan: str | None = None, task: str | None = None
    ) -> None:
        """Serve ``/focus start``."""
        if plan == form.MORE:
            await self._runner.press(interaction, lambda request: request.ask(form.of_start(task)))
        else:
            await self.serve_slash(interaction, "start", plan=plan, task=task)

    @slash.command(description=N_("Join the session."), extras={"examples": ("join", "join write the report")})
    @app_commands.describe(task=N_("What you're working on"))
    async def join(self, interaction: discord.Interaction, task: str | None = None) -> None:
        """Serve ``/focus join``."""
        await self.serve_slash(interaction, "join", task=task)

    slash.add_command(
        alone("leave", N_("Leave the session. Your time so far still counts."), "quit", "exit", "part")
    )

    @slash.command(
        description=N_("What are you working on?"),
        extras={
            "aliases": ("my task", "my task is", "new task", "set task", "change task to", "change my task to"),
            "examples": ("task write tests",),
        },
    )
    @app_commands.describe(task=N_("What you're working on"))
    async def task(self, interaction: discord.Interaction, task: str) -> None:
        """Serve ``/focus task``."""
        await self.serve_slash(interaction, "task", task=task)

    slash.add_command(
        alone(
            "rest",
            N_("Take a break by yourself; the others carry on."),
            "pause me",
            "break",
            "take a break",
            "afk",
            "brb",
        )
    )
    slash.add_command(alone("back", N_("Come back from your break."), "resume me", "i'm back", "im back"))

    @slash.command(description=N_("Choose how I tell you about a new phase."), extras={"examples": ("notify dm",)})
    @app_commands.describe(how=N_("When a phase changes: ping me, stay quiet, or DM me"))
    async def notify(self, interaction: discord.Interaction, how: Literal["ping", "silent", "dm"]) -> None:
        """Serve ``/focus notify``."""
        await self.serve_slash(interaction, "notify", how=how)

    @slash.command(
        description=N_("Choose whether entering a session's voice channel joins you."),
        extras={"examples": ("voice auto",)},
    )
    @app_commands.describe(how=N_("auto: entering the voice channel joins you; off: you press Join (the default)"))
    async def voice(self, interaction: discord.Interaction, how: Literal["auto", "off"]) -> None:
        """Serve ``/focus voice``."""
        await self.serve_slash(interaction, "voice", how=how)

    slash.add_command(alone("pause", N_("Pause the session for everyone.")))
    slash.add_command(
        alone(
            "resume",
            N_("Resume the session, or start the phase that's waiting."),
            "unpause",
            "continue",
            "go on",
            "carry on",
        )
    )
    slash.add_command(alone("skip", N_("Skip to the next phase."), "next"))

    @slash.command(
        description=N_("Make this phase longer."), extras={"aliases": ("add",), "examples": ("extend 5m",)}
    )
    @app_commands.describe(by=N_("How much longer, in minutes or like 90s (5 if left out)"))
    async def extend(self, interaction: discord.Interaction, by: str | None = None) -> None:
        """Serve ``/focus extend``."""
        await self.serve_slash(interaction, "extend", by=by)

    slash.add_command(
        alone("stop", N_("End the session for everyone."), "end", "cancel", "finish", "abort", "kill")
    )

    @slash.command(
        description=N_("Make somebody else the host."),
        extras={"examples": ("host @Sam",), "pressed": {"host @Sam": "host"}},
    )
    @app_commands.describe(person=N_("The new host, who has to be in the session"))
    async def host(self, interaction: discord.Interaction, person: discord.User) -> None:
        """Serve ``/focus host``."""
        await self.serve_slash(interaction, "host", person=person.mention)

    @slash.command(
        description=N_("Change the lengths and rounds still to come."),
        extras={"examples": ("edit short 10 rounds 5",), "spell": focus_parser.into_fields("edit")},
    )
    @app_commands.describe(
        focus=N_("Minutes of focus per round"),
        short=N_("Minutes per short break"),
        long=N_("Minutes for the long break"),
        rounds=N_("Number of rounds in total"),
        plan=N_("Or everything after this phase, phase by phase"),
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
        await self.serve_slash(interaction, "edit", focus=focus, short=short, long=long, rounds=rounds, plan=plan)

    slash.add_command(
        alone(
            "status",
            N_("Show how this channel's session is going."),
            "who",
            "who's in",
            "whos in",
            "whose turn",
            "left",
            "how long",
            "how much longer",
            "how much time is left",
            "time left",
            "when does it end",
            "show",
            "time",
            "info",
        )
    )
    slash.add_command(alone("list", N_("Show this server's sessions.")))

    @slash.command(
        description=N_("Save a plan under a name."),
        extras={"examples": ("save my-plan 50m focus, 10m break",), "spell": focus_parser.into_fields("save")},
    )
    @app_commands.describe(
        name=N_("What to call it"),
        plan=N_("10m warm-up, 3x(40m focus, 8m break), 30m lunch; or focus 50 short 10 rounds 3"),
        for_server=N_("Let everyone in this server use it (needs Manage Messages)"),
    )
    async def save(self, interaction: discord.Interaction, name: str, plan: str, for_server: bool = False) -> None:
        """Serve ``/focus save``."""
        await self.serve_slash(interaction, "save", name=name, plan=plan, for_server=for_server)

    @slash.command(
        description=N_("Delete a plan you've saved."),
        extras={"examples": ("forget my-plan",), "spell": focus_parser.into_fields("forget")},
    )
    @app_commands.describe(name=N_("Which one"), for_server=N_("It's the server's plan, not mine"))
    async def forget(self, interaction: discord.Interaction, name: str, for_server: bool = False) -> None:
        """Serve ``/focus forget``."""
        await self.serve_slash(interaction, "forget", name=name, for_server=for_server)

    slash.add_command(alone("presets", N_("Show all saved plans."), "plans"))
    slash.add_command(alone("help", HELP))

    async def names(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the plans known by name here, and the form that asks for all the rest."""

        async def choose() -> Suggestions:
            known = await self._presets.known(InteractionRequest(interaction).actor)
            plans = named(name for name in known.names if typed.casefold() in name)[: MOST - 1]
            return [*plans, app_commands.Choice(name=gettext(_MORE), value=form.MORE)]

        return await self._runner.suggest(interaction, choose)

    @commands.Cog.listener()
    async def on_start_form(
        self, interaction: discord.Interaction, action: str, given: Given, *numbers: int
    ) -> None:
        """Serve the form of a start."""
        del action, numbers

        async def start(request: InteractionRequest) -> None:
            await self.carry_out(request, Invocation.of("start", **form.read_start(given)))

        await self._runner.press(interaction, start, is_command=True)

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, focus_parser.parse(asked, TOPIC))


TOPIC = FocusCommands.topic = describe(FocusCommands.slash)
FocusCommands.start.autocomplete("plan")(FocusCommands.names)
