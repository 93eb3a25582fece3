"""Text that is no command: in a direct message, after a mention, and in a channel."""

from pathlib import Path

import pytest

from bot.chat.help.greeting import request_without_name, slip_of
from bot.localdiscord.local import text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.reading import buttons, rows
from tests.unit.cases import table

TO_TRY = ["Start a focus session", "Start a 5-minute timer", "Remind me to stretch in 20 minutes"]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("last week", ["stats last week"]),
        ("my stats", ["stats"]),
        ("export", ["privacy export"]),
        ("delete my data", ["privacy delete"]),
        ("cancel tea", ["pomodoro cancel tea", "remind cancel tea"]),
        ("start focus", ["focus start"]),
        ("5\ufe0f\u20e3 minutes tea", ["remind 5m tea", 'pomodoro "tea" 5m']),
        ("days off weekend", ["stats days off weekend"]),
        ("snooze 10m", ["remind snooze 10m"]),
        ("deep", ["focus deep"]),
        ("50/10 on math", ['focus 50/10 on "math"', 'pomodoro "50/10 on math" 25m']),
    ],
)
def test_every_command_is_meant(words: str, lines: list[str]) -> None:
    """Text without a command's name is compared with every command."""
    asked = request_without_name(words)
    assert asked
    assert [choice.line for choice in asked.choices] == lines


@pytest.mark.parametrize("row", table.rows("jotted_requests.tsv"), ids=lambda row: row.phrase)
def test_a_request_is_found_in_what_is_jotted_down(row: table.Row) -> None:
    """What people write to the bot is asked about with what they may mean; talk is no request."""
    asked = slip_of(row.phrase) or request_without_name(row.phrase)
    offered = {choice.line for choice in asked.choices} if asked else set()
    assert {*table.parts(row.cells["offered"], " | ")} <= offered
    assert bool(offered) is bool(row.cells["offered"])


async def test_direct_messages_need_no_prefix(bot: Running, ann: Person) -> None:
    """A command to the bot directly begins with its name, or with the prefix or a mention as elsewhere."""
    dm = await ann.dm()
    for words, answer in (
        ("help", "Three things to try"),
        ("Remind 10m stretch", "I'll DM you"),
        ("pomodoro tea 5m", "Ends"),
        ("!pomodoro list", "tea"),
        (f"<@{bot.discord.bot.id}> pomodoro list", "tea"),
    ):
        assert answer in text_of(await bot.ask(ann, dm, words))


@pytest.mark.parametrize("words", ["hi", "What can you do? 5 things?", "thanks!", "<@BOT>", "\N{TOMATO}"])
async def test_directly(bot: Running, ann: Person, words: str) -> None:
    """A direct message that is no command is answered with three things to try."""
    answer = await bot.ask(ann, await ann.dm(), words.replace("BOT", str(bot.discord.bot.id)))
    assert (answer["type"], buttons(answer)) == (19, TO_TRY)


async def test_thanks_directly(bot: Running, ann: Person) -> None:
    """Thanks are answered as thanks, with the same things to try."""
    answer = await bot.ask(ann, await ann.dm(), "thanks!")
    assert (text_of(answer), buttons(answer)) == ("You're welcome! Shall I start another timer?", TO_TRY)


@pytest.mark.parametrize(
    ("words", "line"),
    [("10m stretch", "10m stretch"), ("stretch 10m", "10m stretch"), ("stretch in 10 minutes", "10m stretch")],
)
async def test_a_duration(bot: Running, ann: Person, words: str, line: str, tmp_path: Path) -> None:
    """A text with a duration may be a reminder or a timer: the bot asks which, and a press sets it."""
    answer = await bot.ask(ann, await ann.dm(), words)
    assert buttons(answer) == ["Remind me", "Start a timer"]
    assert f'"remind {line}"' in rows(tmp_path / "test.db", "SELECT lines FROM questions")[0][0]
    assert "I'll DM you" in text_of((await ann.click(answer, "Remind me")).answer)
    again = await bot.ask(ann, await ann.dm(), words)
    assert "Ends" in text_of((await ann.click(again, "Start a timer")).answer)
    assert rows(tmp_path / "test.db", "SELECT name, length FROM timers ORDER BY id") == [("stretch", 600_000)] * 2


@pytest.mark.parametrize(
    ("words", "labels", "pressed"),
    [
        ("25m", ["Start a timer"], "Ends"),
        ("25", None, "Ends"),
        ("tomorrow 9am call mum", ["Remind me"], "I'll DM you"),
        ("call mum at 17:30", ["Remind me"], "I'll DM you"),
        ("my timezone is berlin", ["Set my time zone"], "Europe/Berlin"),
        ("i live in Lisbon", ["Set my time zone"], "Europe/Lisbon"),
        ("list", None, "No timers"),
        ("stop", None, "You don't have a timer running"),
        ("help!", None, "Three things to try"),
        ("call mum tomorrow at 9", ["Remind me"], "at 9"),
        ("my reminders", None, "You don't have any reminders"),
        ("can you remind me in 5m", ["Remind me"], "I'll DM you"),
        ("skip", None, "There's no session running here"),
    ],
)
async def test_without_a_name(
    bot: Running, ann: Person, words: str, labels: list[str] | None, pressed: str
) -> None:
    """Text that only lacks a command's name is asked about, and the first choice carries it out."""
    await bot.ask(ann, await ann.dm(), "timezone Berlin")
    answer = await bot.ask(ann, await ann.dm(), words)
    assert labels in (None, buttons(answer))
    assert pressed in text_of((await ann.click(answer, buttons(answer)[0])).answer)


async def test_marks_behind_a_mention(bot: Running, ann: Person) -> None:
    """A comma or a colon after the mention is ignored."""
    general = bot.discord.channel("general")
    for mark in (",", ":", ", "):
        answer = await bot.ask(ann, general, f"<@{bot.discord.bot.id}>{mark}pomodoro list")
        assert "No timers" in text_of(answer)


@pytest.mark.parametrize(("button", "answer"), list(zip(TO_TRY, ["Focus", "Ends", "I'll remind you"], strict=True)))
async def test_a_bare_mention(bot: Running, ann: Person, button: str, answer: str) -> None:
    """A mention alone shows three things to try, and a press does one."""
    general = bot.discord.channel("general")
    greeting = await bot.ask(ann, general, f"<@{bot.discord.bot.id}>")
    assert (buttons(greeting), "`/help` has more" in text_of(greeting)) == (TO_TRY, True)
    assert answer in text_of((await ann.click(greeting, button)).answer)


async def test_a_mention_and_the_prefix(bot: Running, ann: Person) -> None:
    """The prefix after a mention is ignored."""
    answer = await bot.ask(ann, bot.discord.channel("general"), f"<@{bot.discord.bot.id}> !pomodoro tea 5m")
    assert "Ends" in text_of(answer)


async def test_other_bots_commands(bot: Running, ann: Person) -> None:
    """In a channel, unknown commands are left to other bots, also with a mention in a sentence."""
    general = bot.discord.channel("general")
    for words in (
        "!play a song",
        "!stop",
        "!p",
        "!",
        "!!",
        "hi",
        f"<@{bot.discord.bot.id}> is great",
        "pomodoro 5",
    ):
        await ann.say(general, words)
    await bot.ask(ann, general, "!pomodoro list")
    assert len([message for message in bot.discord.messages(general) if message["author"].get("bot")]) == 1


@pytest.mark.parametrize("slip", ["!pomodro", "!pomoodro", "!pomodoros", "!Pomidoro"])
async def test_a_slip(bot: Running, ann: Person, slip: str) -> None:
    """A command whose name is one letter off is asked about; a press carries it out with its arguments."""
    question = await bot.ask(ann, bot.discord.channel("general"), f"{slip} green  tea 5m")
    assert text_of(question) == f"I don't know “{slip[1:]}”. Did you mean this?"
    assert buttons(question) == ["Start a timer: green tea 5m"]
    card = (await ann.click(question, "Start a timer: green tea 5m")).answer
    assert "green tea" in text_of(card)


async def test_where_the_bot_is_not_used(bot: Running, ann: Person) -> None:
    """In a channel where commands are not wanted, a slip is refused like the command itself."""
    general, focus = bot.discord.channel("general"), bot.discord.channel("focus")
    await bot.discord.person("mia").slash(general, "settings channel", channel=focus.id)
    assert "In this server I only work in" in text_of(await bot.ask(ann, general, "!pomodro tea 5m"))
