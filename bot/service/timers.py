"""Timers: start, pause, resume, extend, cancel, look; and finish when due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotYours, TooLate, TooMany, UnknownTimer
from bot.domain.outbox_message import Kind, OutboxMessage, bundles
from bot.domain.rules import Rules
from bot.domain.stats import log as focus_log
from bot.domain.timers import lookup
from bot.domain.timers.timer import Actor, State, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.due_timers import Effects, Outbox, Scheduler
from bot.service.rules import ServerRules
from bot.service.saving import reading, saving
from bot.store import focus_log as log_rows
from bot.store import outbox as outbox_rows
from bot.store import timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of live timers; 0 means no limit."""

    per_user: int = 20
    per_guild: int = 500


class Timers:
    """Commits every change first, then tells the scheduler, then the person."""

    def __init__(self, database: Database, clock: Clock, limits: Limits, rules: ServerRules | None = None) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._rules = rules

    def attach(self, scheduler: Scheduler, outbox: Outbox) -> None:
        """Set the scheduler and the outbox; needed before the first request."""
        self._scheduler = scheduler
        self._outbox = outbox

    async def start(self, actor: Actor, name: str, length: timedelta, request: str) -> Timer:
        """Start a timer for someone, where they are.

        Idempotent by ``request``, the event that caused it: where that started a timer already, it is returned.
        Raises ``TooMany`` and ``NotSaved``.
        """
        timer, _ = await self._start(actor, name, length, request)
        return timer

    async def again(self, actor: Actor, timer_id: int, length: timedelta | None = None) -> Timer:
        """Restart a finished timer with the same or another length, once per timer.

        Raises ``NotYours``, ``TooLate`` where it was restarted already, and what ``start`` raises.
        """
        over = await self.by_id(timer_id)
        if over.owner_id != actor.user_id:
            raise NotYours(N_("Only the one whose timer it was can start it again."), "pomodoro tea 5m")
        timer, is_new = await self._start(actor, over.name, length or over.length, f"after:{timer_id}")
        if not is_new:
            raise TooLate(N_("It goes on already, as #{id}."), f"pomodoro time #{timer.id}", id=timer.id)
        return timer

    async def pause(self, actor: Actor, timer: Timer) -> Timer:
        """Stop its countdown and keep the time left."""
        return await self._change(actor, timer, lambda old: old.pause(self._now()))

    async def resume(self, actor: Actor, timer: Timer) -> Timer:
        """Resume where it was paused."""
        return await self._change(actor, timer, lambda old: old.resume(self._now()))

    async def extend(self, actor: Actor, timer: Timer, by: timedelta) -> Timer:
        """Extend it."""
        return await self._change(actor, timer, lambda old: old.extend(by, self._now()))

    async def cancel(self, actor: Actor, timer: Timer) -> Timer:
        """End it silently."""
        return await self._change(actor, timer, lambda old: old.cancel(self._now()))

    async def by_id(self, timer_id: int) -> Timer:
        """Return a timer, live or over. Raises ``UnknownTimer``."""
        async with reading(self._database) as connection:
            timer = await timer_rows.by_id(connection, timer_id)
        if timer is None:
            raise UnknownTimer(N_("I do not know that timer any more."), "pomodoro list")
        return timer

    async def live(self, actor: Actor) -> list[Timer]:
        """Return the person's own live timers and all of the channel's, soonest first."""
        async with reading(self._database) as connection:
            return await timer_rows.live(connection, actor.user_id, actor.channel_id)

    async def find(self, actor: Actor, which: str | None, verb: str) -> Timer:
        """Return the live timer they mean and may change. Raises as ``lookup.pick`` does."""
        return lookup.pick(which, await self.live(actor), actor, verb)

    async def look(self, actor: Actor, which: str | None) -> Timer:
        """Return the live timer they mean, whoever owns it."""
        return lookup.look(which, await self.live(actor), actor, "time")

    async def set_card(self, timer: Timer, card_id: int) -> None:
        """Record the message that shows a timer; a failure is harmless."""
        try:
            async with self._database.write() as connection:
                await timer_rows.set_card(connection, timer.id, card_id)
                now_is = await timer_rows.by_id(connection, timer.id)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=timer.id)
        else:
            if now_is and now_is.version != timer.version:  # a short timer can end before its card is posted
                await self.show(timer.id)

    async def show(self, timer_id: int) -> None:
        """Refresh a timer's card through the outbox."""
        messages: list[OutboxMessage] = []
        try:
            async with self._database.write() as connection:
                timer = await timer_rows.by_id(connection, timer_id)
                messages = [outbox_rows.wrap(Kind.CARD, [timer])] if timer and timer.card_id else []
                await outbox_rows.add(connection, messages)
        except DatabaseUnavailable:
            _log.warning("card_not_kept", timer_id=timer_id)
        # In either case, since only the answer may be lost: refreshing a card twice is harmless.
        self._outbox.put(messages)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Mark timers done and write their announcements, see ``due_timers.CompletionHandler``."""
        done = await timer_rows.finish(connection, due, to_the_millisecond(now))
        logged = [focus_log.of_pomodoro(over, was) for over, was in zip(done, due, strict=True)]
        await log_rows.add(connection, [entry for entry in logged if entry])
        messages = [outbox_rows.wrap(Kind.ANNOUNCEMENT, bundle) for bundle in bundles(done)]
        messages += [outbox_rows.wrap(Kind.CARD, [timer]) for timer in done if timer.card_id]
        await outbox_rows.add(connection, messages)
        return Effects(messages)

    async def _start(self, actor: Actor, name: str, length: timedelta, request: str) -> tuple[Timer, bool]:
        """Write the row and count it down; return whether it is new, or was started by the request before."""
        now = self._now()
        rules = await self._rules.of(actor.guild_id) if self._rules else Rules()
        timer = Timer.begun(actor, name, length, now, now + length)
        try:
            async with saving(self._database, self._scheduler) as connection:
                await self._check_limits(connection, actor, rules.most_timers)
                timer = await timer_rows.add(connection, timer, request)
        except IntegrityError:
            async with reading(self._database) as connection:
                earlier = await timer_rows.by_request(connection, request)
            if earlier is None:
                raise
            self._count_down(earlier)  # another process may have received it too, and end first
            return earlier, False
        _log.info("timer_started", timer_id=timer.id, seconds=length.total_seconds())
        self._count_down(timer)
        return timer, True

    async def _change(self, actor: Actor, old: Timer, transition: Callable[[Timer], Timer]) -> Timer:
        if not lookup.may_command(actor, old):
            raise NotYours(N_("#{id} is somebody else's timer."), "pomodoro tea 5m", id=old.id)
        new = transition(old)
        async with saving(self._database, self._scheduler) as connection:
            if not await timer_rows.change(connection, old, new):
                # Lost a race: raise what the transition says about the current state.
                now_is = await timer_rows.by_id(connection, old.id)
                if now_is is not None:
                    transition(now_is)
                raise TooLate(N_("It was changed at this very moment; look again."), f"pomodoro time #{old.id}")
            if new.state is State.CANCELLED and (entry := focus_log.of_pomodoro(new, old)):
                await log_rows.add(connection, [entry])
        _log.info("timer_changed", timer_id=new.id, state=new.state, version=new.version)
        self._count_down(new)
        return new

    def _count_down(self, timer: Timer) -> None:
        if timer.due:
            self._scheduler.put(timer.due)
        else:
            self._scheduler.drop(timer.id)

    async def _check_limits(self, connection: AsyncConnection, actor: Actor, most_here: int | None) -> None:
        most = self._limits.per_user
        if most and await timer_rows.count_live(connection, owner_id=actor.user_id, guild_id=None) >= most:
            raise TooMany(
                N_("You have {most} timers going, which is the most; cancel one first."), "pomodoro list", most=most
            )
        most = most_here or self._limits.per_guild
        if actor.guild_id is None or not most:
            return
        if await timer_rows.count_live(connection, owner_id=None, guild_id=actor.guild_id) >= most:
            raise TooMany(
                N_("This server's limit of timers is reached: {most} at once."), "pomodoro list", most=most
            )

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())
