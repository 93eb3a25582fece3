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

    async def near(self, shard_id: int) -> None:
        """Wait until a shard's turn is near."""
        while (wait := await self._ask(shard_id, is_taking=False)) > _MOST:
            await self._clock.sleep((wait - _MOST) / 2)

    async def wait(self, shard_id: int) -> None:
        """Wait until a shard's turn comes, and take it."""
        while (wait := await self._ask(shard_id, is_taking=True)) > _MOST:
            await self._clock.sleep(_MOST / 2)
        if wait:
            await self._clock.sleep(wait)

    async def _ask(self, shard_id: int, *, is_taking: bool) -> float:
        """Tell when the next turn comes; it is taken, if at all, where that is within ``_MOST`` seconds."""
        try:
            async with self._database.write() as connection:
                return await rows.turn(connection, shard_id % self._at_once, _MOST if is_taking else None)
        except (DatabaseUnavailable, IntegrityError) as error:  # or another was the first of all
            _log.warning("identify_turn_unknown", error=type(error).__name__)
            return 2 * _MOST
