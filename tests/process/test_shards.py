"""Processes that run some of the shards each."""

import asyncio
import signal

from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.reading import eventually


async def test_started_together(bot: Process, discord: LocalDiscord) -> None:
    """Shards that Discord counts together identify in turn, of whichever process; commands are synced once."""
    discord.gateway.identify_seconds, discord.gateway.max_concurrency = 5.0, 2
    bot.environment |= {"SHARD_COUNT": "4", "SHARDS_PER_PROCESS": "2"}
    other = Process(bot.folder)
    other.environment = bot.environment
    try:
        await asyncio.gather(bot.start(), other.start())
        await asyncio.gather(bot.says('"ready"'), other.says('"ready"'))
        assert sorted(session.shard for session in discord.gateway.connected) == [
            (number, 4) for number in range(4)
        ]
        assert (discord.gateway.identifies, discord.gateway.hasty) == (4, 0)
        # The commands are synced beside the start, and so perhaps after it.
        await eventually(lambda: syncs(discord))
        for process in (bot, other):
            process.signal(signal.SIGTERM)
            assert (await process.ended())[0] == 0
        assert len(syncs(discord)) == 1
    finally:
        await other.clear()


def syncs(discord: LocalDiscord) -> list[Exchange]:
    return [
        exchange
        for exchange in discord.exchanges
        if exchange.method == "PUT" and exchange.route.endswith("/commands")
    ]


async def test_stopped_before_its_turn(bot: Process, discord: LocalDiscord) -> None:
    """A process that waits for its turn to identify ends at once when stopped."""
    discord.gateway.identify_seconds = 5.0
    bot.environment |= {"SHARD_COUNT": "4"}
    await bot.start()
    await bot.says("Shard ID 0 has connected")
    bot.signal(signal.SIGTERM)
    code, _, log = await bot.ended(within=5)
    assert code == 0, log
