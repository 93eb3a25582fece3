"""Leases: this process's part of the shards, taken when one is free and kept for as long as it runs."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from bot.domain.lease import Lease
from bot.domain.shard import Share
from bot.engine.clock import Clock
from bot.engine.tenure import Tenure
from bot.store import leases as rows
from bot.store.database import Database, DatabaseUnavailable
from bot.store.holder import holder_here
from bot.store.leases import OtherwiseParted

_log = structlog.get_logger(__name__)

# Seconds from one look for a free block to the next, at most: a lease that is given back ends before its time.
_LOOK = 1.0


class Leases:
    """Blocks of shards, of which one process holds one at a time.

    ``seconds`` is how long a lease lasts, ``machine`` what this machine is called.
    """

    def __init__(self, database: Database, clock: Clock, seconds: float, machine: str) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._holder = holder_here(machine)

    async def take(self, shares: Sequence[Share]) -> tuple[Share, Tenure]:
        """Wait until a block is free, as a hot standby, and take it."""
        said: str | None = None
        while True:
            at = self._clock.monotonic()
            lease, left, why = None, _LOOK, "all_are_held"
            try:
                lease, left = await self._ask(shares)
            except OtherwiseParted:
                why = "others_part_the_shards_otherwise"
            except DatabaseUnavailable as error:
                why = str(error)
            if lease:
                share = shares[lease.block]
                _log.info("lease_taken", block=lease.block, fence=lease.fence, shards=len(share.ids))
                return share, Tenure(lease, at, self, self._clock)
            if why != said:
                _log.info("standing_by", blocks=len(shares), why=why)
                said = why
            await self._clock.sleep(min(left, _LOOK))

    def renew(self, lease: Lease) -> bool:
        """Let a lease go on, see ``engine.tenure.Renewal``."""
        with self._database.blocking() as connection:
            return rows.renew(connection, lease)

    def give_back(self, lease: Lease) -> None:
        """Let another take a lease at once, see ``engine.tenure.Renewal``."""
        with self._database.blocking() as connection:
            rows.give_back(connection, lease)

    async def _ask(self, shares: Sequence[Share]) -> tuple[Lease | None, float]:
        """Ask for a block; one that is taken just as this process is told to end is given back."""
        asking = asyncio.ensure_future(asyncio.to_thread(self._take, shares))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            with contextlib.suppress(DatabaseUnavailable, OtherwiseParted):
                lease, _ = await asking
                if lease:
                    await asyncio.to_thread(self.give_back, lease)
            raise

    def _take(self, shares: Sequence[Share]) -> tuple[Lease | None, float]:
        """Take a block that is free, or else tell for how many seconds none will be as far as is known."""
        with self._database.blocking() as connection:
            lease = rows.take(connection, shares, self._holder, self._seconds)
            return lease, 0.0 if lease else rows.soonest_end(connection)
