import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.engine.circuit_breaker import MOST, MOST_OF_PERSON, MOST_OF_SERVER, SECONDS, asker
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import eventually, rows, says

PEOPLE, ROUNDS = 14, 8


async def test_a_server_in_which_nobody_can_be_answered(discord: LocalDiscord, bot: Running) -> None:
    """If the bot may not write and everybody blocks direct messages, each person costs one invalid request."""
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
        request = await discord.person("mia").say(general, "!pomodoro list")
        await discord.wait_for(says("tea"), channel=general, after=request)
        # Nobody is known to block direct messages before their first refusal.
        await eventually(lambda: _refused(discord) >= PEOPLE)
        assert _refused(discord) <= 2 * PEOPLE, f"in round {number}"
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)


async def test_timers_of_unreachable_people(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """However many timers unreachable people start, each person costs a bounded number of invalid requests."""
    focus, general = discord.channel("focus"), discord.channel("general")
    discord.deny(focus, "SEND_MESSAGES")
    crowd = [discord.add_person(f"person{number}") for number in range(3)]
    for person in crowd:
        discord.block_dm(person)
    for number in range(MOST_OF_PERSON + 5):
        for person in crowd:
            await person.slash(focus, "pomodoro start", name="tea", duration="1s")
        if number < MOST_OF_PERSON:  # the others wait until the count of refusals restarts, after ten minutes
            await bot.until(partial(_is_over, tmp_path, (number + 1) * len(crowd)), step=0.05)
    await discord.person("mia").say(general, "!pomodoro tea 1s")
    await bot.until(lambda: any(map(says("POMODORO! tea"), discord.messages(general))), step=0.05)
    assert _refused(discord) == len(crowd) * MOST_OF_PERSON
    await bot.until(partial(_is_over, tmp_path, (MOST_OF_PERSON + 5) * len(crowd)), step=10)
    assert _refused(discord) <= 2 * len(crowd) * MOST_OF_PERSON


@pytest.mark.parametrize("status", [403, 429])
async def test_a_spent_budget(discord: LocalDiscord, bot: Running, tmp_path: Path, status: int) -> None:
    """Timers due while a budget of refusals is spent are late, not lost; rate limits spend none."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    parts = bot._app._health.parts
    assert parts
    asker.set((None, int(discord.guild.id)))
    for _ in range(MOST_OF_SERVER):
        parts.rate_limiter.breaker.note(status)
    bot.advance(300)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT state FROM timers") == [("done",)])
    if status == 403:
        bot.advance(240)
        assert not any(map(says("POMODORO! tea"), discord.messages(general)))
    else:
        await discord.wait_for(says("POMODORO! tea"), channel=general)
    await bot.until(lambda: any(map(says("POMODORO! tea"), discord.messages(general))), step=5)
    state = "SELECT state FROM outbox WHERE kind != 'card'"
    await eventually(lambda: rows(tmp_path / "test.db", state) == [("sent",)])


async def test_when_too_many_were_invalid(discord: LocalDiscord, bot: Running) -> None:
    """While the breaker is open, due announcements are still made; commands work again once it closes."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    parts = bot._app._health.parts
    assert parts
    for _ in range(MOST):
        parts.rate_limiter.breaker.note(403)
    await ann.say(general, "!pomodoro eggs 1h")
    assert "tea" in text_of((await ann.slash(general, "pomodoro list")).answer)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    bot.advance(SECONDS - 300)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=general, after=request)


async def test_unblocking_direct_messages(discord: LocalDiscord, bot: Running) -> None:
    """A person who had blocked direct messages gets them again as soon as they have written one."""
    ann, focus = discord.person("ann"), discord.channel("focus")
    discord.deny(focus, "SEND_MESSAGES")
    discord.block_dm(ann)
    await ann.say(focus, "!pomodoro list")
    await eventually(lambda: _refused(discord) == 1)
    discord.block_dm(ann, blocked=False)
    dm = await ann.dm()
    request = await ann.say(dm, "!pomodoro list")
    request = await discord.wait_for(says("No timers running here"), channel=dm, after=request)
    await ann.say(focus, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=dm, after=request)


def _is_over(folder: Path, timers: int) -> bool:
    counted = "SELECT count(*) FROM outbox WHERE kind = 'direct' AND state = 'undeliverable'"
    return rows(folder / "test.db", counted) == [(timers,)]


def _refused(discord: LocalDiscord) -> int:
    return len([exchange for exchange in discord.exchanges if exchange.status == 403])
