"""How a reminder repeats: every so many minutes, or at one time of day on days by a rule.

Days, weeks and months follow the calendar and the clock on the wall of the person's zone: 9:00 stays 9:00 when
the clocks change. A time that the change leaves out comes later by as much as the clocks jump; one that it brings
twice comes once, the first time; the 31st is the last day of a shorter month. Minutes and hours are time that
passes, whatever the clocks do.

Every time is counted from the first one by division, never step by step through those between, so that the next
one of a rule that is years old costs what that of a new one does.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.errors import BadRecurrence

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_UNTIL = "%Y%m%dT%H%M%SZ"
EXAMPLE = "remind when: tomorrow 9:00 what: stand-up every: weekday"


class Unit(StrEnum):
    """What is counted from one time to the next, by RFC 5545's names; an hour is 60 minutes, a year 12 months."""

    MINUTE = "MINUTELY"
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule by which a reminder repeats; which times it gives depends on the first one and the person's zone.

    ``weekdays`` are those of a week, in order, Monday is 0; ``monthday`` is the day of a month, 1 to 31. Where they
    are missing, the first time's own count. ``until`` is the last moment at which it may still come, aware, in UTC,
    to the second; ``times`` is how often it comes in all. ``at`` is the time on the wall, where that is not the
    first one's own, since the clocks leave it out on that day.

    ``str()`` writes the rule as RFC 5545's RRULE, for the database; ``parse_stored`` reads it again. Only a month's
    day that is left open means more here than there: where the first time's own is the 31st, it is the last day.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    monthday: int | None = None
    until: datetime | None = None
    times: int | None = None
    at: time | None = None

    def __str__(self) -> str:
        parts = [f"FREQ={self.unit}", f"INTERVAL={self.interval}"]
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(_DAYS[day] for day in self.weekdays))
        if self.monthday:
            # The last of these that a month has is the 31st, the 30th or the 29th as it is meant here.
            fallbacks = range(min(self.monthday, 28), self.monthday + 1)
            parts.append("BYMONTHDAY=" + ",".join(map(str, fallbacks)))
            parts += ["BYSETPOS=-1"] * (len(fallbacks) > 1)
        if self.at:
            clock = (self.at.hour, self.at.minute, self.at.second)
            parts += [f"{name}={number}" for name, number in zip(_CLOCK, clock, strict=True)]
        if self.until:
            parts.append(f"UNTIL={self.until.astimezone(UTC):{_UNTIL}}")
        if self.times:
            parts.append(f"COUNT={self.times}")
        return ";".join(parts)


def parse_stored(text: str) -> Recurrence:
    """Read what ``str()`` of a recurrence has written. Raises ``ValueError`` where it is none."""
    fields = dict(part.split("=", 1) for part in text.split(";"))
    days, monthdays, until, times = (fields.get(name) for name in ("BYDAY", "BYMONTHDAY", "UNTIL", "COUNT"))
    hour, minute, second = (int(fields.get(name, -1)) for name in _CLOCK)
    rule = Recurrence(
        Unit(fields.get("FREQ", "")),
        int(fields.get("INTERVAL", 1)),
        weekdays=tuple(_DAYS.index(day) for day in days.split(",")) if days else (),
        monthday=int(monthdays.split(",")[-1]) if monthdays else None,
        until=datetime.strptime(until, _UNTIL).replace(tzinfo=UTC) if until else None,
        times=int(times) if times else None,
        at=time(hour, minute, second) if hour >= 0 else None,
    )
    # What is sound in form alone could keep those who look for its next time busy for ever.
    if rule.interval < 1 or not 1 <= (rule.monthday or 1) <= 31:
        raise ValueError(text)
    return rule


def first_time(recurrence: Recurrence, wanted: datetime, zone: ZoneInfo, *, example: str = EXAMPLE) -> datetime:
    """Find the first time of a rule: the moment that a person named, or the next of the days that the rule names.

    ``wanted`` is aware, and so is the answer, in UTC: the ``first`` that the other functions count from. ``every
    2 weeks on Monday``, said on a Tuesday, begins on the next Monday, not on the one after.
    Raises ``BadRecurrence`` where the rule's end comes before.
    """
    soonest = replace(recurrence, interval=1, until=None, times=None)
    first = next(_times(soonest, wanted.astimezone(UTC), zone, wanted - timedelta.resolution))
    if recurrence.until and first > recurrence.until:
        raise BadRecurrence("That ends before it comes for the first time.", example)
    return first


def next_after(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, fired: int
) -> datetime | None:
    """Give the next time strictly after a moment, in UTC, or None where the rule has come to its end.

    ``first`` is the first time of all, and never changes; nothing comes before it. ``fired`` is how many times have
    come, those that were missed among them. Moments are aware.
    """
    if recurrence.times is not None and fired >= recurrence.times:
        return None
    found = next(_times(recurrence, first.astimezone(UTC), zone, after))
    return None if recurrence.until and found > recurrence.until else found


def missed(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, upto: datetime, fired: int
) -> int:
    """Count the times strictly after a moment and up to another, that one included.

    For a reminder that is delivered late: ``after`` is when it was due, ``upto`` is now, and ``fired`` counts those
    that have come as for ``next_after``, the late one among them.
    """
    last = min(upto, recurrence.until or upto)
    if recurrence.unit is Unit.MINUTE:
        number = max(0, _elapsed(recurrence, first, last) - _elapsed(recurrence, first, after))
    else:
        number = 0
        for moment in _times(recurrence, first.astimezone(UTC), zone, after):
            if moment > last:
                break
            number += 1
    return number if recurrence.times is None else max(0, min(number, recurrence.times - fired))


def _elapsed(recurrence: Recurrence, first: datetime, moment: datetime) -> int:
    """Count the times of a rule of minutes from its first one up to a moment, that one included."""
    return max(0, (moment - first) // timedelta(minutes=recurrence.interval) + 1)


def _times(recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Give the times of a rule that come strictly after a moment, one by one, without regard to its end."""
    if recurrence.unit is Unit.MINUTE:
        for number in count(_elapsed(recurrence, first, after)):
            yield first + number * timedelta(minutes=recurrence.interval)
    anchor = first.astimezone(zone).replace(tzinfo=None, fold=0)
    for day in _days(recurrence, anchor.date(), after.astimezone(zone).date()):
        # Python reads a wall time that exists twice as the first (fold is 0), and one that does not by the offset
        # before the gap, which is later by the gap. The first time may be the second of two: it was chosen so.
        wall = datetime.combine(day, recurrence.at or anchor.time(), zone)
        moment = first if day == anchor.date() else wall.astimezone(UTC)
        # The days begin a little early; and a day that a zone leaves out whole falls together with the next.
        if moment >= first and moment > after:
            yield moment
            after = moment


def _days(recurrence: Recurrence, anchor: date, near: date) -> Iterator[date]:
    """Give the days of a rule that follows the calendar, in order, from some before a day, or the first."""
    interval = recurrence.interval
    if recurrence.unit is Unit.MONTH:
        origin = anchor.year * 12 + anchor.month - 1
        passed = (near.year * 12 + near.month - 1 - origin) // interval
        for number in count(max(0, passed - 1)):
            year, month = divmod(origin + number * interval, 12)
            length = monthrange(year, month + 1)[1]
            yield date(year, month + 1, min(recurrence.monthday or anchor.day, length))
    weekly = recurrence.unit is Unit.WEEK
    # Weeks begin on Monday, which says which one is the second of two.
    start = anchor - timedelta(days=anchor.weekday() if weekly else 0)
    offsets = (recurrence.weekdays or (anchor.weekday(),)) if weekly else (0,)
    period = timedelta(weeks=interval) if weekly else timedelta(days=interval)
    for number in count(max(0, (near - start) // period - 1)):
        for offset in offsets:
            yield start + number * period + timedelta(days=offset)
