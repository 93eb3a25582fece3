import itertools

import aiohttp
import pytest

from bot.chat.runtime.http_trace import trace
from bot.domain.lease import LeaseLost
from bot.engine.circuit_breaker import Breaker
from bot.engine.rate_limiter import RateLimiter
from bot.localdiscord.local import LocalDiscord
from tests.clock import ManualClock


@pytest.mark.parametrize("looks", [0, 1])
async def test_nothing_leaves_without_the_lease(discord: LocalDiscord, clock: ManualClock, looks: int) -> None:
    """A request is not made once the lease is lost, not even where that was while its connection was opened."""
    looked = itertools.count()

    def must_hold() -> None:
        if next(looked) >= looks:
            raise LeaseLost

    breaker = Breaker(clock)
    config = trace(clock, RateLimiter(clock, breaker), breaker, must_hold)
    async with aiohttp.ClientSession(trace_configs=[config]) as session:
        with pytest.raises(LeaseLost):
            await session.get(f"{discord.api_url}/gateway/bot", headers={"Authorization": f"Bot {discord.token}"})
    assert discord.exchanges == []
