"""My day: today's total and streak, for the announcement of a finished pomodoro."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.timers import name
from bot.domain.timers.timer import Timer
from bot.service.focus_log import FocusLog
from bot.service.preferences import Preferences

_log = structlog.get_logger(__name__)

# Timeout in seconds: the announcement waits for it.
_TIMEOUT = 2.0
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Today:
    """Somebody's focus today, in seconds; ``streak`` is how many days in a row it has just become, else 0."""

    total: int
    streak: int


class MyDay:
    """Sums up somebody's day where they share it."""

    def __init__(self, log: FocusLog, preferences: Preferences) -> None:
        self._log = log
        self._preferences = preferences

    async def after(self, over: Timer) -> Today | None:
        """Return the day of a finished pomodoro's owner; None where it is private, or not known in time."""
        if over.name == name.BREAK:
            return None
        try:
            async with asyncio.timeout(_TIMEOUT):
                is_shared = over.guild_id is None or (await self._preferences.of(over.owner_id)).shares
                return await self._of(over) if is_shared else None
        except Exception as error:  # noqa: BLE001 - logged; the announcement goes without
            _log.warning("day_unknown", timer_id=over.id, error=type(error).__name__)
            return None

    async def _of(self, over: Timer) -> Today | None:
        mine = await self._log.mine(over.owner_id)
        total, streak = mine.statistics.today, mine.statistics.streak
        if not total:
            return None
        is_first_today = total <= (over.length + over.extended) // _SECOND
        return Today(total, streak if is_first_today and streak > 1 else 0)
