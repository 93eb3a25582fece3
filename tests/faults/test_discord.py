"""Discord failures: failing requests, lost answers, and a gateway that goes away."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.localdiscord.exchange import Exchange
from bot.localdiscord.failures import NAMED, error, proxy_page, rate_limit, truncated
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import Report, stop
from tests.faults.crowd import Crowd, within

if TYPE_CHECKING:
    from bot.localdiscord.failures import Failure
    from bot.localdiscord.faults import Fault

_QUICK = {
    **NAMED,
    "429": rate_limit(0.3),
    "global 429": rate_limit(0.3, scope="global"),
    "proxy's 403": proxy_page(403),
    "proxy's 404": proxy_page(404),
    "40333": error(403, 40333),
    "half a body": truncated(),
}
del _QUICK["hang"]  # which takes 15 seconds
SEND = "POST /channels/{channel_id}/messages"


async def test_failing_requests(
    chance: random.Random, seed: int, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """Whatever happens to its requests, with or without effect, everything is answered and announced once."""
    crowd = Crowd(discord, chance, channels=30)
    await bot.start()
    await discord.wait_connected(timeout=30)
    struck: Counter[str] = Counter()
    tried: set[str] = set()
    going: list[Fault[Failure]] = []

    def strike(_: Exchange) -> None:
        if not any(fault.on for fault in going) and chance.random() < 0.4:
            name = chance.choice([name for name in _QUICK if name not in tried] or list(_QUICK))
            tried.add(name)
            times = chance.randint(1, 3)
            going.append(discord.faults.fail(_QUICK[name], times=times))
            struck["answer lost" if name == "lost" else name] += times

    discord.on_exchange.append(strike)
    over = asyncio.Event()
    typing = asyncio.create_task(crowd.type(over, a_second=8))
    await within(over, 8)
    over.set()
    await typing
    discord.on_exchange.remove(strike)
    discord.faults.clear()
    await crowd.all_announced(database, 60)
    await stop(bot)
    counted = crowd.account(database)
    report(counted | {"faults": struck.total()} | struck | {"429s": discord.limits.rate_limited, "seed": seed})
    assert len(struck) == len(_QUICK)  # each of them did strike
    assert (counted["lost"], counted["doubled"], counted["after a cancel"]) == (0, 0, 0)
    assert counted["acknowledged"] >= counted["typed"] * 0.9  # a reply is given up after four failures


async def test_requests_that_hang(
    chance: random.Random, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """Hanging announcements and answers time out after the bot's own 15 seconds, and are then delivered once."""
    crowd = Crowd(discord, chance, channels=5)
    await bot.start()
    await discord.wait_connected(timeout=30)
    await crowd.acknowledged({await crowd.start(6) for _ in range(6)})
    assert not crowd.announced
    fault = discord.faults.fail("hang", only=SEND, times=4)
    hangs = await crowd.start(1)  # its card is the first to hang
    await bot.says("delivery_retried")
    await crowd.acknowledged({hangs})
    await crowd.all_announced(database, 60)
    fault.off()
    await stop(bot)
    counted = crowd.account(database)
    report(counted)
    assert (counted["announced"], counted["lost"], counted["doubled"]) == (7, 0, 0)


async def test_a_long_global_limit(
    chance: random.Random, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """A global limit longer than the bot's request timeout only delays everything."""
    crowd = Crowd(discord, chance, channels=5)
    await bot.start()
    await discord.wait_connected(timeout=30)
    await crowd.acknowledged({await crowd.start(4) for _ in range(6)})
    discord.faults.fail(rate_limit(17, scope="global"), only=SEND, times=1)
    await crowd.all_announced(database, 90)
    await stop(bot)
    counted = crowd.account(database)
    report(counted)
    assert (counted["announced"], counted["lost"], counted["doubled"]) == (6, 0, 0)


async def test_gateway_trouble(
    chance: random.Random, seed: int, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """While connections drop, resumable or not, and the gateway stays down, acknowledged timers are announced."""
    crowd = Crowd(discord, chance, channels=30)
    await bot.start()
    await discord.wait_connected(timeout=30)
    over = asyncio.Event()
    typing = asyncio.create_task(crowd.type(over, a_second=6))
    for resumable, refused, down in ((True, False, False), (True, True, False), (False, False, True)):
        going = {await crowd.start(4) for _ in range(3)}
        await crowd.acknowledged(going)
        discord.faults.refuse_resume, discord.faults.gateway_down = refused, down
        await discord.drop_gateway(resumable=resumable)
        await crowd.over(going)
        discord.faults.gateway_down = False
        await discord.wait_connected(timeout=60)
    over.set()
    await typing
    await crowd.all_announced(database, 60)
    await stop(bot)
    counted = crowd.account(database)
    gateway = discord.gateway
    report(counted | {"resumes": gateway.resumes, "identifies": gateway.identifies, "seed": seed})
    assert (counted["lost"], counted["doubled"], counted["after a cancel"]) == (0, 0, 0)
    assert (gateway.resumes, gateway.identifies) == (1, 3)
