import contextlib
from datetime import time, timedelta

import pytest
from hypothesis import example, given, strategies as st

from bot.chat.timers.commands import KITCHEN, TOPIC
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.question import Question
from bot.domain.time import duration
from bot.domain.timers import parser
from bot.domain.timers.command import (
    ActOnTimers,
    Command,
    ExtendTimer,
    List,
    Rename,
    StartTimer,
    StartUntil,
    TimerVerb,
)

S = timedelta(seconds=1)
M = timedelta(minutes=1)


def parse(words: str) -> Command | None:
    """Parse typed text; None is help."""
    invocation = TOPIC.read(words)
    return None if invocation.wants_help else parser.parse(invocation, TOPIC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("tea 5", StartTimer("tea", 5 * S, 5 * M)),
        ("green tea with milk 1h30m", StartTimer("green tea with milk", 90 * M)),
        ("green\n tea\t5m", StartTimer("green tea", 5 * M)),
        ("", StartTimer("pomodoro", 25 * M)),
        ("5", StartTimer("pomodoro", 5 * M)),
        ("tea", StartTimer("tea", 25 * M)),
        ("tea soon", StartTimer("tea soon", 25 * M)),
        ('"tea 5" 10', StartTimer("tea 5", 10 * S, 10 * M)),
        ('"tea 5"', StartTimer("tea 5", 25 * M)),
        ("“green tea” 5", StartTimer("green tea", 5 * S, 5 * M)),
        ("listen 5", StartTimer("listen", 5 * S, 5 * M)),
        ("start tea 5", StartTimer("tea", 5 * S, 5 * M)),
        ("start", StartTimer("pomodoro", 25 * M)),
        ('"cancel" 5', StartTimer("cancel", 5 * S, 5 * M)),
        ("list", List()),
        ("LIST", List()),
        ("cancel tea", ActOnTimers(TimerVerb.CANCEL, "tea")),
        ("Cancel green tea", ActOnTimers(TimerVerb.CANCEL, "green tea")),
        ('cancel "green tea"', ActOnTimers(TimerVerb.CANCEL, "green tea")),
        ("cancel #5", ActOnTimers(TimerVerb.CANCEL, "#5")),
        ("cancel 5", ActOnTimers(TimerVerb.CANCEL, "5")),
        ("cancel", ActOnTimers(TimerVerb.CANCEL, None)),
        ("pause", ActOnTimers(TimerVerb.PAUSE, None)),
        ("resume tea", ActOnTimers(TimerVerb.RESUME, "tea")),
        ("time tea", ActOnTimers(TimerVerb.TIME, "tea")),
        ("extend tea 5m", ExtendTimer("tea", 5 * M)),
        ("extend 5m", ExtendTimer(None, 5 * M)),
        ("extend #3 90", ExtendTimer("#3", 90 * S)),
        ("extend green tea +5m", ExtendTimer("green tea", 5 * M)),
        ("tea 3 minutes", StartTimer("tea", 3 * M)),
        ("tea 180", StartTimer("tea", 180 * S)),
        ("tea: 5m", StartTimer("tea", 5 * M)),
        ("set a timer for 5 minutes", StartTimer("pomodoro", 5 * M)),
        (":tea: 5m", StartTimer(":tea:", 5 * M)),
        ("5 minutes for tea", StartTimer("tea", 5 * M)),
        ("in 5m", StartTimer("pomodoro", 5 * M)),
        ("100 days of code", StartTimer("100 days of code", 25 * M)),
        ("plan a day", StartTimer("plan a day", 25 * M)),
        ("lift weights 45m", StartTimer("lift weights", 45 * M)),
        ("read every chapter 30m", StartTimer("read every chapter", 30 * M)),
        ('read "War and Peace" 30m', StartTimer('read "War and Peace"', 30 * M)),
        ("until 5pm essay", StartUntil("essay", time(17))),
        ("tea until 5", StartUntil("tea", time(5), other=time(17))),
        ("tea 5m please", StartTimer("tea", 5 * M)),
        ("25m now!", StartTimer("pomodoro", 25 * M)),
        ("tea at least 5m", StartTimer("tea", 5 * M)),
        ("essay until noon", StartUntil("essay", time(12))),
        ("wait until dark 5m", StartTimer("wait until dark", 5 * M)),
        ("stop everything", ActOnTimers(TimerVerb.CANCEL, None, every=True)),
        ('cancel "all"', ActOnTimers(TimerVerb.CANCEL, "all")),
        ("cancel #1, #2 and #3", ActOnTimers(TimerVerb.CANCEL, "#1, #2 and #3", ("#1", "#2", "#3"))),
        ("pause tea, rice", ActOnTimers(TimerVerb.PAUSE, "tea, rice", ("tea", "rice"))),
        ("status tea", ActOnTimers(TimerVerb.TIME, "tea")),
        ("show all", List()),
        ("how long tea", ActOnTimers(TimerVerb.TIME, "tea")),
        ("extend tea +5", ExtendTimer("tea", 5 * M)),
        ("+ 5", ExtendTimer(None, 5 * M)),
        ("add by 10 minutes", ExtendTimer(None, 10 * M)),
        ("extend tea by 10 minutes", ExtendTimer("tea", 10 * M)),
        ("rename coffee", Rename(None, "coffee")),
        ("rename #3 green tea", Rename("#3", "green tea")),
        ('rename "a to b" to "c"', Rename("a to b", "c")),
    ],
)
def test_meaning(words: str, meant: Command) -> None:
    """A length stands at either end, the other words are the name, and a leading verb is a verb."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "verb", "options"),
    [
        ("start name: green tea duration: 1h 30m", "start", {"name": "green tea", "duration": "1h 30m"}),
        ("duration: 5m name: tea", "start", {"name": "tea", "duration": "5m"}),
        ("extend by: 5m timer: #3", "extend", {"timer": "#3", "by": "5m"}),
        ("cancel timer: tea", "cancel", {"timer": "tea"}),
        ("rename name: green tea timer: #3", "rename", {"name": "green tea", "timer": "#3"}),
    ],
)
def test_options_by_name(words: str, verb: str, options: dict[str, str]) -> None:
    """Options may be typed by their names, in any order, with the same meaning as in a slash command."""
    assert parse(words) == parser.parse(Invocation.of(verb, **options), TOPIC)


def test_help() -> None:
    """*help* alone asks for help; with words after it, it may be a timer's name."""
    assert TOPIC.read("help").wants_help
    assert not TOPIC.read("help 5").wants_help


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (f"rename tea to {'x' * 90}", [f'pomodoro rename "tea" to "{"x" * 80}"']),
        (f"rename {'x' * 90}", [f'pomodoro rename to "{"x" * 80}"']),
        ("25 5", ["focus 25 5"]),
        ("work 25 break 5", ["focus work 25 break 5"]),
        ("deep work 50/10", ['focus 50/10 on "deep work"']),
        ("snooze", ["pomodoro extend 5m"]),
        ("list groceries 10m", ["pomodoro list", 'pomodoro "list groceries" 10m']),
        ("delete emails 15m", ['pomodoro cancel "emails"', 'pomodoro "delete emails" 15m']),
        ("stop 10m", ["pomodoro cancel", 'pomodoro "stop" 10m']),
        ("help mum 30m", ["pomodoro help", 'pomodoro "help mum" 30m']),
        ("undo tea", ["pomodoro undo"]),
        ("stpo tea 5m", ["pomodoro cancel tea 5m"]),
        ("strat tea 5m", ["pomodoro start tea 5m"]),
        ("skip tea", ["pomodoro cancel tea"]),
        ("remind me 5m", ["remind me 5m"]),
        ("hi", ["pomodoro 25m", "pomodoro help", 'pomodoro "hi" 25m']),
        ("Thaaanks!!", ["pomodoro 25m", "pomodoro help", 'pomodoro "Thaaanks!!" 25m']),
        ("how does this work?", ["pomodoro 25m", "pomodoro help", 'pomodoro "how does this work?" 25m']),
        ("tea 3-5 min", ['pomodoro "tea" 3m', 'pomodoro "tea" 5m', 'pomodoro "tea 3-5 min" 25m']),
        ("tea for a few minutes", ['pomodoro "tea" 5m', 'pomodoro "tea" 10m', 'pomodoro "tea" 15m']),
        ("thé 5 mn", ['pomodoro "thé" 5m', 'pomodoro "thé 5 mn" 25m']),
        ("tea :45", ['pomodoro "tea" 45s', 'pomodoro "tea" 45m', 'pomodoro "tea :45" 25m']),
        ("one more", ["pomodoro again", 'pomodoro "one more" 25m']),
        ("25m essay 50m", ['pomodoro "essay" 25m', 'pomodoro "25m essay" 50m']),
        ("plan tomorrow 30m", ["remind plan tomorrow 30m", 'pomodoro "plan tomorrow" 30m']),
        ("standup every day 9am", ["remind standup every day 9am"]),
        ("tea at 5pm", ["remind tea at 5pm", 'pomodoro "tea" until 17:00']),
        ("tea until tomorrow 5", ['pomodoro "tea" until 17:00 tomorrow', 'pomodoro "tea" until 05:00 tomorrow']),
        ("14:00 tea", ['pomodoro "tea" 14m', 'pomodoro "tea" until 14:00']),
        ("add 5 to tea", ['pomodoro extend "tea" 5m', 'pomodoro extend "tea" 5s']),
        ("extend tea", ['pomodoro extend "tea" 5m', 'pomodoro extend "tea" 10m']),
        ("rename green tea coffee", ['pomodoro rename "green" to "tea coffee"']),
        ("essay 50m with <@12>", ['pomodoro "essay" 50m', 'focus on "essay"']),
        ('ten "quoted" words 5q', ['pomodoro “ten "quoted" words” 5m']),
    ],
)
def test_asked(words: str, lines: list[str]) -> None:
    """An ambiguous request is asked about, with one unambiguous line for each meaning."""
    with pytest.raises(Question) as raised:
        parse(words)
    offered = [choice.line for choice in raised.value.choices]
    assert [line for line in offered if line in lines] == lines


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("tea 0", 'pomodoro "tea" 5m'),
        ("tea -5", 'pomodoro "tea" 5s'),
        ("green tea 25h", 'pomodoro "green tea" 24h'),
        ("extend tea 0", 'pomodoro extend "tea" 5m'),
        ("extend tea 5x", 'pomodoro extend "tea" 5m'),
    ],
)
def test_refused(words: str, example: str) -> None:
    """Nonsense is refused with the person's own request, corrected, on a button."""
    with pytest.raises(Question) as refused:
        parse(words)
    assert [choice.line for choice in refused.value.choices] == [example]
    parse(example.removeprefix("pomodoro "))


VERBS = [spelling for verb in TOPIC.verbs.values() for spelling in (verb.name, *verb.aliases)]
STARTS = {"start", *TOPIC.verbs["start"].aliases}
TIMES = "5 5m +5 -5m 25/5 1:30 17:45 half an hour at until to by for tomorrow 9am every"
WORDS = [*VERBS, *TIMES.split(), "tea", "all", "it", "with", "<@12>", "@here", "#3", '"', "“", "”"]
SOUP = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@given(st.one_of(st.text(max_size=60), SOUP))
@example("25/5 " + "start " * 15)
@example("25/5 {")
@example("every left")
@example("the timers 17:45 unpause")
@example("until every hour restart to 5m")
def test_any_text(words: str) -> None:
    """Any text is understood, refused or asked about, never a failure; choices are valid requests."""
    try:
        parse(words)
    except Question as question:
        assert question.choices
        for choice in question.choices:
            topic, _, line = choice.line.partition(" ")
            if topic == "pomodoro" and not line.startswith(("cancel ", "start ", "extend ")):
                parse(line)
    except UserError as refused:
        if refused.example and refused.example.startswith("pomodoro "):
            parse(refused.example.removeprefix("pomodoro "))


@given(SOUP)
def test_a_verb_starts_no_timer(words: str) -> None:
    """A text that begins with any verb but *start* never starts a timer by itself."""
    first = next((verb for verb in VERBS if f"{words} ".startswith(f"{verb} ") and verb not in STARTS), None)
    with contextlib.suppress(UserError):
        assert first is None or not isinstance(parse(words), StartTimer | StartUntil)


NAMES = ("tea", "green tea", "call mum", "lab 2 report", "the weekly review")
PIECES = (
    "at 5pm", "at 17:45", "@ 17:00", "9am", "until 14:00", "until 5", "tomorrow", "tomorrow 9am", "on 24 dec",
    "every day", "every 2 weeks", "2026-12-24", "1h 30m", "for half an hour", "in 20 minutes", "1:30", "17:45", "5",
    "+5m", "tonight", "monday morning", "next week",
)  # fmt: skip


@given(st.sampled_from(NAMES), st.sampled_from(PIECES), st.integers(0, 3), st.sampled_from(["", "10m"]))
def test_no_word_of_time_is_dropped(called: str, piece: str, place: int, length: str) -> None:
    """A word of time is the length, the end, part of the name, or asked about; it is never dropped."""
    words = called.split()
    typed = " ".join([*words[:place], piece, *words[place:], length]).strip()
    try:
        command = parse(typed)
    except UserError:
        return
    if isinstance(command, StartUntil):
        assert command.end == time(14) or command.other == time(17)
        return
    if isinstance(command, ExtendTimer):
        assert command.by == 5 * M or piece in (command.target or "")
        return
    assert isinstance(command, StartTimer)
    spoken = duration.read(piece.removeprefix("for ").removeprefix("in "))
    is_length = spoken is not None and command.length in {spoken, spoken + 10 * M}
    assert piece in command.name or is_length, typed


def test_kitchen_timers_have_the_same_verbs() -> None:
    """No verb of pomodoros starts a kitchen timer."""
    assert {name: verb.aliases for name, verb in KITCHEN.verbs.items()} == {
        name: verb.aliases for name, verb in TOPIC.verbs.items()
    }


@pytest.mark.parametrize("words", ["", "5m", "for 5 minutes", "until 14:00"])
def test_the_default_name_of_a_kitchen_timer(words: str) -> None:
    """An unnamed kitchen timer is not called a pomodoro."""
    for topic in (KITCHEN, TOPIC):
        command = parser.parse(topic.read(words), topic)
        assert isinstance(command, StartTimer | StartUntil)
        assert command.name == topic.name
    assert parser.parse(KITCHEN.read("pomodoro 5m"), KITCHEN) == StartTimer("pomodoro", 5 * M)
