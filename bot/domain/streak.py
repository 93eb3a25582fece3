"""A streak: days with focus, one after the other.

A day counts with a minute of focus or more. Days off, which people plan, break no streak: one without focus is
passed over, and makes the streak no longer either; one on which they focused all the same counts like any other
day. Today breaks none until it is over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEAST = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streaks:
    """How many days with focus the streak has that is going (0 where none is), and the longest that ever was."""

    current: int
    longest: int


def streaks(days: Mapping[date, int], today: date, days_off: Collection[int] = ()) -> Streaks:
    """Find the streaks in the seconds of each day (days without any may be missing) up to today.

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
    """Tell whether there is nothing but days off between two days."""
    # In seven days each weekday has come.
    between = min((after - before).days, 8)
    return all((before + number * _DAY).weekday() in days_off for number in range(1, between))
