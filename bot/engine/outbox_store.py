"""The outbox store: the durable side of the outbox, whose writes are retried until they succeed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import structlog

from bot.domain.outbox_message import OutboxMessage
from bot.engine.clock import Clock
from bot.engine.delivery import Attempts, Failure

_log = structlog.get_logger(__name__)

T = TypeVar("T")

# The database timeout, in seconds.
_TIMEOUT = 15.0


class OutboxStore(Protocol):
    """The durable side of the outbox. All methods are idempotent."""

    async def pending(self) -> Sequence[OutboxMessage]:
        """Return the unsent messages, oldest first."""

    async def still_pending(self, messages: Sequence[OutboxMessage]) -> Sequence[OutboxMessage]:
        """Return those messages, and of their timers, whose rows are there and unsent."""

    async def merge(self, messages: Sequence[OutboxMessage]) -> OutboxMessage:
        """Merge several messages that were never tried into one."""

    async def mark_tried(self, message: OutboxMessage, at: datetime) -> None:
        """Record when a message was first tried, for a later process."""

    async def split(self, message: OutboxMessage) -> Sequence[OutboxMessage]:
        """Split a message that Discord has not taken into one per timer."""

    async def sent(self, messages: Sequence[OutboxMessage], message_id: int | None) -> Sequence[OutboxMessage]:
        """Record that it was sent; return the follow-up messages."""

    async def undeliverable(self, messages: Sequence[OutboxMessage], reason: str) -> Sequence[OutboxMessage]:
        """Record that it cannot be sent there, and why; return what to try instead."""

    async def set_aside(self, messages: Sequence[OutboxMessage], reason: str) -> None:
        """Record that messages are not tried again before the next start, and why."""


class Recorder:
    """Records what happened, retrying as often as needed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.closed = False

    async def record(self, message: OutboxMessage, write: Callable[[], Awaitable[T]]) -> T:
        """Retry an idempotent write until it succeeds; raise an error of our own after some tries."""
        attempts = Attempts()
        while True:
            try:
                async with asyncio.timeout(_TIMEOUT):
                    return await write()
            except Exception as error:
                self.end_if_closed(error)
                failure = Failure.of(error)
                attempts.failed(failure)
                if attempts.is_over(failure):
                    raise
                _log.warning("record_retried", timer_id=message.timers[0].id, error=type(error).__name__)
            await self._clock.sleep(attempts.wait(failure))

    def end_if_closed(self, error: Exception) -> None:
        """End this task where it was closed: the cancellation may have been lost in the failure."""
        if self.closed:
            raise asyncio.CancelledError from error
