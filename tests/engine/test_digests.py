"""A thousand servers whose weekly digest is due at the same moment, with slow pictures."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.outbox_message import OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine.circuit_breaker import Breaker
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.service.due_timers import DueTimers
from bot.service.stored_outbox import StoredOutbox
from tests.bench import waiting
from tests.clock import HurriedClock
from tests.engine.conftest import Engine, RecordingOutbox
from tests.engine.trouble import Discord, Power

SERVERS = 1_000
# Seconds that a picture takes.
DRAWING = 0.06


@pytest.fixture
def database_url(sqlite: str) -> str:
    """These statements are the same on either kind of database, so one is enough."""
    return sqlite


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
def threads() -> int:
    """Few: the digests of next week would all wait for one."""
    return 2


class Painting(Discord):
    """Needs a picture for each digest, drawn one at a time."""

    def __init__(self, clock: HurriedClock) -> None:
        super().__init__(clock)
        self.power, self.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
        self.making = self.most_making = 0
        # Set once half of them are posted, and once all are.
        self.halfway, self.done = asyncio.Event(), asyncio.Event()
        self._hurried = clock
        self._easel = asyncio.Lock()

    async def deliver(self, message: OutboxMessage) -> int | None:
        if message.timers[0].purpose is not Purpose.DIGEST:
            return await super().deliver(message)
        self.making += 1
        self.most_making = max(self.making, self.most_making)
        async with self._easel:
            await self._hurried.sleep(DRAWING)
        message_id = await super().deliver(message)
        self.making -= 1
        for event, count in ((self.halfway, SERVERS / 2), (self.done, SERVERS + 1)):
            if len(self.messages) >= count:
                event.set()
        return message_id


async def test_a_monday_morning(engine: Engine, clock: HurriedClock, tmp_path: Path) -> None:
    """All digests are posted within five minutes, once each and few at a time; a timer goes before them."""
    due_at = clock.now() + timedelta(minutes=1)
    digests = (
        waiting.Telling(f"digest{number}", f"{100 + number}", due_at.timestamp(), guild_id=f"{9000 + number}")
        for number in range(SERVERS)
    )
    waiting.write(tmp_path / "test.db", digests, "7", "3")
    discord, recorder = Painting(clock), RecordingOutbox()
    outbox = Outbox(StoredOutbox(engine.database, {}, clock), discord, clock, discord.rate_limiter)
    due_timers = DueTimers(
        engine.database, clock, {Purpose.DIGEST: engine.digests, Purpose.POMODORO: engine.timers}
    )
    due_timers.attach(engine.scheduler, recorder)
    dues = await due_timers.soonest(SERVERS)
    clock.advance(60)
    assert await due_timers.finish(dues) == set()
    outbox.put(recorder.messages)

    await engine.start("tea", 5)
    await discord.halfway.wait()
    engine.clock.advance(5)
    await engine.outbox.until(1)
    told_before = len(discord.messages)
    outbox.put(engine.outbox.messages)
    async with asyncio.timeout(60):
        await discord.done.wait()
    await outbox.close(10)

    positions = {message.timers[0].name: number for number, message in enumerate(discord.messages)}
    assert len(positions) == len(discord.messages) == SERVERS + 1
    assert max(max(times) for times in discord.announced.values()) - due_at < timedelta(minutes=5)
    assert discord.most_making <= 10
    assert positions["tea"] <= told_before + 10
