"""Reminders of people who left the server: they are told once, and can keep or stop them."""

from typing import Any

import pytest

from bot.localdiscord.components import walk
from bot.localdiscord.local import text_of
from tests.chat.reminding import Reminding
from tests.reading import Message, buttons, eventually, says

DAY = 86_400
STATES = "SELECT state FROM timers WHERE state IN ('running', 'paused')"


@pytest.fixture
async def notice(remind: Reminding) -> Any:
    """Ben's daily reminder as it reaches him after leaving the server, with the app on his account."""
    await remind.type("every day 12:00 water the plants", remind.ben)
    remind.ben.install()
    remind.discord.leave_guild(remind.ben)
    remind.bot.advance(DAY)
    return await remind.discord.wait_for(says("water the plants"), channel=await remind.ben.dm())


async def test_kept(remind: Reminding, notice: Any) -> None:
    """If they keep it, it comes by direct message from then on, and nothing is posted in the server."""
    assert "you're not in that server any more" in text_of(notice)
    await eventually(lambda: remind.rows(STATES) == [("paused",)])
    assert {"Keep it, just for me", "Stop repeating"} <= set(buttons(notice))
    settled = await remind.press(notice, "Keep it, just for me", remind.ben)
    assert "It'll keep coming, just for you" in text_of(settled)
    remind.bot.advance(DAY)
    dm = await remind.ben.dm()
    again = await remind.discord.wait_for(says("water the plants", "every day"), channel=dm, after=notice)
    assert "I'm telling you here" not in text_of(again)
    assert remind.rows(STATES) == [("running",)]
    texts = [
        text_of(message) for message in remind.discord.messages(remind.general) if message["author"].get("bot")
    ]
    assert not any(words.startswith("⏰ <@") for words in texts[1:]), texts


async def test_stopped(remind: Reminding, notice: Any) -> None:
    """If they stop it, they hear no more of it."""
    settled = await remind.press(notice, "Stop repeating", remind.ben)
    assert "It won't repeat any more" in text_of(settled)
    assert remind.rows(STATES) == []


async def test_only_its_owner_keeps_it(remind: Reminding, notice: Any) -> None:
    """A moderator cannot turn a person's reminder into a direct one."""
    message = remind.discord.world.messages[notice["channel_id"]][notice["id"]]
    (keep,) = (part["custom_id"] for part in walk(message.components) if part.get("label", "").startswith("Keep"))
    due = await remind.type("list", remind.mia)
    stored = remind.discord.world.messages[due["channel_id"]][due["id"]]
    stored.components = [{"type": 1, "id": 1, "components": [{"type": 2, "id": 2, "style": 2, "label": "x"}]}]
    stored.components[0]["components"][0]["custom_id"] = keep
    refused = await remind.press(due, "x", remind.mia)
    assert "#1 isn't your reminder." in text_of(refused)
    assert remind.rows("SELECT direct FROM reminders WHERE timer_id = 1") == [(0,)]


async def test_refused_direct_messages(remind: Reminding) -> None:
    """If a person blocks direct messages, the channel where they set it says so, unless they have left."""
    for person in (remind.ben, remind.mia):
        await remind.type("me 1h water the plants", person)
        remind.discord.block_dm(person)
    remind.discord.leave_guild(remind.ben)
    remind.bot.advance(3600)
    await remind.bot.until(lambda: any("I can't DM you" in text_of(message) for message in bot_messages(remind)))
    await eventually(lambda: not remind.rows("SELECT 1 FROM outbox WHERE state = 'pending'"))
    (notice,) = (text_of(message) for message in bot_messages(remind) if "I can't DM you" in text_of(message))
    assert notice.startswith(remind.mia.mention)


def bot_messages(remind: Reminding) -> list[Message]:
    return [message for message in remind.discord.messages(remind.general) if message["author"].get("bot")]


async def test_no_such_choice_in_the_channel(remind: Reminding) -> None:
    """If a reminder is posted as it was set, it can only be stopped."""
    await remind.type("every day 12:00 water the plants", remind.ben)
    remind.bot.advance(DAY)
    due = await remind.discord.wait_for(says("water the plants", "every"), channel=remind.general)
    assert "Keep it, just for me" not in buttons(due)
