"""Voice: people who opted in join and leave a session by its voice channel; all others press Join."""

import contextlib
from collections.abc import Collection, Mapping

from bot.domain.errors import UserError
from bot.domain.focus.session import Session
from bot.domain.focus.transition import seat, unseat
from bot.service.members import Members
from bot.service.saving import reading
from bot.service.sessions import Sessions
from bot.store import preferences, sessions as rows
from bot.store.database import Database


class Voice:
    """Adds people to linked sessions, and removes them. All methods raise ``NotSaved``."""

    def __init__(self, database: Database, sessions: Sessions, members: Members) -> None:
        self._database = database
        self._sessions = sessions
        self._members = members

    async def moved(self, user_id: int, came_from: int | None, went_to: int | None) -> None:
        """Follow somebody into the sessions of the voice channel they entered, and out of those they left."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(
                connection, {channel_id for channel_id in (came_from, went_to) if channel_id is not None}
            )
        for session in linked:
            await self._follow(session, {user_id} if session.voice_id == went_to else set(), {user_id})

    async def sync(self, occupants: Mapping[int, Collection[int]]) -> None:
        """Sync linked sessions with who sits in voice channels, after missing events."""
        async with reading(self._database) as connection:
            linked = await rows.in_voice(connection, occupants)
        for session in linked:
            there = set(occupants[session.voice_id or 0])
            await self._follow(session, there, there | _by_voice(session))

    async def _follow(self, session: Session, there: set[int], user_ids: set[int]) -> None:
        """Add those of these people who sit ``there`` and opted in; remove those who came by voice and left it."""
        came = await self._allowed_among(session, (user_ids & there) - _by_voice(session))
        left = sorted(user_ids & _by_voice(session) - there)
        # There is no request to answer where it fails: the session is over by now, or full.
        for user_id in came:
            with contextlib.suppress(UserError):
                await self._sessions.change(session.timer.id, seat(user_id), by=user_id)
        for user_id in left:
            with contextlib.suppress(UserError):
                await self._sessions.change(session.timer.id, unseat(user_id), by=user_id)
        if not came and not left:  # the card shows who is in the voice channel
            with contextlib.suppress(UserError):
                await self._sessions.redraw(session.timer.id)

    async def _allowed_among(self, session: Session, user_ids: Collection[int]) -> list[int]:
        if not user_ids:
            return []
        async with reading(self._database) as connection:
            preferred = await preferences.of_all(connection, user_ids)
        wanting = sorted(user_id for user_id, theirs in preferred.items() if theirs.voice_auto)
        timer = session.timer
        if timer.guild_id is None or not wanting:
            return []
        rights = await self._members.rights(timer.guild_id, timer.channel_id, wanting)
        return [user_id for user_id in wanting if user_id not in rights or rights[user_id].sees]


def _by_voice(session: Session) -> set[int]:
    return {person.user_id for person in session.present if person.by_voice}
