"""Channel timers: what is pending in a channel, for its moderators to see and cancel."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.domain.errors import NotYours, UnknownTimer
from bot.domain.focus.command import FocusVerb
from bot.domain.focus.transition import transition
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.command import ActOnTimers, TimerVerb
from bot.domain.timers.lookup import must_be_here
from bot.domain.timers.timer import Actor, Purpose, Timer
from bot.messages.catalogue import N_
from bot.service.bulk import for_each
from bot.service.reminders import Reminders
from bot.service.saving import reading
from bot.service.sessions import Sessions
from bot.service.timers import Timers
from bot.store import reminders as reminder_rows, timers as timer_rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending timer; with its reminder if it is that of a reminder or a digest."""

    timer: Timer
    reminder: Reminder | None = None

    @property
    def id(self) -> int:
        """Its timer's id."""
        return self.timer.id


class ChannelTimers:
    """Lists and cancels what people have set in a channel, but no direct messages to come."""

    def __init__(self, database: Database, timers: Timers, sessions: Sessions, reminders: Reminders) -> None:
        self._database = database
        self._timers = timers
        self._sessions = sessions
        self._reminders = reminders

    async def of(self, actor: Actor) -> Sequence[Pending]:
        """Return what is pending in a moderator's channel, soonest first. Raises ``NotYours``."""
        if not actor.can_manage or actor.guild_id is None:
            raise NotYours(N_("Only moderators can see what others have set in a channel."), "remind list")
        async with reading(self._database) as connection:
            timers = await timer_rows.of_channel(connection, actor.channel_id)
            ids = [timer.id for timer in timers if timer.purpose in {Purpose.REMINDER, Purpose.DIGEST}]
            reminders = await reminder_rows.by_ids(connection, ids)
        known = [Pending(timer, reminders.get(timer.id)) for timer in timers if timer.guild_id == actor.guild_id]
        return [
            pending
            for pending in known
            if pending.timer.purpose in {Purpose.POMODORO, Purpose.SESSION}
            or (pending.reminder and not pending.reminder.direct)
        ]

    async def by_id(self, actor: Actor, timer_id: int) -> Pending:
        """Return what is pending under a number. Raises ``NotYours`` and ``UnknownTimer``."""
        for pending in await self.of(actor):
            if pending.id == timer_id:
                return pending
        raise UnknownTimer(N_("That's no longer coming up here."), "remind list here")

    async def cancel(self, actor: Actor, timer_id: int) -> Pending:
        """Cancel one of them silently. Raises what cancelling it raises."""
        pending = await self.by_id(actor, timer_id)
        must_be_here(actor, pending.timer)
        await self._end(actor, pending)
        return pending

    async def cancel_all(self, actor: Actor, owner_id: int) -> int:
        """Cancel everything that somebody has pending there; return how many."""
        theirs = [pending for pending in await self.of(actor) if pending.timer.owner_id == owner_id]
        ended, _ = await for_each(lambda pending: self._end(actor, pending), theirs)
        return len(ended)

    async def _end(self, actor: Actor, pending: Pending) -> None:
        match pending.timer.purpose:
            case Purpose.POMODORO:
                await self._timers.change(actor, pending.timer, ActOnTimers(TimerVerb.CANCEL, None))
                await self._timers.show(pending.id)
            case Purpose.SESSION:
                await self._sessions.change(pending.id, transition(FocusVerb.STOP, actor))
            case _:
                await self._reminders.cancel(actor, pending.id)
        _log.info("ended_by_moderator", timer_id=pending.id, purpose=pending.timer.purpose)
