"""Stranding: sessions whose channel is gone, or in which the bot may no longer write."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooMany, UserError
from bot.domain.focus import transition
from bot.domain.focus.participant import Notification
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_
from bot.service.saving import saving
from bot.service.sessions import Sessions, known
from bot.store import fallbacks, outbox as outbox_rows, sessions as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


class Stranding:
    """Tells the participants, once, and lets the host take the session elsewhere."""

    def __init__(self, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions

    async def refused(
        self, connection: AsyncConnection, message: OutboxMessage
    ) -> tuple[list[OutboxMessage], list[int]]:
        """Tell people directly where a channel refused to take a new phase, see ``stored_outbox.Refusals``."""
        if message.kind is not Kind.PHASE:
            return [], []
        session = await rows.by_id(connection, message.timers[0].id, to_change=True)
        if session is None or session.timer.channel_id != message.place_id:
            return [], []  # it has moved meanwhile
        if session.stranded:
            # Notified before, or by this message, whose commit was unknown.
            return await fallbacks.follow_up(connection, message, []), []
        return await fallbacks.follow_up(connection, message, await self._strand(connection, session)), []

    def drop(self, timer_ids: Sequence[int]) -> None:
        """Do nothing: a refusal pauses no session, see ``stored_outbox.Refusals``."""

    async def channel_gone(self, channel_id: int) -> None:
        """Strand the sessions that are held in a channel which was deleted."""
        for session in self._sessions.live.in_place(channel_id):
            if session.timer.channel_id != channel_id:
                continue
            # Where it cannot be saved, the next phase finds it out.
            with contextlib.suppress(UserError):
                async with saving(self._database) as connection:
                    current = await rows.by_id(connection, session.timer.id, to_change=True)
                    messages = []
                    if current and not current.stranded and not current.is_over:
                        messages = await self._strand(connection, current)
                        await outbox_rows.add(connection, messages)
                self._sessions.send(messages)

    async def move(self, actor: Actor, timer_id: int, channel_id: int) -> Session:
        """Take a stranded session to another channel. Raises ``UserError``."""
        async with saving(self._database) as connection:
            old = known(await rows.by_id(connection, timer_id, to_change=True))
            new = transition.move(old, actor, channel_id)
            if await rows.in_channel(connection, channel_id):
                raise TooMany(N_("There's already a session in that channel."), "focus join")
            await rows.save(connection, old, new)
            messages = [outbox_rows.new_message(Kind.PHASE, [new.timer], stage=new.stage)]
            await outbox_rows.add(connection, messages)
        _log.info("session_moved", timer_id=timer_id)
        self._sessions.send(messages, new)
        return new

    async def _strand(self, connection: AsyncConnection, old: Session) -> list[OutboxMessage]:
        """Mark a session, and return the messages to those present, which are not yet written."""
        new = old if old.is_over else replace(old, stranded=True)  # it ends with its phase, unless it moves
        await rows.save(connection, old, new)
        self._sessions.live.note(new)
        _log.info("session_stranded", timer_id=new.timer.id, people=len(new.present))
        # People who chose direct messages have had one about the end.
        stranded = [person for person in new.present if not (new.is_over and person.notify is Notification.DM)]
        return [
            outbox_rows.new_message(Kind.STRANDED, [new.timer], person_id=person.user_id, stage=new.stage)
            for person in stranded
        ]
