"""The live sessions of this process, so that an event about none of them costs no query."""

from datetime import datetime, timedelta

from bot.domain.focus.participant import find
from bot.domain.focus.session import Session

# If a phase ended longer ago than this, its session has ended: that was saved, but the answer was lost.
_LONG_AGO = timedelta(hours=1)


class LiveSessions:
    """The live sessions as last saved, by the channels that they are about."""

    def __init__(self) -> None:
        self._sessions: dict[int, Session] = {}

    def note(self, session: Session) -> None:
        """Remember a session as it is now, or forget it once it is over."""
        if session.is_over:
            self._sessions.pop(session.timer.id, None)
        else:
            self._sessions[session.timer.id] = session

    def get(self, timer_id: int) -> Session | None:
        """Return a live session; None if it is not known here."""
        return self._sessions.get(timer_id)

    def ending_before(self, moment: datetime) -> list[Session]:
        """Return the sessions whose phase ends before a moment; forget those that have long ended."""
        for timer_id, session in list(self._sessions.items()):
            if session.ends_at and session.ends_at < moment - _LONG_AGO:
                del self._sessions[timer_id]
        return [session for session in self._sessions.values() if session.ends_at and session.ends_at < moment]

    def in_place(self, channel_id: int) -> list[Session]:
        """Return the sessions held in a channel, or linked to a voice channel."""
        return [
            session
            for session in self._sessions.values()
            if channel_id in {session.timer.channel_id, session.voice_id}
        ]

    def awaiting(self, channel_id: int, user_id: int) -> list[Session]:
        """Return the sessions of a channel that a sign of somebody would change."""
        return [
            session
            for session in self.in_place(channel_id)
            if find(session.present, user_id) and session.reacted(user_id) != session
        ]
