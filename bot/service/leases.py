"""Leases: this process's block of shards, taken when one is free and held while it runs."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from bot.domain.lease import Lease
from bot.domain.shard import ShardRange
from bot.engine.clock import Clock
from bot.engine.lease_keeper import LeaseKeeper
from bot.store import leases as rows
from bot.store.database import Database, DatabaseUnavailable
from bot.store.leases import SplitDifferently
from bot.store.process_id import process_id_here
from bot.threads import SYSTEM, Threads

_log = structlog.get_logger(__name__)

# The most seconds between looks for a free block: a lease that is given back ends early.
_LOOK = 1.0


class Leases:
    """Blocks of shards, each held by one process at a time under leases of ``seconds``, on this ``machine``."""

    def __init__(
        self, database: Database, clock: Clock, seconds: float, machine: str, threads: Threads = SYSTEM
    ) -> None:
        self._threads = threads
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._holder = process_id_here(machine)
        # Whether it stands by although a block may be free, since none can be taken.
        self.is_blocked = False

    async def take(self, blocks: Sequence[ShardRange]) -> tuple[ShardRange, LeaseKeeper]:
        """Wait as a hot standby until a block is free, and take it."""
        reported: str | None = None
        while True:
            at = self._clock.monotonic()
            lease, left, why = None, _LOOK, "all_are_held"
            try:
                lease, left = await self._ask(blocks)
                self.is_blocked = False
            except SplitDifferently:
                why = "others_split_the_shards_differently"
            except DatabaseUnavailable as error:
                why, self.is_blocked = str(error), True
            if lease:
                shards = blocks[lease.block]
                try:
                    lease_keeper = LeaseKeeper(lease, at, self, self._clock, self._threads)
                except RuntimeError as error:  # the machine's thread limit, which passes
                    why, left, self.is_blocked = str(error), _LOOK, True
                    with contextlib.suppress(DatabaseUnavailable):
                        await self._threads.run(self.give_back, lease)
                else:
                    _log.info("lease_taken", block=lease.block, fence=lease.fence, shards=len(shards.ids))
                    return shards, lease_keeper
            if why != reported:
                _log.info("standing_by", blocks=len(blocks), why=why)
                reported = why
            await self._clock.sleep(min(left, _LOOK))

    def renew(self, lease: Lease) -> bool:
        """Renew a lease, see ``engine.lease_keeper.Renewal``."""
        with self._database.blocking() as connection:
            return rows.renew(connection, lease)

    def give_back(self, lease: Lease) -> None:
        """Free a lease at once, see ``engine.lease_keeper.Renewal``."""
        with self._database.blocking() as connection:
            rows.give_back(connection, lease)

    async def _ask(self, blocks: Sequence[ShardRange]) -> tuple[Lease | None, float]:
        """Try to take a block; give it back where this task is cancelled meanwhile."""
        asking = asyncio.ensure_future(self._threads.run(self._take, blocks))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            with contextlib.suppress(DatabaseUnavailable, SplitDifferently):
                lease, _ = await asking
                if lease:
                    await self._threads.run(self.give_back, lease)
            raise

    def _take(self, blocks: Sequence[ShardRange]) -> tuple[Lease | None, float]:
        """Take a free block, or return the seconds until one may be free."""
        with self._database.blocking_read() as connection:
            left = rows.wait(connection, blocks, self._holder, self._seconds)
        if left is not None:
            return None, left
        with self._database.blocking() as connection:
            lease = rows.take(connection, blocks, self._holder, self._seconds)
            return lease, 0.0 if lease else rows.soonest_end(connection)
