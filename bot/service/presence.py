"""Presence: signs of people in a session, and rounds that they confirm afterwards."""

import contextlib
from datetime import timedelta

import structlog

from bot.domain.errors import TooLate, UserError
from bot.domain.focus.presence import OPEN_FOR
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.service.sessions import Sessions
from bot.store import sessions as session_rows, unconfirmed as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


class Presence:
    """Notes signs, and credits rounds without one once they are confirmed."""

    def __init__(self, database: Database, clock: Clock, sessions: Sessions) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions

    async def note_sign(self, user_id: int, channel_id: int) -> None:
        """Note that somebody was active in a channel, for their sessions there."""
        for session in self._sessions.live.awaiting(channel_id, user_id):
            # There is no request to answer where it fails: the session is over by now, or not saved.
            with contextlib.suppress(UserError):
                await self._sessions.note_sign(session.timer.id, user_id)

    async def open_questions(self, timer_id: int) -> dict[int, timedelta]:
        """Return the unconfirmed time of each person in a session, while they can confirm it."""
        async with reading(self._database) as connection:
            entries = await rows.of_session(connection, timer_id, self._clock.now() - OPEN_FOR)
        times: dict[int, timedelta] = {}
        for entry in entries:
            times[entry.user_id] = times.get(entry.user_id, timedelta()) + entry.focused
        return times

    async def confirm(self, user_id: int, timer_id: int, *, was_there: bool) -> timedelta:
        """Credit somebody's rounds without a sign, or drop them; return their length.

        Raises ``TooLate`` if nothing is open, ``UnknownSession`` and ``NotSaved``.
        """
        async with saving(self._database) as connection:
            entries = await rows.of_session(connection, timer_id, self._clock.now() - OPEN_FOR)
            own = [entry for entry in entries if entry.user_id == user_id]
            if not own:
                raise TooLate(N_("There's nothing for you to confirm here, or the seven days are over."))
            await rows.remove(connection, own)
            if was_there:
                await session_rows.log(connection, own)
            messages, session = await self._sessions.touch(connection, timer_id, user_id)
        self._sessions.send(messages, session)
        _log.info("presence_answered", timer_id=timer_id, rounds=len(own), was_there=was_there)
        return sum((entry.focused for entry in own), timedelta())
