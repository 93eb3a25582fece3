"""The README's tables of commands, checked against the commands' own descriptions."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import bot.container  # noqa: F401 - brings all topics
from bot.chat.runtime.topics import topics
from bot.domain import privacy
from bot.domain.focus import parser as focus_parser
from bot.domain.invocation import Invocation
from bot.domain.reminders import parser as reminder_parser
from bot.domain.stats import goal_parser, parser as stats_parser
from bot.domain.timers import parser as timer_parser

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
PARSERS: dict[str, Callable[[Invocation], Any]] = {
    "pomodoro": lambda invocation: timer_parser.parse(invocation, topics()["pomodoro"]),
    "timer": lambda invocation: timer_parser.parse(invocation, topics()["timer"]),
    "focus": lambda invocation: focus_parser.parse(invocation, topics()["focus"]),
    "remind": lambda invocation: reminder_parser.parse(invocation, topics()["remind"], 1),
    "stats": lambda invocation: stats_parser.parse(invocation, date(2026, 11, 29)),
    "leaderboard": stats_parser.leaderboard,
    "goal": goal_parser.parse,
    "privacy": privacy.parse,
}
# Placeholders for something that only the reader has.
PLACES = {"@Ben": "<@12>", "@role": "<@&12>", "#team": "<#12>", "#Study": "<#12>"}


def cells(column: int) -> Iterator[list[str]]:
    """Return the code spans of a column of the tables, cell by cell."""
    section = README.split("\n## Commands\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| ") and (code := re.findall(r"`([^`]+)`", line.strip("| ").split(" | ")[column])):
            yield code


def spelled(column: int, mark: str) -> Iterator[tuple[str, str]]:
    """Return each typed command as its topic and the words after it; a cell names its topic once."""
    for code in cells(column):
        if not code[0].startswith(mark):
            continue
        topic = code[0].removeprefix(mark).partition(" ")[0]
        for text in code:
            name, _, words = text.removeprefix(mark).partition(" ") if text.startswith(mark) else (topic, "", text)
            topic = name
            yield topic, words


def test_every_verb_is_in_it() -> None:
    """Each verb of each command is in the tables, typed or as a slash command."""
    named = {(name, topics()[name].read(words).verb) for name, words in [*spelled(0, "!"), *spelled(1, "/")]}
    verbs = {(topic.name, verb) for topic in topics().values() for verb in topic.verbs}
    missing = {(name, verb) for name, verb in verbs - named if name not in {"settings", "help"} and verb != "help"}
    assert missing == set()


@pytest.mark.parametrize(("name", "words"), list(spelled(0, "!")), ids=str)
def test_what_it_types_is_understood(name: str, words: str) -> None:
    """Every typed command in the README is understood, not refused."""
    for text, meant in PLACES.items():
        words = words.replace(text, meant)
    invocation = topics()[name].read(words)
    assert invocation.wants_help or PARSERS[name](invocation)


def test_its_slash_options_are_there() -> None:
    """Options that the tables name are options of that command."""
    options = {option for topic in topics().values() for verb in topic.verbs.values() for option in verb.options}
    named = {option for code in cells(1) for text in code for option in re.findall(r"(\w+):", text)}
    assert named <= options
