"""Identifies: when a shard's turn comes to identify itself to Discord, over all processes."""

import structlog
from sqlalchemy.exc import IntegrityError

from bot.engine.clock import Clock
from bot.store import identifies as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# Seconds ahead that a turn is taken at most: one who waits in the queue keeps no place in it that it may not use.
_MOST = 10.0


class Identifies:
    """``at_once`` is Discord's ``max_concurrency``: so many groups of shards identify beside each other."""

    def __init__(self, database: Database, clock: Clock, at_once: int) -> None:
        self._database = database
        self._clock = clock
        self._at_once = at_once

    async def turn(self, shard_id: int) -> float:
        """Wait until a shard's turn is near; give the moment at which it comes, by the clock's monotonic hand."""
        while True:
            asked_at = self._clock.monotonic()
            try:
                async with self._database.write() as connection:
                    is_mine, wait = await rows.turn(connection, shard_id % self._at_once, _MOST)
            except (DatabaseUnavailable, IntegrityError) as error:  # or another was the first of all
                _log.warning("identify_turn_unknown", error=type(error).__name__)
                is_mine, wait = False, rows.APART
            if is_mine:
                return asked_at + wait
            await self._clock.sleep(min(wait, _MOST) / 2)
