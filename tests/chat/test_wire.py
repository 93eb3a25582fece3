import itertools

import aiohttp
import pytest

from bot.chat.wire import trace
from bot.domain.lease import LeaseLost
from bot.engine.breaker import Breaker
from bot.engine.pace import Pace
from bot.playground.local import LocalDiscord
from tests.clock import ManualClock


@pytest.mark.parametrize("looks", [0, 1])
async def test_nothing_leaves_without_the_lease(discord: LocalDiscord, clock: ManualClock, looks: int) -> None:
    """A request is not made once the lease is lost, not even where that was while its connection was opened."""
    looked = itertools.count()

    def must_hold() -> None:
        if next(looked) >= looks:
            raise LeaseLost

    breaker = Breaker(clock)
    config = trace(clock, Pace(clock, breaker), breaker, must_hold)
    async with aiohttp.ClientSession(trace_configs=[config]) as session:
        with pytest.raises(LeaseLost):
            await session.get(f"{discord.api_url}/gateway/bot", headers={"Authorization": f"Bot {discord.token}"})
    assert discord.exchanges == []
