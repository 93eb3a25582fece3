"""Health: the current state of the running bot, read from its parts."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.chat.runtime.client import Client, ShardedClient
from bot.container import Container
from bot.engine.clock import Clock
from bot.engine.lease_keeper import LeaseKeeper
from bot.engine.rate_limiter import RateLimiter
from bot.service.leases import Leases
from bot.store.database import Database, DatabaseUnavailable
from bot.store.inspection import count_timers, ping

# Seconds without the gateway, and of waiting in the outbox, before an operator should look.
GATEWAY_LIMIT, OUTBOX_LIMIT = 60.0, 300.0
# The database timeout, and the interval of counting its timers, in seconds.
_DATABASE_TIMEOUT, _COUNT_EACH = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that run while a lease is held."""

    client: Client
    container: Container
    rate_limiter: RateLimiter


class Health:
    """Reads the bot's state. On standby there is neither a lease nor parts."""

    def __init__(self, clock: Clock, ready: asyncio.Event) -> None:
        self._clock = clock
        self._ready = ready
        self.database: Database | None = None
        self._leases: Leases | None = None
        self.lease_keeper: LeaseKeeper | None = None
        self.parts: Parts | None = None
        # The number of gateway connections, by kind: a new session, or a resumed one.
        self.connects = Counter({"identify": 0, "resume": 0})
        self.timers: dict[str, int] = {}
        self._counted_at = float("-inf")
        self._held_since = 0.0

    def wait_for(self, leases: Leases) -> None:
        """Set what this process takes its lease from."""
        self._leases = leases

    def hold(self, lease_keeper: LeaseKeeper | None) -> None:
        """Set the lease held from now on, or None."""
        self.lease_keeper, self.parts = lease_keeper, None
        self._held_since = self._clock.monotonic()

    def serve(self, parts: Parts) -> None:
        """Set the parts to read from."""
        self.parts = parts

        async def identified() -> None:
            self.connects["identify"] += 1

        async def resumed() -> None:
            self.connects["resume"] += 1

        parts.client.add_listener(identified, "on_connect")
        parts.client.add_listener(resumed, "on_resumed")

    def holds(self) -> bool:
        """Return whether this process holds a lease."""
        return self.lease_keeper is not None and self.lease_keeper.holds()

    def latencies(self) -> dict[int, float]:
        """Return the gateway latency by shard, in seconds; NaN or infinite where there is no connection."""
        if self.parts is None:
            return {}
        client = self.parts.client
        return dict(client.latencies) if isinstance(client, ShardedClient) else {0: client.latency}

    def without_gateway(self) -> float | None:
        """Return the seconds without a gateway that it should have; None if it has one or needs none."""
        lost_at = self.parts.client.gateway_lost_at if self.parts else None
        if not self.holds() or (lost_at is None and self._ready.is_set()):
            return None
        return self._clock.monotonic() - (self._held_since if lost_at is None else lost_at)

    async def count(self) -> None:
        """Refresh the count of timers where it is old: counting many is slow. It covers all processes."""
        if self.database is None or self._clock.monotonic() - self._counted_at < _COUNT_EACH:
            return
        self._counted_at = self._clock.monotonic()
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT), self.database.read() as connection:
                self.timers = await count_timers(connection)
        except (DatabaseUnavailable, TimeoutError):
            self.timers = {}

    async def report(self) -> dict[str, Any]:
        """Return the state; ``look`` lists why an operator should look, and is empty if all is well."""
        database, gone = await self._database_answers(), self.without_gateway()
        outbox = self.parts.container.outbox if self.parts else None
        breaker = self.parts.rate_limiter.breaker if self.parts else None
        waited = outbox.oldest if outbox else 0.0
        troubles = {
            "the database does not answer": not database,
            "no lease can be taken: see standing_by in the log": self._leases is not None
            and self._leases.is_blocked,
            f"there has been no gateway for {gone or 0:.0f} s": gone is not None and gone > GATEWAY_LIMIT,
            f"a message has been waiting to be sent for {waited:.0f} s": waited > OUTBOX_LIMIT,
            "Discord rejects the token: nothing is sent": breaker is not None and breaker.is_token_rejected,
            "too many requests were invalid: only what is due is sent": breaker is not None
            and breaker.open_for() > 0,
            "a message could not be sent because of a bug": outbox is not None and outbox.given_up > 0,
            "a timer could not be ended: see row_damaged and timer_not_ended in the log": self.parts is not None
            and self.parts.container.scheduler.set_aside > 0,
        }
        return {
            "look": [trouble for trouble, is_there in troubles.items() if is_there],
            "alive": True,
            "database": database,
            "lease": self.holds(),
            "gateway": self.holds() and gone is None,
            "outbox": outbox.depth if outbox else 0,
        }

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT):
                if self.database is None:
                    return False
                async with self.database.read() as connection:
                    return await ping(connection)
        except (DatabaseUnavailable, TimeoutError):
            return False
