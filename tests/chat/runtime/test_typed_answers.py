"""Typed answers instead of a press: as a reply to a question, or below it in direct messages."""

from pathlib import Path

import pytest

from bot.chat.runtime.typed_answers import choice_named
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.reading import Message, answers, as_shown, buttons, rows, shows

TIMERS = "SELECT name, length / 1000.0, state FROM timers ORDER BY id"
LENGTHS = ["“tea” for 5 min", "“tea” for 5 s", "“tea” for 5 h", "“tea 5q” for 25 min"]
NUMBERED = ["#1 tea", "#2 tea", "#21 rice"]
CLOCKS = ["At 9:00", "At 21:00"]


async def ask(bot: Running, person: Person, place: Channel, words: str, **more: Message) -> Message:
    """Write something, and return the bot's reply."""
    bot.advance(2)
    request = await person.say(place, words, **more)
    return await bot.discord.wait_for(answers(request), channel=place)


def timers(tmp_path: Path) -> list[tuple[str, float, str]]:
    return rows(tmp_path / "test.db", TIMERS)


def bot_messages(bot: Running, place: Channel) -> int:
    return sum(bool(message["author"].get("bot")) for message in bot.discord.messages(place))


@pytest.mark.parametrize(
    ("typed", "labels", "choice"),
    [
        ("5 min", LENGTHS, 0),
        ("tea for 5 min!", LENGTHS, 0),
        ("“Tea” for 5 h", LENGTHS, 2),
        ("the first", LENGTHS, 0),
        ("Second one", LENGTHS, 1),
        ("last", LENGTHS, 3),
        ("fifth", LENGTHS, None),
        ("tea", LENGTHS, None),
        ("25", LENGTHS, None),
        ("5", LENGTHS, None),
        ("tea 10 min", LENGTHS, None),
        ("for", LENGTHS, None),
        ("", LENGTHS, None),
        ("2", NUMBERED, 1),
        ("#2", NUMBERED, 1),
        ("rice", NUMBERED, 2),
        ("3", NUMBERED, None),
        ("9", CLOCKS, 0),
        ("21:00", CLOCKS, 1),
        ("at", CLOCKS, None),
        ("10", CLOCKS, None),
        ("yes", ["Yes", "No, I'll press Join"], 0),
        ("no", ["Yes", "No, I'll press Join"], None),
        ("sunday", ["Every day", "Every day except Sunday"], None),
        ("except sunday", ["Every day", "Every day except Sunday"], 1),
        ("tea", ["All but tea", "Only rice"], None),
    ],
)
def test_the_choice_that_is_named(typed: str, labels: list[str], choice: int | None) -> None:
    """Words select the only choice whose label has them all, or its position; a number alone is no length."""
    assert choice_named(typed, dict(enumerate(labels))) == choice


async def test_a_reply(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A reply that names a choice works like a press: the question becomes the answer."""
    question = await ask(bot, ann, general, "!pomodoro tea 5q")
    before = bot_messages(bot, general)
    bot.advance(2)
    await ann.say(general, "5 min", reply_to=question)
    await bot.discord.wait_for(shows(question, "Ends"), channel=general)
    assert timers(tmp_path) == [("tea", 300.0, "running")]
    assert buttons(as_shown(bot.discord, question)) == ["Pause", "+5 min", "Cancel"]
    assert bot_messages(bot, general) == before


async def test_a_menu(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A menu's choices are named like a button's."""
    for _ in range(6):
        await ask(bot, ann, general, "!pomodoro tea 30m")
    question = await ask(bot, ann, general, "!pomodoro cancel tea")
    bot.advance(2)
    await ann.say(general, "#4", reply_to=question)
    await bot.discord.wait_for(shows(question, "Cancelled tea (#4)"), channel=general)
    assert [state for _, _, state in timers(tmp_path)].index("cancelled") == 3


async def test_after_a_restart(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """A reply to a question is understood after a crash, too."""
    question = await ask(bot, ann, general, "!pomodoro tea 5q")
    await bot.crash()
    await bot.start()
    await ann.say(general, "the first", reply_to=question)
    await bot.discord.wait_for(shows(question, "Ends"), channel=general)
    assert timers(tmp_path) == [("tea", 300.0, "running")]


async def test_talk(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """Other people's replies, and those that name no choice or several, are talk; a command in a reply counts."""
    question = await ask(bot, ann, general, "!pomodoro tea 5q")
    await bot.discord.person("ben").say(general, "5 min", reply_to=question)
    for words in ("tea", "no idea", "5 min or so"):
        await ann.say(general, words, reply_to=question)
    await ann.say(general, "5 min")
    before = bot_messages(bot, general)
    await ask(bot, ann, general, "!pomodoro egg 5 min", reply_to=question)
    assert timers(tmp_path) == [("egg", 300.0, "running")]
    assert bot_messages(bot, general) == before + 1
    assert buttons(as_shown(bot.discord, question)) == LENGTHS


async def test_a_command_of_another(
    bot: Running, ann: Person, discord: LocalDiscord, general: Channel, tmp_path: Path
) -> None:
    """A command in reply to somebody else's question is served, though the question offers the same."""
    question = await ask(bot, ann, general, "!pomodro tea 5m")
    assert buttons(question) == ["Start a timer: tea 5m"]
    await ask(bot, discord.person("ben"), general, "!timer tea 5m", reply_to=question)
    assert timers(tmp_path) == [("tea", 300.0, "running")]


async def test_direct_messages(bot: Running, ann: Person, tmp_path: Path) -> None:
    """In direct messages an answer follows the question; after another message it no longer counts."""
    direct = await ann.dm()
    question = await ask(bot, ann, direct, "pomodoro tea 5q")
    bot.advance(2)
    await ann.say(direct, "5 min")
    await bot.discord.wait_for(shows(question, "Ends"), channel=direct)
    await ask(bot, ann, direct, "pomodoro rice 5q")
    await ask(bot, ann, direct, "pomodoro list")
    assert text_of(await ask(bot, ann, direct, "5 min")) == "What should I do?"
    assert timers(tmp_path) == [("tea", 300.0, "running")]


async def test_pressed_before(bot: Running, ann: Person, tmp_path: Path) -> None:
    """After a press has answered a question, a message below it is something new."""
    direct = await ann.dm()
    question = await ask(bot, ann, direct, "pomodoro tea 5q")
    bot.advance(2)
    await ann.click(question, LENGTHS[0])
    assert text_of(await ask(bot, ann, direct, "5 min")) == "What should I do?"
    assert timers(tmp_path) == [("tea", 300.0, "running")]


async def test_long_before(bot: Running, ann: Person, tmp_path: Path) -> None:
    """A message below a question hours later is something new."""
    direct = await ann.dm()
    await ask(bot, ann, direct, "pomodoro tea 5q")
    bot.advance(601)
    assert text_of(await ask(bot, ann, direct, "5 min")) == "What should I do?"
    assert timers(tmp_path) == []


async def test_a_choice_that_no_longer_works(bot: Running, ann: Person, general: Channel) -> None:
    """A refused choice leaves the question open, as another may work."""
    for _ in range(2):
        await ask(bot, ann, general, "!pomodoro tea 30m")
    question = await ask(bot, ann, general, "!pomodoro pause tea")
    await ask(bot, ann, general, "!pomodoro cancel #1")
    refused = await ask(bot, ann, general, "#1", reply_to=question)
    assert "There's no timer #1 running" in text_of(refused)
    assert buttons(as_shown(bot.discord, question)) == ["#1 tea", "#2 tea"]
    await ann.say(general, "#2", reply_to=question)
    await bot.discord.wait_for(shows(question, "aused"), channel=general)


async def test_answered_already(bot: Running, ann: Person, general: Channel, tmp_path: Path) -> None:
    """Two simultaneous answers to a question carry it out once."""
    question = await ask(bot, ann, general, "!pomodoro tea 5q")
    bot.advance(2)
    for words in ("5 min", "5 min", "5 h"):
        await ann.say(general, words, reply_to=question)
    await bot.discord.wait_for(shows(question, "Ends"), channel=general)
    await ask(bot, ann, general, "!pomodoro egg 5m")
    assert [name for name, _, _ in timers(tmp_path)] == ["tea", "egg"]


async def test_a_refusal_is_answered(bot: Running, ann: Person, general: Channel) -> None:
    """The asker hears that a choice is refused, while other people's replies are ignored."""
    mia = bot.discord.person("mia")
    for _ in range(2):
        await ask(bot, mia, general, "!pomodoro tea 30m")
    question = await ask(bot, ann, general, "!pomodoro cancel tea")
    assert "isn't yours" in text_of(await ask(bot, ann, general, "#1", reply_to=question))
