"""Timers: carries out commands on a person's own timers, and shows the result."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

import discord

from bot.chat.components.button import plain
from bot.chat.components.validation import exactly, unknown
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.runtime.retry import retry, retry_button
from bot.chat.stats import text as stats_text
from bot.chat.text import fitting, not_done
from bot.chat.timers import cards, text
from bot.domain.errors import NotYours, UnknownTimer, UserError
from bot.domain.time import period
from bot.domain.timers import command as timer_command, lookup, until
from bot.domain.timers.command import ActOnTimers, ChangeTimers, Command, ExtendTimer, TimerVerb
from bot.domain.timers.lookup import must_be_in_reach
from bot.domain.timers.name import BREAK
from bot.domain.timers.timer import Purpose, State, Timer
from bot.messages.catalogue import N_

_FIVE_MINUTES = timedelta(minutes=5)
# Length and name of the timer that a press starts after another; None for the same.
_FOLLOWING: dict[str, tuple[timedelta | None, str | None]] = {
    "again": (None, None),
    "overtime": (_FIVE_MINUTES, None),
    "rest": (_FIVE_MINUTES, BREAK),
}


class TimerRequests(RequestCog):
    """Carries out commands, and the buttons and menus of timers; each is answered once."""

    async def do(self, request: Request, command: Command, *, counts: bool = True) -> None:
        """Carry out a command; a timer that it starts ``counts`` as focus or not. Raises ``UserError``."""
        try:
            await self._do(request, command, counts=counts)
        except UnknownTimer as refused:
            live = await self._services.timers.live(request.actor)
            raise lookup.instead(refused, command, live, request.actor) from refused

    async def _do(self, request: Request, command: Command, *, counts: bool) -> None:
        actor = request.actor
        match command:
            case timer_command.StartTimer(called, length, offer):
                request.must_write()
                if command.changed:
                    lookup.must_be_new(command, await self._services.timers.live(actor), actor)
                timer = await self._services.timers.start(actor, called, length, request.key, offer, counts=counts)
                await self._show(request, timer)
            case timer_command.StartUntil(called):
                request.must_write()
                own_zone = (await self._services.preferences.of(actor.user_id)).zone
                topic = "pomodoro" if counts else "timer"
                length = until.length(command, self._clock.now(), own_zone, topic)
                timer = await self._services.timers.start(actor, called, length, request.key, counts=counts)
                await self._show(request, timer)
            case ActOnTimers(TimerVerb.TIME, target):
                timer = await self._services.timers.look(actor, target)
                await request.reply(text.left(timer.seen_in(request.readers_in), self._clock.now()))
            case ActOnTimers(TimerVerb.AGAIN, target):
                over = await self._services.timers.last_over(actor, target)
                await self._start_again(request, over.id)
            case ActOnTimers() | ExtendTimer() | timer_command.Rename():
                before = await self._services.timers.find_all(actor, command)
                after, refused = await self._services.timers.change_all(actor, before, command)
                words = [
                    text.done(command.act, _seen(request, before), _seen(request, after)),
                    *(not_done(old.id, why) for old, why in refused),
                ]
                await self._confirm(request, fitting(words), *after)
            case timer_command.List():
                await self._list(request)
            case timer_command.Undo():
                timers = await self._services.timers.undo(actor)
                await self._confirm(request, text.undone(_seen(request, timers)), *timers)
            case _:
                assert_never(command)

    @pressed("timer_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Carry out a button; *Make it* has the length that it offers, in seconds. Raises ``UserError``."""
        timer_id, *seconds = exactly(2 if action == "make" else 1, numbers)
        match action:
            case "retry":
                await retry(request, self._services.undelivered, Purpose.POMODORO)
            case "day":
                mine = await self._services.log.mine(request.actor.user_id)
                await request.reply(stats_text.mine(mine, period.week_of(mine.today), request.prefix))
            case "done":
                await self._settle(request, await self._services.timers.by_id(timer_id))
            case "again" | "overtime" | "rest":
                await self._follow(request, timer_id, *_FOLLOWING[action])
            case "make":
                await self._lengthen(request, timer_id, seconds[0])
            case _:
                timer = await self._services.timers.by_id(timer_id)
                must_be_in_reach(request.actor, timer)
                await self._redraw(request, timer, action)

    @pressed("timer_menu")
    async def choose(self, request: InteractionRequest, timer_id: int) -> None:
        """Start again the timer chosen from an announcement of several."""
        await self._start_again(request, timer_id)

    async def _start_again(self, request: Request, timer_id: int) -> None:
        request.must_write()
        await self._show(request, await self._services.timers.again(request.actor, timer_id))

    async def _follow(
        self, request: InteractionRequest, timer_id: int, length: timedelta | None, called: str | None
    ) -> None:
        """Start a timer from the announcement of another; that works once, so its buttons go."""
        request.must_write()
        timer = await self._services.timers.again(request.actor, timer_id, length, called)
        with contextlib.suppress(discord.HTTPException, *PASSING):  # the card can be posted all the same
            await request.redraw(None)
        await self._show(request, timer)

    async def _settle(self, request: InteractionRequest, over: Timer) -> None:
        """Take the buttons off an announcement; only the owner of its timer may."""
        if over.owner_id != request.actor.user_id:
            raise NotYours(N_("#{id} isn't your timer."), "pomodoro list", id=over.id)
        await request.redraw(None)

    async def _lengthen(self, request: InteractionRequest, timer_id: int, seconds: int) -> None:
        old = await self._services.timers.by_id(timer_id)
        if old.offer is None or old.offer // timedelta(seconds=1) != seconds:
            raise unknown()
        if old.state is State.DONE:  # what follows it is posted
            request.must_write()
        timer = await self._services.timers.lengthen(request.actor, old, old.offer)
        if timer.id == old.id:
            await self._draw(request, timer)
            return
        # It is over: the new timer has a card of its own, and the announcement can be followed only once.
        if request.interaction.message and request.interaction.message.content:
            with contextlib.suppress(discord.HTTPException, *PASSING):
                await request.redraw(None)
        await self._show(request, timer)

    async def _redraw(self, request: InteractionRequest, timer: Timer, action: str) -> None:
        try:
            timer = await self._services.timers.change(request.actor, timer, _pressed(action))
        except UserError:
            # The card may be out of date; the person gets an answer in any case.
            await self._services.timers.show(timer.id)
            raise
        await self._draw(request, timer)

    async def _draw(self, request: InteractionRequest, timer: Timer) -> None:
        try:
            await request.redraw(cards.card(timer))
        except (discord.HTTPException, *PASSING):
            await self._services.timers.show(timer.id)
            raise

    async def _list(self, request: Request) -> None:
        live = await self._services.timers.live(request.actor)
        undelivered = await self._services.undelivered.of(request.actor.user_id, Purpose.POMODORO)
        words = text.listing(live, undelivered, request.actor, private=request.private)
        if undelivered and request.private:
            await request.reply_with(plain(words, retry_button("timer", request.actor.user_id)))
        else:
            await request.reply(words)

    async def _show(self, request: Request, timer: Timer) -> None:
        card_id = await request.post(cards.card(timer))
        if card_id is not None:
            await self._services.timers.set_card(timer, card_id)

    async def _confirm(self, request: Request, words: str, *timers: Timer) -> None:
        try:
            await request.reply(words)
        finally:
            for timer in timers:
                await self._services.timers.show(timer.id)


def _seen(request: Request, timers: Sequence[Timer]) -> list[Timer]:
    return [timer.seen_in(request.readers_in) for timer in timers]


def _pressed(action: str) -> ChangeTimers:
    if action not in {*timer_command.ACTS, "extend"}:
        raise unknown()
    return ExtendTimer(None, _FIVE_MINUTES) if action == "extend" else ActOnTimers(TimerVerb(action), None)
