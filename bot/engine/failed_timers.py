"""Failed timers: those that could not be ended; each is retried alone, with back-off and a ceiling."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.lease import LeaseLost
from bot.domain.timers.timer import Due
from bot.engine import back_off
from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

# Seconds before the first retry, and at most.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
# Tries in all, over about two minutes.
CEILING = 8


class FailedTimers:
    """``end`` retries a timer, and returns whether it was ended; a call that raises does not count as a try."""

    def __init__(self, clock: Clock, end: Callable[[Due], Awaitable[bool]]) -> None:
        self._clock = clock
        self._end = end
        self._dues: dict[int, Due] = {}
        # One per timer to be retried; cancelled on close.
        self.tasks: set[asyncio.Task[None]] = set()
        # Those not retried until they change, or until the next start.
        self._set_aside: set[int] = set()

    def __len__(self) -> int:
        """Return how many there are, including those set aside."""
        return len(self._dues)

    @property
    def set_aside(self) -> int:
        """The number of timers that are not retried any more."""
        return len(self._set_aside)

    def get(self, timer_id: int) -> Due | None:
        """Return the version of a timer that is being retried or was set aside, or None."""
        return self._dues.get(timer_id)

    def add(self, due: Due) -> None:
        """Add a timer whose first try failed."""
        self.forget(due.timer_id)
        self._dues[due.timer_id] = due
        task = asyncio.create_task(self._try_again(due), name=f"retry-timer-{due.timer_id}")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def forget(self, timer_id: int) -> None:
        """Drop a timer that has changed: it may be ended now, or need not be any more."""
        self._dues.pop(timer_id, None)
        self._set_aside.discard(timer_id)

    async def _try_again(self, due: Due) -> None:
        tries = 1
        while tries < CEILING:
            await self._clock.sleep(back_off.delay(tries, _FIRST_WAIT, _LONGEST_WAIT))
            if self._dues.get(due.timer_id) is not due:
                return  # a later version replaced it
            try:
                if await self._end(due):
                    self.forget(due.timer_id)
                    return
                tries += 1
            except LeaseLost:
                return
            except Exception:  # noqa: BLE001 - the database is away; logged and retried
                _log.exception("finish_failed", timers=1)
        if self._dues.get(due.timer_id) is due:
            _log.error("timer_set_aside", timer_id=due.timer_id, tries=tries)
            self._set_aside.add(due.timer_id)
