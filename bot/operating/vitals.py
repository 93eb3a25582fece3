"""The vitals: how the running bot does at this moment, read from its parts."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.chat.client import Client, ShardedClient
from bot.engine.breaker import Breaker
from bot.engine.clock import Clock
from bot.engine.pace import Pace
from bot.engine.tenure import Tenure
from bot.house import House
from bot.store.database import Database, DatabaseUnavailable
from bot.store.tally import answers, tally

# Seconds without the gateway, and for which something may wait to be said, before a person should look.
GATEWAY_PATIENCE, OUTBOX_PATIENCE = 60.0, 300.0
# Seconds in which the database must answer, and from one count of its timers to the next.
_DATABASE_PATIENCE, _COUNT_EACH = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs while a lease is held."""

    client: Client
    house: House
    pace: Pace
    breaker: Breaker


class Vitals:
    """Reads how the bot does. While it stands by for a lease there is neither tenure nor parts."""

    def __init__(self, clock: Clock, ready: asyncio.Event) -> None:
        self._clock = clock
        self._ready = ready
        self.database: Database | None = None
        self.tenure: Tenure | None = None
        self.parts: Parts | None = None
        # How often the gateway was connected to, by how: a new session, or an earlier one resumed.
        self.connects = Counter({"identify": 0, "resume": 0})
        self.timers: dict[str, int] = {}
        self._counted_at = float("-inf")
        self._held_since = 0.0

    def hold(self, tenure: Tenure | None) -> None:
        """Note that a lease is held from now on, or that none is."""
        self.tenure, self.parts = tenure, None
        self._held_since = self._clock.monotonic()

    def serve(self, parts: Parts) -> None:
        """Read from these parts from now on."""
        self.parts = parts

        async def identified() -> None:
            self.connects["identify"] += 1

        async def resumed() -> None:
            self.connects["resume"] += 1

        parts.client.add_listener(identified, "on_connect")
        parts.client.add_listener(resumed, "on_resumed")

    def holds(self) -> bool:
        """Tell whether this process holds a lease."""
        return self.tenure is not None and self.tenure.holds()

    def latencies(self) -> dict[int, float]:
        """Tell how many seconds the gateway takes to answer, by shard; of one that is not there, no number."""
        if self.parts is None:
            return {}
        client = self.parts.client
        return dict(client.latencies) if isinstance(client, ShardedClient) else {0: client.latency}

    def without_gateway(self) -> float | None:
        """Tell for how many seconds it has been without a gateway that it should have; None where it is not."""
        lost_at = self.parts.client.gateway_lost_at if self.parts else None
        if not self.holds() or (lost_at is None and self._ready.is_set()):
            return None
        return self._clock.monotonic() - (self._held_since if lost_at is None else lost_at)

    async def count(self) -> None:
        """Count the timers anew, where it is time to: of many that takes a moment, and they are all processes'."""
        if self.database is None or self._clock.monotonic() - self._counted_at < _COUNT_EACH:
            return
        self._counted_at = self._clock.monotonic()
        try:
            async with asyncio.timeout(_DATABASE_PATIENCE), self.database.read() as connection:
                self.timers = await tally(connection)
        except (DatabaseUnavailable, TimeoutError):
            self.timers = {}

    async def health(self) -> dict[str, Any]:
        """Tell how it does, and with ``look`` why a person should; where nobody need, there is nothing in that."""
        database, gone = await self._database_answers(), self.without_gateway()
        outbox = self.parts.house.outbox if self.parts else None
        unsaid = outbox.oldest if outbox else 0.0
        troubles = {
            "the database does not answer": not database,
            f"there is no gateway for {gone or 0:.0f} s": gone is not None and gone > GATEWAY_PATIENCE,
            f"something waits to be said for {unsaid:.0f} s": unsaid > OUTBOX_PATIENCE,
            "too many requests were invalid: none is made": bool(self.parts and self.parts.breaker.open_for()),
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
            async with asyncio.timeout(_DATABASE_PATIENCE):
                if self.database is None:
                    return False
                async with self.database.read() as connection:
                    return await answers(connection)
        except (DatabaseUnavailable, TimeoutError):
            return False
