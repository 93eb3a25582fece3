from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.timers.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.timers import command
from bot.domain.timers.command import Act, Command, Extend, List, Start, Verb

S = timedelta(seconds=1)
M = timedelta(minutes=1)


def parse(words: str) -> Command:
    return command.parse(TOPIC.read(words))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("tea 5", Start("tea", 5 * S)),
        ("green tea with milk 1h30m", Start("green tea with milk", 90 * M)),
        ("green\n tea\t5m", Start("green tea", 5 * M)),
        ("", Start("pomodoro", 25 * M)),
        ("5", Start("pomodoro", 5 * S)),
        ("tea", Start("tea", 25 * M)),
        ("tea soon", Start("tea soon", 25 * M)),
        ('"tea 5" 10', Start("tea 5", 10 * S)),
        ('"tea 5"', Start("tea 5", 25 * M)),
        ("“green tea” 5", Start("green tea", 5 * S)),
        ("5 5", Start("5", 5 * S)),
        ("list 5", Start("list", 5 * S)),
        ("help 5", Start("help", 5 * S)),
        ("listen 5", Start("listen", 5 * S)),
        ("start tea 5", Start("tea", 5 * S)),
        ("start", Start("pomodoro", 25 * M)),
        ('"cancel" 5', Start("cancel", 5 * S)),
        ("list", List()),
        ("LIST", List()),
        ("cancel tea", Act(Verb.CANCEL, "tea")),
        ("Cancel green tea", Act(Verb.CANCEL, "green tea")),
        ('cancel "green tea"', Act(Verb.CANCEL, "green tea")),
        ("cancel #5", Act(Verb.CANCEL, "#5")),
        ("cancel 5", Act(Verb.CANCEL, "5")),
        ("cancel", Act(Verb.CANCEL, None)),
        ("pause", Act(Verb.PAUSE, None)),
        ("resume tea", Act(Verb.RESUME, "tea")),
        ("time tea", Act(Verb.TIME, "tea")),
        ("extend tea 5m", Extend("tea", 5 * M)),
        ("extend 5m", Extend(None, 5 * M)),
        ("extend #3 90", Extend("#3", 90 * S)),
        ("extend green tea +5m", Extend("green tea", 5 * M)),
    ],
)
def test_meaning(words: str, meant: Command) -> None:
    """The last word is the duration, the words before it the name, and a verb in front is a verb."""
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "verb", "options"),
    [
        ("start name: green tea duration: 1h 30m", "start", {"name": "green tea", "duration": "1h 30m"}),
        ("duration: 5m name: tea", "start", {"name": "tea", "duration": "5m"}),
        ("extend by: 5m timer: #3", "extend", {"timer": "#3", "by": "5m"}),
        ("cancel timer: tea", "cancel", {"timer": "tea"}),
    ],
)
def test_options_by_name(words: str, verb: str, options: dict[str, str]) -> None:
    """Options may be typed by their names, in any order, and mean what they mean in a slash command."""
    assert parse(words) == command.parse(Invocation.of(verb, **options))


def test_help() -> None:
    """Help alone is asked for; with words behind it, it is a timer's name."""
    assert TOPIC.read("help").wants_help
    assert not TOPIC.read("help 5").wants_help


@pytest.mark.parametrize(
    "words",
    ["tea 0", "tea -5", "tea nan", "tea 25h", "tea 5x", "extend tea", "extend", "extend tea 0", f"{'x' * 81} 5"],
)
def test_refused(words: str) -> None:
    """What makes no sense is refused with a sentence and a right example."""
    with pytest.raises(UserError) as refused:
        parse(words)
    assert refused.value.example


@given(st.text(max_size=60))
def test_any_text(words: str) -> None:
    """Whatever is typed is either a request or refused, never a failure; an example is a right request."""
    try:
        parse(words)
    except UserError as refused:
        assert refused.example
        parse(refused.example.removeprefix("pomodoro "))
