"""Sessions: people keep time together; every change is committed first, then counted down, then shown."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Refusal, TooLate, TooMany, UnknownSession
from bot.domain.move import Move
from bot.domain.parcel import Kind, Parcel
from bot.domain.participant import Effort, Notify, Outcome
from bot.domain.plan import Plan
from bot.domain.session import Session
from bot.domain.timer import Actor, Purpose, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.service.agenda import Following, Outbox, Roster
from bot.service.saving import reading, saving
from bot.store import outbox as outbox_rows
from bot.store import sessions as rows
from bot.store import timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)


class Sessions:
    """``most_idle`` is in how many rounds somebody has to do something; 0 lets a session go on by itself."""

    def __init__(self, database: Database, clock: Clock, most_idle: int) -> None:
        self._database = database
        self._clock = clock
        self._most_idle = most_idle

    def attach(self, roster: Roster, outbox: Outbox) -> None:
        """Name who counts down and who speaks; needed before anything is asked for."""
        self._roster = roster
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

        ``in_voice`` are those who sit in the linked voice channel now. ``request`` tells what asked for it; where
        that has started a session already, the answer is that session. Raises ``TooMany`` and ``NotSaved``.
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
            async with saving(self._database, "nothing was started", self._roster) as connection:
                other = await rows.in_channel(connection, actor.channel_id)
                if other and not await timer_rows.by_request(connection, request):
                    raise TooMany("A session goes on in this channel already; join that one.", "focus join")
                session = await rows.add(connection, session, request)
        except IntegrityError:
            async with reading(self._database) as connection:
                earlier = await timer_rows.by_request(connection, request)
            if earlier is None:
                raise
            session = await self.by_id(earlier.id)
            self._count_down(session)  # another process may have heard it too, and end before the session does
            return session
        _log.info("session_started", timer_id=session.timer.id, phases=len(plan.phases))
        self._count_down(session)
        return session

    async def here(self, actor: Actor) -> Session:
        """Find the session that goes on where somebody is. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = await rows.in_channel(connection, actor.channel_id)
        if session is None:
            raise UnknownSession("No session goes on in this channel.", "focus start")
        return session

    async def by_id(self, timer_id: int) -> Session:
        """Find a session, live or over. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            return _known(await rows.by_id(connection, timer_id))

    async def look(self, timer_id: int) -> tuple[Session, Sequence[Effort]]:
        """Give a session and what people have done in it. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = _known(await rows.by_id(connection, timer_id))
            return session, await rows.efforts_of(connection, timer_id)

    async def in_guild(self, guild_id: int) -> Sequence[Session]:
        """Give the sessions that go on in a server, oldest first."""
        async with reading(self._database) as connection:
            return await rows.in_guild(connection, guild_id)

    async def change(self, timer_id: int, move: Move, stage: int | None = None) -> Session:
        """Let somebody make a move. ``stage`` is how far the session had come when they looked at it.

        Raises what the move raises, ``UnknownSession``, ``TooLate`` where it is further by now, and ``NotSaved``.
        """
        async with saving(self._database, "nothing was changed", self._roster) as connection:
            old = _known(await rows.by_id(connection, timer_id, to_change=True))
            now = self._now()  # in its turn: no move may be made at an earlier moment than the one before
            # What time has done comes first, also where its countdown is only just waking up.
            current = old.tick(now, self._most_idle) if old.ends_at and old.ends_at <= now else old
            if stage is not None and stage != current.stage:
                raise TooLate("That was for a phase that is over; the newest card is further down.", "focus status")
            new = move(current.reacted(), now)
            parcels = await self._save(connection, old, new)
        _log.info("session_changed", timer_id=timer_id, stage=new.stage, version=new.timer.version)
        self._count_down(new)
        self._outbox.put(parcels)
        return new

    async def review(self, user_id: int, timer_id: int, phase: int, outcome: Outcome) -> None:
        """Note how somebody says that a phase went. Raises ``UnknownSession`` where they did not focus in it."""
        async with saving(self._database, "nothing was changed", self._roster) as connection:
            if not await rows.review(connection, timer_id, phase, user_id, outcome):
                raise UnknownSession("You did not focus in that phase, so there is nothing to say of it.")
            session = _known(await rows.by_id(connection, timer_id, to_change=True))
            parcels = await self._save(connection, session, session.reacted())
        self._outbox.put(parcels)

    async def set_card(self, session: Session, card_id: int) -> None:
        """Remember the message that shows a session; what has changed meanwhile is shown on it."""
        try:
            async with self._database.write() as connection:
                now_is = _known(await rows.by_id(connection, session.timer.id, to_change=True))
                parcels = []
                if now_is.timer.card_id and now_is.stage != session.stage:  # a later phase has its card already
                    parcels = [outbox_rows.wrap(Kind.CLOSED, [now_is.timer], message_id=card_id)]
                else:
                    await timer_rows.set_card(connection, session.timer.id, card_id)
                    if now_is != session:
                        timer = replace(now_is.timer, card_id=card_id)
                        parcels = [outbox_rows.wrap(Kind.CARD, [timer], stage=now_is.stage)]
                await outbox_rows.add(connection, parcels)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=session.timer.id)
        else:
            self._outbox.put(parcels)

    async def moved_in_voice(self, user_id: int, came_from: int | None, went_to: int | None) -> None:
        """Let somebody into the sessions linked with the voice channel they entered, and out of those they left."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(connection)
        for session in linked:
            is_in = any(one.user_id == user_id and one.by_voice for one in session.present)
            # Nobody asked, so nobody is told where it cannot be: the session is over by now, or full.
            with contextlib.suppress(Refusal):
                if session.voice_id == went_to and not is_in:
                    await self.change(session.timer.id, lambda old, now: old.join(user_id, now, by_voice=True))
                elif session.voice_id == came_from and is_in:
                    await self.change(session.timer.id, lambda old, now: old.leave(user_id, now))

    async def found_in_voice(self, occupants: Mapping[int, Collection[int]]) -> None:
        """Bring linked sessions in line with who sits in voice channels, after a time of not hearing of it."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(connection)
        for session in linked:
            if session.voice_id is None or session.voice_id not in occupants:
                continue
            there = set(occupants[session.voice_id])
            known = {one.user_id for one in session.present if one.by_voice}
            for user_id in sorted(there - known):
                await self.moved_in_voice(user_id, None, session.voice_id)
            for user_id in sorted(known - there):
                await self.moved_in_voice(user_id, session.voice_id, None)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Following:
        """Take sessions to their next phase, see ``agenda.Ending``; a damaged one is set aside."""
        following = Following()
        for timer in due:
            old = await rows.by_id(connection, timer.id, to_change=True)
            if old is None:
                await timer_rows.set_aside(connection, [timer.id])
                continue
            # A countdown wakes a little ahead of its time.
            new = old.tick(max(to_the_millisecond(now), timer.due_at or now), self._most_idle)
            following.parcels += await self._save(connection, old, new, by_time=True)
            if new.timer.due:
                following.dues.append(new.timer.due)
        return following

    async def _save(
        self, connection: AsyncConnection, old: Session, new: Session, *, by_time: bool = False
    ) -> list[Parcel]:
        """Write a session, and beside it what is to be said of the change."""
        await rows.save(connection, old, new)
        parcels = []
        if new.stage != old.stage:
            told = [one.user_id for one in new.present if one.notify is Notify.DM]
            parcels = [outbox_rows.wrap(Kind.PHASE, [new.timer], stage=new.stage)]
            parcels += [
                outbox_rows.wrap(Kind.DIRECT, [new.timer], person_id=user_id, stage=new.stage) for user_id in told
            ]
        elif by_time:  # which within a phase does nothing but warn of its end
            parcels = [outbox_rows.wrap(Kind.WARNING, [new.timer], stage=new.stage)]
        elif new.timer.card_id:
            parcels = [outbox_rows.wrap(Kind.CARD, [new.timer], stage=new.stage)]
        await outbox_rows.add(connection, parcels)
        return parcels

    def _count_down(self, session: Session) -> None:
        if session.timer.due:
            self._roster.put(session.timer.due)
        else:
            self._roster.drop(session.timer.id)

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())


def _known(session: Session | None) -> Session:
    if session is None:
        raise UnknownSession("I do not know that session any more.", "focus start")
    return session
