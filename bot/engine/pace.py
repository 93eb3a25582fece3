"""The pace: every request to Discord passes one gate that keeps below Discord's global limit."""

import asyncio
import heapq
import itertools
from collections import deque
from contextvars import ContextVar
from enum import IntEnum

from bot.engine.breaker import Breaker
from bot.engine.clock import Clock

# Discord allows 50 requests a second and bot token, and large bots more. A window a little longer than its second
# holds for sliding and fixed seconds alike, however long each request is on its way.
REQUESTS = 50
SECONDS = 1.05


class Urgency(IntEnum):
    """Who goes first when requests must wait."""

    ANNOUNCEMENT = 0
    REPLY = 1
    CARD = 2


# Set by whoever makes a request, read at the gate.
urgency: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.REPLY)
# Whether this task has been let in for its next request already.
_let_in: ContextVar[bool] = ContextVar("let_in", default=False)


class Pace:
    """Lets ``requests`` through in any ``seconds``; those that must wait go by urgency, then in order.

    While the breaker is open it lets none through.
    """

    def __init__(self, clock: Clock, breaker: Breaker, requests: int = REQUESTS, seconds: float = SECONDS) -> None:
        self._clock = clock
        self._breaker = breaker
        self._requests = requests
        self._seconds = seconds
        self._passed: deque[float] = deque()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._doorman: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Tell how many requests wait for their turn."""
        return len(self._waiting)

    async def ahead(self) -> None:
        """Wait for one's turn before deciding what to ask: this task passes its next ``gate`` at once."""
        await self.gate()
        _let_in.set(True)

    async def gate(self) -> None:
        """Wait until one more request may be made."""
        if _let_in.get():
            _let_in.set(False)
            return
        if not self._waiting and not self._closed_for():
            self._passed.append(self._clock.monotonic())
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency.get(), next(self._order), turn))
        if self._doorman is None or self._doorman.done():
            self._doorman = asyncio.create_task(self._admit(), name="pace")
        await turn

    async def _admit(self) -> None:
        while self._waiting:
            if closed_for := self._closed_for():
                await self._clock.sleep(closed_for)
                continue
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():  # one that gave up waiting takes no place
                self._passed.append(self._clock.monotonic())
                turn.set_result(None)

    def _closed_for(self) -> float:
        """Tell how many seconds remain until the window has a place; 0 if it has one now."""
        if open_for := self._breaker.open_for():
            return open_for
        now = self._clock.monotonic()
        while self._passed and self._passed[0] <= now - self._seconds:
            self._passed.popleft()
        if len(self._passed) < self._requests:
            return 0.0
        return self._passed[0] + self._seconds - now
