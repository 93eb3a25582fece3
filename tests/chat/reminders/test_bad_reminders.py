"""What people get wrong with reminders: each is answered once, by one clear sentence and a correct example."""

import json
import re
from typing import Any

from bot.chat.reminders.commands import TOPIC
from bot.domain.reminders import parser as reminder_parser, understanding
from bot.domain.reminders.command import Set
from bot.domain.time import zone
from bot.localdiscord.local import text_of
from tests.chat.reminding import NOON, Reminding
from tests.reading import Message, buttons

LONG = "x" * 1501
# The text after "!remind", and a part of the sentence that says what was wrong with it.
BAD = {
    "stretch": "I couldn't find a time",
    "me": "When should I remind you?",
    "me stretch": "I couldn't find a time",
    "set": "When should I remind you?",
    "soon stretch": "which of these",
    "@everyone **x** <@1>": "I couldn't find a time",
    "10 push-ups": "minutes, or a time of day?",
    "at 9 call mum": "morning or evening?",
    "tomorrow at 9": "morning or evening?",
    "yesterday 9am x": "that's already over",
    "2 hours ago x": "already over",
    "at 25:00 x": "no such time",
    "13pm x": "no such time",
    "10:5 x": "I couldn't find a time",
    "31 feb 9am x": "no such day",
    "1/2 x": "which of these dates?",
    "2020-01-01 x": "that's already over",
    "in 6 years x": "more than 5 years away",
    "in 99999 days x": "more than 5 years away",
    "next week x": "Which day next week?",
    "in december x": "which of these",
    "today x": "at what time?",
    "tomorrow midnight x": "at the start or the end of that day?",
    "1.5 months x": "only count whole months",
    "tomorrow 9am IST x": "which time zone do you mean?",
    "20m x at 18:00": "sounds like a time too",
    "every 2nd monday x": "every few weeks, or",
    "cancle #1": "Did you mean this",
    "when: soon what: x": "“soon” – which of these",
    "when: what: x": "When? I couldn't find a time",
    "when: 20m what: x every: sometimes": "I can't tell how often “sometimes” is",
    "every 5 minutes x": "too often",
    "every 10 years x": "too rare",
    "every day 9am x for 0 times": "never",
    "every day 9am x until yesterday": "already over",
    "every month on the 32nd x": "No month has that day",
    f"20m {LONG}": "1,501 characters; 1,500 is the limit",
    "20m \N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT OVERRIDE}": "looks empty",
    "20m \N{HANGUL FILLER}": "looks empty",
    "<@1>": "I can only remind you",
    "@here 20m x": "You need Mention Everyone",
    "<@&1> 20m x": "You need Mention Everyone",
    "<#1> 20m x": "no channel or role like that",
    "cancel": "You don't have any reminders",
    "cancel tea": "a reminder called “tea”",
    "cancel #99": "a reminder #99.",
    "cancel 99999999999999999999999": "a reminder called",
    "cancel @everyone": "a reminder called “@\u200beveryone”",
    "cancel \N{RIGHT-TO-LEFT OVERRIDE}te\x1ba": "a reminder called “tea”",
    "pause": "You don't have any reminders",
    "resume tea": "a reminder called “tea”",
    "edit tea": "Which one? Give its number",
    "edit #1": "What should change",
    "edit #1 20m": "a reminder #1.",
    "when: 20m where: the kitchen": "Say here or direct message",
    "when: 20m who: the **team**": "I don't know the role",
    "when: 20m who: <@1>": "I can only remind you",
    "when: 20m channel: kitchen": "I don't know the channel",
    "list page: last": "Which page is “last”?",
    "edit what: tea when: 20m": "Which one? Give its number",
    "edit reminder: tea when: 20m": "a reminder called “tea”",
    "timezone Moon/Base": "a place called “Moon/Base”",
    "timezone @everyone": "a place called “@\u200beveryone”",
}  # fmt: skip

# The same for slash commands, by their options.
BAD_SLASH: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("set", {}, "When should I remind you?"),
    ("set", {"what": "tea", "every": "20m set tea day"}, "I can't tell how often “20m set tea day” is"),
    ("set", {"what": "x"}, "When? I couldn't find a time"),
    ("set", {"when": "soon"}, "which of these"),
    ("set", {"when": "20m", "every": "minute"}, "too often"),
    ("set", {"when": "20m", "every": "@everyone"}, "I can't tell how often “@\u200beveryone” is"),
    ("set", {"when": "20m", "what": LONG}, "1,501 characters"),
    ("set", {"when": "20m", "what": "\N{ZERO WIDTH SPACE}"}, "looks empty"),
    ("set", {"when": "x" * 3000}, "” as a time"),
    ("cancel", {}, "You don't have any reminders"),
    ("cancel", {"reminder": "tea"}, "a reminder called “tea”"),
    ("pause", {"reminder": "#0"}, "a reminder #0."),
    ("resume", {"reminder": "`"}, "a reminder called “\\`”"),
    ("edit", {"reminder": "tea"}, "a reminder called “tea”"),
    ("edit", {"reminder": "#1", "when": "20m"}, "a reminder #1."),
    ("timezone", {"zone": "moon"}, "a place called “moon”"),
)


def must_be_clear(answer: Message, sentence: str, prefix: str) -> None:
    """Check that an answer is one sentence with this text, and that its example, if any, is valid and linked."""
    text = text_of(answer)
    assert sentence in text
    reason, _, example = text.partition("\nTry ")
    assert re.fullmatch(r"[^\n]+[.!?]", reason), text
    assert len(reason) < 200
    assert not (answer["mentions"] or answer["mention_everyone"] or answer["mention_roles"])
    if not example:
        return
    if prefix == "/" and re.fullmatch(r"</remind \w+:\d+>", example):  # it has no fields to fill in
        return
    link = r" with </remind \w+:\d+>" if prefix == "/" else ""
    command = re.fullmatch(rf"`{prefix}remind ([^`]+)`{link}", example)
    assert command, text
    words = command[1].removeprefix("set ")
    if prefix == "/":
        starts = (
            "set when: ",
            "set every: ",
            "edit reminder: #",
            "list",
            "pause reminder: #",
            "resume reminder: #",
            "timezone zone: ",
        )
        assert command[1].startswith(starts)
        words = words.replace("edit reminder: ", "edit ")
    request = reminder_parser.parse(TOPIC.read(words), TOPIC, 0)
    if isinstance(request, Set):
        meant, _ = understanding.of_set(request, NOON, zone.UTC)
        assert meant.first_at > NOON


async def test_each_typed_is_answered_once(remind: Reminding, log: list[dict[str, str]]) -> None:
    """Each of over fifty kinds of bad input gets one sentence and a valid example, and sets nothing."""
    for typed, sentence in BAD.items():
        must_be_clear(await remind.type(typed), sentence, "!")
        remind.bot.advance(1)
    assert "You don't have any reminders" in text_of(await remind.type("list"))
    messages = [message for message in remind.discord.messages(remind.general) if message["author"].get("bot")]
    assert len(messages) == len(BAD) + 1
    assert [remind.rows(f"SELECT * FROM {name}") for name in ("timers", "reminders", "preferences")] == [[], [], []]
    wrong = {line["event"] for line in log if line["log_level"] in {"warning", "error"}}
    assert wrong <= {"clock_skew"}, "the test turns the clock away from the local Discord's"


async def test_each_slash_is_answered_once(remind: Reminding, log: list[dict[str, str]]) -> None:
    """Bad input in an option does too, with an example for the slash command's fields."""
    for command, options, sentence in BAD_SLASH:
        must_be_clear(await remind.slash(command, **options), sentence, "/")
        remind.bot.advance(1)
    assert remind.discord.messages(remind.general) == []
    assert remind.rows("SELECT * FROM timers") == []
    assert {line["event"] for line in log if line["log_level"] in {"warning", "error"}} <= {"clock_skew"}


async def test_too_late_and_too_many(remind: Reminding) -> None:
    """Two matches are asked about; pausing a paused one, resuming a running one, or changing nothing is refused."""
    for words in ("1h tea", "2h tea"):
        await remind.type(words)
    for typed, line in (
        ("cancel tea", "remind cancel #2"),
        ("edit reminder: tea when: 3h", "remind edit #2 when: 3h"),
    ):
        question = await remind.type(typed)
        assert (text_of(question), buttons(question)) == ("Which one?", ["#1 tea", "#2 tea"])
        (lines,) = remind.rows("SELECT lines FROM questions ORDER BY id DESC LIMIT 1")
        assert line in json.loads(lines[0])
    for typed, sentence in (
        ("cancel", "Which one?"),
        ("resume #1", "It's not paused"),
        ("edit #1 yesterday", "that's already over"),
        (f"edit #1 what: {LONG}", "1,501 characters"),
    ):
        answer = await remind.type(typed)
        must_be_clear(answer, sentence, "!")
    must_be_clear(await remind.slash("edit", reminder="#1"), "That wouldn't change anything", "/")
    assert remind.rows("SELECT DISTINCT version FROM timers") == [(1,)]
