"""The connection to the database is lost at a commit: it was made, but its answer does not come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotSaved
from tests.clock import HurriedClock
from tests.engine.conftest import ANN, Engine
from tests.engine.trouble import Power


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
def power(engine: Engine) -> Power:
    power = Power()
    power.supply(engine.database)
    return power


async def test_of_a_finish(engine: Engine, power: Power) -> None:
    """A timer whose end was committed without an answer is announced once, and so are those that end after it."""
    await engine.start("tea", 5)
    await engine.start("eggs", 8, replace(ANN, channel_id=31))
    power.losing = 1
    engine.clock.advance(5)
    assert await engine.outbox.until(1) == ["tea"]
    assert power.lost == 1
    engine.clock.advance(3)
    assert await engine.outbox.until(2) == ["tea", "eggs"]


async def test_of_a_change(engine: Engine, power: Power) -> None:
    """A timer that was extended without an answer is over at its new time."""
    tea = await engine.start("tea", 5)
    with power.losing_own(), pytest.raises(NotSaved):
        await engine.timers.extend(ANN, tea, timedelta(seconds=5))
    await engine.start("eggs", 7)
    engine.clock.advance(7)
    assert await engine.outbox.until(1) == ["eggs"]
    engine.clock.advance(3)
    assert await engine.outbox.until(2) == ["eggs", "tea"]
