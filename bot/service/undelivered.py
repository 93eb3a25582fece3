"""Undelivered: messages that a person did not get, and their timers that could not be ended."""

from collections.abc import Mapping, Sequence

from bot.domain.timers.timer import Purpose, Timer
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.service.timer_service import Countdowns, Deliveries
from bot.store import due_timers
from bot.store import outbox as outbox_rows
from bot.store.database import Database

# The most of each that are shown.
_MOST = 5
_NOT_ENDED = N_("something's gone wrong with it on my end")
# Purposes without a list of their own are shown with another where they could not be ended.
_SHOWN_WITH: Mapping[Purpose, Sequence[Purpose]] = {
    Purpose.POMODORO: (Purpose.POMODORO, Purpose.SESSION),
    Purpose.REMINDER: (Purpose.REMINDER, Purpose.DIGEST),
}


class Undelivered:
    """Shows people what could not be delivered to them, and retries it on request."""

    def __init__(self, database: Database, clock: Clock, scheduler: Countdowns, outbox: Deliveries) -> None:
        self._database = database
        self._clock = clock
        self._scheduler = scheduler
        self._outbox = outbox

    async def of(self, owner_id: int, purpose: Purpose) -> list[tuple[Timer, str]]:
        """Return a person's timers whose end could not be announced, with the reason. Raises ``NotSaved``."""
        now = self._clock.now()
        async with reading(self._database) as connection:
            overdue = await due_timers.overdue(connection, now, owner_id, _SHOWN_WITH[purpose], _MOST)
            undelivered = await outbox_rows.undelivered(connection, owner_id, purpose, _MOST)
        return [(timer, _NOT_ENDED) for timer in overdue] + undelivered

    async def retry(self, owner_id: int, purpose: Purpose) -> int:
        """Retry all of it; return how many there were. Raises ``NotSaved``."""
        now = self._clock.now()
        async with saving(self._database) as connection:
            messages = await outbox_rows.retry(connection, owner_id, purpose)
            overdue = await due_timers.renew_overdue(connection, now, owner_id, _SHOWN_WITH[purpose])
        self._outbox.put(messages)
        self._scheduler.refresh()
        return len(messages) + overdue
