"""Sessions: every change is committed first, then counted down, then shown."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooLate, TooMany, UnknownSession, UserError
from bot.domain.focus.participant import Effort, Notify, Outcome
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Actor, Purpose, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.due_timers import Effects, Outbox, Scheduler
from bot.service.saving import reading, saving
from bot.store import outbox as outbox_rows
from bot.store import sessions as rows
from bot.store import timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)


class Sessions:
    """``most_idle`` is the number of rounds allowed without activity; 0 means no limit."""

    def __init__(self, database: Database, clock: Clock, most_idle: int) -> None:
        self._database = database
        self._clock = clock
        self._most_idle = most_idle

    def attach(self, scheduler: Scheduler, outbox: Outbox) -> None:
        """Set the scheduler and the outbox; needed before the first request."""
        self._scheduler = scheduler
        self._outbox = outbox

    async def start(
        self,
        actor: Actor,
        title: str,
        plan: Plan,
        request: str,
        *,
        begins_at: datetime | None = None,
        auto: bool = True,
        warn: bool = False,
        voice_id: int | None = None,
        in_voice: Collection[int] = (),
    ) -> Session:
        """Start a session where the host is, at once or at a moment until which its doors are open.

        ``in_voice`` are those who sit in the linked voice channel now. Idempotent by ``request``, the event that
        caused it: where that started a session already, it is returned. Raises ``TooMany`` and ``NotSaved``.
        """
        now = self._now()
        due_at = max(to_the_millisecond(begins_at or now), now)
        timer = Timer.begun(actor, title, plan.phases[0].length, now, due_at, Purpose.SESSION)
        session = Session(timer, plan, began_at=now, auto=auto, warn=warn, voice_id=voice_id)
        for user_id in dict.fromkeys((actor.user_id, *sorted(in_voice))):
            session = session.join(user_id, now, by_voice=user_id in in_voice)
        if begins_at is None:
            session = session.tick(now, 0).reacted()
        try:
            async with saving(self._database, self._scheduler) as connection:
                other = await rows.in_channel(connection, actor.channel_id)
                if other and not await timer_rows.by_request(connection, request):
                    raise TooMany(N_("A session goes on in this channel already; join that one."), "focus join")
                session = await rows.add(connection, session, request)
        except IntegrityError:
            async with reading(self._database) as connection:
                earlier = await timer_rows.by_request(connection, request)
            if earlier is None:
                raise
            session = await self.by_id(earlier.id)
            self._count_down(session)  # another process may have received it too, and end first
            return session
        _log.info("session_started", timer_id=session.timer.id, phases=len(plan.phases))
        self._count_down(session)
        return session

    async def here(self, actor: Actor) -> Session:
        """Return the live session where somebody is. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = await rows.in_channel(connection, actor.channel_id)
        if session is None:
            raise UnknownSession(N_("No session goes on in this channel."), "focus start")
        return session

    async def by_id(self, timer_id: int) -> Session:
        """Return a session, live or over. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            return _known(await rows.by_id(connection, timer_id))

    async def look(self, timer_id: int) -> tuple[Session, Sequence[Effort]]:
        """Return a session and the efforts in it. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = _known(await rows.by_id(connection, timer_id))
            return session, await rows.efforts_of(connection, timer_id)

    async def in_guild(self, guild_id: int) -> Sequence[Session]:
        """Return the live sessions of a server, oldest first."""
        async with reading(self._database) as connection:
            return await rows.in_guild(connection, guild_id)

    async def change(self, timer_id: int, transition: Transition, stage: int | None = None) -> Session:
        """Apply a transition. ``stage`` is the session's progress as the person saw it.

        Raises what the transition raises, ``UnknownSession``, ``TooLate`` where the stage is over, and
        ``NotSaved``.
        """
        async with saving(self._database, self._scheduler) as connection:
            old = _known(await rows.by_id(connection, timer_id, to_change=True))
            now = self._now()  # read under the lock, so that transitions are in order of time
            # A due tick comes first, even where its countdown is only just waking up.
            current = old.tick(now, self._most_idle) if old.ends_at and old.ends_at <= now else old
            if stage is not None and stage != current.stage:
                raise TooLate(
                    N_("That was for a phase that is over; the newest card is further down."), "focus status"
                )
            new = transition(current.reacted(), now)
            messages = await self._save(connection, old, new)
        _log.info("session_changed", timer_id=timer_id, stage=new.stage, version=new.timer.version)
        self._count_down(new)
        self._outbox.put(messages)
        return new

    async def review(self, user_id: int, timer_id: int, phase: int, outcome: Outcome) -> None:
        """Record how a phase went for somebody. Raises ``UnknownSession`` where they did not focus in it."""
        async with saving(self._database, self._scheduler) as connection:
            if not await rows.review(connection, timer_id, phase, user_id, outcome):
                raise UnknownSession(N_("You did not focus in that phase, so there is nothing to say of it."))
            session = _known(await rows.by_id(connection, timer_id, to_change=True))
            messages = await self._save(connection, session, session.reacted())
        self._outbox.put(messages)

    async def set_card(self, session: Session, card_id: int) -> None:
        """Record the message that shows a session, and refresh it where the session changed meanwhile."""
        try:
            async with self._database.write() as connection:
                now_is = _known(await rows.by_id(connection, session.timer.id, to_change=True))
                messages = []
                if now_is.timer.card_id and now_is.stage != session.stage:  # a later phase already has its card
                    messages = [outbox_rows.wrap(Kind.CLOSED, [now_is.timer], message_id=card_id)]
                else:
                    await timer_rows.set_card(connection, session.timer.id, card_id)
                    if now_is != session:
                        timer = replace(now_is.timer, card_id=card_id)
                        messages = [outbox_rows.wrap(Kind.CARD, [timer], stage=now_is.stage)]
                await outbox_rows.add(connection, messages)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=session.timer.id)
        else:
            self._outbox.put(messages)

    async def moved_in_voice(self, user_id: int, came_from: int | None, went_to: int | None) -> None:
        """Join somebody to the sessions of the voice channel they entered, and remove them from those they left."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(
                connection, {channel_id for channel_id in (came_from, went_to) if channel_id is not None}
            )
        for session in linked:
            await self._follow_voice(session, user_id, is_there=session.voice_id == went_to)

    async def found_in_voice(self, occupants: Mapping[int, Collection[int]]) -> None:
        """Sync linked sessions with who sits in voice channels, after missing events."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(connection, occupants)
        for session in linked:
            there = set(occupants[session.voice_id or 0])
            for user_id in sorted(there.symmetric_difference(_by_voice(session))):
                await self._follow_voice(session, user_id, is_there=user_id in there)

    async def _follow_voice(self, session: Session, user_id: int, *, is_there: bool) -> None:
        """Join somebody who sits in a session's voice channel, or remove somebody who does not."""
        if is_there == (user_id in _by_voice(session)):
            return
        # Nobody sent a request, so nobody is told where it fails: the session is over by now, or full.
        with contextlib.suppress(UserError):
            if is_there:
                await self.change(session.timer.id, lambda old, now: old.join(user_id, now, by_voice=True))
            else:
                await self.change(session.timer.id, lambda old, now: old.leave(user_id, now))

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Advance sessions to their next phase, see ``CompletionHandler``; damaged ones stay as they are."""
        effects = Effects()
        for timer in due:
            old = await rows.by_id(connection, timer.id, to_change=True)
            if old is None:
                effects.damaged.add(timer.id)
                continue
            # A countdown wakes slightly early.
            new = old.tick(max(to_the_millisecond(now), timer.due_at or now), self._most_idle)
            effects.messages += await self._save(connection, old, new, by_time=True)
            if new.timer.due:
                effects.dues.append(new.timer.due)
        return effects

    async def _save(
        self, connection: AsyncConnection, old: Session, new: Session, *, by_time: bool = False
    ) -> list[OutboxMessage]:
        """Write a session and the messages about its change."""
        await rows.save(connection, old, new)
        messages = []
        if new.stage != old.stage:
            told = [person.user_id for person in new.present if person.notify is Notify.DM]
            messages = [outbox_rows.wrap(Kind.PHASE, [new.timer], stage=new.stage)]
            messages += [
                outbox_rows.wrap(Kind.DIRECT, [new.timer], person_id=user_id, stage=new.stage) for user_id in told
            ]
        elif by_time:  # within a phase that is only ever the warning
            messages = [outbox_rows.wrap(Kind.WARNING, [new.timer], stage=new.stage)]
        elif new.timer.card_id:
            messages = [outbox_rows.wrap(Kind.CARD, [new.timer], stage=new.stage)]
        await outbox_rows.add(connection, messages)
        return messages

    def _count_down(self, session: Session) -> None:
        if session.timer.due:
            self._scheduler.put(session.timer.due)
        else:
            self._scheduler.drop(session.timer.id)

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())


def _by_voice(session: Session) -> set[int]:
    return {person.user_id for person in session.present if person.by_voice}


def _known(session: Session | None) -> Session:
    if session is None:
        raise UnknownSession(N_("I do not know that session any more."), "focus start")
    return session
