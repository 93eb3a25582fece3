"""A period in which a zone's offset from UTC is constant.

Within one, the wall clock is UTC plus a fixed number of seconds, so a database can compute days and hours of a zone
it does not know. With ``at`` the seconds since 1970 of a quarter hour, the days of a person's year are, for each
period:

    SELECT (at + :offset) / 86400 AS day, SUM(seconds) FROM … WHERE at >= :begins AND at < :ends GROUP BY day

where ``day`` counts the days since 1970-01-01, and ``(at + :offset) / 3600 % 24`` is the hour. A day on which the
clocks change lies in two periods: its two sums are added.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.time.quarter_hour import QUARTER, quarter

# Clocks change at most once in this time.
_STEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OffsetPeriod:
    """From ``begins`` inclusive to ``ends`` exclusive (aware UTC), the wall clock is ``offset`` ahead of UTC."""

    begins: datetime
    ends: datetime
    offset: timedelta


def offset_periods(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[OffsetPeriod]:
    """Split a span of time where a zone's clocks change, in order and without gaps.

    Clocks are assumed to change at the start of a quarter hour, as they do everywhere by now.
    """
    at, start, offset = begins.astimezone(UTC), begins.astimezone(UTC), _offset(zone, begins)
    while at < ends:
        step = min(at + _STEP, ends)
        if _offset(zone, step) != offset:
            step = _change(zone, at, step)
            yield OffsetPeriod(start, step, offset)
            start, offset = step, _offset(zone, step)
        at = step
    if start < ends:
        yield OffsetPeriod(start, ends.astimezone(UTC), offset)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the first quarter hour after the change, by bisection between a moment before and one after."""
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
