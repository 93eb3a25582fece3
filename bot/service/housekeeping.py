"""Housekeeping: lets go of what is over and long past."""

from datetime import timedelta

import structlog

from bot.engine.clock import Clock
from bot.store import timers as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

_EVERY = 3600.0
# Rows that go in one transaction, so that no start of a timer waits for long.
_AT_ONCE = 500


class Housekeeping:
    """Deletes timers that were over ``keep_days`` ago, and what was said of them; 0 keeps them for good."""

    def __init__(self, database: Database, clock: Clock, keep_days: int) -> None:
        self._database = database
        self._clock = clock
        self._keep = timedelta(days=keep_days)

    async def run(self) -> None:
        """Tidy up once an hour, for as long as the bot runs."""
        while self._keep:
            try:
                await self.tidy()
            except DatabaseUnavailable as error:
                _log.warning("not_tidied", error=str(error))
            await self._clock.sleep(_EVERY)

    async def tidy(self) -> int:
        """Delete all that is old enough; give how many timers that were. Raises ``DatabaseUnavailable``."""
        before = self._clock.now() - self._keep
        total, deleted = 0, _AT_ONCE
        while deleted == _AT_ONCE:
            async with self._database.write() as connection:
                deleted = await rows.forget(connection, before, _AT_ONCE)
            total += deleted
        if total:
            _log.info("timers_forgotten", timers=total)
        return total
