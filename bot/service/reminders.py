"""Reminders: set, change, snooze, list; and what follows when their time comes."""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import lookup
from bot.domain.errors import BadMoment, TooLate, TooMany, UnknownReminder
from bot.domain.parcel import Kind, Parcel, bundles
from bot.domain.reminder import Reminder, must_own
from bot.domain.timer import Actor, Purpose, State, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.service.agenda import Following, Outbox, Roster
from bot.service.saving import reading, saving
from bot.store import outbox as outbox_rows
from bot.store import reminders as rows
from bot.store import timers as timer_rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)

# How many reminders of which somebody could not be told are shown to them.
_UNDELIVERED = 5

# What a reminder becomes at a moment.
Move = Callable[[Reminder, datetime], Reminder]


class Reminders:
    """Every change is committed first, then counted down. ``most`` may be pending for a person; 0: no limit."""

    def __init__(self, database: Database, clock: Clock, most: int) -> None:
        self._database = database
        self._clock = clock
        self._most = most

    def attach(self, roster: Roster, outbox: Outbox) -> None:
        """Name who counts down and who speaks; needed before anything is asked for."""
        self._roster = roster
        self._outbox = outbox

    async def set(self, reminder: Reminder, request: str) -> Reminder:
        """Keep a new reminder, and give it with its number.

        ``request`` tells what asked for it; where that has set one already, the answer is that one. It is counted
        down here too: another process that has heard of it may end before its time comes.
        Raises ``TooMany`` and ``NotSaved``.
        """
        try:
            async with saving(self._database, "nothing was set", self._roster) as connection:
                is_limited = self._most and reminder.timer.purpose is Purpose.REMINDER
                if is_limited and await rows.count_pending(connection, reminder.timer.owner_id) >= self._most:
                    earlier = await rows.by_request(connection, request)
                    if earlier is None:
                        raise TooMany(
                            f"You have {self._most} reminders pending, which is the most; cancel one first.",
                            "remind list",
                        )
                    self._count_down(earlier)
                    return earlier
                added = await rows.add(connection, reminder, request)
        except IntegrityError:
            async with reading(self._database) as connection:
                earlier = await rows.by_request(connection, request)
            if earlier is None:
                raise
            self._count_down(earlier)
            return earlier
        _log.info("reminder_set", timer_id=added.id, repeats=added.rule is not None)
        self._count_down(added)
        return added

    async def change(self, actor: Actor, timer_id: int, move: Move) -> Reminder:
        """Let somebody make a move. Raises what that raises, ``UnknownReminder``, ``NotYours`` and ``NotSaved``."""
        changed, _ = await self._change(actor, timer_id, move)
        return changed

    async def edit(self, actor: Actor, timer_id: int, move: Move) -> tuple[Reminder, int]:
        """Make a move that can be reverted: give the changed reminder and the number of what it was before."""
        changed, before_id = await self._change(actor, timer_id, move, keep=True)
        return changed, before_id

    async def revert(self, actor: Actor, timer_id: int, before_id: int, version: int) -> Reminder:
        """Take an edit back, unless the reminder was changed since. Raises as ``change`` does."""
        before = await self.by_id(before_id)

        def move(now_is: Reminder, now: datetime) -> Reminder:
            if now_is.timer.version != version or before.origin_id != timer_id:
                raise TooLate("It was changed since, so that cannot be undone.", f"remind edit #{timer_id} 20m")
            return now_is.revert(before, now)

        return await self.change(actor, timer_id, move)

    async def snooze(self, actor: Actor, timer_id: int, until: datetime, request: str) -> Reminder:
        """Say it to somebody once more; snoozed again, it is put off. Raises as ``change``, and ``BadMoment``."""
        async with saving(self._database, "nothing was snoozed", self._roster) as connection:
            over = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            now = self._now()
            if over.is_personal:
                must_own(actor, over)
            if until <= now:
                raise BadMoment("That time has passed; a reminder needs a time to come.", "remind 20m stretch")
            earlier = await rows.snoozed(connection, timer_id, actor.user_id)
            if earlier:
                snoozed = earlier.until(until)
                await rows.save(connection, earlier, snoozed)
            else:
                snoozed = await rows.add(connection, over.snoozed(actor, until, now, over.zone), request)
        _log.info("reminder_snoozed", timer_id=timer_id, as_timer_id=snoozed.id)
        self._count_down(snoozed)
        return snoozed

    async def by_id(self, timer_id: int) -> Reminder:
        """Find a reminder, pending or over. Raises ``UnknownReminder``."""
        return _known((await self.by_ids([timer_id])).get(timer_id))

    async def by_ids(self, timer_ids: Sequence[int]) -> dict[int, Reminder]:
        """Find reminders, pending or over, by number."""
        async with reading(self._database) as connection:
            return await rows.by_ids(connection, timer_ids)

    async def end_all(self, guild_id: int, purpose: Purpose) -> None:
        """End all that a server has of a purpose. Raises ``NotSaved``."""
        async with saving(self._database, "nothing was changed", self._roster) as connection:
            going = await rows.of_guild(connection, guild_id, purpose)
            for one in going:
                await rows.save(connection, one, one.cancel(self._now()))
        for one in going:
            self._roster.drop(one.id)

    async def series_of(self, reminder: Reminder) -> Reminder | None:
        """Give the series that a reminder is an occurrence of, if it repeats."""
        if reminder.origin_id is None:
            return None
        series = (await self.by_ids([reminder.origin_id])).get(reminder.origin_id)
        return series if series and series.rule else None

    async def pending(self, user_id: int) -> list[Reminder]:
        """Give what somebody is still to be reminded of, soonest first."""
        async with reading(self._database) as connection:
            return await rows.pending(connection, user_id)

    async def find(self, actor: Actor, which: str | None, verb: str) -> Reminder:
        """Find the one pending reminder that somebody means, by number or text. Raises ``UnknownReminder``."""
        own = {one.id: one for one in await self.pending(actor.user_id)}
        try:
            return own[lookup.pick_reminder(which, [one.timer for one in own.values()], verb).id]
        except UnknownReminder:
            # By its number a moderator reaches those of others too.
            number = (which or "").removeprefix("#")
            theirs = await self.by_ids([int(number)]) if number.isdecimal() and len(number) <= 18 else {}
            if not any(one.is_pending for one in theirs.values()):
                raise
        (found,) = theirs.values()
        must_own(actor, found)
        return found

    async def undelivered(self, user_id: int) -> list[tuple[Timer, str]]:
        """Give the reminders of which somebody could not be told, with the reason, newest first."""
        async with reading(self._database) as connection:
            return await outbox_rows.undelivered(connection, user_id, Purpose.REMINDER, _UNDELIVERED)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Following:
        """Write down that they have come, and when they come next, see ``agenda.Ending``."""
        found = await rows.by_ids(connection, [timer.id for timer in due])
        damaged = {timer.id for timer in due} - found.keys()
        if damaged:
            await timer_rows.set_aside(connection, damaged)
        now = to_the_millisecond(now)
        come = [(one, *one.come(now)) for one in found.values()]
        await rows.save_all(connection, [series or told for _, told, series in come])
        new = [(told, f"occurrence:{old.id}:{old.timer.version}") for old, told, series in come if series]
        occurrences = iter(await rows.add_all(connection, new))
        told = [next(occurrences) if series else told for _, told, series in come]
        parcels = [
            outbox_rows.wrap(Kind.ANNOUNCEMENT, bundle)
            for bundle in bundles(one.timer for one in told if not one.direct)
        ]
        parcels += [
            outbox_rows.wrap(Kind.DIRECT, bundle, person_id=bundle[0].owner_id)
            for bundle in bundles((one.timer for one in told if one.direct), lambda timer: timer.owner_id)
        ]
        await outbox_rows.add(connection, parcels)
        return Following(parcels, [series.timer.due for _, _, series in come if series and series.timer.due])

    async def refused(self, connection: AsyncConnection, parcel: Parcel) -> list[Parcel]:
        """Leave word where they were asked for that direct messages are not taken, see ``delivery.Refusals``.

        What repeats is paused, so that it is not tried again and again; so is what a channel has refused before.
        """
        found = (await rows.by_ids(connection, [timer.id for timer in parcel.timers])).values()
        series_ids = [one.origin_id for one in found if one.origin_id]
        for one in (await rows.by_ids(connection, series_ids, to_change=True)).values():
            if one.rule and one.timer.state is State.RUNNING:
                await rows.save(connection, one, one.silenced())
                self._roster.drop(one.id)
        unheard = [one.timer for one in found if one.direct and one.timer.guild_id]
        return await outbox_rows.leave_word(connection, parcel, unheard)

    async def _change(self, actor: Actor, timer_id: int, move: Move, *, keep: bool = False) -> tuple[Reminder, int]:
        before_id = 0
        async with saving(self._database, "nothing was changed", self._roster) as connection:
            old = _known((await rows.by_ids(connection, [timer_id], to_change=True)).get(timer_id))
            must_own(actor, old)
            now = self._now()
            new = move(old, now)
            await rows.save(connection, old, new)
            if keep:
                request = f"before:{timer_id}:{new.timer.version}"
                before_id = (await rows.add(connection, old.kept(now), request)).id
        _log.info("reminder_changed", timer_id=timer_id, state=new.timer.state, version=new.timer.version)
        self._count_down(new)
        return new, before_id

    def _count_down(self, reminder: Reminder) -> None:
        if reminder.timer.due:
            self._roster.put(reminder.timer.due)
        else:
            self._roster.drop(reminder.id)

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())


def _known(reminder: Reminder | None) -> Reminder:
    if reminder is None:
        raise UnknownReminder("I do not know that reminder any more.", "remind list")
    return reminder
