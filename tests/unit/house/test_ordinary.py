"""How rarely people are asked: a hundred ordinary requests for each command, independent of the tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat.focus.commands import TOPIC as FOCUS
from bot.chat.timers.commands import TOPIC as TIMERS
from bot.domain.errors import UserError
from bot.domain.focus import parser as focus_parser
from bot.domain.timers import parser as timer_parser

CASES = Path(__file__).parents[1] / "cases"
PARSERS: dict[str, Callable[[str], Any]] = {
    "ordinary_pomodoro.txt": lambda words: timer_parser.parse(TIMERS.read(words), TIMERS),
    "ordinary_focus.txt": lambda words: focus_parser.parse(FOCUS.read(words), FOCUS),
}


@pytest.mark.parametrize("name", PARSERS)
def test_ordinary_requests_are_seldom_asked_about(name: str) -> None:
    """Of a hundred ordinary requests at most five are asked about or refused."""
    asked_or_refused = {}
    lines = (CASES / name).read_text("utf-8").splitlines()
    for line in lines:
        try:
            PARSERS[name](line)
        except UserError as question:
            asked_or_refused[line] = str(question)
    assert len(lines) == 100
    assert len(asked_or_refused) <= 5, asked_or_refused
