"""A stretch of time in which the clocks of a zone are not changed.

Within one, the wall clock is UTC and so many seconds, and a database can find the days and hours of a zone that
it knows nothing of. With ``at`` the seconds since 1970 of a slice, a year of a person's days is, for each
stretch of it:

    SELECT (at + :offset) / 86400 AS day, SUM(seconds) FROM … WHERE at >= :begins AND at < :ends GROUP BY day

where ``day`` counts the days since 1970-01-01, and ``(at + :offset) / 3600 % 24`` is the hour. A day on which the
clocks change lies in two stretches: its two sums are added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.slice import QUARTER, quarter

# Clocks are changed at most once in so long.
_STEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``begins`` up to, and without, ``ends`` (aware UTC) the wall clock is ``offset`` ahead of UTC."""

    begins: datetime
    ends: datetime
    offset: timedelta


def stretches(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[Stretch]:
    """Part the time from one moment to another where the clocks of a zone are changed, in order and without gaps.

    Clocks are taken to be changed where a quarter of an hour begins, as they are everywhere by now.
    """
    at, start, offset = begins.astimezone(UTC), begins.astimezone(UTC), _offset(zone, begins)
    while at < ends:
        step = min(at + _STEP, ends)
        if _offset(zone, step) != offset:
            step = _change(zone, at, step)
            yield Stretch(start, step, offset)
            start, offset = step, _offset(zone, step)
        at = step
    if start < ends:
        yield Stretch(start, ends.astimezone(UTC), offset)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the first quarter by which the clocks have been changed, between a moment before and one after."""
    before = _offset(zone, low)
    steps = range(1, (high - low) // QUARTER + 2)
    floor = quarter(low)
    while len(steps) > 1:
        half = len(steps) // 2
        changed = _offset(zone, floor + steps[half - 1] * QUARTER) != before
        steps = steps[:half] if changed else steps[half:]
    return min(floor + steps[0] * QUARTER, high)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
