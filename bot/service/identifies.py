"""Identifies: when a shard may identify itself to Discord, over all processes."""

import structlog
from sqlalchemy.exc import IntegrityError

from bot.engine.clock import Clock
from bot.store import identifies as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# The most seconds ahead that a turn is taken: a waiter does not hold a place that it may never use.
_MOST = 10.0
# The most seconds before asking again about a turn far off: Discord may have reset its count by then.
_LONGEST = 600.0


class Identifies:
    """Turns to identify, for each group of shards that Discord counts together, and for all where few are left."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def wait_until_near(self, group: int) -> None:
        """Wait until the turn of a group is near."""
        while (wait := await self._ask(group, is_taking=False)) > _MOST:
            await self._clock.sleep((wait - _MOST) / 2)

    async def take(self, group: int) -> None:
        """Wait for the turn of a group, and take it."""
        while (wait := await self._ask(group, is_taking=True)) > _MOST:
            await self._clock.sleep(_MOST / 2)
        if wait:
            await self._clock.sleep(wait)

    async def take_paced(self, apart: float, *, at_start: bool) -> float:
        """Take a turn in a queue paced ``apart`` seconds; return the seconds to wait before asking again.

        Starting processes and shards that lost their session have separate queues.
        """
        queue = rows.STARTS if at_start else rows.AGAIN
        return min(await self._ask(queue, is_taking=True, most=0.0, apart=apart), _LONGEST)

    async def _ask(self, queue: int, *, is_taking: bool, most: float = _MOST, apart: float = rows.APART) -> float:
        """Return the seconds until the next turn; ``is_taking`` takes it where that is within ``most``."""
        try:
            async with self._database.write() as connection:
                return await rows.turn(connection, queue, most if is_taking else None, apart)
        except (DatabaseUnavailable, IntegrityError) as error:  # or another process inserted the first row
            _log.warning("identify_turn_unknown", error=type(error).__name__)
            return 2 * _MOST
