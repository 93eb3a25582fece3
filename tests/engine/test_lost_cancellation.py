"""The outbox is closed just as a request fails, which swallows the cancellation."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine.circuit_breaker import Breaker
from bot.engine.nonce import NONCE_LIVES
from bot.engine.observer import Observer
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.service.stored_outbox import StoredOutbox
from tests.clock import HurriedClock
from tests.engine.conftest import Engine


class Hanging:
    """Discord never answers, and a cancelled request fails, or turns out to be answered."""

    def __init__(self, *, answers: bool) -> None:
        self.answers = answers
        self.reached = asyncio.Semaphore(0)
        self.requests = 0

    async def prepare(self, message: OutboxMessage) -> None:
        """Do nothing: there is nothing to render."""

    async def deliver(self, message: OutboxMessage) -> int | None:
        del message
        return await self._hang()

    async def recall(self, messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        del since
        return {messages[0].nonce: await self._hang()}

    async def _hang(self) -> int:
        self.requests += 1
        self.reached.release()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self.requests > 1:
                raise
            if not self.answers:
                raise ConnectionResetError from None
        return 100


class Broken(Observer):
    """Fails to record announcements."""

    def announced(self, purpose: Purpose, late: float) -> None:
        del purpose, late
        raise ZeroDivisionError


@pytest.fixture
def database_url(sqlite: str) -> str:
    """These statements are the same on either kind of database, so one is enough."""
    return sqlite


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize("is_doubtful", [False, True])
async def test_is_closed_all_the_same(
    engine: Engine, clock: HurriedClock, *, answers: bool, is_doubtful: bool
) -> None:
    """A closed outbox retries nothing, reports no failure, and leaves its rows for the next start."""
    await engine.start("tea", 5)
    engine.clock.advance(5)
    await engine.outbox.until(1)
    discord = Hanging(answers=answers)
    store = StoredOutbox(engine.database, {}, clock)
    outbox = Outbox(store, discord, clock, RateLimiter(clock, Breaker(clock)), Broken())
    if is_doubtful:
        engine.clock.advance(NONCE_LIVES.total_seconds() + 1)
        await outbox.open()
    else:
        outbox.put(engine.outbox.of(Kind.ANNOUNCEMENT))
    await discord.reached.acquire()
    tasks = list(outbox._tasks.values())
    with capture_logs() as log:
        await outbox.close(0)
    assert [task.done() for task in tasks] == [True]
    assert (discord.requests, outbox.given_up, log) == (1, 0, [])
