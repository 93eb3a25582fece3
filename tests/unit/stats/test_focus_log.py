"""Entries of the log: their spans, corrections, and undoing those."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import TooLate, UserError
from bot.domain.stats.log import Entry
from bot.domain.stats.union import length
from bot.domain.time.quarter_hour import QUARTER, quarter_hours
from bot.domain.time.spans import total
from tests.unit.histories import entry, even_entries, minutes_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
M, MS = timedelta(minutes=1), timedelta(milliseconds=1)


def test_shortens() -> None:
    """A correction counts less, and ends the entry sooner, since the excess is at its end."""
    shortened = entry(NOON, 240, 3 * 3600).shorten(45 * M, LATER)
    assert shortened.focused == 45 * M
    assert (shortened.began_at, shortened.ended_at) == (NOON, NOON + 45 * M)


def test_shortens_over_a_pause() -> None:
    """A shortened entry still has its pause in it."""
    spans = ((NOON, NOON + 20 * M), (NOON + 60 * M, NOON + 100 * M))
    paused = replace(entry(NOON, 110, 3600), spans=spans)
    shortened = paused.shorten(30 * M, LATER)
    assert shortened.focused_spans == (spans[0], (NOON + 60 * M, NOON + 70 * M))
    assert shortened.ended_at == NOON + 70 * M
    assert shortened.spans == spans, "what was measured stays in the log"


def test_undo() -> None:
    """The last correction can be undone, once."""
    long = entry(NOON, 240, 3 * 3600)
    shortened = long.shorten(45 * M, LATER)
    assert shortened.restore() == long
    gone = shortened.remove(LATER)
    assert (gone.focused, gone.seconds) == (timedelta(), ())
    assert gone.restore().focused == 45 * M
    with pytest.raises(TooLate):
        gone.restore().restore()


@pytest.mark.parametrize("seconds", [3600, 3601, 0.9, 0, -5])
def test_refuses_no_shortening(seconds: float) -> None:
    """A correction that would leave nothing, or not shorten the entry, is refused with a valid example."""
    with pytest.raises(UserError, match="That would leave nothing|shorter") as refused:
        entry(NOON, 60, 3600).shorten(timedelta(seconds=seconds), LATER)
    assert refused.value.example == "stats edit"


@given(even_entries(), st.integers(1, 90_000))
def test_the_rest_stays_where_it_was(long: Entry, to: int) -> None:
    """Shortening takes away from the end: the rest stays in its quarter hours."""
    to = min(to, long.focused // timedelta(seconds=1) - 1)
    before = {piece.at: piece.seconds for piece in quarter_hours(long.seconds)}
    after = {piece.at: piece.seconds for piece in quarter_hours(long.shorten(timedelta(seconds=to), LATER).seconds)}
    assert sum(after.values()) == to
    assert all(before[at] == seconds for at, seconds in list(after.items())[:-1])


@given(even_entries())
def test_slices_against_minutes(entry: Entry) -> None:
    """The quarters of an entry match its minutes, quarter by quarter."""
    quarters: dict[int, int] = {}
    for at, seconds, _ in minutes_of([entry]):
        first = int(at.timestamp()) // 900 * 900
        quarters[first] = quarters.get(first, 0) + seconds
    assert {piece.at: piece.seconds for piece in quarter_hours(entry.seconds)} == quarters


@given(
    st.timedeltas(timedelta(0), timedelta(days=365)),
    st.lists(st.tuples(st.integers(1, 9**7), st.integers(0, 9**7))),
)
def test_seconds_lose_nothing(after: timedelta, lengths: list[tuple[int, int]]) -> None:
    """However odd the moments are, each whole second of focus is there once, at its time."""
    at = began_at = NOON + after // MS * MS
    spans = []
    for focused, pause in lengths:
        spans.append((at, at + focused * MS))
        at = spans[-1][1] + pause * MS
    odd = replace(entry(began_at, 0, 0), ended_at=at, focused=total(tuple(spans)), spans=tuple(spans))
    assert length(odd.seconds) == odd.focused // timedelta(seconds=1)
    edges = [edge for span in odd.seconds for edge in span]
    assert edges == sorted(edges)
    pieces = list(quarter_hours(odd.seconds))
    assert sum(piece.seconds for piece in pieces) == length(odd.seconds)
    assert all(piece.at % QUARTER == 0 and 0 < piece.seconds <= QUARTER for piece in pieces)
    assert len({piece.at for piece in pieces}) == len(pieces)
    for (begins, ends), (laid, until) in zip(spans, odd.seconds, strict=False):
        if len(odd.seconds) == len(spans):
            assert abs(begins.timestamp() - laid) < 2
            assert abs(ends.timestamp() - until) < 2


def test_what_an_older_version_wrote() -> None:
    """Without spans an entry is one from its beginning; shortened by an older version, it loses its end."""
    assert entry(NOON, 60, 1500).focused_spans == ((NOON, NOON + 25 * M),)
    spans = ((NOON, NOON + 20 * M), (NOON + 60 * M, NOON + 100 * M))
    shorter = replace(entry(NOON, 50, 1800), spans=spans)
    assert shorter.focused_spans == (spans[0], (NOON + 60 * M, NOON + 70 * M))
