import asyncio
from typing import Any

from bot.engine.breaker import Breaker
from bot.engine.pace import Pace
from tests.clock import ManualClock


def test_counts_only_what_counts(clock: ManualClock) -> None:
    """Answers of 401, 403 and 429 open the breaker when there are too many, and time closes it; others never do."""
    breaker = Breaker(clock, most=3, seconds=600)
    for status in (200, 404, 500, 403, 401):
        breaker.note(status)
    assert breaker.open_for() == 0
    clock.advance(100)
    breaker.note(429)
    assert breaker.open_for() == 500
    clock.advance(500)
    assert breaker.open_for() == 0


async def test_open_it_lets_nothing_through(clock: ManualClock) -> None:
    """While the breaker is open no request is made; afterwards those that waited are."""
    breaker = Breaker(clock, most=1, seconds=600)
    breaker.note(403)
    passing: asyncio.Task[Any] = asyncio.create_task(Pace(clock, breaker).gate())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not passing.done()
    clock.advance(600)
    await passing
