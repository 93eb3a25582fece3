import asyncio
from functools import partial
from pathlib import Path

from bot.engine.circuit_breaker import MOST, SECONDS
from bot.engine.invalid_requests import MOST_OF_PERSON
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import eventually, rows, says

PEOPLE, ROUNDS = 14, 8


async def test_a_server_in_which_nobody_can_be_answered(discord: LocalDiscord, bot: Running) -> None:
    """Where the bot may not write, and nobody takes direct messages, each person costs one invalid request."""
    general, focus = discord.channel("general"), discord.channel("focus")
    await discord.person("ann").say(general, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    discord.deny(focus, "SEND_MESSAGES")
    crowd = [discord.add_person(f"person{number}") for number in range(PEOPLE)]
    for person in crowd:
        discord.block_dm(person)
    for number in range(ROUNDS):
        await asyncio.gather(*(person.say(focus, "!pomodoro list") for person in crowd))
        bot.advance(2)  # a new window of the bot's rate limiter
        asked = await discord.person("mia").say(general, "!pomodoro list")
        await discord.wait_for(says("tea"), channel=general, after=asked)
        # Nobody's door is known to be closed before their first refusal has come.
        await eventually(lambda: _refused(discord) >= PEOPLE)
        assert _refused(discord) <= 2 * PEOPLE, f"in round {number}"
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)


async def test_timers_of_which_nobody_can_be_told(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """However many timers people start whom the bot can tell nothing, they cost so many invalid requests each."""
    focus, general = discord.channel("focus"), discord.channel("general")
    discord.deny(focus, "SEND_MESSAGES")
    crowd = [discord.add_person(f"person{number}") for number in range(3)]
    for person in crowd:
        discord.block_dm(person)
    for number in range(MOST_OF_PERSON + 5):
        for person in crowd:
            await person.slash(focus, "pomodoro start", name="tea", duration="1s")
        # All within ten minutes, after which they are counted anew.
        await bot.until(partial(_is_over, tmp_path, (number + 1) * len(crowd)), step=0.05)
    assert _refused(discord) == len(crowd) * MOST_OF_PERSON
    await discord.person("mia").say(general, "!pomodoro tea 1s")
    await bot.until(lambda: any(map(says("POMODORO! tea"), discord.messages(general))))


async def test_when_too_many_were_invalid(discord: LocalDiscord, bot: Running) -> None:
    """While the breaker is open what is due is said all the same; commands are heard as soon as it is closed."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    parts = bot._app._health.parts
    assert parts
    for _ in range(MOST):
        parts.breaker.note(403)
    await ann.say(general, "!pomodoro eggs 1h")
    assert "tea" in text_of((await ann.slash(general, "pomodoro list")).answer)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    bot.advance(SECONDS - 300)
    asked = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timer is going here"), channel=general, after=asked)


async def test_who_opens_their_door_is_answered(discord: LocalDiscord, bot: Running) -> None:
    """Somebody who took no direct messages is answered by one again as soon as they have written one."""
    ann, focus = discord.person("ann"), discord.channel("focus")
    discord.deny(focus, "SEND_MESSAGES")
    discord.block_dm(ann)
    await ann.say(focus, "!pomodoro list")
    await eventually(lambda: _refused(discord) == 1)
    discord.block_dm(ann, blocked=False)
    dm = await ann.dm()
    asked = await ann.say(dm, "!pomodoro list")
    asked = await discord.wait_for(says("No timer is going here"), channel=dm, after=asked)
    await ann.say(focus, "!pomodoro list")
    await discord.wait_for(says("No timer is going here"), channel=dm, after=asked)


def _is_over(folder: Path, timers: int) -> bool:
    counted = "SELECT count(*) FROM outbox WHERE kind = 'direct' AND state = 'undeliverable'"
    return rows(folder / "test.db", counted) == [(timers,)]


def _refused(discord: LocalDiscord) -> int:
    return len([exchange for exchange in discord.exchanges if exchange.status == 403])
