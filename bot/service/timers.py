"""Timers: start, change, undo, look; and finish when due."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotYours, TooLate, TooMany, UnknownTimer, UserError
from bot.domain.outbox_message import Kind, OutboxMessage, bundles
from bot.domain.rules import Rules
from bot.domain.stats import log as focus_log
from bot.domain.time.duration import SHORTEST
from bot.domain.timers import lookup
from bot.domain.timers.command import ChangeTimers
from bot.domain.timers.timer import LIVE, Actor, Purpose, State, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.authority import NOT_ASKED, Authority
from bot.service.bulk import for_each
from bot.service.due_timers import Effects
from bot.service.last_changes import Change, LastChanges
from bot.service.rules import ServerRules
from bot.service.saving import reading, saved_once, saving
from bot.service.timer_service import TimerService
from bot.store import due_timers, focus_log as log_rows, outbox as outbox_rows, timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# How many of a person's last timers are searched for a name.
_LOOKED_BACK = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's limits; 0 means no limit."""

    per_user: int = 20
    per_guild: int = 500

    async def check(self, connection: AsyncConnection, actor: Actor, most_here: int | None) -> None:
        """Raise ``TooMany`` if one more would exceed a limit; ``most_here`` is the server's own."""
        most = self.per_user
        if most and await timer_rows.count_live(connection, owner_id=actor.user_id, guild_id=None) >= most:
            raise TooMany(
                N_("You've already got {most} timers running, which is the limit. Cancel one first."),
                "pomodoro list",
                most=most,
            )
        most = most_here or self.per_guild
        if actor.guild_id is None or not most:
            return
        if await timer_rows.count_live(connection, owner_id=None, guild_id=actor.guild_id) >= most:
            raise TooMany(
                N_("This server has {most} timers running, and that's its limit."), "pomodoro list", most=most
            )


class Timers(TimerService):
    """Commits every change first, then tells the scheduler, then the person."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        limits: Limits,
        rules: ServerRules | None = None,
        counts_from: timedelta = timedelta(),
        authority: Authority = NOT_ASKED,
    ) -> None:
        """Take ``counts_from``: how long a pomodoro must run to count as focus where a server does not say."""
        super().__init__(database, clock)
        self._limits = limits
        self._rules = rules
        self._authority = authority
        self._counts_from = counts_from
        self._changes = LastChanges()

    async def start(
        self,
        actor: Actor,
        name: str,
        length: timedelta,
        request: str,
        offer: timedelta | None = None,
        *,
        counts: bool = True,
    ) -> Timer:
        """Start a timer for someone, where they are; one that ``counts`` is logged as focus.

        ``offer`` is what a bare number may have meant instead.

        Idempotent by ``request``, the event that caused it: where that started a timer already, it is returned.
        Raises ``TooMany`` and ``NotSaved``.
        """
        now = self._now()
        new = Timer.begun(actor, name, length, now, now + length, offer=offer)
        timer, _ = await self._start(actor, new, request, counts=counts)
        return timer

    async def again(
        self, actor: Actor, timer_id: int, length: timedelta | None = None, called: str | None = None
    ) -> Timer:
        """Follow a finished timer by the same, or by one of another length and name, once per timer.

        Raises ``NotYours``, ``TooLate`` where it was restarted already, and what ``start`` raises.
        """
        over = await self.by_id(timer_id)
        if over.owner_id != actor.user_id:
            only = N_("Only <@{owner_id}> can start this one again.")
            raise NotYours(only, "pomodoro list", owner_id=over.owner_id)
        length, now = length or over.length, self._now()
        new = Timer.begun(actor, called or over.name, length, now, now + length)
        counts = over.counts_from is not None and called is None
        timer, is_new = await self._start(actor, new, f"after:{timer_id}", counts=counts)
        if not is_new and timer.state in LIVE:
            raise TooLate(N_("It's already running, as #{id}."), f"pomodoro time #{timer.id}", id=timer.id)
        if not is_new:
            again = N_("You've already started it again, as #{id}.")
            raise TooLate(again, f"pomodoro again #{timer.id}", id=timer.id)
        return timer

    async def change(self, actor: Actor, timer: Timer, command: ChangeTimers) -> Timer:
        """Change a timer. Raises what the command does, and ``NotYours``, ``TooLate`` and ``NotSaved``."""
        (new,), _ = await self.change_all(actor, [timer], command)
        return new

    async def change_all(
        self, actor: Actor, timers: Sequence[Timer], command: ChangeTimers
    ) -> tuple[list[Timer], list[tuple[Timer, UserError]]]:
        """Change several, undoable together; return how they are now, and those that could not be changed.

        Raises as ``change`` does where none could, also because somebody may not write where a new name is shown.
        """
        act = command.act

        async def change(timer: Timer) -> tuple[Timer, Timer]:
            if act.is_seen:
                await self._authority.must_write(actor, timer)
            return timer, await self._change(actor, timer, lambda old: act.change(old, self._now()))

        changed, refused = await for_each(change, timers)
        if undo := act.undo:
            changes = [Change(before.id, functools.partial(undo, before)) for before, _ in changed]
            self._changes.note(actor.user_id, changes, self._now())
        return [new for _, new in changed], refused

    async def lengthen(self, actor: Actor, timer: Timer, to: timedelta) -> Timer:
        """Make it as long as a bare number meant, counted from its start; if it is over, start another.

        Raises ``NotYours``, and what ``extend`` and ``again`` raise.
        """
        if timer.owner_id != actor.user_id:
            raise NotYours(N_("Only its owner can make it longer."))
        if timer.state is not State.DONE:
            return await self._change(actor, timer, lambda old: old.lengthen(to, self._now()))
        left = timer.started_at + to - self._now()
        return await self.again(actor, timer.id, left if left >= SHORTEST else to)

    async def undo(self, actor: Actor) -> list[Timer]:
        """Undo a person's last change, if that was within minutes, as far as each timer allows.

        Raises ``TooLate`` if there is none, and why it cannot be undone.
        """
        changes = self._changes.take(actor.user_id, self._now())
        if not changes:
            raise TooLate(N_("There's nothing to undo from the last five minutes."))
        back, _ = await for_each(lambda change: self._undo(actor, change), changes)
        return back

    async def by_id(self, timer_id: int) -> Timer:
        """Return a timer, live or over. Raises ``UnknownTimer``, also for that of a session or a reminder."""
        async with reading(self._database) as connection:
            timer = await timer_rows.by_id(connection, timer_id)
        if timer is None or timer.purpose is not Purpose.POMODORO:
            raise UnknownTimer(N_("That timer's gone."), "pomodoro list")
        return timer

    async def live(self, actor: Actor) -> list[Timer]:
        """Return the person's own live timers and all of the channel's, soonest first."""
        async with reading(self._database) as connection:
            return await timer_rows.live(connection, actor.user_id, actor.channel_id)

    async def find_all(self, actor: Actor, command: ChangeTimers) -> list[Timer]:
        """Return the live timers that a command is to change. Raises as ``lookup.pick_all`` does."""
        return lookup.pick_all(command, await self.live(actor), actor)

    async def look(self, actor: Actor, target: str | None) -> Timer:
        """Return the live timer they mean, whoever owns it."""
        return lookup.look(target, await self.live(actor), actor, "time")

    async def last_over(self, actor: Actor, target: str | None) -> Timer:
        """Return the person's timer that ended last, or that of a name or number. Raises ``UnknownTimer``."""
        async with reading(self._database) as connection:
            over = await timer_rows.last_over(connection, actor.user_id, _LOOKED_BACK)
        if target is None and actor.guild_id:  # others read the name, too
            over = [timer for timer in over if timer.guild_id == actor.guild_id]
        return lookup.latest(target, over)

    async def set_card(self, timer: Timer, card_id: int) -> None:
        """Record the message that shows a timer; a failure is harmless."""
        try:
            async with self._database.write() as connection:
                version = await timer_rows.set_card(connection, timer.id, card_id)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=timer.id)
        else:
            if version not in {None, timer.version}:  # a short timer can end before its card is posted
                await self.show(timer.id)

    async def show(self, timer_id: int) -> None:
        """Refresh a timer's card through the outbox."""
        messages: list[OutboxMessage] = []
        try:
            async with self._database.write() as connection:
                timer = await timer_rows.by_id(connection, timer_id)
                messages = [outbox_rows.new_message(Kind.CARD, [timer])] if timer and timer.card_id else []
                await outbox_rows.add(connection, messages)
        except DatabaseUnavailable:
            _log.warning("card_not_kept", timer_id=timer_id)
        # In either case, since only the answer may be lost: refreshing a card twice is harmless.
        self._outbox.put(messages)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Mark timers done and write their announcements, see ``due_timers.CompletionHandler``."""
        done = await due_timers.finish(connection, due, to_the_millisecond(now))
        logged = [focus_log.of_pomodoro(over, was) for over, was in zip(done, due, strict=True)]
        await log_rows.add(connection, [entry for entry in logged if entry])
        messages = [outbox_rows.new_message(Kind.ANNOUNCEMENT, bundle) for bundle in bundles(done)]
        messages += [outbox_rows.new_message(Kind.CARD, [timer]) for timer in done if timer.card_id]
        await outbox_rows.add(connection, messages)
        return Effects(messages)

    async def _start(self, actor: Actor, new: Timer, request: str, *, counts: bool) -> tuple[Timer, bool]:
        """Write the row and count it down; return whether it is new, or was started by the request before."""
        rules = await self._rules_of(actor.guild_id)
        least = self._counts_from if rules.counts_from is None else timedelta(minutes=rules.counts_from)
        new = replace(new, counts_from=least if counts else None)

        async def write(connection: AsyncConnection) -> Timer:
            await self._limits.check(connection, actor, rules.most_timers)
            return await timer_rows.add(connection, new, request)

        timer, is_new = await saved_once(
            self._database, write, lambda connection: timer_rows.by_request(connection, request), self._scheduler
        )
        if is_new:
            _log.info("timer_started", timer_id=timer.id, seconds=new.length.total_seconds())
        self._count_down(timer)
        return timer, is_new

    async def _change(self, actor: Actor, old: Timer, transition: Callable[[Timer], Timer]) -> Timer:
        if not lookup.may_command(actor, old):
            raise NotYours(N_("#{id} isn't your timer."), "pomodoro list", id=old.id)
        new = transition(old)
        revives = old.state is State.CANCELLED
        rules = await self._rules_of(old.guild_id) if revives else Rules()
        async with saving(self._database, self._scheduler) as connection:
            if revives:
                owner = replace(actor, user_id=old.owner_id, guild_id=old.guild_id)
                await self._limits.check(connection, owner, rules.most_timers)
            if not await timer_rows.change(connection, old, new):
                # Lost a race: raise what the transition says about the current state.
                now_is = await timer_rows.by_id(connection, old.id)
                if now_is is not None:
                    transition(now_is)
                raise TooLate(N_("It changed just as you did that. Have another look."), f"pomodoro time #{old.id}")
            if new.state is State.CANCELLED and (entry := focus_log.of_pomodoro(new, old)):
                await log_rows.add(connection, [entry])
            elif revives:
                await log_rows.remove_of_timer(connection, old.id)
        _log.info("timer_changed", timer_id=new.id, state=new.state, version=new.version)
        self._count_down(new)
        return new

    async def _rules_of(self, guild_id: int | None) -> Rules:
        return await self._rules.of(guild_id) if self._rules else Rules()

    async def _undo(self, actor: Actor, change: Change) -> Timer:
        old = await self.by_id(change.timer_id)
        return await self._change(actor, old, lambda now_is: change.inverse(now_is, self._now()))
