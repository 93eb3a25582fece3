"""``!pomodoro`` and ``/pomodoro``: a person's own timers, typed or pressed."""

import contextlib
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import cards, text
from bot.chat.desk import Desk
from bot.chat.places import WITH_SERVERS
from bot.chat.talk import Pressed, Talk
from bot.domain import duration, name, request
from bot.domain.errors import Refusal
from bot.domain.request import Act, Extend, Help, List, Request, Start, Verb
from bot.domain.timer import LIVE, State, Timer
from bot.engine.clock import Clock
from bot.service.timers import Timers

_FIVE_MINUTES = timedelta(minutes=5)
_SAID = {Verb.CANCEL: "Cancelled", Verb.PAUSE: "Paused", Verb.RESUME: "Resumed"}
# Discord takes 25 choices of 100 characters.
_CHOICES, _CHOICE = 25, 100


class Pomodoro(commands.Cog):
    """Reads requests, has them done, and shows what came of them."""

    slash = app_commands.Group(
        name="pomodoro", description="Timers that call you when they are over", allowed_installs=WITH_SERVERS
    )

    def __init__(self, timers: Timers, desk: Desk, clock: Clock) -> None:
        self._timers = timers
        self._desk = desk
        self._clock = clock

    @commands.command(name="pomodoro")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!pomodoro …``."""
        talk = self._desk.typed(context)

        async def work() -> None:
            await self._do(talk, request.parse(words))

        await self._desk.serve(talk, work)

    @slash.command()
    @app_commands.describe(name="What it is for", duration="5m, 1h30m, 25:00, or seconds (25m if left out)")
    async def start(
        self, interaction: discord.Interaction, name: str | None = None, duration: str | None = None
    ) -> None:
        """Start a timer."""
        talk = Pressed(interaction)

        async def work() -> None:
            await self._do(talk, _start(name, duration))

        await self._desk.serve(talk, work)

    @slash.command(name="list")
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the timers of this channel, and your own."""
        await self._serve_pressed(interaction, List())

    @slash.command()
    @app_commands.describe(timer="Its name or number; can be left out if you have only one")
    async def cancel(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """End a timer without a word."""
        await self._serve_pressed(interaction, Act(Verb.CANCEL, timer))

    @slash.command()
    @app_commands.describe(timer="Its name or number; can be left out if you have only one")
    async def pause(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Stop a timer and keep what is left of it."""
        await self._serve_pressed(interaction, Act(Verb.PAUSE, timer))

    @slash.command()
    @app_commands.describe(timer="Its name or number; can be left out if you have only one")
    async def resume(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Let a paused timer run on."""
        await self._serve_pressed(interaction, Act(Verb.RESUME, timer))

    @slash.command()
    @app_commands.describe(by="How much longer, such as 5m", timer="Its name or number")
    async def extend(self, interaction: discord.Interaction, by: str, timer: str | None = None) -> None:
        """Give a timer longer."""
        talk = Pressed(interaction)

        async def work() -> None:
            await self._do(talk, Extend(timer, duration.parse(by, example="pomodoro extend tea 5m")))

        await self._desk.serve(talk, work)

    @slash.command()
    @app_commands.describe(timer="Its name or number; can be left out if you have only one")
    async def time(self, interaction: discord.Interaction, timer: str | None = None) -> None:
        """Tell how much time a timer has left."""
        await self._serve_pressed(interaction, Act(Verb.TIME, timer))

    @slash.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Show what I can do."""
        await self._serve_pressed(interaction, Help())

    @cancel.autocomplete("timer")
    @pause.autocomplete("timer")
    @resume.autocomplete("timer")
    @extend.autocomplete("timer")
    @time.autocomplete("timer")
    async def own_timers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer those of one's own timers that fit what is typed so far, and that the command can be used on."""
        actor = Pressed(interaction).actor
        verb = interaction.command.name if interaction.command else ""
        fitting = {Verb.PAUSE: {State.RUNNING}, Verb.RESUME: {State.PAUSED}}
        try:
            live = await self._timers.live(actor)
        except Refusal:
            return []
        return [
            app_commands.Choice(name=self._choice(timer), value=f"#{timer.id}")
            for timer in live
            if timer.owner_id == actor.user_id
            and timer.state in fitting.get(Verb(verb), set(LIVE))
            and typed.casefold() in f"#{timer.id} {timer.name}".casefold()
        ][:_CHOICES]

    @commands.Cog.listener()
    async def on_timer_button(self, interaction: discord.Interaction, action: str, timer_id: int) -> None:
        """Serve a button under a card or an announcement."""
        talk = Pressed(interaction)

        async def work() -> None:
            await self._press(talk, action, timer_id)

        await self._desk.serve(talk, work, is_command=False)

    @commands.Cog.listener()
    async def on_timer_menu(self, interaction: discord.Interaction, timer_id: int) -> None:
        """Serve the menu under an announcement of several timers."""
        talk = Pressed(interaction)

        async def work() -> None:
            await self._show(talk, await self._timers.again(talk.actor, timer_id))

        await self._desk.serve(talk, work, is_command=False)

    async def _serve_pressed(self, interaction: discord.Interaction, asked: Request) -> None:
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._do(talk, asked))

    async def _do(self, talk: Talk, asked: Request) -> None:
        match asked:
            case Start(called, length):
                await self._show(talk, await self._timers.start(talk.actor, called, length, talk.request))
            case Act(Verb.TIME, which):
                timer = await self._timers.look(talk.actor, which)
                await talk.say(text.left(timer, self._clock.now()))
            case Act(verb, which):
                found = await self._timers.find(talk.actor, which, verb)
                timer = await self._act(talk, verb, found)
                await self._confirm(talk, timer, _SAID[verb])
            case Extend(which, by):
                found = await self._timers.find(talk.actor, which, "extend")
                timer = await self._timers.extend(talk.actor, found, by)
                await self._confirm(talk, timer, "Extended")
            case List():
                live = await self._timers.live(talk.actor)
                undelivered = await self._timers.undelivered(talk.actor)
                await talk.say(text.listing(live, undelivered, talk.actor, private=talk.private))
            case Help():
                await talk.say(text.introduction(talk.prefix))

    async def _act(self, talk: Talk, verb: str, timer: Timer) -> Timer:
        match verb:
            case "cancel":
                return await self._timers.cancel(talk.actor, timer)
            case "pause":
                return await self._timers.pause(talk.actor, timer)
            case "resume":
                return await self._timers.resume(talk.actor, timer)
            case _:
                return await self._timers.extend(talk.actor, timer, _FIVE_MINUTES)

    async def _press(self, talk: Pressed, action: str, timer_id: int) -> None:
        if action in {"again", "overtime"}:
            length = _FIVE_MINUTES if action == "overtime" else None
            timer = await self._timers.again(talk.actor, timer_id, length)
            with contextlib.suppress(discord.NotFound):  # too late for that, but not for the card
                await talk.redraw(None)  # each announcement can be followed once, so its buttons go
            await self._show(talk, timer)
            return
        found = await self._timers.by_id(timer_id)
        try:
            timer = await self._act(talk, action, found)
        except Refusal:
            await self._timers.show(found.id)  # the card may be behind; the person is told in any case
            raise
        await talk.redraw(cards.card(timer))

    async def _show(self, talk: Talk, timer: Timer) -> None:
        card_id = await talk.show(cards.card(timer))
        if card_id is not None:
            await self._timers.set_card(timer, card_id)

    async def _confirm(self, talk: Talk, timer: Timer, verb: str) -> None:
        try:
            await talk.say(text.changed(timer, verb))
        finally:
            await self._timers.show(timer.id)

    def _choice(self, timer: Timer) -> str:
        rest = f" · {duration.spoken(timer.left(self._clock.now()))} left · #{timer.id}"
        room = _CHOICE - len(rest)
        return (timer.name if len(timer.name) <= room else f"{timer.name[: room - 1]}…") + rest


def _start(called: str | None, length: str | None) -> Start:
    return Start(
        name.clean(called) if called else name.DEFAULT,
        duration.parse("".join(length.split())) if length else duration.DEFAULT,
    )
