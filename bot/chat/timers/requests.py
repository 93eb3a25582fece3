"""Timers: carries out commands on a person's own timers, and shows the result."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

import discord

from bot.chat.components.given import exactly, unknown
from bot.chat.components.plain_view import plain
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.retrying import retry, retry_button
from bot.chat.runtime.speaking import must_write
from bot.chat.stats import text as stats_text
from bot.chat.timers import cards, text
from bot.domain.errors import NotYours, UnknownTimer, UserError
from bot.domain.time import period
from bot.domain.time.duration import written
from bot.domain.timers import lookup, until
from bot.domain.timers.command import (
    ActOnTimers,
    Command,
    ExtendTimer,
    List,
    Rename,
    StartTimer,
    StartUntil,
    TimerVerb,
    Undo,
)
from bot.domain.timers.lookup import must_be_in_reach
from bot.domain.timers.name import BREAK
from bot.domain.timers.timer import Purpose, State, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.focus_log import FocusLog
from bot.service.preferences import Preferences
from bot.service.timers import Timers
from bot.service.unheard import Unheard

_FIVE_MINUTES = timedelta(minutes=5)
# Length and name of the timer that a press starts after another; None for the same.
_FOLLOWING: dict[str, tuple[timedelta | None, str | None]] = {
    "again": (None, None),
    "overtime": (_FIVE_MINUTES, None),
    "rest": (_FIVE_MINUTES, BREAK),
}


class TimerRequests:
    """Carries out commands and presses; each is answered once."""

    def __init__(
        self, timers: Timers, log: FocusLog, unheard: Unheard, preferences: Preferences, clock: Clock
    ) -> None:
        self._timers = timers
        self._log = log
        self._unheard = unheard
        self._preferences = preferences
        self._clock = clock

    async def do(self, request: Request, command: Command, *, counts: bool = True) -> None:
        """Carry out a command; a timer that it starts ``counts`` as focus or not. Raises ``UserError``."""
        try:
            await self._do(request, command, counts=counts)
        except UnknownTimer as refused:
            live = await self._timers.live(request.actor)
            raise lookup.instead(refused, command, live, request.actor) from refused

    async def _do(self, request: Request, command: Command, *, counts: bool) -> None:
        actor = request.actor
        match command:
            case StartTimer(called, length, offer):
                must_write(request)
                timer = await self._timers.start(actor, called, length, request.key, offer, counts=counts)
                await self._show(request, timer)
            case StartUntil(called):
                must_write(request)
                own_zone = (await self._preferences.of(actor.user_id)).zone
                topic = "pomodoro" if counts else "timer"
                length = until.length(command, self._clock.now(), own_zone, topic)
                timer = await self._timers.start(actor, called, length, request.key, counts=counts)
                await self._show(request, timer)
            case ActOnTimers(TimerVerb.TIME, target):
                timer = await self._timers.look(actor, target)
                await request.say(text.left(timer, self._clock.now()))
            case ActOnTimers(TimerVerb.AGAIN, target):
                over = await self._timers.last_over(actor, target)
                await self.start_again(request, over.id)
            case ActOnTimers(verb):
                timers = await self._act(request, verb, await self._timers.find_all(actor, command))
                await self._confirm(request, text.acted(verb, timers), *timers)
            case ExtendTimer(target, by):
                timer = await self._timers.find(actor, target, "extend", written(by))
                timer = await self._timers.extend(actor, timer, by)
                await self._confirm(request, text.extended(timer, by), timer)
            case Rename(target, called):
                await self._rename(request, target, called)
            case List():
                await self._list(request)
            case Undo():
                timers = await self._timers.undo(actor)
                await self._confirm(request, text.taken_back(timers), *timers)
            case _:
                assert_never(command)

    async def _rename(self, request: Request, target: str | None, called: str) -> None:
        old = await self._timers.find(request.actor, target, "rename", f'to "{called}"')
        if old.name == called:
            raise UserError(N_("It's already called “{name}”. What's the new name?"), name=called)
        timer = await self._timers.rename(request.actor, old, called)
        await self._confirm(request, text.renamed(timer, old.name), timer)

    async def press(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Carry out a button; *Make it* has the length that it offers, in seconds. Raises ``UserError``."""
        timer_id, *seconds = exactly(2 if action == "make" else 1, numbers)
        match action:
            case "retry":
                await retry(request, self._unheard, Purpose.POMODORO)
            case "day":
                await self._tell_day(request)
            case "done":
                await self._settle(request, await self._timers.by_id(timer_id))
            case "again" | "overtime" | "rest":
                await self._follow(request, timer_id, *_FOLLOWING[action])
            case "make":
                await self._make(request, timer_id, seconds[0])
            case _:
                timer = await self._timers.by_id(timer_id)
                must_be_in_reach(request.actor, timer)
                await self._redraw(request, timer, action)

    async def start_again(self, request: Request, timer_id: int) -> None:
        """Start a timer that is over once more."""
        must_write(request)
        await self._show(request, await self._timers.again(request.actor, timer_id))

    async def _follow(
        self, request: InteractionRequest, timer_id: int, length: timedelta | None, called: str | None
    ) -> None:
        """Start a timer from the announcement of another; that works once, so its buttons go."""
        must_write(request)
        timer = await self._timers.again(request.actor, timer_id, length, called)
        with contextlib.suppress(discord.HTTPException, *PASSING):  # the card can be posted all the same
            await request.redraw(None)
        await self._show(request, timer)

    async def _tell_day(self, request: InteractionRequest) -> None:
        """Show the presser their own day, which nobody else sees."""
        mine = await self._log.mine(request.actor.user_id)
        await request.say(stats_text.mine(mine, period.week_of(mine.today), request.prefix))

    async def _settle(self, request: InteractionRequest, over: Timer) -> None:
        """Take the buttons off an announcement; only the owner of its timer may."""
        if over.owner_id != request.actor.user_id:
            raise NotYours(N_("#{id} isn't your timer."), "pomodoro list", id=over.id)
        await request.redraw(None)

    async def _make(self, request: InteractionRequest, timer_id: int, seconds: int) -> None:
        """Make a timer as long as its bare number meant."""
        old = await self._timers.by_id(timer_id)
        if old.offer is None or old.offer // timedelta(seconds=1) != seconds:
            raise unknown()
        if old.state is State.DONE:  # what follows it is posted
            must_write(request)
        timer = await self._timers.lengthen(request.actor, old, old.offer)
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
            if action == "extend":
                timer = await self._timers.extend(request.actor, timer, _FIVE_MINUTES)
            else:
                (timer,) = await self._act(request, _verb(action), [timer])
        except UserError:
            await self._timers.show(timer.id)  # the card may be out of date; the person gets an answer in any case
            raise
        await self._draw(request, timer)

    async def _draw(self, request: InteractionRequest, timer: Timer) -> None:
        try:
            await request.redraw(cards.card(timer))
        except (discord.HTTPException, *PASSING):
            await self._timers.show(timer.id)
            raise

    async def _act(self, request: Request, verb: TimerVerb, timers: list[Timer]) -> list[Timer]:
        match verb:
            case TimerVerb.CANCEL:
                return await self._timers.cancel_all(request.actor, timers)
            case TimerVerb.PAUSE:
                return [await self._timers.pause(request.actor, timer) for timer in timers]
            case TimerVerb.RESUME:
                return [await self._timers.resume(request.actor, timer) for timer in timers]
        raise unknown()

    async def _list(self, request: Request) -> None:
        live = await self._timers.live(request.actor)
        unheard = await self._unheard.of(request.actor.user_id, Purpose.POMODORO)
        words = text.listing(live, unheard, request.actor, private=request.private)
        if unheard and request.private:
            await request.tell(plain(words, retry_button("timer", request.actor.user_id)))
        else:
            await request.say(words)

    async def _show(self, request: Request, timer: Timer) -> None:
        card_id = await request.show(cards.card(timer))
        if card_id is not None:
            await self._timers.set_card(timer, card_id)

    async def _confirm(self, request: Request, words: str, *timers: Timer) -> None:
        try:
            await request.say(words)
        finally:
            for timer in timers:
                await self._timers.show(timer.id)


def _verb(action: str) -> TimerVerb:
    if action not in set(TimerVerb):
        raise unknown()
    return TimerVerb(action)
