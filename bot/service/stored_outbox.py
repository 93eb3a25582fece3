"""The durable side of the outbox, see ``engine.outbox_store.OutboxStore``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Purpose
from bot.engine.clock import Clock
from bot.store import fallbacks, outbox as rows
from bot.store.database import Database


class Refusals(Protocol):
    """Handles refused direct messages and phases of timers of one purpose."""

    async def refused(
        self, connection: AsyncConnection, message: OutboxMessage
    ) -> tuple[list[OutboxMessage], list[int]]:
        """Handle a refusal; return the messages to send instead, and the timers it has paused. Idempotent."""

    def drop(self, timer_ids: Sequence[int]) -> None:
        """Stop counting timers down, once it is committed that they are paused."""


class StoredOutbox:
    """Stores messages until they are sent, or known to be undeliverable."""

    def __init__(
        self, database: Database, refusals: Mapping[Purpose, Refusals], clock: Clock, shards: ShardRange = WHOLE
    ) -> None:
        self._database = database
        self._clock = clock
        self._shards = shards
        self._refusals = refusals

    async def pending(self) -> Sequence[OutboxMessage]:
        """Return the unsent messages, oldest first."""
        async with self._database.read() as connection:
            return await rows.pending(connection, self._shards)

    async def still_pending(self, messages: Sequence[OutboxMessage]) -> Sequence[OutboxMessage]:
        """Return those messages, and of their timers, whose rows are there and unsent."""
        async with self._database.read() as connection:
            return await rows.still_unsent(connection, messages)

    async def merge(self, messages: Sequence[OutboxMessage]) -> OutboxMessage:
        """Merge several messages that were never tried into one."""
        async with self._database.write() as connection:
            return await rows.merge(connection, messages, self._clock.now())

    async def mark_tried(self, message: OutboxMessage, at: datetime) -> None:
        """Record when a message was first tried, for a later process."""
        async with self._database.write() as connection:
            await rows.mark_tried(connection, message, at)

    async def split(self, message: OutboxMessage) -> Sequence[OutboxMessage]:
        """Split a message that Discord has not taken into one per timer."""
        async with self._database.write() as connection:
            return await rows.split(connection, message)

    async def set_aside(self, messages: Sequence[OutboxMessage], reason: str) -> None:
        """Record that messages are not tried again before the next start, and why."""
        async with self._database.write() as connection:
            await rows.set_aside(connection, messages, reason)

    async def sent(self, messages: Sequence[OutboxMessage], message_id: int | None) -> Sequence[OutboxMessage]:
        """Record that it was sent. The card of a new phase replaces the last one, which is closed."""
        newest = messages[-1]
        async with self._database.write() as connection:
            await rows.settle(connection, messages, message_id=message_id)
            if newest.kind is Kind.PHASE and message_id is not None:
                return await rows.move_card(connection, newest, message_id)
            return ()

    async def undeliverable(self, messages: Sequence[OutboxMessage], reason: str) -> Sequence[OutboxMessage]:
        """Record that it cannot be sent there, and why; return what to try instead.

        An announcement in a server's channel is redirected to the owners by direct message, once. A new phase that
        a server's channel refuses, or a refused direct message, is handled by its purpose; for anything else there
        is no fallback.
        """
        newest = messages[-1]
        handler = self._refusals.get(newest.timers[0].purpose)
        async with self._database.write() as connection:
            is_in_guild = newest.timers[0].guild_id is not None
            if newest.kind is Kind.ANNOUNCEMENT and is_in_guild:
                await rows.settle(connection, messages[:-1], reason=reason)
                return await fallbacks.redirect(connection, newest, reason)
            await rows.settle(connection, messages, reason=reason)
            has_fallback = newest.kind is Kind.DIRECT or (newest.kind is Kind.PHASE and is_in_guild)
            if handler is None or not has_fallback:
                return ()
            instead, paused = await handler.refused(connection, newest)
        handler.drop(paused)
        return instead
