"""Reminders: set, change, snooze, list; and what follows when they are due."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import BadMoment, TooLate, TooMany, UnknownReminder
from bot.domain.outbox_message import Kind, OutboxMessage, bundles
from bot.domain.reminders.reminder import Reminder, must_own
from bot.domain.timers import lookup
from bot.domain.timers.timer import NOWHERE, Actor, Purpose
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.authority import NOT_ASKED, Authority
from bot.service.saving import reading, saving
from bot.service.series_service import SeriesService
from bot.store import fallbacks, outbox as outbox_rows, reminders as rows, timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# The reminder after a change at a moment.
Transition = Callable[[Reminder, datetime], Reminder]


class Reminders(SeriesService):
    """Commits every change first, then counts down. ``most`` limits a person's pending ones; 0: no limit."""

    def __init__(self, database: Database, clock: Clock, most: int, authority: Authority = NOT_ASKED) -> None:
        super().__init__(database, clock)
        self._authority = authority
        self._most = most

    async def set(self, reminder: Reminder, request: str) -> Reminder:
        """Save a new reminder, and return it with its id.

        Idempotent by ``request``, the event that caused it: where that set one already, it is returned. It is
        counted down here too: another process that received the same event may end before it is due.
        Raises ``TooMany`` and ``NotSaved``.
        """

        async def make_room(connection: AsyncConnection) -> None:
            try:
                await self._must_have_room(connection, reminder.timer.owner_id)
            except TooMany:
                if await rows.by_request(connection, request) is None:
                    raise

        return await self._add(reminder, request, make_room)

    async def change(self, actor: Actor, timer_id: int, transition: Transition) -> Reminder:
        """Apply a transition. Raises what it raises, ``UnknownReminder``, ``NotYours`` and ``NotSaved``."""
        changed, _ = await self._change(actor, timer_id, transition)
        return changed

    async def cancel(self, actor: Actor, timer_id: int) -> Reminder:
        """Cancel a reminder or a digest. Raises as ``change`` does."""
        cancelled, _ = await self._change(actor, timer_id, Reminder.cancel, or_digest=True)
        return cancelled

    async def edit(self, actor: Actor, timer_id: int, transition: Transition) -> tuple[Reminder, int]:
        """Apply a transition for somebody, who answers for it from now on; return a copy's id to revert to, too."""
        await self._authority.must_be_allowed(actor, await self.by_id(timer_id))
        return await self._change(
            actor, timer_id, lambda old, at: transition(old, at).changed_by(actor.user_id, old), keep=True
        )

    async def resume(self, actor: Actor, timer_id: int) -> Reminder:
        """Resume a reminder, which makes this person answer for it. Raises as ``change`` does."""
        await self._authority.must_be_allowed(actor, await self.by_id(timer_id))
        return await self.change(actor, timer_id, lambda old, at: old.resume(at).changed_by(actor.user_id, old))

    async def silence(self, timer_ids: Sequence[int]) -> None:
        """Pause those that repeat, since they may not be posted; idempotent. Raises ``NotSaved``."""
        async with saving(self._database, self._scheduler) as connection:
            paused = await rows.silence(connection, timer_ids)
        self.drop(paused)

    async def revert(self, actor: Actor, timer_id: int, before_id: int, version: int) -> Reminder:
        """Revert an edit, unless the reminder was changed since. Raises as ``change`` does."""
        before = await self.by_id(before_id)
        await self._authority.must_be_allowed(actor, await self.by_id(timer_id))

        def transition(now_is: Reminder, now: datetime) -> Reminder:
            if now_is.timer.version != version or before.origin_id != timer_id:
                raise TooLate(N_("It's been changed since, so I can't undo that."), f"remind edit #{timer_id} 20m")
            return now_is.revert(before, now)

        return await self.change(actor, timer_id, transition)

    async def snooze(
        self, actor: Actor, timer_id: int, until: datetime, request: str, *, by_utc: bool = False
    ) -> Reminder:
        """Set a copy for somebody at another time; where it was snoozed already, move that copy.

        What was for others can be snoozed by whoever is in its channel. Raises as ``change``, ``BadMoment``, and
        ``TooMany``, since it counts as one more of theirs. Where they may not write in its channel any more, it
        comes to them directly. ``by_utc`` is whether that time was read as UTC, their zone being unknown.
        """
        direct = await self._authority.bars(actor.user_id, await self.by_id(timer_id))
        async with saving(self._database, self._scheduler) as connection:
            over = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            now = self._now()
            if over.is_personal:
                must_own(actor, over)
            elif actor.user_id != over.timer.owner_id and not lookup.is_here(actor, over.timer):
                raise _unknown()
            if until <= now:
                raise BadMoment(N_("That time has already passed. When should I remind you instead?"))
            earlier = await rows.snoozed(connection, timer_id, actor.user_id)
            if earlier:
                snoozed = earlier.until(until)
            else:
                await self._must_have_room(connection, actor.user_id)
                snoozed = over.snoozed(actor, until, now, over.zone, direct=direct)
            snoozed = snoozed.read_by_utc(now) if by_utc else snoozed
            if earlier:
                await rows.save(connection, earlier, snoozed)
            else:
                snoozed = await rows.add(connection, snoozed, request)
        _log.info("reminder_snoozed", timer_id=timer_id, as_timer_id=snoozed.id)
        self._count_down(snoozed.timer)
        return snoozed

    async def by_id(self, timer_id: int) -> Reminder:
        """Return a reminder, pending or over. Raises ``UnknownReminder``, also for a digest: it has other rules."""
        reminder = _known((await self.by_ids([timer_id])).get(timer_id))
        if _is_digest(reminder):
            raise _unknown()
        return reminder

    async def by_ids(self, timer_ids: Sequence[int]) -> dict[int, Reminder]:
        """Return reminders, pending or over, by id."""
        async with reading(self._database) as connection:
            return await rows.by_ids(connection, timer_ids)

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

    async def read_by_utc(self, user_id: int, since: datetime) -> list[Reminder]:
        """Return somebody's pending reminders that were read as UTC since a moment, their zone being unknown."""
        pending = await self.pending(user_id)
        return [reminder for reminder in pending if reminder.by_utc_at and reminder.by_utc_at >= since]

    async def last_set(self, user_id: int) -> Reminder:
        """Return somebody's newest pending reminder. Raises ``UnknownReminder``."""
        pending = await self.pending(user_id)
        if not pending:
            raise UnknownReminder(N_("You don't have any reminders."))
        return max(pending, key=lambda reminder: reminder.id)

    async def last_come(self, user_id: int) -> Reminder:
        """Return somebody's latest reminder that has come. Raises ``UnknownReminder``."""
        async with reading(self._database) as connection:
            last = await rows.last_come(connection, user_id)
        if last is None:
            raise UnknownReminder(N_("None of your reminders has come yet."))
        return last

    async def find(self, actor: Actor, target: str | None, verb: str, rest: str = "") -> Reminder:
        """Return the pending reminder that somebody means, see ``lookup.pick_reminder``."""
        own = {reminder.id: reminder for reminder in await self.pending(actor.user_id)}
        try:
            timers = [
                replace(reminder.timer, channel_id=NOWHERE) if reminder.direct else reminder.timer
                for reminder in own.values()
            ]
            return own[lookup.pick_reminder(target, timers, verb, rest).id]
        except UnknownReminder:
            # By number, a moderator reaches others' reminders too.
            number = (target or "").removeprefix("#")
            theirs = await self.by_ids([int(number)]) if number.isdecimal() and len(number) <= 18 else {}
            if not any(reminder.is_pending and not _is_digest(reminder) for reminder in theirs.values()):
                raise
        (reminder,) = theirs.values()
        must_own(actor, reminder)
        return reminder

    async def set_card(self, reminder: Reminder, message_id: int) -> None:
        """Record the message that confirmed a reminder, so that its *Undo* goes once it has come; it may fail."""
        try:
            async with self._database.write() as connection:
                await timer_rows.set_card(connection, reminder.id, message_id)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=reminder.id)

    def _messages(self, due: Sequence[Reminder]) -> list[OutboxMessage]:
        """Bundle the announcements of each place; a confirmation card loses its *Undo*."""
        messages = [
            outbox_rows.new_message(Kind.ANNOUNCEMENT, bundle)
            for bundle in bundles(reminder.timer for reminder in due if not reminder.direct)
        ]
        messages += [
            outbox_rows.new_message(Kind.DIRECT, bundle, person_id=bundle[0].owner_id)
            for bundle in bundles(
                (reminder.timer for reminder in due if reminder.direct), lambda timer: timer.owner_id
            )
        ]
        over = [reminder.timer for reminder in due if reminder.timer.card_id]
        messages += [outbox_rows.new_message(Kind.CARD, [timer]) for timer in over]
        return messages

    async def refused(
        self, connection: AsyncConnection, message: OutboxMessage
    ) -> tuple[list[OutboxMessage], list[int]]:
        """Post a notice where they were set that direct messages are refused, see ``stored_outbox.Refusals``.

        Repeating reminders are paused, so that they are not tried again, also those that a channel refused before.
        """
        reminders = (await rows.by_ids(connection, [timer.id for timer in message.timers])).values()
        series_ids = [reminder.origin_id for reminder in reminders if reminder.origin_id]
        paused = await rows.silence(connection, series_ids)
        direct = [reminder.timer for reminder in reminders if reminder.direct and reminder.timer.guild_id]
        return await fallbacks.post_notice(connection, message, direct), paused

    async def _must_have_room(self, connection: AsyncConnection, user_id: int) -> None:
        if self._most and await rows.count_pending(connection, user_id) >= self._most:
            raise TooMany(
                N_("You've already got {most} reminders, which is the limit. Cancel one first."),
                "remind list",
                most=self._most,
            )

    async def _change(
        self, actor: Actor, timer_id: int, transition: Transition, *, keep: bool = False, or_digest: bool = False
    ) -> tuple[Reminder, int]:
        before_id = 0
        async with saving(self._database, self._scheduler) as connection:
            old = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            if _is_digest(old) and not or_digest:
                raise _unknown()
            must_own(actor, old)
            now = self._now()
            new = transition(old, now)
            await rows.save(connection, old, new)
            if keep:
                request = f"before:{timer_id}:{new.timer.version}"
                before_id = (await rows.add(connection, old.kept(now), request)).id
        _log.info("reminder_changed", timer_id=timer_id, state=new.timer.state, version=new.timer.version)
        self._count_down(new.timer)
        return new, before_id


def _is_digest(reminder: Reminder) -> bool:
    return reminder.timer.purpose is Purpose.DIGEST


def _known(reminder: Reminder | None) -> Reminder:
    if reminder is None:
        raise _unknown()
    return reminder


def _unknown() -> UnknownReminder:
    return UnknownReminder(N_("That reminder's gone."), "remind list")
