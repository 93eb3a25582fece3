"""Housekeeping: deletes old data, and counts what an older version logged."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotSaved
from bot.domain.focus.presence import OPEN_FOR
from bot.domain.question import LIFETIME
from bot.engine.clock import Clock
from bot.service.focus_log import FocusLog
from bot.service.privacy import Privacy
from bot.store import focus_log, questions, timers, unconfirmed
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

_EVERY = 3600.0
# Rows deleted per transaction, so that no start of a timer waits for long.
_AT_ONCE = 500
# How long the removal of an entry can be undone.
_UNDOABLE = timedelta(days=7)
# Deletes at most this many rows of one kind from before a moment; returns how many.
Forget = Callable[[AsyncConnection, datetime, int], Awaitable[int]]


class Housekeeping:
    """Deletes timers ``keep_days`` after their end, with their messages.

    A server's data is deleted ``keep_left_days`` after the bot left it. For both, 0 means never. What people took
    out of their focus log and questions that can no longer be answered are always deleted, and what an older
    version logged is counted.
    """

    def __init__(
        self, database: Database, privacy: Privacy, clock: Clock, keep_days: int, keep_left_days: int
    ) -> None:
        self._database = database
        self._privacy = privacy
        self._clock = clock
        self._log = FocusLog(database, clock)
        self._keep = timedelta(days=keep_days)
        self._keep_left = timedelta(days=keep_left_days)

    async def run(self) -> None:
        """Tidy up once an hour, forever."""
        while True:
            try:
                await self.tidy()
            except (DatabaseUnavailable, NotSaved) as error:
                _log.warning("housekeeping_failed", error=str(error))
            await self._clock.sleep(_EVERY)

    async def tidy(self) -> None:
        """Delete old data, and count what an older version logged. Raises ``DatabaseUnavailable``, ``NotSaved``."""
        ages: dict[Forget, timedelta] = {questions.forget: LIFETIME, focus_log.forget_removed: _UNDOABLE}
        if self._keep:
            ages[timers.forget] = self._keep
        forgotten = await self._forget(ages)
        if forgotten[timers.forget]:
            _log.info("timers_forgotten", timers=forgotten[timers.forget])
        await self._log.derive_stale()
        if self._keep_left:
            await self._privacy.forget_left(self._keep_left)

    async def _forget(self, ages: Mapping[Forget, timedelta]) -> Counter[Forget]:
        """Delete old rows, all kinds in one transaction if they are few; return how many of each."""
        now, total = self._clock.now(), Counter[Forget]()
        left = 0
        while not left:
            left = _AT_ONCE
            async with self._database.write() as connection:
                await unconfirmed.forget(connection, now - OPEN_FOR)
                for forget, age in ages.items():
                    deleted = await forget(connection, now - age, left)
                    left -= deleted
                    total[forget] += deleted
        return total
