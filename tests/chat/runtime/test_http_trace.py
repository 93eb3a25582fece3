import itertools

import aiohttp
import pytest

from bot.chat.runtime.http_trace import HttpTrace
from bot.domain.lease import LeaseLost
from bot.engine.circuit_breaker import Breaker
from bot.engine.rate_limiter import RateLimiter
from bot.localdiscord.local import LocalDiscord
from tests.clock import ManualClock


@pytest.mark.parametrize("looks", [0, 1, 2])
async def test_nothing_leaves_without_the_lease(discord: LocalDiscord, clock: ManualClock, looks: int) -> None:
    """No request is made once the lease is lost, not even one that waits for a connection or its turn."""
    looked = itertools.count()

    def must_hold() -> None:
        if next(looked) >= looks:
            raise LeaseLost

    channel, breaker = discord.channel("general"), Breaker(clock)
    config = HttpTrace(clock, RateLimiter(clock, breaker), breaker, must_hold)
    async with aiohttp.ClientSession(trace_configs=[config]) as session:
        with pytest.raises((LeaseLost, aiohttp.ClientConnectionError)):
            await session.post(
                f"{discord.api_url}/channels/{channel.id}/messages",
                headers={"Authorization": f"Bot {discord.token}"},
                json={"content": "hello"},
            )
    assert discord.exchanges == []
