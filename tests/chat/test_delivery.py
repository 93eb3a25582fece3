import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.playground.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import buttons, says

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"


def rows(tmp_path: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(tmp_path / "test.db")
    found = connection.execute(statement).fetchall()
    connection.close()
    return found


async def started(discord: LocalDiscord, name: str = "tea", length: str = "5m") -> dict[str, Any]:
    asked = await discord.person("ann").say(discord.channel("general"), f"!pomodoro {name} {length}")
    return await discord.wait_for(says(name, "Ends"), channel=discord.channel("general"), after=asked)


def announced(discord: LocalDiscord, name: str = "tea") -> int:
    texts = map(text_of, discord.messages(discord.channel("general")))
    return sum(f"POMODORO! {name}" in text for text in texts)


async def test_over_a_restart(discord: LocalDiscord, bot: Running) -> None:
    """After a stop and after a crash every timer goes on; one that came due meanwhile is said to be late, once."""
    card = await started(discord)
    await started(discord, "eggs", "1h")
    for end in (bot.stop, bot.crash):
        await end()
        bot.advance(240)
        await bot.start()
    over = await discord.wait_for(says("POMODORO! tea", "finished 3 min ago, while I was away"))
    assert over["message_reference"]["message_id"] == card["id"]
    bot.advance(3600)
    await discord.wait_for(says("POMODORO! eggs"))
    assert (announced(discord), announced(discord, "eggs")) == (1, 1)


async def test_buttons_after_a_restart(discord: LocalDiscord, bot: Running) -> None:
    """The buttons of cards and announcements work after a restart."""
    ann = discord.person("ann")
    card = await started(discord)
    await bot.stop()
    await bot.start()
    out = await ann.click(card, "Pause")
    assert "Paused with 5 min left" in text_of(out.answer)
    await ann.click(card, "Resume")
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"))
    await bot.stop()
    await bot.start()
    await ann.click(over, "Again")
    await discord.wait_for(says("tea", "Ends"), after=over)


@pytest.mark.parametrize("fault", ["500", "503", "429", "drop", "lost"])
async def test_a_send_that_fails(discord: LocalDiscord, bot: Running, tmp_path: Path, fault: str) -> None:
    """An announcement is made once, whether Discord failed, hung up, or took it and the answer was lost."""
    await started(discord)
    discord.faults.only, discord.faults.rest, discord.faults.rest_times = SEND, fault, 2  # type: ignore[assignment]
    bot.advance(300)
    if fault in {"503", "drop", "lost"}:  # these discord.py does not try again by itself
        for _ in range(2):
            await bot.clock.someone_sleeps()
            bot.advance(1)
    await discord.wait_for(says("Finished at"))
    assert announced(discord) == 1
    assert {row[0] for row in rows(tmp_path, "SELECT state FROM outbox WHERE kind = 'announcement'")} == {"sent"}


async def test_an_answer_lost_in_a_crash(discord: LocalDiscord, bot: Running) -> None:
    """Where the bot crashes before it knows that its announcement arrived, the repeat makes no second one."""
    await started(discord)
    discord.faults.only, discord.faults.rest, discord.faults.rest_times = SEND, "lost", 1
    bot.advance(300)
    await bot.clock.someone_sleeps()
    await bot.crash()
    assert announced(discord) == 1
    await bot.start()
    await discord.wait_for(says("Finished at"))
    assert announced(discord) == 1


@pytest.mark.parametrize("fault", ["503", "drop", "lost"])
async def test_a_reply_that_fails(discord: LocalDiscord, bot: Running, fault: str) -> None:
    """The answer to a command is tried again too, and said once."""
    discord.faults.only, discord.faults.rest, discord.faults.rest_times = SEND, fault, 1  # type: ignore[assignment]
    await started(discord)
    asked = await discord.person("ann").say(discord.channel("general"), "!pomodoro list")
    await discord.wait_for(says("`#1` tea"), after=asked)
    assert len([m for m in discord.messages(discord.channel("general")) if buttons(m)]) == 1


async def test_a_card_that_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """Where the card was deleted, the announcement is made all the same, as no reply."""
    general = discord.channel("general")
    card = await started(discord)
    await discord.person("mia").delete(card)
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    assert "message_reference" not in over


async def test_a_channel_that_is_closed(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Where the bot may no longer speak, that is kept with its reason, tried once, and stops no other timer."""
    await started(discord)
    focus = discord.channel("focus")
    await discord.person("ann").say(focus, "!pomodoro eggs 5m")
    await discord.wait_for(says("eggs", "Ends"), channel=focus)
    discord.deny(focus, "SEND_MESSAGES")
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"))
    reason = "SELECT reason FROM outbox WHERE state = 'undeliverable' AND kind = 'announcement'"
    await discord.wait_until(lambda: rows(tmp_path, reason) == [("403 50013",)])
    tried = [e for e in discord.exchanges if e.status == 403 and e.method == "POST"]
    assert len(tried) == 1


async def test_the_gateway_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """Completions need no gateway; after a session that cannot be resumed, commands and timers go on."""
    await started(discord)
    discord.faults.gateway_down, discord.faults.refuse_resume = True, True
    await discord.drop_gateway(resumable=False)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"))
    discord.faults.gateway_down = False
    await discord.wait_connected(timeout=30)
    await started(discord, "eggs")
    bot.advance(300)
    await discord.wait_for(says("POMODORO! eggs"))
    assert (announced(discord), announced(discord, "eggs")) == (1, 1)


async def test_missed_in_a_gap(discord: LocalDiscord, bot: Running) -> None:
    """A command that was typed while the gateway was down is heard once it resumes, and once only."""
    await discord.drop_gateway(resumable=True)
    await started(discord)
    bot.advance(300)
    await discord.wait_for(says("Finished at"))
    assert announced(discord) == 1


async def test_the_database_is_locked(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A command that cannot be saved is answered so and starts nothing; what is due goes out afterwards."""
    await started(discord)
    ann, general = discord.person("ann"), discord.channel("general")
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    asked = await ann.say(general, "!pomodoro eggs 5m")
    await discord.wait_for(says("could not be saved, so nothing was started"), channel=general, after=asked)
    bot.advance(300)
    await bot.clock.someone_sleeps()
    assert announced(discord) == 0
    other.execute("ROLLBACK")
    other.close()
    bot.advance(10)
    await discord.wait_for(says("POMODORO! tea"))
    assert (announced(discord), announced(discord, "eggs")) == (1, 0)


async def test_pinged_is_the_owner_alone(discord: LocalDiscord, bot: Running) -> None:
    """Neither the card nor its edits ping anyone; the announcement pings the owner."""
    card = await started(discord)
    assert discord.pinged(card) == []
    out = await discord.person("ann").click(card, "Pause")
    assert out.answer["mentions"] == []
    await discord.person("ann").click(card, "Resume")
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"))
    assert discord.pinged(over) == [discord.person("ann").id]
    shown = await discord.wait_for(says("Finished at"))
    assert shown["mentions"] == []
