"""Renders messages about sessions, see ``sender.Renderer``: always the session as it is now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.chat.components.plain import plain
from bot.chat.focus import cards, text
from bot.chat.runtime.sender import Renderer
from bot.chat.stats.text import goals
from bot.domain.errors import UnknownSession
from bot.domain.focus.participant import Effort
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.engine.clock import Clock
from bot.service.focus_log import FocusLog
from bot.service.sessions import Sessions

# With less than this left a warning comes too late to be of use.
_WORTH_SAYING = timedelta(seconds=3)
# The most people whose progress today a recap shows.
_GOALS = 10


class FocusRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away."""

    def __init__(self, sessions: Sessions, log: FocusLog, clock: Clock) -> None:
        self._sessions = sessions
        self._log = log
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Announce a phase, or warn of its end. An earlier stage is announced in brief, or not at all."""
        if (session_and_efforts := await self._look(outbox_message)) is None:
            return None
        session, efforts = session_and_efforts
        now = self._clock.now()
        is_stale = outbox_message.stage is not None and outbox_message.stage != session.stage
        match outbox_message.kind:
            case Kind.PHASE if is_stale:
                # Not skipped: an earlier process may have sent it, and its nonce then finds that message.
                return _options(plain(text.gone(session, outbox_message.stage or 0)), [])
            case Kind.PHASE:
                late = text.late(session, now, self._awake_since)
                newest = cards.newest(session, efforts, late, await self._goals(session, efforts))
                return _options(newest, text.called(session))
            case Kind.WARNING if not is_stale and session.ends_at and session.left(now) >= _WORTH_SAYING:
                return _options(plain(text.warning(session, now)), text.called(session))
            case Kind.DIRECT if not is_stale:
                return _options(plain(text.direct(session)), [outbox_message.place_id])
        return None

    async def edit(self, outbox_message: OutboxMessage) -> tuple[int, int, ui.LayoutView] | None:
        """Redraw a session's card, or point from an earlier card to where it goes on."""
        if (session_and_efforts := await self._look(outbox_message)) is None:
            return None
        session, efforts = session_and_efforts
        timer = session.timer
        if outbox_message.kind is Kind.CARD:
            newest = cards.newest(session, efforts, goals=await self._goals(session, efforts))
            return (timer.channel_id, timer.card_id, newest) if timer.card_id else None
        if outbox_message.message_id is None or outbox_message.message_id == timer.card_id:
            return None
        return timer.channel_id, outbox_message.message_id, plain(text.closed(session, text.card_url(session)))

    async def _goals(self, session: Session, efforts: Sequence[Effort]) -> str:
        """Return today's progress of those who share it, once the session is over."""
        if not session.is_over:
            return ""
        people = list(dict.fromkeys(effort.user_id for effort in efforts))[:_GOALS]
        return goals(await self._log.progress(people))

    async def _look(self, outbox_message: OutboxMessage) -> tuple[Session, Sequence[Effort]] | None:
        try:
            return await self._sessions.look(outbox_message.timers[0].id)
        except UnknownSession:
            return None


def _options(view: ui.LayoutView, called: list[int]) -> dict[str, Any]:
    users = [discord.Object(user_id) for user_id in called]
    return {"view": view, "allowed_mentions": discord.AllowedMentions(users=users, replied_user=False)}
