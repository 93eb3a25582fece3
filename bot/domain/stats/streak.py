"""A streak: consecutive days with focus.

A day counts with at least a minute of focus. Planned days off do not break a streak: without focus they neither
break nor lengthen it; with focus they count like any other day. Today breaks no streak until it is over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEAST = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streaks:
    """The current streak in days (0 where there is none), and the longest ever."""

    current: int
    longest: int


def streaks(days: Mapping[date, int], today: date, days_off: Collection[int] = ()) -> Streaks:
    """Return the streaks up to today, given the seconds of each day (days without any may be missing).

    ``days_off`` are weekdays, Monday is 0.
    """
    longest = length = 0
    before: date | None = None
    for day in sorted(day for day, seconds in days.items() if seconds >= LEAST and day <= today):
        length = length + 1 if before and _holds(before, day, days_off) else 1
        longest = max(longest, length)
        before = day
    current = length if before and _holds(before, today, days_off) else 0
    return Streaks(current, longest)


def _holds(before: date, after: date, days_off: Collection[int]) -> bool:
    """Return whether there are only days off between two days."""
    # Seven days cover every weekday.
    between = min((after - before).days, 8)
    return all((before + number * _DAY).weekday() in days_off for number in range(1, between))
