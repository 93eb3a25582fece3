"""Sessions: every change is committed first, then counted down, then shown."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooLate, UnknownSession
from bot.domain.focus.participant import Effort, Notification, PhaseOutcome, find
from bot.domain.focus.phase import SHORTEST
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.question import Choice, Question
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers import lookup
from bot.domain.timers.timer import Actor, Purpose, Timer
from bot.engine.clock import Clock, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.due_timers import Effects
from bot.service.live_sessions import LiveSessions
from bot.service.saving import reading, saved_once, saving
from bot.service.timer_service import TimerService
from bot.store import outbox as outbox_rows, sessions as rows, timers as timer_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)


class Sessions(TimerService):
    """``most_idle`` is the number of rounds allowed without activity; 0 means no limit.

    ``shortest_phase`` holds for new plans: one that was begun or saved before can still be read.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        most_idle: int,
        shards: ShardRange = WHOLE,
        shortest_phase: timedelta = SHORTEST,
    ) -> None:
        super().__init__(database, clock)
        self._most_idle = most_idle
        self._shards = shards
        self._shortest_phase = shortest_phase
        self.live = LiveSessions()

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
        task: str | None = None,
    ) -> Session:
        """Start a session where the host is, at once or at a moment until which its doors are open.

        ``task`` is the host's. Idempotent by ``request``, the event that caused it: where that started a session
        already, it is returned. Raises ``Question`` if another goes on, ``BadPlan`` and ``NotSaved``.
        """
        plan.must_last(self._shortest_phase)
        now = self._now()
        due_at = max(to_the_millisecond(begins_at or now), now)
        timer = Timer.begun(actor, title, plan.phases[0].length, now, due_at, Purpose.SESSION)
        new = Session(timer, plan, began_at=now, auto=auto, warn=warn, voice_id=voice_id, most_idle=self._most_idle)
        new = new.join(actor.user_id, now, task)
        if begins_at is None:
            new = new.tick(now).reacted(actor.user_id)

        async def write(connection: AsyncConnection) -> Session:
            other = await rows.in_channel(connection, actor.channel_id)
            if other and not await timer_rows.by_request(connection, request):
                raise _going_on(other, actor, plan)
            return await rows.add(connection, new, request)

        async def earlier(connection: AsyncConnection) -> Session | None:
            timer = await timer_rows.by_request(connection, request)
            return known(await rows.by_id(connection, timer.id)) if timer else None

        session, is_new = await saved_once(self._database, write, earlier, self._scheduler)
        if is_new:
            _log.info("session_started", timer_id=session.timer.id, phases=len(plan.phases))
            self.live.note(session)
        self._count_down(session.timer)
        return session

    async def here(self, actor: Actor) -> Session:
        """Return the live session where somebody is. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = await rows.in_channel(connection, actor.channel_id)
        if session is None:
            raise UnknownSession(N_("There's no session running here."))
        return session

    async def by_id(self, timer_id: int) -> Session:
        """Return a session, live or over. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            return known(await rows.by_id(connection, timer_id))

    async def look(self, timer_id: int) -> tuple[Session, Sequence[Effort]]:
        """Return a session and the efforts in it. Raises ``UnknownSession``."""
        async with reading(self._database) as connection:
            session = known(await rows.by_id(connection, timer_id))
            return session, await rows.efforts_of(connection, timer_id)

    async def in_guild(self, guild_id: int) -> Sequence[Session]:
        """Return the live sessions of a server, oldest first."""
        async with reading(self._database) as connection:
            return await rows.in_guild(connection, guild_id)

    async def load(self) -> None:
        """Load the live sessions, so that their people's signs are noticed. Raises ``DatabaseUnavailable``."""
        async with self._database.read() as connection:
            for session in await rows.live(connection, self._shards):
                self.live.note(session)

    async def change(
        self,
        timer_id: int,
        transition: Transition,
        stage: int | None = None,
        *,
        by: int | None = None,
        check: Callable[[Session], None] | None = None,
    ) -> Session:
        """Apply a transition ``by`` a person, which is a sign of them; None: nobody did it.

        ``stage`` is the session's progress as the person saw it. Raises what the transition raises, and before that
        the ``check`` on the session; ``UnknownSession``, ``TooLate`` where the stage is over, and ``NotSaved``.
        """
        async with saving(self._database, self._scheduler) as connection:
            old = known(await self._locked(connection, timer_id))
            if check:
                check(old)
            now = self._now()  # read under the lock, so that transitions are in order of time
            # A due tick comes first, even where its countdown is only just waking up.
            current = old.tick(now) if old.ends_at and old.ends_at <= now else old
            if stage is not None and stage != current.stage:
                raise TooLate(
                    N_("That card's from an earlier phase. The current one is further down."), "focus status"
                )
            new = transition(current if by is None else current.reacted(by), now)
            if new.plan.plain != old.plan.plain:  # names alone may go from any plan
                new.plan.must_last(self._shortest_phase, new.at)
            messages = await self._save(connection, old, new)
        _log.info("session_changed", timer_id=timer_id, stage=new.stage, version=new.timer.version)
        self._count_down(new.timer)
        self.send(messages, new)
        return new

    async def review(self, user_id: int, timer_id: int, phase: int, outcome: PhaseOutcome) -> None:
        """Record how a phase went for somebody. Raises ``UnknownSession`` if they did not focus in it."""
        async with saving(self._database, self._scheduler) as connection:
            if not await rows.review(connection, timer_id, phase, user_id, outcome):
                raise UnknownSession(N_("You weren't in that phase."))
            messages, session = await self.touch(connection, timer_id, user_id)
        self.send(messages, session)

    async def touch(
        self, connection: AsyncConnection, timer_id: int, user_id: int
    ) -> tuple[list[OutboxMessage], Session]:
        """Note a sign of somebody and refresh the card; return what to ``send`` once that is committed."""
        old = known(await self._locked(connection, timer_id))
        new = old.reacted(user_id)
        return await self._save(connection, old, new), new

    def send(self, messages: Sequence[OutboxMessage], session: Session | None = None) -> None:
        """Deliver messages whose rows are committed, and note the session that was changed with them."""
        if session:
            self.live.note(session)
        self._outbox.put(messages)

    async def note_sign(self, timer_id: int, user_id: int) -> None:
        """Note a sign of somebody; refresh a card that asks for one. Raises ``UnknownSession`` and ``NotSaved``."""
        async with saving(self._database) as connection:
            old = known(await self._locked(connection, timer_id))
            new = old.reacted(user_id)
            messages = await self._save(connection, old, new) if old.asked else []
            if not old.asked:
                await rows.save(connection, old, new)
        self.send(messages, new)

    async def redraw(self, timer_id: int) -> None:
        """Refresh the card of a session that goes on. Raises ``UnknownSession`` and ``NotSaved``."""
        async with saving(self._database) as connection:
            session = known(await self._locked(connection, timer_id))
            messages = [] if session.is_over else await self._save(connection, session, session)
        self._outbox.put(messages)

    async def set_card(self, session: Session, card_id: int) -> None:
        """Record the message that shows a session, and refresh it where the session changed meanwhile."""
        try:
            async with self._database.write() as connection:
                now_is = known(await self._locked(connection, session.timer.id))
                messages, relinked = [], []
                if now_is.timer.card_id and now_is.stage != session.stage:  # a later phase already has its card
                    messages = [outbox_rows.new_message(Kind.CLOSED, [now_is.timer], message_id=card_id)]
                else:
                    await timer_rows.set_card(connection, session.timer.id, card_id)
                    timer = replace(now_is.timer, card_id=card_id)
                    if now_is != session:
                        messages = [outbox_rows.new_message(Kind.CARD, [timer], stage=now_is.stage)]
                    relinked = await outbox_rows.relink(connection, timer)
                await outbox_rows.add(connection, messages)
        except DatabaseUnavailable:
            _log.warning("card_not_remembered", timer_id=session.timer.id)
        else:
            self._outbox.put([*messages, *relinked])

    async def forget_card(self, channel_id: int, card_ids: Collection[int]) -> None:
        """Forget cards in a channel that are gone. Raises ``NotSaved``."""
        for session in self.live.in_place(channel_id):
            async with saving(self._database) as connection:
                if not await timer_rows.forget_card(connection, session.timer.id, card_ids):
                    continue
                messages = await outbox_rows.relink(connection, session.timer)
            self._outbox.put(messages)
            _log.info("card_lost", timer_id=session.timer.id)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Advance sessions to their next phase, see ``CompletionHandler``; damaged ones stay as they are."""
        effects = Effects()
        for timer in due:
            old = await self._locked(connection, timer.id)
            if old is None:
                effects.damaged.add(timer.id)
                continue
            # A countdown wakes slightly early.
            new = old.tick(max(to_the_millisecond(now), timer.due_at or now))
            messages = await self._save(connection, old, new, by_time=True)
            self.live.note(new)
            effects.messages += [replace(message, not_before=timer.due_at) for message in messages]
            if new.timer.due:
                effects.dues.append(new.timer.due)
        return effects

    async def _save(
        self, connection: AsyncConnection, old: Session, new: Session, *, by_time: bool = False
    ) -> list[OutboxMessage]:
        await rows.save(connection, old, new)
        messages = []
        if new.stage != old.stage:
            recipients = [person.user_id for person in new.present if person.notify is Notification.DM]
            messages = [outbox_rows.new_message(Kind.PHASE, [new.timer], stage=new.stage)]
            messages += [
                outbox_rows.new_message(Kind.DIRECT, [new.timer], person_id=user_id, stage=new.stage)
                for user_id in recipients
            ]
        elif by_time:  # within a phase that is only ever the warning
            messages = [outbox_rows.new_message(Kind.WARNING, [new.timer], stage=new.stage)]
        elif new.timer.card_id:
            messages = [outbox_rows.new_message(Kind.CARD, [new.timer], stage=new.stage)]
        await outbox_rows.add(connection, messages)
        return messages

    async def _locked(self, connection: AsyncConnection, timer_id: int) -> Session | None:
        session = await rows.by_id(connection, timer_id, to_change=True)
        return session and replace(session, most_idle=self._most_idle)


def _going_on(other: Session, actor: Actor, plan: Plan) -> Question:
    """Ask what to do about a second session in a channel, which holds one at a time: what this person can do."""
    is_in = find(other.present, actor.user_id) is not None
    change = Choice(N_("Change its plan"), f"focus edit plan {plan}")
    return Question(
        N_("There's already a session here, and you're in it.")
        if is_in
        else N_("There's already a session here. Want to join it?"),
        Choice(N_("Show it"), "focus status") if is_in else Choice(N_("Join it"), "focus join"),
        *([change] if lookup.may_command(actor, other.timer) else []),
    )


def known(session: Session | None) -> Session:
    """Return the session. Raises ``UnknownSession`` if there is none."""
    if session is None:
        raise UnknownSession(N_("That session's gone."), "focus start")
    return session
