"""After moderators delete things: cards come back, no link is dead, and no channel is shown as an id."""

from pathlib import Path

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.focus.test_focus import begin, is_live, newest
from tests.chat.runtime.test_delivery import SEND
from tests.reading import answers, as_shown, buttons, choose, eventually, rows, says, shows

CARD_ID = "SELECT card_id FROM timers"


async def test_a_deleted_card_comes_back(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Once a moderator has deleted the card, the list has no link to it, and the status is the card again."""
    ann, mia, room = discord.person("ann"), discord.person("mia"), discord.channel("general")
    card = await begin(discord)
    await mia.delete(card)
    await eventually(lambda: rows(tmp_path / "test.db", CARD_ID) == [(None,)])
    request = await ann.say(room, "!focus list")
    listed = await discord.wait_for(answers(request), channel=room)
    assert "[card]" not in text_of(listed)
    bot.advance(2)
    request = await ann.say(room, "!focus status")
    again = await discord.wait_for(is_live, channel=room, after=request)
    assert again["mentions"] == []
    await eventually(lambda: rows(tmp_path / "test.db", CARD_ID) == [(int(again["id"]),)])
    await choose(ann, again, "Pause")
    await discord.wait_for(shows(again, "Paused with"), channel=room)
    bot.advance(2)
    request = await ann.say(room, "!focus status")
    message = await discord.wait_for(answers(request), channel=room)
    assert again["id"] in text_of(message)
    assert buttons(message) == []


async def test_a_long_list(discord: LocalDiscord, bot: Running) -> None:
    """However many sessions a server has, a list looks for a few of their cards, and links to no others."""
    ann, room = discord.person("ann"), discord.channel("general")
    for number in range(12):
        place = discord.create_channel(f"room-{number}")
        request = await ann.say(place, "!focus")
        await discord.wait_for(is_live, channel=place, after=request)
        bot.advance(2)
    before = len(discord.exchanges)
    listed = await ann.slash(room, "focus list")
    assert text_of(listed.answer).count("[card]") == 10
    assert sum(exchange.method == "GET" for exchange in discord.exchanges[before:]) == 10


async def test_deleted_while_the_bot_was_away(discord: LocalDiscord, bot: Running) -> None:
    """A card deleted during the bot's absence is found missing when a person asks, also by slash command."""
    ann, mia, room = discord.person("ann"), discord.person("mia"), discord.channel("general")
    card = await begin(discord)
    await bot.stop()
    await mia.delete(card)
    await bot.start()
    listed = await ann.slash(room, "focus list")
    assert "1 person" in text_of(listed.answer)
    assert "[card]" not in text_of(listed.answer)
    bot.advance(2)
    out = await ann.slash(room, "focus status")
    assert is_live(out.answer)
    assert not out.answer["flags"] & 64


async def test_links_of_closed_cards(discord: LocalDiscord, bot: Running) -> None:
    """A closed card links to the newest; while that is deleted, to nothing, and then to its replacement."""
    ann, mia, room = discord.person("ann"), discord.person("mia"), discord.channel("general")
    first = await begin(discord)
    await ann.say(room, "Look at that!", reply_to=first)
    bot.advance(1200)
    second = await discord.wait_for(says("Break"), channel=room, after=first)
    await bot.until(lambda: second["id"] in text_of(as_shown(discord, first)))
    bot.advance(300)
    third = await discord.wait_for(says("Focus · 2"), channel=room, after=second)
    await bot.until(lambda: third["id"] in text_of(as_shown(discord, first)))
    await mia.delete(third)
    await bot.until(lambda: third["id"] not in text_of(as_shown(discord, first)))
    await ann.say(room, "!focus status")
    await bot.until(lambda: is_live(discord.messages(room)[-1]))
    again = newest(discord, room)
    await bot.until(lambda: again["id"] in text_of(as_shown(discord, first)))


async def test_a_deleted_channel_is_no_number(discord: LocalDiscord, bot: Running) -> None:
    """Messages and answers say that a deleted channel is gone, and name an existing one."""
    ann, room = discord.person("ann"), discord.channel("general")
    away = discord.create_channel("away")
    discord.allow(away, "VIEW_CHANNEL", "SEND_MESSAGES")
    for typed in ("!pomodoro tea 1m", "!remind every day 9:00 stretch"):
        request = await ann.say(away, typed)
        await discord.wait_for(answers(request), channel=away)
        bot.advance(2)
    dm = await ann.dm()
    listed = await ann.slash(dm, "remind list")
    assert f"<#{away.id}>" in text_of(listed.answer)
    discord.delete_channel(away)
    bot.advance(60)
    message = await discord.wait_for(says("tea"), channel=dm)
    assert "in a channel that's gone" in text_of(message)
    listed = await ann.slash(room, "remind list")
    assert away.id not in text_of(listed.answer)
    assert "a channel that's gone" in text_of(listed.answer)


async def test_a_recap_before_the_process_ended(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A recap posted by a process that died before the answer is recognised, though it would be late by now."""
    await begin(discord, "20m focus")
    discord.faults.fail("lost", only=SEND, times=1)
    bot.advance(1200)
    await discord.wait_for(says("All done"))
    await bot.crash()
    bot.advance(480)
    await bot.start()
    await eventually(lambda: not rows(tmp_path / "test.db", "SELECT id FROM outbox WHERE state = 'pending'"))
    posts = [e for e in discord.exchanges if e.method == "POST" and "All done" in str(e.request)]
    assert len(posts) == 1


async def test_a_card_that_looks_like_the_next(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A delayed phase is announced, though its redrawn old card looks the same."""
    card = await begin(discord, "3x(20m focus, 5m break) voice #Study")
    discord.faults.fail("503", only=SEND)
    bot.advance(1200)
    tried = "SELECT count(tried_at) FROM outbox WHERE kind = 'phase' AND state = 'pending'"
    await eventually(lambda: rows(tmp_path / "test.db", tried) == [(1,)])
    await bot.crash()
    discord.faults.clear()
    unread = discord.faults.fail("503", only="GET /channels/{channel_id}/messages")
    bot.advance(180)
    await bot.start()
    await discord.wait_for(shows(card, "### ☕️"))
    unread.off()
    await bot.until(lambda: not rows(tmp_path / "test.db", "SELECT id FROM outbox WHERE state = 'pending'"))
    phase = newest(discord, discord.channel("general"))
    assert (phase["id"] != card["id"], "### ☕️" in text_of(phase)) == (True, True)
