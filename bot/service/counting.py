"""Counting down: what the services of all timers share."""

from datetime import datetime

from bot.domain.timers.timer import Timer
from bot.engine.clock import Clock, stored_now
from bot.service.due_timers import Countdowns, Deliveries
from bot.store.database import Database


class CountingService:
    """Commits every change of a timer first, then counts it down and delivers what there is to say."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def attach(self, scheduler: Countdowns, outbox: Deliveries) -> None:
        """Set the scheduler and the outbox; needed before the first request."""
        self._scheduler = scheduler
        self._outbox = outbox

    def _count_down(self, timer: Timer) -> None:
        """Count a timer down as it is now, or no longer."""
        if timer.due:
            self._scheduler.put(timer.due)
        else:
            self._scheduler.drop(timer.id)

    def _now(self) -> datetime:
        return stored_now(self._clock)
