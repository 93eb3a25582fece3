"""``!pomodoro`` and ``/pomodoro``, and ``timer`` for what is not focus: a person's own timers, typed or pressed."""

from collections.abc import Callable

import discord
from discord import app_commands

from bot.chat.components.suggestions import MOST, Suggestions, suggestion
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import Command, MadeUp, by_field
from bot.chat.services import Services
from bot.chat.timers.requests import TimerRequests
from bot.chat.topic_commands import HELP, LEFT, WITH_SERVERS, TopicCommands, group, required, suggest, verb
from bot.domain.invocation import Invocation
from bot.domain.time import duration
from bot.domain.timers import parser
from bot.domain.timers.command import ACTS
from bot.domain.timers.timer import Timer
from bot.messages.catalogue import N_, gettext

_WHICH = N_("Name or number – leave it out if you've only got one")

_ONCE_MORE = ("same again", "once more", "one more time", "one more round", "run it again")


def _in_fields(called: str) -> Callable[[str], str]:
    """Spell what is typed behind a verb as the fields of its slash command: ``name: tea duration: 5m``."""
    return by_field(lambda words: parser.in_fields(f"{called} {words}", TOPIC))


def _verbs() -> list[Command]:
    return [
        verb(
            "start",
            N_("Start a timer."),
            {"name": N_("What it's for"), "duration": N_("5m, 1h30m, 25:00, or seconds (25m if left out)")},
            aliases=("begin",),
            examples=("tea 5m", "green tea 1h30m"),
            spell=_in_fields("start"),
        ),
        verb(
            "list",
            N_("Show this channel's timers, and your own."),
            aliases=("show", "status", "timers", "my timers", "ls"),
        ),
        verb("time", N_("Show how much time is left."), {"timer": _WHICH}, aliases=LEFT, examples=("time tea",)),
        verb("pause", N_("Pause a timer."), {"timer": _WHICH}, examples=("pause tea",)),
        verb(
            "resume",
            N_("Resume a paused timer."),
            {"timer": _WHICH},
            aliases=("unpause", "continue", "go on", "carry on"),
            examples=("resume tea",),
        ),
        verb(
            "extend",
            N_("Make a timer longer."),
            {"by": required(N_("How much longer, such as 5m")), "timer": N_("Name or number")},
            aliases=("add", "lengthen", "prolong", "push back"),
            examples=("extend tea 5m",),
            spell=_in_fields("extend"),
        ),
        verb(
            "cancel",
            N_("Cancel a timer."),
            {"timer": _WHICH},
            aliases=("stop", "end", "delete", "remove", "rm", "done", "abort", "kill"),
            examples=("cancel tea", "cancel all", MadeUp("cancel #1 #2")),
        ),
        verb(
            "again",
            N_("Start your last timer again."),
            {"timer": N_("The name of a finished timer (the last one if left out)")},
            aliases=(*("redo", "repeat", "restart", "start again", "start over", "do it again"), *_ONCE_MORE),
            examples=("again",),
        ),
        verb(
            "rename",
            N_("Rename a timer."),
            {"name": required(N_("The new name")), "timer": _WHICH},
            aliases=("call it", "name it"),
            examples=("rename tea to green tea",),
            spell=_in_fields("rename"),
        ),
        verb("undo", N_("Undo your last cancel, extension or rename.")),
        verb("help", HELP, aliases=("?", "commands")),
    ]


class TimerCommands(TopicCommands):
    """Parses requests and runs their commands; a timer that they start ``counts`` as focus or not."""

    counts = True

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._requests = TimerRequests(services, runner)

    async def own_timers(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the person's timers that match what is typed so far and that the command applies to."""
        command = interaction.command.name if interaction.command else ""
        fits = ACTS[command].fits if command in ACTS else None
        actor = InteractionRequest(interaction).actor
        return [
            self._suggestion(timer)
            for timer in await self._services.timers.live(actor)
            if timer.owner_id == actor.user_id
            and fits in {None, timer.state}
            and typed.casefold() in f"#{timer.id} {timer.name}".casefold()
        ][:MOST]

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, parser.parse(asked, self.topic), counts=self.counts)

    def _suggestion(self, timer: Timer) -> app_commands.Choice[str]:
        left = duration.spoken(timer.left(self._clock.now()))
        return suggestion(timer.name, gettext(" · {left} left · #{id}", left=left, id=timer.id), f"#{timer.id}")


class PomodoroCommands(TimerCommands):
    """Pomodoros, which are focus."""

    slash = group(
        "pomodoro",
        N_("Timers that ping you when time's up"),
        _verbs(),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "start",
            "aliases": {"pomo": ""},
            "introduction": N_(
                "I run timers and ping you when they're done. Lengths can be 5m, 1h30m or 25:00; a "
                "bare number after a name is seconds."
            ),
        },
    )


class KitchenCommands(TimerCommands):
    """Kitchen timers: the same verbs, for what never counts as focus."""

    counts = False
    slash = group(
        "timer",
        N_("Timers for tea and the like, which don't count as focus"),
        _verbs(),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "start",
            "introduction": N_("A timer works like a pomodoro, but stays out of your focus log."),
        },
    )


TOPIC, KITCHEN = PomodoroCommands.topic, KitchenCommands.topic
suggest(PomodoroCommands.slash, "timer", TimerCommands.own_timers)
suggest(KitchenCommands.slash, "timer", TimerCommands.own_timers)
