"""Housekeeping: deletes old data."""

from datetime import timedelta

import structlog

from bot.domain.errors import NotSaved
from bot.engine.clock import Clock
from bot.service.privacy import Privacy
from bot.store import timers as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

_EVERY = 3600.0
# Rows deleted per transaction, so that no start of a timer waits for long.
_AT_ONCE = 500


class Housekeeping:
    """Deletes timers ``keep_days`` after their end, with their messages.

    A server's data is deleted ``keep_left_days`` after the bot left it. For both, 0 means never.
    """

    def __init__(
        self, database: Database, privacy: Privacy, clock: Clock, keep_days: int, keep_left_days: int
    ) -> None:
        self._database = database
        self._privacy = privacy
        self._clock = clock
        self._keep = timedelta(days=keep_days)
        self._keep_left = timedelta(days=keep_left_days)

    async def run(self) -> None:
        """Tidy up once an hour, forever."""
        while True:
            try:
                await self.tidy()
            except (DatabaseUnavailable, NotSaved) as error:
                _log.warning("not_tidied", error=str(error))
            await self._clock.sleep(_EVERY)

    async def tidy(self) -> None:
        """Delete all that is old enough. Raises ``DatabaseUnavailable`` and ``NotSaved``."""
        if self._keep:
            await self._forget_timers()
        if self._keep_left:
            await self._privacy.forget_left(self._keep_left)

    async def _forget_timers(self) -> None:
        before = self._clock.now() - self._keep
        total, deleted = 0, _AT_ONCE
        while deleted == _AT_ONCE:
            async with self._database.write() as connection:
                deleted = await rows.forget(connection, before, _AT_ONCE)
            total += deleted
        if total:
            _log.info("timers_forgotten", timers=total)
