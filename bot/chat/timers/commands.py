"""``!pomodoro`` and ``/pomodoro``: a person's own timers, typed or pressed."""

import contextlib
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.plain import plain
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.retrying import Retrying, retry_button
from bot.chat.timers import cards, text
from bot.domain.errors import UserError
from bot.domain.time import duration
from bot.domain.timers import command as timer_command
from bot.domain.timers import name
from bot.domain.timers.command import Act, Command, Extend, Help, List, Start, Verb
from bot.domain.timers.timer import LIVE, Purpose, State, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.service.timers import Timers
from bot.service.unheard import Unheard

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
        name="pomodoro", description=N_("Timers that call you when they are over"), allowed_installs=WITH_SERVERS
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
        request = self._runner.typed(context)

        async def work() -> None:
            await self._do(request, timer_command.parse(words))

        await self._runner.serve(request, work)

    @slash.command(description=N_("Start a timer."))
    @app_commands.describe(name=N_("What it is for"), duration=N_("5m, 1h30m, 25:00, or seconds (25m if left out)"))
    async def start(
        self, interaction: discord.Interaction, name: str | None = None, duration: str | None = None
    ) -> None:
        """Serve ``/pomodoro start``."""
        request = InteractionRequest(interaction)

        async def work() -> None:
            await self._do(request, _start(name, duration))

        await self._runner.serve(request, work)

    @slash.command(name="list", description=N_("Show the timers of this channel, and your own."))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Serve ``/pomodoro list``."""
        await self._serve_pressed(interaction, List())

    @slash.command(description=N_("End a timer without a word."))
    @app_commands.describe(timer=N_("Its name or number; can be left out if you have only one"))
    async def cancel(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro cancel``."""
        await self._serve_pressed(interaction, Act(Verb.CANCEL, timer))

    @slash.command(description=N_("Stop a timer and keep what is left of it."))
    @app_commands.describe(timer=N_("Its name or number; can be left out if you have only one"))
    async def pause(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro pause``."""
        await self._serve_pressed(interaction, Act(Verb.PAUSE, timer))

    @slash.command(description=N_("Let a paused timer run on."))
    @app_commands.describe(timer=N_("Its name or number; can be left out if you have only one"))
    async def resume(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro resume``."""
        await self._serve_pressed(interaction, Act(Verb.RESUME, timer))

    @slash.command(description=N_("Give a timer longer."))
    @app_commands.describe(by=N_("How much longer, such as 5m"), timer=N_("Its name or number"))
    async def extend(self, interaction: discord.Interaction, by: str, timer: str | None = None) -> None:
        """Serve ``/pomodoro extend``."""
        request = InteractionRequest(interaction)

        async def work() -> None:
            await self._do(request, Extend(timer, duration.parse(by, example="pomodoro extend tea 5m")))

        await self._runner.serve(request, work)

    @slash.command(description=N_("Tell how much time a timer has left."))
    @app_commands.describe(timer=N_("Its name or number; can be left out if you have only one"))
    async def time(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Serve ``/pomodoro time``."""
        await self._serve_pressed(interaction, Act(Verb.TIME, timer))

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/pomodoro help``."""
        await self._serve_pressed(interaction, Help())

    @cancel.autocomplete("timer")
    @pause.autocomplete("timer")
    @resume.autocomplete("timer")
    @extend.autocomplete("timer")
    @time.autocomplete("timer")
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

    async def _serve_pressed(self, interaction: discord.Interaction, command: Command) -> None:
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._do(request, command))

    async def _do(self, request: Request, command: Command) -> None:
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
            case Help():
                await request.say(text.introduction(request.prefix))

    async def _list(self, request: Request) -> None:
        live = await self._timers.live(request.actor)
        unheard = await self._unheard.of(request.actor.user_id, Purpose.POMODORO)
        words = text.listing(live, unheard, request.actor, private=request.private)
        if unheard and request.private:
            await request.tell(plain(words, retry_button("timer", request.actor.user_id)))
        else:
            await request.say(words)

    async def _act(self, request: Request, verb: str, timer: Timer) -> Timer:
        match verb:
            case "cancel":
                return await self._timers.cancel(request.actor, timer)
            case "pause":
                return await self._timers.pause(request.actor, timer)
            case "resume":
                return await self._timers.resume(request.actor, timer)
            case _:
                return await self._timers.extend(request.actor, timer, _FIVE_MINUTES)

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


def _start(called: str | None, length: str | None) -> Start:
    return Start(
        name.clean(called) if called else name.DEFAULT,
        duration.parse("".join(length.split())) if length else duration.DEFAULT,
    )
