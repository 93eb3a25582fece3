"""``!pomodoro`` and ``/pomodoro``: a person's own timers, typed or pressed."""

import contextlib
from datetime import timedelta
from typing import assert_never

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.plain import plain
from bot.chat.help.text import topic_help
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.retrying import Retrying, retry_button
from bot.chat.runtime.topics import describe, suggest
from bot.chat.timers import cards, text
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.time import duration
from bot.domain.timers import command as timer_command
from bot.domain.timers.command import Act, Extend, List, Start, Verb
from bot.domain.timers.timer import LIVE, Purpose, State, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.service.timers import Timers
from bot.service.unheard import Unheard

_WHICH = N_("Its name or number; can be left out if you have only one")
_FIVE_MINUTES = timedelta(minutes=5)
_DONE = {
    Verb.CANCEL: N_("Cancelled {name} (#{id}). {status}."),
    Verb.PAUSE: N_("Paused {name} (#{id}). {status}."),
    Verb.RESUME: N_("Resumed {name} (#{id}). {status}."),
}
_EXTENDED = N_("Extended {name} (#{id}). {status}.")
# Discord's limits: 25 choices of 100 characters.
_CHOICES, _CHOICE = 25, 100


class Pomodoro(commands.Cog):
    """Parses requests, runs their commands, and shows the result."""

    slash = app_commands.Group(
        name="pomodoro",
        description=N_("Timers that call you when they are over"),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "start",
            "introduction": N_("Durations are seconds (90), units (1h30m) or a clock (25:00)."),
        },
    )

    def __init__(
        self, timers: Timers, unheard: Unheard, retrying: Retrying, runner: RequestRunner, clock: Clock
    ) -> None:
        self._timers = timers
        self._unheard = unheard
        self._retrying = retrying
        self._runner = runner
        self._clock = clock

    @commands.command(name="pomodoro")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!pomodoro …``."""
        await self._serve(self._runner.typed(context), TOPIC.read(words))

    @slash.command(description=N_("Start a timer."), extras={"examples": ("tea 5m", "green tea 1h30m")})
    @app_commands.describe(name=N_("What it is for"), duration=N_("5m, 1h30m, 25:00, or seconds (25m if left out)"))
    async def start(
        self, interaction: discord.Interaction, name: str | None = None, duration: str | None = None
    ) -> None:
        """Serve ``/pomodoro start``."""
        await self._serve_slash(interaction, "start", name=name, duration=duration)

    @slash.command(
        name="list",
        description=N_("Show the timers of this channel, and your own."),
        extras={"examples": ("list",)},
    )
    async def list_(self, interaction: discord.Interaction) -> None:
        """Serve ``/pomodoro list``."""
        await self._serve_slash(interaction, "list")

    @slash.command(description=N_("Tell how much time a timer has left."), extras={"examples": ("time tea",)})
    @app_commands.describe(timer=_WHICH)
    async def time(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro time``."""
        await self._serve_slash(interaction, "time", timer=timer)

    @slash.command(description=N_("Stop a timer and keep what is left of it."), extras={"examples": ("pause tea",)})
    @app_commands.describe(timer=_WHICH)
    async def pause(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro pause``."""
        await self._serve_slash(interaction, "pause", timer=timer)

    @slash.command(description=N_("Let a paused timer run on."), extras={"examples": ("resume tea",)})
    @app_commands.describe(timer=_WHICH)
    async def resume(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro resume``."""
        await self._serve_slash(interaction, "resume", timer=timer)

    @slash.command(description=N_("Give a timer longer."), extras={"examples": ("extend tea 5m",)})
    @app_commands.describe(by=N_("How much longer, such as 5m"), timer=N_("Its name or number"))
    async def extend(self, interaction: discord.Interaction, by: str, timer: str | None = None) -> None:
        """Serve ``/pomodoro extend``."""
        await self._serve_slash(interaction, "extend", by=by, timer=timer)

    @slash.command(description=N_("End a timer without a word."), extras={"examples": ("cancel tea",)})
    @app_commands.describe(timer=_WHICH)
    async def cancel(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro cancel``."""
        await self._serve_slash(interaction, "cancel", timer=timer)

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/pomodoro help``."""
        await self._serve_slash(interaction, "help")

    async def own_timers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the person's timers that match what is typed so far and that the command applies to."""
        actor = InteractionRequest(interaction).actor
        command = interaction.command.name if interaction.command else ""
        fitting = {"pause": (State.RUNNING,), "resume": (State.PAUSED,)}.get(command, LIVE)
        try:
            self._runner.offer(actor.user_id)
            live = await self._timers.live(actor)
        except UserError:
            return []
        return [
            app_commands.Choice(name=self._choice(timer), value=f"#{timer.id}")
            for timer in live
            if timer.owner_id == actor.user_id
            and timer.state in fitting
            and typed.casefold() in f"#{timer.id} {timer.name}".casefold()
        ][:_CHOICES]

    @commands.Cog.listener()
    async def on_timer_button(self, interaction: discord.Interaction, action: str, timer_id: int) -> None:
        """Serve a button under a card or an announcement."""
        request = InteractionRequest(interaction)

        async def work() -> None:
            await self._press(request, action, timer_id)

        await self._runner.serve(request, work, is_command=False)

    @commands.Cog.listener()
    async def on_timer_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve the menu under an announcement of several timers."""
        request = InteractionRequest(interaction)

        async def work() -> None:
            await self._show(request, await self._timers.again(request.actor, timer_id))

        await self._runner.serve(request, work, is_command=False)

    async def _serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        await self._serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def _serve(self, request: Request, asked: Invocation) -> None:
        await self._runner.serve(request, lambda: self._do(request, asked))

    async def _do(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await request.say(topic_help(TOPIC, request.prefix))
            return
        command = timer_command.parse(asked)
        match command:
            case Start(called, length):
                await self._show(request, await self._timers.start(request.actor, called, length, request.key))
            case Act(Verb.TIME, which):
                timer = await self._timers.look(request.actor, which)
                await request.say(text.left(timer, self._clock.now()))
            case Act(verb, which):
                timer = await self._timers.find(request.actor, which, verb)
                timer = await self._act(request, verb, timer)
                await self._confirm(request, timer, _DONE[verb])
            case Extend(which, by):
                timer = await self._timers.find(request.actor, which, "extend")
                timer = await self._timers.extend(request.actor, timer, by)
                await self._confirm(request, timer, _EXTENDED)
            case List():
                await self._list(request)
            case _:
                assert_never(command)

    async def _list(self, request: Request) -> None:
        live = await self._timers.live(request.actor)
        unheard = await self._unheard.of(request.actor.user_id, Purpose.POMODORO)
        words = text.listing(live, unheard, request.actor, private=request.private)
        if unheard and request.private:
            await request.tell(plain(words, retry_button("timer", request.actor.user_id)))
        else:
            await request.say(words)

    async def _act(self, request: Request, action: str, timer: Timer) -> Timer:
        match action:
            case "cancel":
                return await self._timers.cancel(request.actor, timer)
            case "pause":
                return await self._timers.pause(request.actor, timer)
            case "resume":
                return await self._timers.resume(request.actor, timer)
            case "extend":
                return await self._timers.extend(request.actor, timer, _FIVE_MINUTES)
        raise ValueError(action)

    async def _press(self, request: InteractionRequest, action: str, timer_id: int) -> None:
        if action == "retry":
            await self._retrying.press(request, Purpose.POMODORO)
            return
        if action in {"again", "overtime"}:
            length = _FIVE_MINUTES if action == "overtime" else None
            timer = await self._timers.again(request.actor, timer_id, length)
            with contextlib.suppress(discord.NotFound):  # too late for that, but not for the card
                await request.redraw(None)  # each announcement can be followed once, so its buttons go
            await self._show(request, timer)
            return
        timer = await self._timers.by_id(timer_id)
        try:
            timer = await self._act(request, action, timer)
        except UserError:
            await self._timers.show(timer.id)  # the card may be out of date; the person is told in any case
            raise
        try:
            await request.redraw(cards.card(timer))
        except (discord.HTTPException, *PASSING):
            await self._timers.show(timer.id)
            raise

    async def _show(self, request: Request, timer: Timer) -> None:
        card_id = await request.show(cards.card(timer))
        if card_id is not None:
            await self._timers.set_card(timer, card_id)

    async def _confirm(self, request: Request, timer: Timer, template: str) -> None:
        try:
            await request.say(text.changed(timer, template))
        finally:
            await self._timers.show(timer.id)

    def _choice(self, timer: Timer) -> str:
        left = duration.spoken(timer.left(self._clock.now()))
        rest = gettext(" · {left} left · #{id}", left=left, id=timer.id)
        room = _CHOICE - len(rest)
        return (timer.name if len(timer.name) <= room else f"{timer.name[: room - 1]}…") + rest


TOPIC = describe(Pomodoro.slash)
suggest(Pomodoro.slash, "timer", Pomodoro.own_timers)
