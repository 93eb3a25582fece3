"""The outbox: what must be said, said once: one lane a channel, tried until Discord has taken it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol, TypeVar

import structlog

from bot.domain.parcel import Kind, Parcel
from bot.engine.clock import Clock
from bot.engine.pace import Urgency, urgency

_log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds one try may take; discord.py itself would wait for minutes.
_TRY = 15.0
# Seconds before the second try; it doubles with each, up to the longest, with half of it left to chance.
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 30.0


class Undeliverable(Exception):
    """Discord refused for good: the channel is gone, or the bot may not speak there. Says why."""


class Ledger(Protocol):
    """What the outbox needs from above: its durable side."""

    async def pending(self) -> Sequence[Parcel]:
        """Give what was not yet said, oldest first."""

    async def sent(self, parcels: Sequence[Parcel], message_id: int | None) -> None:
        """Record that it was said."""

    async def undeliverable(self, parcels: Sequence[Parcel], reason: str) -> None:
        """Record that it cannot be said, and why."""


class Sender(Protocol):
    """What speaks to Discord."""

    async def deliver(self, parcel: Parcel) -> int | None:
        """Say it; give the message's id where there is one. Raises ``Undeliverable``, or anything else to retry."""


class Outbox:
    """Delivers parcels: one at a time in each channel, announcements first, for as long as it takes."""

    def __init__(self, ledger: Ledger, sender: Sender, clock: Clock) -> None:
        self._ledger = ledger
        self._sender = sender
        self._clock = clock
        self._waiting: dict[int, list[Parcel]] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}

    async def open(self) -> None:
        """Take up what an earlier process had not said."""
        self.put(await self._ledger.pending())

    def put(self, parcels: Iterable[Parcel]) -> None:
        """Deliver these, whose rows are committed."""
        for parcel in parcels:
            self._waiting.setdefault(parcel.channel_id, []).append(parcel)
            if parcel.channel_id not in self._lanes:
                name = f"lane-{parcel.channel_id}"
                self._lanes[parcel.channel_id] = asyncio.create_task(self._lane(parcel.channel_id), name=name)

    async def close(self, within: float) -> None:
        """Deliver what waits, for that many seconds at most. The rest is in the database for the next start."""
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=within)
        for lane in self._lanes.values():
            lane.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _lane(self, channel_id: int) -> None:
        waiting = self._waiting[channel_id]
        while waiting:
            parcels = _next_of(waiting)
            urgency.set(Urgency[parcels[-1].kind.name])
            await self._deliver(parcels)
            for parcel in parcels:
                waiting.remove(parcel)
        del self._waiting[channel_id], self._lanes[channel_id]

    async def _deliver(self, parcels: Sequence[Parcel]) -> None:
        """Say it, however often it takes; then record that it was said, however often that takes."""
        newest = parcels[-1]
        try:
            message_id = await self._keep_trying(newest, lambda: self._sender.deliver(newest))
        except Undeliverable as refused:
            reason = str(refused)
            _log.warning("undeliverable", kind=newest.kind, timer_id=newest.timers[0].id, reason=reason)
            await self._keep_trying(newest, lambda: self._ledger.undeliverable(parcels, reason))
        else:
            await self._keep_trying(newest, lambda: self._ledger.sent(parcels, message_id))

    async def _keep_trying(self, parcel: Parcel, attempt: Callable[[], Awaitable[T]]) -> T:
        wait = _FIRST_WAIT
        while True:
            try:
                async with asyncio.timeout(_TRY):
                    return await attempt()
            except Undeliverable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, the parcel is kept and tried again
                _log.warning(
                    "delivery_retried", kind=parcel.kind, timer_id=parcel.timers[0].id, error=type(error).__name__
                )
            await self._clock.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            wait = min(wait * 2, _LONGEST_WAIT)


def _next_of(waiting: Sequence[Parcel]) -> Sequence[Parcel]:
    """Choose the oldest announcement, or else all edits of one card, of which only the newest is made."""
    for parcel in waiting:
        if parcel.kind is Kind.ANNOUNCEMENT:
            return [parcel]
    return [parcel for parcel in waiting if parcel.timers[0].id == waiting[0].timers[0].id]
