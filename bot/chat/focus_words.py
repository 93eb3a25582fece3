"""What the bot says of sessions, see ``sender.Words``: always of the session as it is now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.chat import focus_cards as cards
from bot.chat import focus_text as text
from bot.chat.stats_text import goals
from bot.domain.errors import UnknownSession
from bot.domain.parcel import Kind, Parcel
from bot.domain.participant import Effort
from bot.domain.session import Session
from bot.engine.clock import Clock
from bot.service.focus_log import FocusLog
from bot.service.sessions import Sessions

# With less than this left a warning comes too late to be of use.
_WORTH_SAYING = timedelta(seconds=3)
# Of so many people at most a recap shows how far they have come today.
_GOALS = 10


class FocusWords:
    """``clock`` tells how late something is said, and whether that is because the bot was away."""

    def __init__(self, sessions: Sessions, log: FocusLog, clock: Clock) -> None:
        self._sessions = sessions
        self._log = log
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, parcel: Parcel) -> dict[str, Any] | None:
        """Announce a phase, or warn of its end. What is of an earlier stage is said in brief, or not at all."""
        if (found := await self._look(parcel)) is None:
            return None
        session, efforts = found
        now = self._clock.now()
        is_stale = parcel.stage is not None and parcel.stage != session.stage
        match parcel.kind:
            case Kind.PHASE if is_stale:
                # Not left out: an earlier process may have said it, and its nonce then finds that message.
                return _options(cards.words(text.gone(session, parcel.stage or 0)), [])
            case Kind.PHASE:
                late = text.late(session, now, self._awake_since)
                newest = cards.newest(session, efforts, late, await self._goals(session, efforts))
                return _options(newest, text.called(session))
            case Kind.WARNING if not is_stale and session.ends_at and session.left(now) >= _WORTH_SAYING:
                return _options(cards.words(text.warning(session, now)), text.called(session))
            case Kind.DIRECT if not is_stale:
                return _options(cards.words(text.direct(session)), [parcel.place_id])
        return None

    async def edit(self, parcel: Parcel) -> tuple[int, int, ui.LayoutView] | None:
        """Show a session on its card, or on an earlier card where it goes on."""
        if (found := await self._look(parcel)) is None:
            return None
        session, efforts = found
        timer = session.timer
        if parcel.kind is Kind.CARD:
            newest = cards.newest(session, efforts, goals=await self._goals(session, efforts))
            return (timer.channel_id, timer.card_id, newest) if timer.card_id else None
        if parcel.message_id is None or parcel.message_id == timer.card_id:
            return None
        return timer.channel_id, parcel.message_id, cards.words(text.closed(session, text.card_url(session)))

    async def _goals(self, session: Session, efforts: Sequence[Effort]) -> str:
        """Say, once a session is over, how far those have come today who share that."""
        if not session.is_over:
            return ""
        people = list(dict.fromkeys(effort.user_id for effort in efforts))[:_GOALS]
        return goals(await self._log.progress(people))

    async def _look(self, parcel: Parcel) -> tuple[Session, Sequence[Effort]] | None:
        try:
            return await self._sessions.look(parcel.timers[0].id)
        except UnknownSession:
            return None


def _options(view: ui.LayoutView, called: list[int]) -> dict[str, Any]:
    users = [discord.Object(user_id) for user_id in called]
    return {"view": view, "allowed_mentions": discord.AllowedMentions(users=users, replied_user=False)}
