"""The rate limiter: keeps all requests to Discord below its global rate limit."""

import asyncio
import heapq
import itertools
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum

from bot.engine import nonce, withdrawal
from bot.engine.circuit_breaker import Breaker, BreakerOpen
from bot.engine.clock import Clock

# Discord allows 50 requests per second and bot token, and more for large bots. A window slightly longer than a
# second satisfies sliding and fixed windows alike, whatever the latency of each request.
REQUESTS = 50
SECONDS = 1.05


class Urgency(IntEnum):
    """Who goes first when requests must wait."""

    ANNOUNCEMENT = 0
    REPLY = 1
    CARD = 2
    DIGEST = 3


# Set by the caller of a request, read by the rate limiter.
urgency: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.REPLY)


@dataclass(slots=True)
class Reservation:
    """A turn for one request, of a task or of those that it starts."""

    is_used: bool = False


_reserved: ContextVar[Reservation | None] = ContextVar("reserved", default=None)


class RateLimiter:
    """Lets ``requests`` through in any ``seconds``; the rest wait, by urgency, then in order.

    While the breaker is open, it rejects all but due announcements.
    """

    def __init__(self, clock: Clock, breaker: Breaker, requests: int = REQUESTS, seconds: float = SECONDS) -> None:
        self._clock = clock
        self.breaker = breaker
        self._requests = requests
        self._seconds = seconds
        self._passed: deque[float] = deque()
        self._held_until = float("-inf")
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._admitting: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """The number of waiting requests."""
        return len(self._waiting)

    def hold(self, seconds: float) -> None:
        """Block everything for this many seconds: Discord reported that the global limit was hit."""
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    async def reserve(self) -> None:
        """Wait for a turn before choosing the request: this task's next ``acquire`` passes at once."""
        while True:
            try:
                await self.acquire()
            except BreakerOpen:
                await self._clock.sleep(self._blocked_for(urgency.get()))
            else:
                _reserved.set(Reservation())
                return

    async def acquire(self) -> None:
        """Wait until a request may be sent. Raises ``BreakerOpen``, ``NonceExpired`` and ``Withdrawn``.

        A waiter occupies its channel in discord.py: a reply that waits for long would block due announcements
        there.
        """
        await self._turn()
        nonce.must_be_known(self._clock.now())
        await withdrawal.must_be_wanted()

    async def _turn(self) -> None:
        if (reserved := _reserved.get()) and not reserved.is_used:
            reserved.is_used = True
            return
        if self._blocked_for(urgency.get()):
            raise BreakerOpen
        if not self._waiting and not self._closed_for():
            self._passed.append(self._clock.monotonic())
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency.get(), next(self._order), turn))
        if self._admitting is None or self._admitting.done():
            self._admitting = asyncio.create_task(self._admit(), name="rate-limiter")
        await turn

    async def _admit(self) -> None:
        while self._waiting:
            if closed_for := self._closed_for():
                await self._clock.sleep(closed_for)
                continue
            how, _, turn = heapq.heappop(self._waiting)
            if turn.done():  # cancelled waiters take no slot
                continue
            if self._blocked_for(how):
                turn.set_exception(BreakerOpen())
            else:
                self._passed.append(self._clock.monotonic())
                turn.set_result(None)

    def _blocked_for(self, how: Urgency) -> float:
        return self.breaker.open_for(is_due=how is Urgency.ANNOUNCEMENT)

    def _closed_for(self) -> float:
        """Return the seconds until the window has a free slot; 0 if it has one now."""
        now = self._clock.monotonic()
        if (held_for := self._held_until - now) > 0:
            return held_for
        while self._passed and self._passed[0] <= now - self._seconds:
            self._passed.popleft()
        if len(self._passed) < self._requests:
            return 0.0
        return self._passed[0] + self._seconds - now
