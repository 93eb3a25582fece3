"""What people get wrong of reminders: each is answered once, by one clear sentence and an example that is right."""

import re
from typing import Any

from bot.chat.reminders.commands import TOPIC
from bot.domain.reminders import parser as reminder_parser
from bot.domain.reminders.command import Set
from bot.domain.time import schedule, zone
from bot.localdiscord.local import text_of
from tests.chat.reminding import NOON, Reminding
from tests.reading import Message

LONG = "x" * 1501
# What is typed after "!remind", and a word of the sentence that says what was wrong with it.
BAD = {
    "stretch": "says no time",
    "me": "Say when",
    "me stretch": "says no time",
    "set": "Say when",
    "soon stretch": "says no time",
    "@everyone **x** <@1>": "says no time",
    "10 push-ups": "may be minutes, an hour or a day",
    "at 9 call mum": "may be morning or evening",
    "tomorrow at 9": "may be morning or evening",
    "yesterday 9am x": "which has passed",
    "2 hours ago x": "in the past",
    "at 25:00 x": "no clock shows",
    "13pm x": "no clock shows",
    "10:5 x": "no time on the clock",
    "31 feb 9am x": "no calendar has",
    "1/2 x": "may have its day or its month first",
    "2020-01-01 x": "which has passed",
    "in 6 years x": "more than 5 years away",
    "in 99999 days x": "more than 5 years away",
    "next week x": "may be any day of it",
    "in december x": "names a month and no day",
    "today x": "has many hours",
    "tomorrow midnight x": "may be where that day begins",
    "1.5 days x": "has a part of a day",
    "tomorrow 9am PST x": "names a time zone",
    "when: soon what: x": "“soon” is not a time I know",
    "when: what: x": "Say when",
    "when: 20m what: x every: sometimes": "“sometimes” is no repetition I know",
    "every 5 minutes x": "too often",
    "every 10 years x": "too seldom",
    "every day 9am x for 0 times": "never",
    "every day 9am x until yesterday": "passed",
    "every month on the 32nd x": "No month has that day",
    f"20m {LONG}": "1,501 characters long; 1,500 is the most",
    "20m \N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT OVERRIDE}": "nothing in it that can be seen",
    "20m \N{HANGUL FILLER}": "nothing in it that can be seen",
    "<@1> 20m x": "nobody else",
    "@here 20m x": "Only members with Mention Everyone",
    "<@&1> 20m x": "Only members with Mention Everyone",
    "<#1> 20m x": "no such channel or role",
    "cancel": "You have no reminder pending",
    "cancel tea": "no reminder “tea” pending",
    "cancel #99": "no reminder “#99” pending",
    "cancel 99999999999999999999999": "pending",
    "cancel @everyone": "no reminder “\\@everyone” pending",
    "cancel \N{RIGHT-TO-LEFT OVERRIDE}te\x1ba": "no reminder “tea” pending",
    "pause": "You have no reminder pending",
    "resume tea": "no reminder “tea” pending",
    "edit": "Say which one by its number",
    "edit tea": "Say which one by its number",
    "edit #1": "Say what to change",
    "edit #1 20m": "no reminder “#1” pending",
    "when: 20m where: the kitchen": "neither here nor a direct message",
    "when: 20m who: the **team**": "is no role; mention it with an @",
    "when: 20m who: <@1>": "nobody else",
    "when: 20m channel: kitchen": "is no channel; mention it with a #",
    "list page: last": "“last” is no page",
    "edit what: tea when: 20m": "Say which one by its number",
    "edit reminder: tea when: 20m": "no reminder “tea” pending",
    "timezone Moon/Base": "no time zone “Moon/Base”",
    "timezone @everyone": "no time zone “\\@everyone”",
}  # fmt: skip

# The same for slash commands, by their options.
BAD_SLASH: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("set", {}, "Say when"),
    ("set", {"what": "x"}, "Say when"),
    ("set", {"when": "soon"}, "not a time I know"),
    ("set", {"when": "20m", "every": "minute"}, "too often"),
    ("set", {"when": "20m", "every": "@everyone"}, "“\\@everyone” is no repetition I know"),
    ("set", {"when": "20m", "what": LONG}, "1,501 characters long"),
    ("set", {"when": "20m", "what": "\N{ZERO WIDTH SPACE}"}, "nothing in it that can be seen"),
    ("set", {"when": "x" * 3000}, "not a time I know"),
    ("cancel", {}, "no reminder pending"),
    ("cancel", {"reminder": "tea"}, "no reminder “tea” pending"),
    ("pause", {"reminder": "#0"}, "no reminder “#0” pending"),
    ("resume", {"reminder": "`"}, "no reminder “\\`” pending"),
    ("edit", {"reminder": "tea"}, "no reminder “tea” pending"),
    ("edit", {"reminder": "#1", "when": "20m"}, "no reminder “#1” pending"),
    ("timezone", {"zone": "moon"}, "no time zone “moon”"),
)


def must_be_clear(answer: Message, sentence: str, prefix: str) -> None:
    """See that an answer is one sentence with these words in it, and one example, which must be right."""
    said = text_of(answer)
    assert sentence in said
    what, example = said.split("\nTry ")
    assert re.fullmatch(r"[^\n]+[.!?]", what), said
    assert len(what) < 200
    assert not (answer["mentions"] or answer["mention_everyone"] or answer["mention_roles"])
    command = re.fullmatch(rf"`{prefix}remind ([^`]+)`", example)
    assert command, said
    words = command[1].removeprefix("set ")
    if prefix == "/":
        assert command[1].startswith(("set when: ", "edit reminder: #", "list", "pause #", "resume #", "timezone "))
        words = words.replace("edit reminder: ", "edit ")
    request = reminder_parser.parse(TOPIC.read(words), TOPIC, 0)
    if isinstance(request, Set):
        assert schedule.read(request.when, request.every, NOON, zone.UTC).first_at > NOON


async def test_each_typed_is_answered_once(remind: Reminding, log: list[dict[str, str]]) -> None:
    """Each of over fifty kinds of bad input gets one sentence and a right example; nothing is kept or errs."""
    for typed, sentence in BAD.items():
        must_be_clear(await remind.type(typed), sentence, "!")
        remind.bot.advance(1)
    assert "You have no reminder pending" in text_of(await remind.type("list"))
    said = [one for one in remind.discord.messages(remind.general) if one["author"].get("bot")]
    assert len(said) == len(BAD) + 1
    assert [remind.rows(f"SELECT * FROM {name}") for name in ("timers", "reminders", "preferences")] == [[], [], []]
    wrong = {line["event"] for line in log if line["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}, "the test turns the clock away from the local Discord's"


async def test_each_slash_is_answered_once(remind: Reminding, log: list[dict[str, str]]) -> None:
    """So does each that is wrong in an option, with an example for the fields of slash commands."""
    for command, options, sentence in BAD_SLASH:
        must_be_clear(await remind.slash(command, **options), sentence, "/")
        remind.bot.advance(1)
    assert remind.discord.messages(remind.general) == []
    assert remind.rows("SELECT * FROM timers") == []
    assert {line["event"] for line in log if line["log_level"] in {"warning", "error"}} <= {"clock_skew"}


async def test_too_late_and_too_many(remind: Reminding) -> None:
    """Two that fit are told apart by number; what is paused, running or changed to nothing says so."""
    for words in ("1h tea", "2h tea"):
        await remind.type(words)
    for typed, sentence in (
        ("cancel tea", "2 reminders fit (#1, #2); say which by its number."),
        ("cancel", "2 reminders fit"),
        ("resume #1", "It is not paused"),
        ("edit #1 yesterday", "which has passed"),
        (f"edit #1 what: {LONG}", "1,501 characters long"),
    ):
        answer = await remind.type(typed)
        must_be_clear(answer, sentence, "!")
    must_be_clear(await remind.slash("edit", reminder="#1"), "There is nothing to change in that", "/")
    assert remind.rows("SELECT DISTINCT version FROM timers") == [(1,)]
