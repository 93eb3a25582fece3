"""Renders messages about sessions, see ``sender.Renderer``: always the session as it is now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from discord import ui

from bot.chat.components import allowed_mentions
from bot.chat.components.button import plain
from bot.chat.focus import cards, direct_text, recap_picture, text
from bot.chat.focus.voice_channels import seated
from bot.chat.runtime.sender import MessageEdit, Renderer
from bot.chat.runtime.upload import Upload
from bot.chat.services import FocusServices
from bot.chat.stats.text import goals
from bot.domain.errors import UnknownSession
from bot.domain.focus.participant import Effort, Notification, Participant
from bot.domain.focus.session import WARNING, Session
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.engine.clock import Clock
from bot.service.departures import Absent
from bot.service.focus_log import FocusLog
from bot.service.members import CONNECTING, Members
from bot.service.picture_cache import PictureCache
from bot.service.ping_limiter import PingLimiter

# With less than this left, a warning comes too late to be useful.
_WORTH_SAYING = timedelta(seconds=3)
# The most people whose progress today a recap shows.
_GOALS = 10


class FocusRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away."""

    def __init__(
        self,
        services: FocusServices,
        log: FocusLog,
        pings: PingLimiter,
        members: Members,
        picture_cache: PictureCache,
        clock: Clock,
    ) -> None:
        self._services = services
        self._pings = pings
        self._members = members
        self._picture_cache = picture_cache
        self._log = log
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Announce a phase, or warn of its end. An earlier stage is announced in brief, or not at all."""
        if (session_and_efforts := await self._look(outbox_message)) is None:
            return None
        session, efforts = session_and_efforts
        absent = Absent()
        if outbox_message.kind is not Kind.STRANDED and outbox_message.stage == session.stage:
            session, efforts, absent = await self._without_departed(outbox_message, session, efforts)
        now = self._clock.now()
        is_stale = outbox_message.stage is not None and outbox_message.stage != session.stage
        match outbox_message.kind:
            case Kind.PHASE if is_stale:
                # Not skipped: an earlier process may have sent it, and its nonce then finds that message.
                return _options(plain(text.gone(session, outbox_message.stage or 0)), [])
            case Kind.PHASE:
                late = text.late(session, now, self._awake_since)
                due_at = session.timer.ended_at or session.began_at
                called = self._allowed(outbox_message, session, _called(session, absent), due_at)
                return _options(await self._newest(session, efforts, late), called)
            case Kind.WARNING if not is_stale and session.ends_at and session.left(now) >= _WORTH_SAYING:
                due_at = session.ends_at - WARNING
                called = self._allowed(outbox_message, session, _called(session, absent), due_at)
                return _options(plain(text.warning(session, now)), called)
            case Kind.STRANDED | Kind.DIRECT:
                is_past = is_stale or outbox_message.place_id in absent.gone
                is_phase = outbox_message.kind is Kind.DIRECT
                return None if is_phase and is_past else await self._personal(session, outbox_message)
        return None

    async def edit(self, outbox_message: OutboxMessage) -> MessageEdit | None:
        """Redraw a session's card; delete an earlier one, or let it lead to where the session goes on."""
        if (session_and_efforts := await self._look(outbox_message)) is None:
            return None
        session, efforts = session_and_efforts
        timer = session.timer
        if outbox_message.kind is Kind.CARD:
            if timer.card_id is None:
                return None
            picture = None
            if session.is_over:
                picture = await recap_picture.draw(self._members, self._picture_cache, session, efforts)
            view = await self._newest(session, efforts, picture=picture)
            uploads = [picture] if picture else []
            return MessageEdit(timer.channel_id, timer.card_id, view, uploads if session.is_over else None)
        earlier_id = outbox_message.message_id
        if earlier_id is None or earlier_id == timer.card_id:
            return None
        if self._services.earlier_cards.is_unused(session, earlier_id):
            return MessageEdit(outbox_message.place_id, earlier_id, None)
        closed = plain(text.closed(session, text.card_url(session)))
        return MessageEdit(outbox_message.place_id, earlier_id, closed)

    async def _newest(
        self, session: Session, efforts: Sequence[Effort], late: str = "", picture: Upload | None = None
    ) -> ui.LayoutView:
        questions = await self._services.presence.open_questions(session.timer.id)
        goals, in_voice = await self._goals(session, efforts), seated(self._services.client, session)
        return cards.newest(session, efforts, late, goals, questions, in_voice, picture)

    async def _without_departed(
        self, outbox_message: OutboxMessage, session: Session, efforts: Sequence[Effort]
    ) -> tuple[Session, Sequence[Effort], Absent]:
        """Reload the session without those who left the server; tell those who cannot see its channel directly."""
        came_while_away = session.began_at < self._awake_since
        connecting = CONNECTING if came_while_away else 0.0
        absent = await self._services.departures.find_absent(session, connecting=connecting)
        if absent.hidden and outbox_message.kind is Kind.PHASE:
            await self._services.departures.tell_directly(outbox_message, session, absent.hidden)
        if absent.gone and (again := await self._look(outbox_message)):
            session, efforts = again
        return session, efforts, absent

    def _allowed(
        self, outbox_message: OutboxMessage, session: Session, user_ids: Sequence[int], due_at: datetime
    ) -> list[int]:
        """Return the people whom neither this session nor another of the same host has just pinged."""
        causes = (session.timer.id, session.timer.owner_id)
        return self._pings.allowed(causes, user_ids, due_at, outbox_message.nonce)

    async def _personal(self, session: Session, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        user_id = outbox_message.place_id
        if outbox_message.kind is not Kind.DIRECT:
            return _options(await self._stranded(session, user_id), [])
        person = next((person for person in session.present if person.user_id == user_id), None)
        if person is None:
            return None
        due_at = session.timer.ended_at or session.began_at
        is_silent = not self._allowed(outbox_message, session, [user_id], due_at)
        return _options(await self._direct(session, person), [user_id]) | {"silent": is_silent}

    async def _direct(self, session: Session, person: Participant) -> ui.LayoutView:
        """Tell one person of a new phase, or of the end and what they have to confirm."""
        if person.notify is not Notification.DM and not session.is_over:
            return cards.hidden(session)
        view = plain(direct_text.direct(session))
        questions = await self._services.presence.open_questions(session.timer.id) if session.is_over else {}
        if person.user_id in questions:
            cards.ask_whether_there(view, session, {person.user_id: questions[person.user_id]})
        return view

    async def _stranded(self, session: Session, user_id: int) -> ui.LayoutView:
        if user_id == session.timer.owner_id and session.stranded and not session.is_over:
            return cards.stranded(session, await self._services.destinations.offered(session))
        return plain(direct_text.stranded(session, user_id))

    async def _goals(self, session: Session, efforts: Sequence[Effort]) -> str:
        """Return today's progress of those who share it, once the session is over."""
        if not session.is_over:
            return ""
        people = list(dict.fromkeys(effort.user_id for effort in efforts))[:_GOALS]
        return goals(await self._log.progress(session.timer.guild_id, people))

    async def _look(self, outbox_message: OutboxMessage) -> tuple[Session, Sequence[Effort]] | None:
        try:
            return await self._services.sessions.look(outbox_message.timers[0].id)
        except UnknownSession:
            return None


def _called(session: Session, absent: Absent) -> list[int]:
    return [user_id for user_id in text.called(session) if user_id not in absent.gone | absent.hidden]


def _options(view: ui.LayoutView, called: list[int]) -> dict[str, Any]:
    return {"view": view, "allowed_mentions": allowed_mentions.only(called)}
