"""Edited commands: read again if they were not understood, and left alone if they were."""

import asyncio
from pathlib import Path

import pytest

from bot.localdiscord.alteration import replaced
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.reading import Message, answers, as_shown, buttons, eventually, rows, says, shows

SETTLED = ["x", "y", "z"]


async def ask(bot: Running, person: Person, place: Channel, words: str) -> tuple[Message, Message]:
    """Write something, and return it with its answer."""
    request = await person.say(place, words)
    return request, await bot.discord.wait_for(answers(request), channel=place)


async def settle(bot: Running, person: Person, place: Channel) -> None:
    """Start timers one after another, until an edit would have been read."""
    for name in SETTLED:
        await ask(bot, person, place, f"!pomodoro {name} 5m")


def bot_texts(bot: Running, place: Channel) -> list[str]:
    return [text_of(message) for message in bot.discord.messages(place) if message["author"].get("bot")]


def timers(tmp_path: Path) -> list[str]:
    return [name for (name,) in rows(tmp_path / "test.db", "SELECT name FROM timers ORDER BY id")]


@pytest.mark.parametrize("place", ["general", "dm"])
async def test_the_answer_becomes_another(bot: Running, ann: Person, place: str, tmp_path: Path) -> None:
    """As the command is edited, a refusal becomes another, then a question, and then the card."""
    where = await ann.dm() if place == "dm" else bot.discord.channel(place)
    for _ in range(2):
        await ask(bot, ann, where, "!pomodoro egg 30m")
        bot.advance(2)
    request, answer = await ask(bot, ann, where, "!pomodoro tea 25h")
    for edited, becomes in (
        ("!pomodoro tea 5x", "I don't know the length"),
        ("!pomodoro cancel egg", "Which one?"),
        ("!pomodoro tea 5m", "Ends"),
    ):
        bot.advance(2)
        await ann.edit(request, edited)
        await bot.discord.wait_for(shows(answer, becomes), channel=where)
    assert timers(tmp_path) == ["egg", "egg", "tea"]
    assert len(bot_texts(bot, where)) == 3
    assert buttons(as_shown(bot.discord, answer)) == ["Pause", "+5 min", "Cancel"]
    assert "Paused" in text_of((await ann.click(as_shown(bot.discord, answer), "Pause")).answer)


async def test_understood(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """Editing a command that was understood changes nothing, nor does an edit after two minutes."""
    request, _ = await ask(bot, ann, general, "!pomodoro tea 5m")
    late, _ = await ask(bot, ann, general, "!pomodoro egg 25h")
    await ann.edit(request, "!pomodoro tea 6m")
    await settle(bot, ann, general)
    bot.advance(121)
    await ann.edit(late, "!pomodoro egg 6m")
    await settle(bot, ann, general)
    assert timers(tmp_path) == ["tea", *SETTLED, *SETTLED]


async def test_updates_that_are_no_edits(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """An update without an edit, as when an embed loads, is not read again, nor is the same text."""
    request, answer = await ask(bot, ann, general, "!pomodoro tea 25h")
    await ann.suppress_embeds(request)
    await ann.edit(request, "!pomodoro tea 25h")
    bot.discord.faults.alter_event("MESSAGE_UPDATE", replaced("edited_timestamp", None), times=1)
    await ann.edit(request, "!pomodoro tea 5m")
    await settle(bot, ann, general)
    assert timers(tmp_path) == SETTLED
    assert as_shown(bot.discord, answer)["edited_timestamp"] is None


async def test_an_answer_that_is_gone(bot: Running, ann: Person, general: Channel) -> None:
    """If the earlier answer was deleted, the edited command gets a new one."""
    request, answer = await ask(bot, ann, general, "!pomodoro tea 25h")
    await bot.discord.person("mia").delete(answer)
    await ann.edit(request, "!pomodoro tea 5m")
    card = await bot.discord.wait_for(says("Ends"), channel=general, after=answer)
    assert card["message_reference"]["message_id"] == request["id"]


async def test_an_answer_given_directly(bot: Running, ann: Person, general: Channel) -> None:
    """If the bot may not write, the answer to an edit comes as a new direct message."""
    bot.discord.deny(general, "SEND_MESSAGES")
    dm = await ann.dm()
    request = await ann.say(general, "!pomodoro tea 25h")
    refused = await bot.discord.wait_for(says("too long"), channel=dm)
    await ann.edit(request, "!pomodoro tea 5x")
    await bot.discord.wait_for(says("I don't know the length"), channel=dm, after=refused)


async def test_after_a_press(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A question that was answered by a press is not asked again by an edit."""
    for _ in range(2):
        await ask(bot, ann, general, "!pomodoro egg 30m")
        bot.advance(2)
    request, question = await ask(bot, ann, general, "!pomodoro cancel egg")
    await ann.click(question, "#1 egg")
    await settle(bot, ann, general)
    await ann.edit(request, "!pomodoro tea 5m")
    await settle(bot, ann, general)
    assert timers(tmp_path) == ["egg", "egg", *SETTLED, *SETTLED]


async def test_a_mistyped_command(bot: Running, ann: Person, general: Channel) -> None:
    """A message that was no command is answered once it is edited into one."""
    request = await ann.say(general, "!pmdr tea 5m")
    await ask(bot, ann, general, "!pomodoro list")
    await ann.edit(request, "!pomodoro tea 5m")
    card = await bot.discord.wait_for(says("Ends"), channel=general, after=request)
    assert card["message_reference"]["message_id"] == request["id"]


async def test_an_edit_while_it_is_read(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A command edited twice before it was answered is read by its last edit."""
    outage = bot.discord.faults.fail("503", only="POST /channels/{channel_id}/messages")
    request = await ann.say(general, "!pomodoro tea 25h")
    await eventually(lambda: outage.struck)
    await ann.edit(request, "!pomodoro tea 26h")
    await ann.edit(request, "!pomodoro tea 5m")
    outage.off()
    await bot.discord.wait_for(says("Ends"), channel=general)
    assert (timers(tmp_path), len(bot_texts(bot, general))) == (["tea"], 1)


async def test_an_edit_of_many_characters(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A command edited to the longest possible message is answered in a sentence, and can be corrected."""
    request, answer = await ask(bot, ann, general, "!pomodoro tea 25h")
    await ann.edit(request, "!pomodoro " + "x" * 1_990)
    await bot.discord.wait_for(shows(answer, "keep it to 80"), channel=general)
    bot.advance(2)
    await ann.edit(request, "!remind 20m stretch")
    await bot.discord.wait_for(shows(answer, "I'll remind you"), channel=general)
    assert len(bot_texts(bot, general)) == 1


async def test_a_press_after_an_edit(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A stale button does nothing once the message that led to its question was edited and parsed again."""
    request, question = await ask(bot, ann, general, "!pomodoro tea 17:30h")
    bot.advance(2)
    await ann.edit(request, "!pomodoro tea 5m")
    await bot.discord.wait_for(shows(question, "Ends"), channel=general)
    bot.discord.world.messages[general.id][question["id"]].components = question["components"]
    late = await ann.click(question, buttons(question)[0])
    assert "You've already answered that." in text_of(late.answer)
    assert timers(tmp_path) == ["tea"]


async def test_a_press_and_an_edit(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """Of a press and an edit at the same moment one counts: there is one timer, with one card."""
    for name in SETTLED:
        request, question = await ask(bot, ann, general, f"!pomodoro {name} 17:30h")
        bot.advance(2)
        await asyncio.gather(ann.click(question, buttons(question)[0]), ann.edit(request, f"!pomodoro {name} 5m"))
        await bot.discord.wait_for(shows(question, "Ends"), channel=general)
        await settle(bot, ann, general)
    assert len(timers(tmp_path)) == len(SETTLED) * (1 + len(SETTLED))


async def test_an_edit_into_a_chat(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A message edited into something that is no command is left alone; edited back, it is read."""
    request, answer = await ask(bot, ann, general, "!pomodoro tea 25h")
    await ann.edit(request, "never mind")
    await settle(bot, ann, general)
    assert as_shown(bot.discord, answer)["edited_timestamp"] is None
    await ann.edit(request, "!pomodoro tea 5m")
    await bot.discord.wait_for(shows(answer, "Ends"), channel=general)
    assert timers(tmp_path) == [*SETTLED, "tea"]


@pytest.mark.parametrize(
    ("typed", "asked", "edited", "becomes"),
    [
        ("tea 5m", "What should I do?", "timer tea 5m", "Ends"),
        ("pomodro tea 5m", "I don't know “pomodro”", "pomodoro tea 5m", "Ends"),
        ("timer time tea", "no timer called “tea”", "timer tea 5m", "Ends"),
        ("timer tea after 5m", "could be part of the name", "timer tea 5m", "Ends"),
        ("stats add 50m essay last night", "What time did it start?", "goal 2h", "Your goal is 2 h a day"),
    ],
)
async def test_a_question_becomes_the_answer(
    bot: Running, ann: Person, typed: str, asked: str, edited: str, becomes: str
) -> None:
    """An ambiguous or unnamed command is read again when edited, and the old buttons go."""
    dm = await ann.dm()
    request, question = await ask(bot, ann, dm, typed)
    assert asked in text_of(question)
    bot.advance(2)
    await ann.edit(request, edited)
    await bot.discord.wait_for(shows(question, becomes), channel=dm)
    assert not set(buttons(question)) & set(buttons(as_shown(bot.discord, question)))
    assert len(bot_texts(bot, dm)) == 1
