"""Reminders: set, change, snooze, list; and what follows when they are due."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import BadMoment, TooLate, TooMany, UnknownReminder
from bot.domain.outbox_message import Kind, OutboxMessage, bundles
from bot.domain.reminders.reminder import Reminder, must_own
from bot.domain.timers import lookup
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.due_timers import Effects, Scheduler
from bot.service.saving import reading, saving
from bot.store import outbox as outbox_rows
from bot.store import reminders as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)

# The reminder after a change at a moment.
Transition = Callable[[Reminder, datetime], Reminder]


class Reminders:
    """Commits every change first, then counts down. ``most`` limits a person's pending ones; 0: no limit."""

    def __init__(self, database: Database, clock: Clock, most: int) -> None:
        self._database = database
        self._clock = clock
        self._most = most

    def attach(self, scheduler: Scheduler) -> None:
        """Set the scheduler; needed before the first request."""
        self._scheduler = scheduler

    async def set(self, reminder: Reminder, request: str) -> Reminder:
        """Save a new reminder, and return it with its id.

        Idempotent by ``request``, the event that caused it: where that set one already, it is returned. It is
        counted down here too: another process that received the same event may end before it is due.
        Raises ``TooMany`` and ``NotSaved``.
        """

        async def make_room(connection: AsyncConnection) -> None:
            if reminder.timer.purpose is not Purpose.REMINDER:
                return
            try:
                await self._must_have_room(connection, reminder.timer.owner_id)
            except TooMany:
                if await rows.by_request(connection, request) is None:
                    raise

        return await self._add(reminder, request, make_room)

    async def set_alone(self, reminder: Reminder, request: str) -> Reminder:
        """Save a new reminder, replacing all of its purpose in its server, in one transaction.

        Idempotent by ``request`` as ``set`` is. Raises ``NotSaved``.
        """
        guild_id = reminder.timer.guild_id
        assert guild_id is not None
        ended: list[int] = []

        async def make_room(connection: AsyncConnection) -> None:
            if await rows.by_request(connection, request) is None:
                ended.extend(await self._end_all(connection, guild_id, reminder.timer.purpose))

        kept = await self._add(reminder, request, make_room)
        for timer_id in ended:
            self._scheduler.drop(timer_id)
        return kept

    async def change(self, actor: Actor, timer_id: int, transition: Transition) -> Reminder:
        """Apply a transition. Raises what it raises, ``UnknownReminder``, ``NotYours`` and ``NotSaved``."""
        changed, _ = await self._change(actor, timer_id, transition)
        return changed

    async def edit(self, actor: Actor, timer_id: int, transition: Transition) -> tuple[Reminder, int]:
        """Apply a revertible transition; return the changed reminder, and the id of a copy from before."""
        changed, before_id = await self._change(actor, timer_id, transition, keep=True)
        return changed, before_id

    async def revert(self, actor: Actor, timer_id: int, before_id: int, version: int) -> Reminder:
        """Revert an edit, unless the reminder was changed since. Raises as ``change`` does."""
        before = await self.by_id(before_id)

        def transition(now_is: Reminder, now: datetime) -> Reminder:
            if now_is.timer.version != version or before.origin_id != timer_id:
                raise TooLate(N_("It was changed since, so that cannot be undone."), f"remind edit #{timer_id} 20m")
            return now_is.revert(before, now)

        return await self.change(actor, timer_id, transition)

    async def snooze(self, actor: Actor, timer_id: int, until: datetime, request: str) -> Reminder:
        """Set a copy for somebody at another time; where it was snoozed already, move that copy.

        Raises as ``change``, ``BadMoment``, and ``TooMany``, since it counts as one more of theirs.
        """
        async with saving(self._database, self._scheduler) as connection:
            over = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            now = self._now()
            if over.is_personal:
                must_own(actor, over)
            if until <= now:
                raise BadMoment(N_("That time has passed; a reminder needs a time to come."), "remind 20m stretch")
            earlier = await rows.snoozed(connection, timer_id, actor.user_id)
            if earlier:
                snoozed = earlier.until(until)
                await rows.save(connection, earlier, snoozed)
            else:
                await self._must_have_room(connection, actor.user_id)
                snoozed = await rows.add(connection, over.snoozed(actor, until, now, over.zone), request)
        _log.info("reminder_snoozed", timer_id=timer_id, as_timer_id=snoozed.id)
        self._count_down(snoozed)
        return snoozed

    async def by_id(self, timer_id: int) -> Reminder:
        """Return a reminder, pending or over. Raises ``UnknownReminder``."""
        return _known((await self.by_ids([timer_id])).get(timer_id))

    async def by_ids(self, timer_ids: Sequence[int]) -> dict[int, Reminder]:
        """Return reminders, pending or over, by id."""
        async with reading(self._database) as connection:
            return await rows.by_ids(connection, timer_ids)

    async def end_all(self, guild_id: int, purpose: Purpose, request: str) -> None:
        """End all reminders of a purpose in a server. Raises ``NotSaved``.

        Idempotent by ``request``: delivered again, it ends nothing that was set since, and raises ``TooLate``.
        """
        async with saving(self._database, self._scheduler) as connection:
            asked_at = _asked_at(request)
            if any(_asked_at(other) > asked_at for other in await rows.requests(connection, guild_id, purpose)):
                raise TooLate(N_("That was set anew since, so it goes on."))
            ended = await self._end_all(connection, guild_id, purpose)
        for timer_id in ended:
            self._scheduler.drop(timer_id)

    async def series_of(self, reminder: Reminder) -> Reminder | None:
        """Return the series that a reminder is an occurrence of, or None."""
        if reminder.origin_id is None:
            return None
        series = (await self.by_ids([reminder.origin_id])).get(reminder.origin_id)
        return series if series and series.rule else None

    async def pending(self, user_id: int) -> list[Reminder]:
        """Return somebody's pending reminders, soonest first."""
        async with reading(self._database) as connection:
            return await rows.pending(connection, user_id)

    async def find(self, actor: Actor, which: str | None, verb: str) -> Reminder:
        """Return the pending reminder that somebody means, by number or text. Raises ``UnknownReminder``."""
        own = {reminder.id: reminder for reminder in await self.pending(actor.user_id)}
        try:
            return own[lookup.pick_reminder(which, [reminder.timer for reminder in own.values()], verb).id]
        except UnknownReminder:
            # By number, a moderator reaches those of others too.
            number = (which or "").removeprefix("#")
            theirs = await self.by_ids([int(number)]) if number.isdecimal() and len(number) <= 18 else {}
            if not any(reminder.is_pending for reminder in theirs.values()):
                raise
        (reminder,) = theirs.values()
        must_own(actor, reminder)
        return reminder

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Fire due reminders and schedule their next times, see ``due_timers.CompletionHandler``."""
        current = await rows.by_ids(connection, [timer.id for timer in due])
        now = to_the_millisecond(now)
        come = [(old, *old.come(now)) for old in current.values()]
        await rows.save_all(connection, [series or told for _, told, series in come])
        new = [(told, f"occurrence:{old.id}:{old.timer.version}") for old, told, series in come if series]
        occurrences = iter(await rows.add_all(connection, new))
        told = [next(occurrences) if series else told for _, told, series in come]
        messages = [
            outbox_rows.wrap(Kind.ANNOUNCEMENT, bundle)
            for bundle in bundles(reminder.timer for reminder in told if not reminder.direct)
        ]
        messages += [
            outbox_rows.wrap(Kind.DIRECT, bundle, person_id=bundle[0].owner_id)
            for bundle in bundles(
                (reminder.timer for reminder in told if reminder.direct), lambda timer: timer.owner_id
            )
        ]
        await outbox_rows.add(connection, messages)
        dues = [series.timer.due for _, _, series in come if series and series.timer.due]
        return Effects(messages, dues, damaged={timer.id for timer in due} - current.keys())

    async def refused(self, connection: AsyncConnection, message: OutboxMessage) -> list[OutboxMessage]:
        """Post a notice where they were set that direct messages are refused, see ``stored_outbox.Refusals``.

        Repeating reminders are paused, so that they are not tried again and again, also those that a channel
        refused before.
        """
        reminders = (await rows.by_ids(connection, [timer.id for timer in message.timers])).values()
        series_ids = [reminder.origin_id for reminder in reminders if reminder.origin_id]
        for series in (await rows.by_ids(connection, series_ids, to_change=True)).values():
            if series.rule and series.timer.state is State.RUNNING:
                await rows.save(connection, series, series.silenced())
                self._scheduler.drop(series.id)
        unheard = [reminder.timer for reminder in reminders if reminder.direct and reminder.timer.guild_id]
        return await outbox_rows.leave_word(connection, message, unheard)

    async def _add(
        self, reminder: Reminder, request: str, make_room: Callable[[AsyncConnection], Awaitable[None]]
    ) -> Reminder:
        """Write a new reminder after making room for it, unless its request wrote one before."""
        try:
            async with saving(self._database, self._scheduler) as connection:
                await make_room(connection)
                added = await rows.add(connection, reminder, request)
        except IntegrityError:  # the request wrote one before
            async with reading(self._database) as connection:
                earlier = await rows.by_request(connection, request)
            if earlier is None:
                raise
            self._count_down(earlier)
            return earlier
        _log.info("reminder_set", timer_id=added.id, repeats=added.rule is not None)
        self._count_down(added)
        return added

    async def _must_have_room(self, connection: AsyncConnection, user_id: int) -> None:
        """Raise ``TooMany`` where somebody is at their limit."""
        if self._most and await rows.count_pending(connection, user_id) >= self._most:
            raise TooMany(
                N_("You have {most} reminders pending, which is the most; cancel one first."),
                "remind list",
                most=self._most,
            )

    async def _end_all(self, connection: AsyncConnection, guild_id: int, purpose: Purpose) -> list[int]:
        going = await rows.of_guild(connection, guild_id, purpose)
        for reminder in going:
            await rows.save(connection, reminder, reminder.cancel(self._now()))
        return [reminder.id for reminder in going]

    async def _change(
        self, actor: Actor, timer_id: int, transition: Transition, *, keep: bool = False
    ) -> tuple[Reminder, int]:
        before_id = 0
        async with saving(self._database, self._scheduler) as connection:
            old = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            must_own(actor, old)
            now = self._now()
            new = transition(old, now)
            await rows.save(connection, old, new)
            if keep:
                request = f"before:{timer_id}:{new.timer.version}"
                before_id = (await rows.add(connection, old.kept(now), request)).id
        _log.info("reminder_changed", timer_id=timer_id, state=new.timer.state, version=new.timer.version)
        self._count_down(new)
        return new, before_id

    def _count_down(self, reminder: Reminder) -> None:
        if reminder.timer.due:
            self._scheduler.put(reminder.timer.due)
        else:
            self._scheduler.drop(reminder.id)

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())


def _asked_at(request: str) -> int:
    """Return the id of a request's message or interaction, which increases with time; 0 where it has none."""
    number = request.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0


def _known(reminder: Reminder | None) -> Reminder:
    if reminder is None:
        raise UnknownReminder(N_("I do not know that reminder any more."), "remind list")
    return reminder
