from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadCorrection
from bot.domain.stats.log import Entry
from bot.domain.time.quarter_hour import QUARTER, quarter, quarter_hours
from tests.unit.histories import entry, even_entries, minutes_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_shortens() -> None:
    """A correction counts less, and ends the entry sooner in proportion, since what was too much is its end."""
    shortened = entry(NOON, 240, 3 * 3600).shorten(timedelta(minutes=45))
    assert shortened.focused == timedelta(minutes=45)
    assert (shortened.began_at, shortened.ended_at) == (NOON, NOON + timedelta(hours=1))


@pytest.mark.parametrize("seconds", [3600, 3601, 0.9, 0, -5])
def test_refuses_what_is_no_shortening(seconds: float) -> None:
    """A correction that would leave nothing, or not make it shorter, is refused with a right example."""
    with pytest.raises(BadCorrection) as refused:
        entry(NOON, 60, 3600).shorten(timedelta(seconds=seconds), example="stats edit #3 20m")
    assert refused.value.example == "stats edit #3 20m"


@given(st.integers(1, 3 * 1440), st.integers(2, 90_000), st.integers(1, 90_000))
def test_what_is_left_stays_where_it_was(minutes: int, focused: int, to: int) -> None:
    """Shortening takes away from the end: what is left lies in the quarters in which it lay before."""
    to = min(to, focused - 1)
    long = entry(NOON + timedelta(minutes=7), minutes, focused)
    before = {piece.at: piece.seconds for piece in quarter_hours(long)}
    after = {piece.at: piece.seconds for piece in quarter_hours(long.shorten(timedelta(seconds=to)))}
    assert sum(after.values()) == to
    for at, seconds in list(after.items())[:-1]:
        assert abs(before.get(at, 0) - seconds) <= 1


@given(even_entries())
def test_slices_against_minutes(one: Entry) -> None:
    """The quarters of an entry have what its minutes have, quarter by quarter."""
    quarters: dict[datetime, int] = {}
    for at, seconds, _ in minutes_of([one]):
        quarters[quarter(at)] = quarters.get(quarter(at), 0) + seconds
    assert {piece.at: piece.seconds for piece in quarter_hours(one)} == quarters
    assert {piece.task for piece in quarter_hours(one)} <= {one.task}


@given(
    st.timedeltas(timedelta(0), timedelta(days=365)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_slices_lose_nothing(after: timedelta, elapsed: timedelta, focused: timedelta) -> None:
    """However odd the moments are, the quarters have all whole seconds, within the entry and each once."""
    began_at = NOON + after
    odd = replace(entry(began_at, 0, 0), ended_at=began_at + elapsed, focused=focused)
    pieces = list(quarter_hours(odd))
    assert sum(piece.seconds for piece in pieces) == focused // timedelta(seconds=1)
    assert all(piece.at == quarter(piece.at) and piece.seconds > 0 for piece in pieces)
    assert all(began_at - QUARTER < piece.at <= began_at + elapsed for piece in pieces)
    assert len({piece.at for piece in pieces}) == len(pieces)
