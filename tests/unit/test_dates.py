"""Moments on the buttons of a question."""

from datetime import UTC, datetime

import pytest

from bot.messages import dates

MORNING, EVENING = datetime(2026, 11, 30, 9, tzinfo=UTC), datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
LATER, NEXT_YEAR = datetime(2026, 12, 7, 9, tzinfo=UTC), datetime(2027, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("walls", "by_time", "texts"),
    [
        ([MORNING, EVENING], True, ["9:00", "21:30"]),
        ([MORNING, EVENING], False, ["Mon 30 Nov, 9:00", "Mon 30 Nov, 21:30"]),
        ([MORNING], True, ["Mon 30 Nov, 9:00"]),
        ([MORNING, LATER], True, ["Mon 30 Nov, 9:00", "Mon 7 Dec, 9:00"]),
        ([MORNING, NEXT_YEAR], True, ["Mon 30 Nov 2026, 9:00", "Tue 5 Jan 2027, 9:00"]),
        ([], True, []),
    ],
)
def test_apart(walls: list[datetime], by_time: bool, texts: list[str]) -> None:
    """Moments to choose from show their differences, and no more."""
    assert dates.apart(walls, by_time=by_time) == texts
