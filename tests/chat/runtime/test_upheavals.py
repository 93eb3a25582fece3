"""A server in an outage, unreadable rows, and many presses at once."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.runtime.test_delivery import announced, started
from tests.clock import ManualClock
from tests.engine.planting import plant
from tests.reading import answers, buttons, eventually, rows, says

PENDING = "SELECT id FROM outbox WHERE state = 'pending'"
MISTAKES = {"request_failed", "command_error", "delivery_failed", "delivery_abandoned", "finish_failed"}
# Every command that reads many rows of a person or a server.
READING = (
    *("pomodoro list", "pomodoro time", "pomodoro again", "pomodoro undo", "timer list", "remind list"),
    *(
        "remind list here",
        "remind snooze 1h",
        "remind timezone",
        "remind undo",
        "remind cancel all",
        "focus status",
    ),
    *(
        "focus list",
        "focus presets",
        "focus 25/5",
        "focus mine",
        "stats here",
        "stats 2026 here",
        "stats hours here",
    ),
    *(
        "stats server",
        "stats edit",
        "goal",
        "leaderboard",
        "privacy",
        "privacy export",
        "settings",
        "privacy delete",
    ),
)


def mistakes(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in log if line["event"] in MISTAKES]


async def test_an_outage_of_a_server(
    discord: LocalDiscord, bot: Running, tmp_path: Path, log: list[dict[str, Any]]
) -> None:
    """Timers due during their server's outage are announced there afterwards, once, and never directly."""
    ann, general = discord.person("ann"), discord.channel("general")
    await started(discord)
    await ann.say(general, "!remind 5m stand up")
    await discord.wait_for(says("remind you"), channel=general)
    discord.moderation.begin_outage()
    bot.advance(300)
    await eventually(lambda: any(exchange.status == 503 for exchange in discord.exchanges))
    discord.moderation.end_outage()
    await bot.until(lambda: not rows(tmp_path / "test.db", PENDING), step=5)
    reminded = [message for message in discord.messages(general) if says(f"{ann.mention} stand up")(message)]
    assert (announced(discord), len(reminded)) == (1, 1)
    assert (discord.messages(await ann.dm()), mistakes(log)) == ([], [])


async def test_removed_and_back(discord: LocalDiscord, bot: Running, log: list[dict[str, Any]]) -> None:
    """A bot removed from a server and back in time announces as usual."""
    await started(discord)
    discord.kick_bot()
    discord.invite_bot()
    await started(discord, "eggs", "10m")
    bot.advance(300)
    await bot.until(lambda: announced(discord) == 1)
    assert (discord.messages(await discord.person("ann").dm()), mistakes(log)) == ([], [])


async def test_many_join_at_once(
    discord: LocalDiscord, bot: Running, tmp_path: Path, log: list[dict[str, Any]]
) -> None:
    """Everybody who presses Join at the same moment has joined."""
    general = discord.channel("general")
    await discord.person("ann").say(general, "!focus 20m part a, 5m break b, 20m part c")
    card = await discord.wait_for(lambda message: "Join" in buttons(message), channel=general)
    people = [discord.add_person(f"p{number}") for number in range(12)]
    outcomes = await asyncio.gather(*(person.click(card, "Join") for person in people))
    assert {outcome.kind for outcome in outcomes} == {"modal"}
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM participants") == [(13,)]
    assert mistakes(log) == []


async def test_every_command_among_damaged_rows(
    discord: LocalDiscord, bot: Running, tmp_path: Path, log: list[dict[str, Any]]
) -> None:
    """A person with damaged rows in every table gets an answer to any request, and no error is logged."""
    mia, general = discord.person("mia"), discord.channel("general")

    async def answer(words: str) -> str:
        bot.advance(2)
        asked = await mia.say(general, f"!{words}")
        return text_of(await discord.wait_for(answers(asked), channel=general))

    for words in ("remind timezone Berlin", "focus save mine 25/5", "stats add 50m essay yesterday 14:00"):
        await answer(words)
    await answer("pomodoro soon 6m")
    bot.advance(360)
    await discord.wait_for(says("POMODORO! soon"))
    for words in ("pomodoro tea 1h", "remind 1m come", "remind every day 10:00 stretch", "pomodoro cancel all"):
        await answer(words)
    bot.advance(60)
    await eventually(lambda: not rows(tmp_path / "test.db", PENDING))
    await bot.stop()  # planting waits for no other transaction
    planted = await plant(f"sqlite:///{tmp_path / 'test.db'}")
    await bot.start()
    assert {damaged.table for damaged in planted} >= {"timers", "reminders", "presets", "focus_log", "outbox"}
    replies = {words: await answer(words) for words in READING}
    assert [words for words, answered in replies.items() if "on my end" in answered or "got lost" in answered] == []
    assert mistakes(log) == []


async def test_a_clock_in_another_century(
    discord: LocalDiscord, clock: ManualClock, sqlite: str, log: list[dict[str, Any]]
) -> None:
    """Where the machine's clock is later than any id of Discord's can tell, the bot starts and announces."""
    clock.advance((datetime(2099, 1, 1, tzinfo=UTC) - clock.now()).total_seconds())
    bot = Running(discord, clock, sqlite)
    await bot.start()
    await started(discord)
    bot.advance(300)
    await bot.until(lambda: announced(discord) == 1)
    await bot.stop()
    await bot.start()
    assert mistakes(log) == []
    await bot.stop()
