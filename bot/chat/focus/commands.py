"""``!focus`` and ``/focus``: shared sessions, typed or pressed."""

from typing import Literal

import discord
from discord import app_commands

from bot.chat.components.form import FormValues
from bot.chat.components.suggestions import MOST, Suggestions, named
from bot.chat.focus import form
from bot.chat.focus.requests import FocusRequests
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import MadeUp, into
from bot.chat.services import Services
from bot.chat.topic_commands import HELP, LEFT, WITH_SERVERS, Option, TopicCommands, group, required, suggest, verb
from bot.domain.focus import parser as focus_parser
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_, gettext

_MORE = N_("More…")
# Other names of two verbs.
_STATUS = (
    "who", "who's in", "whos in", "whose turn", "who is in", "who's here", "show", "time", "info", *LEFT,
)  # fmt: skip
_TASK = (
    "my task", "my task is", "new task", "set task", "set task to", "set my task to", "change task",
    "change task to", "change my task to", "edit task",
)  # fmt: skip


class FocusCommands(TopicCommands):
    """Parses requests and runs their commands."""

    slash = group(
        "focus",
        N_("Focus together: rounds, breaks and who's in"),
        (
            verb(
                "start",
                N_("Start a session in this channel."),
                {
                    "plan": N_("deep, 50/10/20, 10m warm-up, 3x(40m focus, 8m break); More… has the rest"),
                    "task": N_("What you're working on"),
                },
                examples=(
                    "start",
                    "start deep",
                    "start focus 50 short 10 rounds 3",
                    "start 10m warm-up, 3x(40m focus, 8m break), 30m lunch",
                    "start classic in 10m voice #Study",
                    "start 25/5 on math",
                ),
                spell=into("plan"),
                typed=("preset", "focus", "short", "long", "rounds", "auto", "start", "voice", "warn"),
            ),
            verb(
                "join",
                N_("Join the session."),
                {"task": N_("What you're working on")},
                examples=("join", "join write the report"),
            ),
            verb(
                "leave", N_("Leave the session. Your time so far still counts."), aliases=("quit", "exit", "part")
            ),
            verb(
                "task",
                N_("What are you working on?"),
                {"task": required(N_("What you're working on"))},
                aliases=_TASK,
                examples=("task write tests",),
            ),
            verb(
                "rest",
                N_("Take a break by yourself; the others carry on."),
                aliases=("pause me", "break", "take a break", "afk", "brb"),
            ),
            verb("back", N_("Come back from your break."), aliases=("resume me", "i'm back", "im back")),
            verb(
                "notify",
                N_("Choose how I tell you about a new phase."),
                {
                    "how": required(
                        N_("When a phase changes: ping me, stay quiet, or DM me"), Literal["ping", "silent", "dm"]
                    )
                },
                examples=("notify dm",),
            ),
            verb(
                "voice",
                N_("Choose whether entering a session's voice channel joins you."),
                {
                    "how": required(
                        N_("auto: entering the voice channel joins you; off: you press Join (the default)"),
                        Literal["auto", "off"],
                    )
                },
                examples=("voice auto",),
            ),
            verb("pause", N_("Pause the session for everyone.")),
            verb(
                "resume",
                N_("Resume the session, or start the phase that's waiting."),
                aliases=("unpause", "continue", "go on", "carry on"),
            ),
            verb("skip", N_("Skip to the next phase."), aliases=("next",)),
            verb(
                "extend",
                N_("Make this phase longer."),
                {"by": N_("How much longer, in minutes or like 90s (5 if left out)")},
                aliases=("add",),
                examples=("extend 5m",),
            ),
            verb("stop", N_("End the session for everyone."), aliases=("end", "cancel", "finish", "abort", "kill")),
            verb(
                "host",
                N_("Make somebody else the host."),
                {"person": required(N_("The new host, who has to be in the session"), discord.User)},
                examples=(MadeUp("host @Sam"),),
            ),
            verb(
                "edit",
                N_("Change the lengths and rounds still to come."),
                {
                    "focus": N_("Minutes of focus per round"),
                    "short": N_("Minutes per short break"),
                    "long": N_("Minutes for the long break"),
                    "rounds": Option(N_("Number of rounds in total"), int),
                    "plan": N_("Or everything after this phase, phase by phase"),
                },
                aliases=("change to", "switch to", "change plan", "change plan to", "set plan to"),
                examples=("edit short 10 rounds 5",),
                spell=focus_parser.into_fields("edit"),
            ),
            verb("status", N_("Show how this channel's session is going."), aliases=_STATUS),
            verb("list", N_("Show this server's sessions.")),
            verb(
                "save",
                N_("Save a plan under a name."),
                {
                    "name": required(N_("What to call it")),
                    "plan": required(
                        N_("10m warm-up, 3x(40m focus, 8m break), 30m lunch; or focus 50 short 10 rounds 3")
                    ),
                    "for_server": Option(N_("Let everyone in this server use it (needs Manage Messages)"), bool),
                },
                examples=("save my-plan 50m focus, 10m break",),
                spell=focus_parser.into_fields("save"),
            ),
            verb(
                "forget",
                N_("Delete a plan you've saved."),
                {
                    "name": required(N_("Which one")),
                    "for_server": Option(N_("It's the server's plan, not mine"), bool),
                },
                examples=("forget my-plan",),
                spell=focus_parser.into_fields("forget"),
            ),
            verb("presets", N_("Show all saved plans."), aliases=("plans",)),
            verb("help", HELP),
        ),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "start",
            "introduction": N_("Focus together: join in, and I'll ping you when a new phase starts."),
        },
    )

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._requests = FocusRequests(services)

    async def serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        """Serve a slash command; *More…* in place of a plan opens a form with all options."""
        if options.get("plan") == form.MORE:
            task = str(options.get("task") or "")
            await self.runner.press(interaction, lambda request: request.open_form(form.of_start(task)))
        else:
            await super().serve_slash(interaction, verb, **options)

    async def names(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the plans known by name here, and the form with all options."""
        known = await self._services.presets.known(InteractionRequest(interaction).actor)
        plans = named(name for name in known.names if typed.casefold() in name)[: MOST - 1]
        return [*plans, app_commands.Choice(name=gettext(_MORE), value=form.MORE)]

    @pressed("start_form", obeys_rules=True)
    async def take_form(self, request: InteractionRequest, _: str, values: FormValues, *numbers: int) -> None:
        """Start a session as the form says."""
        del numbers
        await self.carry_out(request, Invocation.of("start", **form.read_start(values)))

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, focus_parser.parse(asked, TOPIC))


TOPIC = FocusCommands.topic
suggest(FocusCommands.slash, "plan", FocusCommands.names, "start")
