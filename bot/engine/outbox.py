"""The outbox: what must be said, said once: one lane a place, tried until Discord has taken it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import structlog

from bot.domain.parcel import EDITS, TOLD, Parcel
from bot.domain.timer import State
from bot.engine.clock import Clock
from bot.engine.lane import FORGET_AFTER, Lane
from bot.engine.observer import NOBODY, Observer, answered_at
from bot.engine.pace import Pace, Urgency, urgency

_log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds one try may take; discord.py itself would wait for minutes.
_TRY = 15.0
# Seconds before the second try; it doubles with each, up to the longest, with half of it left to chance.
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 30.0


# Seconds in which a task that is broken off ends, unless the database keeps it from hearing of that.
_FAREWELL = 0.2


class Undeliverable(Exception):
    """Discord refused for good: the place is gone, or the bot may not speak there. Says why."""


class Ledger(Protocol):
    """What the outbox needs from above: its durable side."""

    async def pending(self) -> Sequence[Parcel]:
        """Give what was not yet said, oldest first."""

    async def merge(self, parcels: Sequence[Parcel]) -> Parcel:
        """Make one parcel of several that were never tried."""

    async def sent(self, parcels: Sequence[Parcel], message_id: int | None) -> Sequence[Parcel]:
        """Record that it was said; give what is to be said now because of that."""

    async def undeliverable(self, parcels: Sequence[Parcel], reason: str) -> Sequence[Parcel]:
        """Record that it cannot be said there, and why; give what is to be tried in its place."""


class Sender(Protocol):
    """What speaks to Discord."""

    async def deliver(self, parcel: Parcel) -> int | None:
        """Say it; give the message's id where there is one. Raises ``Undeliverable``, or anything else to retry."""


class Outbox:
    """Delivers parcels: one announcement at a time in each place, and one card, for as long as it takes."""

    def __init__(
        self, ledger: Ledger, sender: Sender, clock: Clock, pace: Pace, observer: Observer = NOBODY
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._clock = clock
        self._pace = pace
        self._observer = observer
        # Since when each parcel waits, by its nonce; the oldest first.
        self._since: dict[str, float] = {}
        # By place, and whether it is for edits: those are slow, and no announcement waits for one.
        self._lanes: dict[tuple[int, bool], Lane] = {}
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self._closed = False

    @property
    def depth(self) -> int:
        """Tell how many parcels wait, or are on their way."""
        return len(self._since)

    @property
    def oldest(self) -> float:
        """Tell for how many seconds the oldest of them has waited; 0 where there is none."""
        return self._clock.monotonic() - next(iter(self._since.values()), self._clock.monotonic())

    async def open(self) -> None:
        """Take up what an earlier process had not said. It may have tried, so that this stays as it is."""
        for parcel in await self._ledger.pending():
            self._put(parcel, is_new=False)

    def put(self, parcels: Iterable[Parcel]) -> None:
        """Deliver these, whose rows are committed."""
        for parcel in parcels:
            self._put(parcel, is_new=True)

    async def close(self, within: float) -> None:
        """Deliver what waits, for that many seconds at most. The rest is in the database for the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=within)
        self._closed = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_FAREWELL)

    def _put(self, parcel: Parcel, *, is_new: bool) -> None:
        if self._closed:
            return
        key = (parcel.place_id, parcel.kind in EDITS)
        lane = self._lanes.setdefault(key, Lane(self._clock))
        lane.put(parcel, is_new=is_new)
        self._since.setdefault(parcel.nonce, self._clock.monotonic())
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._serve(key, lane), name=f"lane-{parcel.place_id}")

    async def _serve(self, key: tuple[int, bool], lane: Lane) -> None:
        _, is_for_cards = key
        urgency.set(Urgency.CARD if is_for_cards else Urgency.ANNOUNCEMENT)
        while lane.waiting:
            while wait := lane.closed_for():
                await self._clock.sleep(wait)
            # The turn comes first and the choice after it: what came in meanwhile goes into the same message.
            await self._pace.ahead()
            parcels = chosen = lane.choose()
            if len(parcels) > 1 and parcels[0].goes_with(parcels[1]):
                parcels = [await self._merge(parcels)]
            await self._deliver(parcels)
            for parcel in chosen:
                self._since.pop(parcel.nonce, None)
        del self._tasks[lane]
        asyncio.get_running_loop().call_later(FORGET_AFTER, self._forget, key, lane)

    def _forget(self, key: tuple[int, bool], lane: Lane) -> None:
        if lane not in self._tasks and self._lanes.get(key) is lane:
            del self._lanes[key]

    async def _merge(self, parcels: Sequence[Parcel]) -> Parcel:
        return await self._keep_trying(parcels[0], lambda: self._ledger.merge(parcels))

    async def _deliver(self, parcels: Sequence[Parcel]) -> None:
        """Say it, however often it takes; then record that it was said, however often that takes."""
        newest = parcels[-1]
        answered_at.set(None)
        try:
            message_id = await self._keep_trying(newest, lambda: self._sender.deliver(newest))
        except Undeliverable as refused:
            reason = str(refused)
            _log.warning("undeliverable", kind=newest.kind, timer_id=newest.timers[0].id, reason=reason)
            instead = await self._keep_trying(newest, lambda: self._ledger.undeliverable(parcels, reason))
            self.put(instead)
        else:
            if newest.kind in TOLD and message_id is not None:
                self._tell_of(newest, answered_at.get() or self._clock.now())
            self.put(await self._keep_trying(newest, lambda: self._ledger.sent(parcels, message_id)))

    def _tell_of(self, parcel: Parcel, at: datetime) -> None:
        for timer in parcel.timers:
            if timer.state is State.DONE and timer.due_at:
                self._observer.said(timer.purpose, (at - timer.due_at).total_seconds())

    async def _keep_trying(self, parcel: Parcel, attempt: Callable[[], Awaitable[T]]) -> T:
        wait = _FIRST_WAIT
        while True:
            try:
                async with asyncio.timeout(_TRY):
                    return await attempt()
            except Undeliverable:
                raise
            except Exception as error:
                if self._closed:  # the cancelling may have been lost in what failed
                    raise asyncio.CancelledError from error
                _log.warning(
                    "delivery_retried", kind=parcel.kind, timer_id=parcel.timers[0].id, error=type(error).__name__
                )
            await self._clock.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            wait = min(wait * 2, _LONGEST_WAIT)
