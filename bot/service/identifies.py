"""Identifies: when a shard's turn comes to identify itself to Discord, over all processes."""

import structlog

from bot.engine.clock import Clock
from bot.store import identifies as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# Seconds to wait where the database cannot tell whose turn it is.
_APART = 5.0


class Identifies:
    """``at_once`` is Discord's ``max_concurrency``: so many groups of shards identify beside each other."""

    def __init__(self, database: Database, clock: Clock, at_once: int) -> None:
        self._database = database
        self._clock = clock
        self._at_once = at_once

    async def wait(self, shard_id: int) -> None:
        """Wait until a shard's turn comes."""
        try:
            async with self._database.write() as connection:
                wait = await rows.turn(connection, shard_id % self._at_once) / 1000
        except DatabaseUnavailable as error:
            _log.warning("identify_turn_unknown", error=str(error))
            wait = _APART
        if wait:
            await self._clock.sleep(wait)
