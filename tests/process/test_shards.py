"""Processes that run some of the shards each."""

import asyncio
import signal

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process


async def test_started_together(bot: Process, discord: LocalDiscord) -> None:
    """Shards that Discord counts together identify in turn, of whichever process; commands are synced once."""
    discord.gateway.identify_seconds, discord.gateway.max_concurrency = 5.0, 2
    bot.environment |= {"SHARD_COUNT": "4", "SHARDS_PER_PROCESS": "2"}
    other = Process(bot.folder)
    other.environment = bot.environment
    try:
        await asyncio.gather(bot.start(), other.start())
        await asyncio.gather(bot.says('"ready"'), other.says('"ready"'))
        assert sorted(one.shard for one in discord.gateway.connected) == [(number, 4) for number in range(4)]
        assert (discord.gateway.identifies, discord.gateway.hasty) == (4, 0)
        synced = [one for one in discord.exchanges if one.method == "PUT" and one.route.endswith("/commands")]
        assert len(synced) == 1
        for process in (bot, other):
            process.signal(signal.SIGTERM)
            assert (await process.ended())[0] == 0
    finally:
        await other.clear()


async def test_told_to_end_before_its_turn(bot: Process, discord: LocalDiscord) -> None:
    """A process that waits for its turn to identify ends at once when it is told to."""
    discord.gateway.identify_seconds = 5.0
    bot.environment |= {"SHARD_COUNT": "4"}
    await bot.start()
    await bot.says("Shard ID 0 has connected")
    bot.signal(signal.SIGTERM)
    code, _, log = await bot.ended(within=5)
    assert code == 0, log
