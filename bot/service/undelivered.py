"""Undelivered: messages that a person did not get, and their timers that could not be ended."""

from bot.domain.timers.timer import Purpose, Timer
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.service.timer_service import TimerService
from bot.store import due_timers, outbox as outbox_rows

# The most of each that are shown.
_MOST = 5
_NOT_ENDED = N_("something's gone wrong with it on my end")


class Undelivered(TimerService):
    """Shows people what could not be delivered to them, and retries it on request."""

    async def of(self, owner_id: int, purpose: Purpose) -> list[tuple[Timer, str]]:
        """Return a person's timers whose end could not be announced, with the reason. Raises ``NotSaved``."""
        now = self._clock.now()
        async with reading(self._database) as connection:
            overdue = await due_timers.overdue(connection, now, owner_id, _listed_with(purpose), _MOST)
            undelivered = await outbox_rows.undelivered(connection, owner_id, purpose, _MOST)
        return [(timer, _NOT_ENDED) for timer in overdue] + undelivered

    async def retry(self, owner_id: int, purpose: Purpose) -> int:
        """Retry all of it; return how many there were. Raises ``NotSaved``."""
        now = self._clock.now()
        async with saving(self._database) as connection:
            messages = await outbox_rows.retry(connection, owner_id, purpose)
            overdue = await due_timers.renew_overdue(connection, now, owner_id, _listed_with(purpose))
        self._outbox.put(messages)
        self._scheduler.refresh()
        return len(messages) + overdue


def _listed_with(purpose: Purpose) -> list[Purpose]:
    return [other for other in Purpose if other.listed_as is purpose]
