"""What the services of all timers share: a change is committed, then counted down and announced."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.domain.outbox_message import OutboxMessage
from bot.domain.timers.timer import Due, Timer
from bot.engine.clock import Clock, stored_now
from bot.store.database import Database


class Countdowns(Protocol):
    """The part that counts down."""

    def put(self, due: Due) -> None:
        """Count down this version of a timer."""

    def drop(self, timer_id: int) -> None:
        """Stop counting a timer down."""

    def refresh(self) -> None:
        """Count down running timers of the database that were not put here."""


class Deliveries(Protocol):
    """The part that delivers messages."""

    def put(self, messages: Iterable[OutboxMessage]) -> None:
        """Deliver these, whose rows are committed."""


class TimerService:
    """The base of services that change timers: each change is committed first, then counted down and announced."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def attach(self, scheduler: Countdowns, outbox: Deliveries) -> None:
        """Set the scheduler and the outbox; needed before the first request."""
        self._scheduler = scheduler
        self._outbox = outbox

    def _count_down(self, timer: Timer) -> None:
        if timer.due:
            self._scheduler.put(timer.due)
        else:
            self._scheduler.drop(timer.id)

    def drop(self, timer_ids: Iterable[int]) -> None:
        """Stop counting timers down, once it is committed that they no longer run."""
        for timer_id in timer_ids:
            self._scheduler.drop(timer_id)

    def _now(self) -> datetime:
        return stored_now(self._clock)
