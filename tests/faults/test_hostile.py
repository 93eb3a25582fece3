"""A hostile server: unreachable people who keep asking."""

import asyncio
import random
from collections import Counter
from pathlib import Path

from bot.engine.circuit_breaker import MOST, MOST_OF_PERSON
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import Report, stop
from tests.faults.crowd import Crowd
from tests.reading import says

PEOPLE, ROUNDS = 14, 145


async def test_a_hostile_server(
    chance: random.Random, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """2,030 commands by unreachable people, where the bot may not write, affect nobody else."""
    crowd = Crowd(discord, chance, channels=5)
    people = [discord.add_person(f"person{number}") for number in range(PEOPLE)]
    pit = discord.create_channel("pit", guild=discord.add_guild("Hostile"))
    discord.deny(pit, "SEND_MESSAGES")
    for person in people:
        discord.block_dm(person)
    await bot.start()
    await discord.wait_connected(timeout=30)
    going = {await crowd.start(seconds) for seconds in range(1, 7)}
    await crowd.acknowledged(going)
    general, mia, answered = discord.channel("general"), discord.person("mia"), 0
    for number in range(ROUNDS):
        await asyncio.gather(*(person.say(pit, "!pomodoro list") for person in people))
        if number % 12 == 0:
            request = await mia.say(general, "!pomodoro list")
            await discord.wait_for(says("No timers running here"), channel=general, after=request)
            answered += 1
    await crowd.all_announced(database, 60)
    log = bot.since(0)
    await stop(bot)
    invalid = Counter(exchange.status for exchange in discord.exchanges if exchange.status in {401, 403, 429})
    counted = crowd.account(database)
    asked_for = {"commands": PEOPLE * ROUNDS, "invalid requests": invalid.total(), "answered elsewhere": answered}
    report(asked_for | counted)
    assert invalid[403] <= PEOPLE * MOST_OF_PERSON
    assert invalid.total() < MOST / 4
    assert "breaker_open" not in log
    assert (counted["announced"], counted["lost"], counted["doubled"]) == (6, 0, 0)
