import contextlib
import sys
from types import FrameType
from typing import Any

import pytest

from bot.domain.errors import UserError
from tests.long_input import PARSERS, texts

SHORT, LONG = 840, 1680
# Of what is longer than these, no more is read for some meanings.
BOUNDS = (40, 100, 200)
# Steps, whatever is typed; the hardest text of this length took two million.
MOST = 100_000


@pytest.mark.parametrize("parser", PARSERS)
def test_reads_twice_the_length_with_at_most_two_and_a_half_times_the_work(parser: str) -> None:
    """Holds the event loop for no longer than a text's length accounts for, however it is made up."""
    slow = {}
    for short, long in zip(texts(SHORT), texts(LONG), strict=True):
        work, twice = _work(parser, short), _work(parser, long)
        if twice > min(2.5 * work, MOST):
            slow[long[:30]] = (work, twice)
    assert not slow


@pytest.mark.parametrize("parser", PARSERS)
def test_reads_no_short_text_with_more_work_than_a_long_one_may_take(parser: str) -> None:
    """Keeps the work bounded also for texts of just the lengths up to which more is tried."""
    hard = {text: work for length in BOUNDS for text in texts(length) if (work := _work(parser, text)) > MOST}
    assert not hard


def _work(parser: str, text: str) -> int:
    """Count the lines that reading a text takes, and the calls of what is written in C."""
    work = 0

    def line(_: FrameType, event: str, __: Any) -> Any:
        nonlocal work
        work += event == "line"
        return line

    def call(_: FrameType, event: str, __: Any) -> None:
        nonlocal work
        work += event == "c_call"

    read = PARSERS[parser]
    with contextlib.suppress(UserError):
        read(text)  # what is kept for later, such as the names of all zones, is made now
    before = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(call)
    try:
        read(text)
    except UserError:
        pass
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return work
