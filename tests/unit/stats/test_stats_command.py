from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bot.chat.stats.commands import GOAL, LEADERBOARD, STATS
from bot.chat.text import command
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.question import Question
from bot.domain.stats import goal_parser, parser
from bot.domain.stats.command import (
    Add,
    BoardSpan,
    Command,
    Correct,
    DaysOff,
    Digest,
    Goal,
    Leaders,
    Mine,
    Server,
    View,
)
from bot.domain.time import period

TODAY = date(2026, 3, 1)
H, M = timedelta(hours=1), timedelta(minutes=1)
WEEKEND, MON_FRI = frozenset({5, 6}), frozenset({0, 4})


def parse(words: str) -> Command:
    return parser.parse(STATS.read(words), TODAY)


def mine(view: View, called: str, words: str | None = None, *, here: bool = False) -> Mine:
    return Mine(view, period.parse(called, TODAY), called if words is None else words, here)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", mine(View.WEEK, "week", "")),
        ("me", mine(View.WEEK, "week", "")),
        ("here", mine(View.WEEK, "week", "", here=True)),
        ("Here October", mine(View.YEAR, "october", here=True)),
        ("here hours", mine(View.HOURS, "all", "hours", here=True)),
        ("ME  Last Week", mine(View.WEEK, "last week")),
        ("october", mine(View.YEAR, "october")),
        ("me october", mine(View.YEAR, "october")),
        ("me period: October", mine(View.YEAR, "october")),
        ("period:", mine(View.WEEK, "week", "")),
        ("hours", mine(View.HOURS, "all", "hours")),
        ("Server", Server()),
        ("edit", Correct()),
        ("edit the last one", Correct()),
        ("server please", Server()),
        ("digest on", Digest(0)),
        ("days off are sat and sun", DaysOff(WEEKEND)),
        ("daysoff", DaysOff(WEEKEND)),
        ("days off", DaysOff(WEEKEND)),
        ("Days\nOff  weekends", DaysOff(WEEKEND)),
        ("daysoff Mon and Fri", DaysOff(MON_FRI)),
        ("days off days: mon, fri", DaysOff(MON_FRI)),
        ("daysoff none", DaysOff(frozenset())),
        ("digest", Digest(0)),
        ("digest here", Digest(0)),
        ("digest <#12>", Digest(12)),
        ("digest Off", Digest(None)),
        ("digest channel: <#12>", Digest(12)),
        ("digest off: no", Digest(0)),
        ("digest channel: <#12> off: Yes", Digest(None)),
        ("digest off: FALSE channel: <#12>", Digest(12)),
    ],
)
def test_meaning(words: str, meant: Command) -> None:
    """A verb is a verb with or without options; a period alone is about oneself."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "verb", "options"),
    [
        ("period: october", "me", {"period": "october"}),
        ("days off days: mon", "daysoff", {"days": "mon"}),
        ("digest", "digest", {"off": False}),
        ("digest off: yes", "digest", {"channel": 12, "off": True}),
        ("digest off: no channel: <#12>", "digest", {"channel": 12, "off": False}),
        ("digest channel: <#12>", "digest", {"channel": 12, "off": False}),
    ],
)
def test_options_by_name(words: str, verb: str, options: dict[str, Any]) -> None:
    """Options may be typed by their names, in any order, with the same meaning as in a slash command."""
    assert parse(words) == parser.parse(Invocation.of(verb, **options), TODAY)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("server all", "“server all” isn't a period"),
        ("help me", "I can't read “help me” as a period"),
        ("here here", "I can't read “here” as a period"),
        ("me server", "“server” isn't a period"),
        ("period: soon", "I can't read “soon” as a period"),
        ("days on", "I can't read “days on” as a period"),
        ("daysoff funday", "I can't read “funday” as days off"),
        ("digest off: perhaps", "Is “perhaps” a yes or a no"),
        ("digest channel: off", "I don't know the channel “off”"),
        ("digest #general", "I don't know the channel “#general”"),
    ],
)
def test_refusal(words: str, sentence: str) -> None:
    """Nonsense is quoted, with a command that would have worked."""
    with pytest.raises(UserError, match=sentence) as refused:
        parse(words)
    assert refused.value.example
    assert parse(refused.value.example.removeprefix("stats"))


def test_help() -> None:
    """Only the word alone asks for help."""
    assert STATS.read("help").wants_help
    assert not STATS.read("help me").wants_help


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", BoardSpan.WEEK),
        ("this week", BoardSpan.WEEK),
        ("Month", BoardSpan.MONTH),
        ("all time", BoardSpan.ALL),
        ("span: month", BoardSpan.MONTH),
        ("span:", BoardSpan.WEEK),
    ],
)
def test_leaderboard(words: str, meant: BoardSpan) -> None:
    """A leaderboard's span is typed with or without its option's name."""
    assert parser.leaderboard(LEADERBOARD.read(words)) == Leaders(meant)
    assert parser.leaderboard(Invocation.of("", span=meant)) == Leaders(meant)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", None),
        ("2h", 2 * H),
        ("2 h a day", 2 * H),
        ("90 per day", 1.5 * H),
        ("90 min daily", 1.5 * H),
        ("daily 2h", 2 * H),
        ("2h/day", 2 * H),
        ("Off", 0 * H),
        ("is 2h", 2 * H),
        ("set to 2h please", 2 * H),
        ("= 2h", 2 * H),
        ("1:30", 1.5 * H),
        ("?", None),
        ("day: 2h", 2 * H),
        ("day: 2h a day", 2 * H),
        ("day: off", 0 * H),
    ],
)
def test_goal(words: str, meant: timedelta | None) -> None:
    """A goal is typed with or without its option's name."""
    assert goal_parser.parse(GOAL.read(words)) == Goal(meant)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("2", ["goal 2h", "goal 2m"]),
        ("10h a week", ["goal 1h25m", "goal 2h"]),
        ("10h/week", ["goal 1h25m", "goal 2h"]),
        ("soon", ["goal 1h", "goal 2h", "goal 3h", "goal off"]),
        ("9" * 6000, ["goal 1h", "goal 2h", "goal 3h", "goal off"]),
    ],
)
def test_a_goal_is_asked_about(words: str, lines: list[str]) -> None:
    """A number without a unit, and a weekly goal, are asked about with what they amount to."""
    with pytest.raises(Question) as asked:
        goal_parser.parse(GOAL.read(words))
    assert [choice.line for choice in asked.value.choices] == lines


def test_additions_in_other_words() -> None:
    """A separate unit belongs to the length, and an hour without its half of the day is asked about."""
    assert parse("add 50 min essay yesterday 14:00") == parse("add 50m essay yesterday 14:00")
    assert parse("add 1h 30m essay yesterday 14:00") == parse("add 90m essay yesterday 14:00")
    assert parse("day starts at 4am") == parse("day starts 4:00") == parse("day starts at four")
    assert parse("day starts at midnight") == parse("day starts 0:00")
    with pytest.raises(Question) as asked:
        parse("add 25m essay yesterday at 9")
    lines = [choice.line for choice in asked.value.choices]
    assert lines == ["stats add 25m essay yesterday at 9:00", "stats add 25m essay yesterday at 21:00"]
    assert [parse(line.removeprefix("stats ")) for line in lines] == [
        Add(25 * M, "essay", "yesterday at 9:00"),
        Add(25 * M, "essay", "yesterday at 21:00"),
    ]


def test_slash_goal() -> None:
    """A slash command's field is read like typed text."""
    assert goal_parser.parse(Invocation.of("", day="")) == Goal(None)
    assert goal_parser.parse(Invocation.of("", day="2h a day")) == Goal(2 * H)


@pytest.mark.parametrize(
    ("typed", "slash"),
    [
        ("stats", "/stats me"),
        ("stats october", "/stats me period: october"),
        ("stats me october", "/stats me period: october"),
        ("stats days off weekend", "/stats daysoff days: weekend"),
        ("stats digest", "/stats digest"),
        ("stats digest off", "/stats digest off: True"),
        ("leaderboard", "/leaderboard"),
        ("leaderboard month", "/leaderboard span: month"),
        ("goal", "/goal"),
        ("goal 2h a day", "/goal day: 2h"),
    ],
)
def test_spelling(typed: str, slash: str) -> None:
    """An example is spelled as the slash command with the same meaning."""
    assert command(typed, "/") == slash
    assert command(typed, "!") == f"!{typed}"


PIECES = (
    "me server edit help digest days off daysoff period: off: channel: days: week <#1> here yes no mon and 2026"
)


@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(PIECES.split()), max_size=6).map(" ".join)))
def test_anything(words: str) -> None:
    """Any text is a command or refused with a sentence."""
    for read in (
        parse,
        lambda text: parser.leaderboard(LEADERBOARD.read(text)),
        lambda text: goal_parser.parse(GOAL.read(text)),
    ):
        try:
            read(words)
        except UserError as refused:
            assert refused.example
