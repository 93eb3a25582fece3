"""Departures: people who left the server leave its sessions; those who cannot see the channel are told directly."""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, replace

import structlog

from bot.domain.errors import UserError
from bot.domain.focus.participant import Notification
from bot.domain.focus.session import Session
from bot.domain.focus.transition import depart
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.engine.clock import Clock
from bot.service.members import AHEAD, LOOK_AHEAD, LOOK_APART, LOOK_EVERY, LOOK_MAX_AGE, Members
from bot.service.sessions import Sessions
from bot.store import fallbacks, outbox as outbox_rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Absent:
    """Participants who are no longer in the server, or cannot see the channel."""

    gone: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()


class Departures:
    """Asks Discord who is there when a phase begins, and before somebody changes a session."""

    def __init__(self, database: Database, sessions: Sessions, members: Members, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._members = members
        self._clock = clock

    async def run(self) -> None:
        """Ask for the participants of sessions whose phase ends soon, forever."""
        while True:
            for session in self._sessions.live.ending_before(self._clock.now() + LOOK_AHEAD):
                await self.find_absent(session, LOOK_MAX_AGE)
                await self._clock.sleep(LOOK_APART)
            await self._clock.sleep(LOOK_EVERY)

    async def remove_departed(self, timer_id: int) -> None:
        """Remove those who left the server, before somebody changes a session."""
        session = self._sessions.live.get(timer_id)
        if session and session.timer.guild_id is not None:
            user_ids = [person.user_id for person in session.present]
            present = await self._members.present(session.timer.guild_id, user_ids)
            await self._remove(session, {user_id for user_id, is_there in present.items() if not is_there})

    async def find_absent(self, session: Session, max_age: float = AHEAD, connecting: float = 0.0) -> Absent:
        """Remove those who left the server; return who is known to be absent. ``connecting`` as in ``Members``."""
        timer, user_ids = session.timer, [person.user_id for person in session.present]
        if timer.guild_id is None or not user_ids:
            return Absent()
        rights = await self._members.rights(timer.guild_id, timer.channel_id, user_ids, max_age, connecting)
        gone = frozenset(user_id for user_id, theirs in rights.items() if not theirs.is_member)
        hidden = frozenset(user_id for user_id, theirs in rights.items() if theirs.is_member and not theirs.sees)
        await self._remove(session, gone)
        return Absent(gone, hidden)

    async def _remove(self, session: Session, gone: Collection[int]) -> None:
        if gone and not session.is_over:
            _log.info("people_departed", timer_id=session.timer.id, people=len(gone))
            # There is no request to answer where it cannot be saved, or the session is over by now.
            with contextlib.suppress(UserError):
                await self._sessions.change(session.timer.id, depart(gone))

    async def tell_directly(self, message: OutboxMessage, session: Session, user_ids: Collection[int]) -> None:
        """Tell people directly of a new phase that ``message`` announces where they cannot see it; idempotent."""
        messages = [
            replace(
                outbox_rows.new_message(
                    Kind.DIRECT, [session.timer], person_id=person.user_id, stage=session.stage
                ),
                nonce=outbox_rows.derived(message.nonce, person.user_id),
            )
            for person in session.present
            if person.user_id in user_ids and person.notify is not Notification.DM  # who get one anyway
        ]
        if messages:
            async with self._database.write() as connection:
                new = await fallbacks.add_once(connection, messages)
            self._sessions.send(new)
