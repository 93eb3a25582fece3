"""``!pomodoro`` and ``/pomodoro``: a person's own timers, typed or pressed."""

from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.suggestions import MOST, Suggestions, suggestion
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import by_field, describe, suggest
from bot.chat.timers.requests import TimerRequests
from bot.chat.topic_commands import HELP, TopicCommands, alone
from bot.domain.invocation import Invocation
from bot.domain.time import duration
from bot.domain.timers import parser
from bot.domain.timers.timer import LIVE, State, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.service.timers import Timers

# How people ask for the time that is left.
_LEFT = (
    "left",
    "remaining",
    "how long",
    "how long left",
    "how long is left",
    "how much longer",
    "how much left",
    "how much is left",
    "how much time",
    "how much time do i have",
    "how much time do i have left",
    "how much time left",
    "how much time is left",
    "time left",
    "time remaining",
    "what's left",
    "whats left",
    "when does it end",
    "when is it over",
    "when is it done",
)
_WHICH = N_("Name or number – leave it out if you've only got one")


def _in_fields(verb: str) -> Callable[[str], str]:
    """Spell what is typed behind a verb as the fields of its slash command: ``name: tea duration: 5m``."""
    return by_field(lambda words: parser.in_fields(f"{verb} {words}", TOPIC))


@app_commands.allowed_installs(guilds=True, users=False)
class TimerCommands(TopicCommands, commands.GroupCog):
    """The verbs that pomodoros and kitchen timers share; a timer that it starts ``counts`` as focus or not."""

    counts = True

    def __init__(self, requests: TimerRequests, timers: Timers, runner: RequestRunner, clock: Clock) -> None:
        super().__init__(runner)
        self._requests = requests
        self._timers = timers
        self._clock = clock

    @app_commands.command(
        description=N_("Start a timer."),
        extras={
            "aliases": ("begin",),
            "examples": ("tea 5m", "green tea 1h30m"),
            "spell": _in_fields("start"),
        },
    )
    @app_commands.describe(name=N_("What it's for"), duration=N_("5m, 1h30m, 25:00, or seconds (25m if left out)"))
    async def start(
        self, interaction: discord.Interaction, name: str | None = None, duration: str | None = None
    ) -> None:
        """Serve ``start``."""
        await self.serve_slash(interaction, "start", name=name, duration=duration)

    list_ = alone(
        "list", N_("Show this channel's timers, and your own."), "show", "status", "timers", "my timers", "ls"
    )

    @app_commands.command(
        description=N_("Show how much time is left."), extras={"aliases": _LEFT, "examples": ("time tea",)}
    )
    @app_commands.describe(timer=_WHICH)
    async def time(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``time``."""
        await self.serve_slash(interaction, "time", timer=timer)

    @app_commands.command(description=N_("Pause a timer."), extras={"examples": ("pause tea",)})
    @app_commands.describe(timer=_WHICH)
    async def pause(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``pause``."""
        await self.serve_slash(interaction, "pause", timer=timer)

    @app_commands.command(
        description=N_("Resume a paused timer."),
        extras={"aliases": ("unpause", "continue", "go on", "carry on"), "examples": ("resume tea",)},
    )
    @app_commands.describe(timer=_WHICH)
    async def resume(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``resume``."""
        await self.serve_slash(interaction, "resume", timer=timer)

    @app_commands.command(
        description=N_("Make a timer longer."),
        extras={"aliases": ("add",), "examples": ("extend tea 5m",), "spell": _in_fields("extend")},
    )
    @app_commands.describe(by=N_("How much longer, such as 5m"), timer=N_("Name or number"))
    async def extend(self, interaction: discord.Interaction, by: str, timer: str | None = None) -> None:
        """Serve ``extend``."""
        await self.serve_slash(interaction, "extend", by=by, timer=timer)

    @app_commands.command(
        description=N_("Cancel a timer."),
        extras={
            "aliases": ("stop", "end", "delete", "remove", "rm", "done", "abort", "kill"),
            "examples": ("cancel tea", "cancel all", "cancel #1 #2"),
            "pressed": {"cancel #1 #2": "cancel"},
        },
    )
    @app_commands.describe(timer=_WHICH)
    async def cancel(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``cancel``."""
        await self.serve_slash(interaction, "cancel", timer=timer)

    @app_commands.command(
        description=N_("Start your last timer again."),
        extras={"aliases": ("redo", "repeat", "restart", "start again", "start over"), "examples": ("again",)},
    )
    @app_commands.describe(timer=N_("The name of a finished timer (the last one if left out)"))
    async def again(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``again``."""
        await self.serve_slash(interaction, "again", timer=timer)

    @app_commands.command(
        description=N_("Rename a timer."),
        extras={"aliases": ("call it",), "examples": ("rename tea to green tea",), "spell": _in_fields("rename")},
    )
    @app_commands.describe(name=N_("The new name"), timer=_WHICH)
    async def rename(self, interaction: discord.Interaction, name: str, timer: str | None = None) -> None:
        """Serve ``rename``."""
        await self.serve_slash(interaction, "rename", name=name, timer=timer)

    undo = alone("undo", N_("Undo your last cancel, extension or rename."))

    help = alone("help", HELP, "?", "commands")

    async def own_timers(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the person's timers that match what is typed so far and that the command applies to."""
        command = interaction.command.name if interaction.command else ""
        states = {"pause": (State.RUNNING,), "resume": (State.PAUSED,)}.get(command, LIVE)

        async def choose() -> Suggestions:
            actor = InteractionRequest(interaction).actor
            return [
                self._suggestion(timer)
                for timer in await self._timers.live(actor)
                if timer.owner_id == actor.user_id
                and timer.state in states
                and typed.casefold() in f"#{timer.id} {timer.name}".casefold()
            ][:MOST]

        return await self._runner.suggest(interaction, choose)

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, parser.parse(asked, self.topic), counts=self.counts)

    def _suggestion(self, timer: Timer) -> app_commands.Choice[str]:
        left = duration.spoken(timer.left(self._clock.now()))
        return suggestion(timer.name, gettext(" · {left} left · #{id}", left=left, id=timer.id), f"#{timer.id}")


class PomodoroCommands(
    TimerCommands,
    group_name="pomodoro",
    group_description=N_("Timers that ping you when time's up"),
    group_extras={
        "default": "start",
        "aliases": {"pomo": ""},
        "introduction": N_(
            "I run timers and ping you when they're done. Lengths can be 5m, 1h30m or 25:00; a "
            "bare number after a name is seconds."
        ),
    },
):
    """Pomodoros, which are focus, and what is pressed under any timer."""

    typed = commands.command(name="pomodoro", aliases=["pomo"])(TopicCommands.serve_typed)

    @commands.Cog.listener()
    async def on_timer_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under a card or an announcement; one has the length that it offers as a second number."""
        await self._runner.press(interaction, lambda request: self._requests.press(request, action, numbers))

    @commands.Cog.listener()
    async def on_timer_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve the menu under an announcement of several timers."""
        await self._runner.press(interaction, lambda request: self._requests.start_again(request, timer_id))


TOPIC = PomodoroCommands.topic = describe(PomodoroCommands)
suggest(PomodoroCommands, "timer", TimerCommands.own_timers)
