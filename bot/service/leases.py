"""Leases: this process's part of the shards, taken when one is free and kept for as long as it runs."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.lease import Lease
from bot.domain.shard import Share
from bot.engine.clock import Clock
from bot.engine.tenure import Tenure
from bot.store import leases as rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# Seconds from one look for a free block to the next.
_LOOK = 1.0


class Leases:
    """Blocks of shards, of which one process holds one at a time; ``seconds`` is how long a lease lasts."""

    def __init__(self, database: Database, clock: Clock, seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._holder = rows.holder_here()

    async def take(self, shares: Sequence[Share]) -> tuple[Share, Tenure]:
        """Wait until a block is free, as a hot standby, and take it."""
        is_told = False
        while True:
            for block, share in enumerate(shares):
                at = self._clock.monotonic()
                if lease := await self._try(block, share):
                    _log.info("lease_taken", block=block, fence=lease.fence, shards=len(share.ids))
                    return share, Tenure(lease, self._seconds, at, self, self._clock)
            if not is_told:
                _log.info("standing_by", blocks=len(shares))
                is_told = True
            await self._clock.sleep(_LOOK)

    def renew(self, lease: Lease) -> bool:
        """Let a lease go on, see ``engine.tenure.Renewal``."""
        with self._database.blocking() as connection:
            return rows.renew(connection, lease, self._seconds)

    def give_back(self, lease: Lease) -> None:
        """Let another take a lease at once, see ``engine.tenure.Renewal``."""
        with self._database.blocking() as connection:
            rows.give_back(connection, lease)

    async def _try(self, block: int, share: Share) -> Lease | None:
        try:
            return await asyncio.to_thread(self._take, block, share)
        except DatabaseUnavailable as error:
            _log.warning("lease_not_taken", block=block, error=str(error))
            return None

    def _take(self, block: int, share: Share) -> Lease | None:
        with self._database.blocking() as connection:
            return rows.take(connection, block, share.count, self._holder, self._seconds)
