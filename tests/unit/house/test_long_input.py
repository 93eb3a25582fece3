import contextlib
import functools
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.errors import UserError
from tests.effort import is_thorough
from tests.long_input import MOST, PARSERS, steps, texts

pytestmark = pytest.mark.thorough

SHORT, LONG = 840, 1680
# Texts longer than these are not searched for some meanings.
BOUNDS = (40, 100, 200)
# Steps that may be Python's own, such as garbage collection.
FEW = 100
# By default a parser gets each piece in one of three places, and in all of them under the thorough profile.
PLACES = 3


@pytest.mark.parametrize("parser", PARSERS)
def test_reads_twice_the_length_with_at_most_two_and_a_half_times_the_work(parser: str) -> None:
    """Holds the event loop for no longer than a text's length accounts for, however it is made up."""
    slow = {}
    for short, long in zip(_texts(parser, SHORT), _texts(parser, LONG), strict=True):
        work, twice = _work(parser, short), _work(parser, long)
        if twice > min(max(2.5 * work, FEW), MOST):
            slow[long[:30]] = (work, twice)
    assert not slow


@pytest.mark.parametrize("parser", PARSERS)
def test_reads_no_short_text_with_more_work_than_a_long_one_may_take(parser: str) -> None:
    """The work is bounded also for texts of exactly the lengths where parsers stop trying."""
    tried = (text for length in BOUNDS for text in _texts(parser, length))
    hard = {text: work for text in tried if (work := _work(parser, text)) > MOST}
    assert not hard


def _texts(parser: str, length: int) -> list[str]:
    """Return the texts of a length to try; where a piece stands differs from piece to piece, and by parser."""
    every = list(texts(length))
    if is_thorough():
        return every
    first = list(PARSERS).index(parser)
    return [every[start + (first + start // PLACES) % PLACES] for start in range(0, len(every), PLACES)]


def _work(parser: str, text: str) -> int:
    return steps(_prepared(parser), text)


@functools.cache
def _prepared(parser: str) -> Callable[[str], Any]:
    """Return a parser that has filled its caches, such as the names of all zones."""
    read = PARSERS[parser]
    for text in _texts(parser, BOUNDS[0]):
        with contextlib.suppress(UserError):
            read(text)
    return read
