"""Recurrence: every so many minutes, or at one time of day on days by a rule.

Days, weeks and months follow the calendar and the wall clock of the person's zone: 9:00 stays 9:00 when the clocks
change. A time that the change skips comes later by the size of the jump; one that it repeats comes once, the first
time; the 31st is the last day of a shorter month. Minutes and hours are elapsed time, whatever the clocks do.

Every time is computed from the first one by division, never by stepping, so that the next time of a rule that is
years old costs no more than that of a new one.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.errors import BadRecurrence
from bot.messages.catalogue import N_

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_UNTIL = "%Y%m%dT%H%M%SZ"
EXAMPLE = "remind when: tomorrow 9:00 what: stand-up every: weekday"


class Unit(StrEnum):
    """The unit of the interval, by RFC 5545's names; an hour is 60 minutes, a year 12 months."""

    MINUTE = "MINUTELY"
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


# The longest interval in each unit: five years, which is as far as reminders reach.
SELDOMEST = {Unit.MINUTE: 1826 * 1440, Unit.DAY: 1826, Unit.WEEK: 260, Unit.MONTH: 60}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule by which a reminder repeats; its times depend on the first one and the person's zone.

    ``weekdays`` are in order, Monday is 0; ``monthday`` is the day of a month, 1 to 31. Where they are missing,
    those of the first time apply. ``until`` is the last moment at which it may come, aware, in UTC, to the second;
    ``times`` is how often it comes in all. ``at`` is the wall-clock time, where it differs from that of the first
    time because the clocks skip it on that day.

    ``str()`` writes the rule as RFC 5545's RRULE, for the database; ``parse_stored`` reads it again. One
    difference: a missing month day means more here, namely the last day where the first time is on a 31st.
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
            # The last of these that exists in a month is what the 31st, 30th or 29th means here.
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
    """Parse what ``str()`` of a recurrence wrote. Raises ``ValueError``."""
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
    # A well-formed but absurd rule could make the search for its next time endless, or leave the calendar.
    if not 1 <= rule.interval <= SELDOMEST[rule.unit] or not 1 <= (rule.monthday or 1) <= 31:
        raise ValueError(text)
    return rule


def first_time(recurrence: Recurrence, wanted: datetime, zone: ZoneInfo, *, example: str = EXAMPLE) -> datetime:
    """Return the first time of a rule: the moment that a person named, or the next day that the rule allows.

    ``wanted`` is aware, and so is the result, in UTC: the ``first`` that the other functions count from. ``every
    2 weeks on Monday``, set on a Tuesday, begins on the next Monday, not on the one after.
    Raises ``BadRecurrence`` where the rule ends before.
    """
    soonest = replace(recurrence, interval=1, until=None, times=None)
    first = next(_times(soonest, wanted.astimezone(UTC), zone, wanted - timedelta.resolution))
    if recurrence.until and first > recurrence.until:
        raise BadRecurrence(N_("That ends before it comes for the first time."), example)
    return first


def next_after(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, fired: int
) -> datetime | None:
    """Return the next time strictly after a moment, in UTC, or None where the rule has ended.

    ``first`` is the first time of all and never changes; nothing comes before it. ``fired`` counts the times so
    far, missed ones included. Moments are aware.
    """
    if recurrence.times is not None and fired >= recurrence.times:
        return None
    moment = next(_times(recurrence, first.astimezone(UTC), zone, after))
    return None if recurrence.until and moment > recurrence.until else moment


def missed(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, upto: datetime, fired: int
) -> int:
    """Count the times from one moment exclusive to another inclusive.

    For a reminder that is delivered late: ``after`` is when it was due, ``upto`` is now, and ``fired`` is as for
    ``next_after``, the late one included.
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
    """Count the times of a rule in minutes from the first one to a moment inclusive."""
    return max(0, (moment - first) // timedelta(minutes=recurrence.interval) + 1)


def _times(recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the times of a rule strictly after a moment, ignoring its end."""
    if recurrence.unit is Unit.MINUTE:
        for number in count(_elapsed(recurrence, first, after)):
            yield first + number * timedelta(minutes=recurrence.interval)
    anchor = first.astimezone(zone).replace(tzinfo=None, fold=0)
    for day in _days(recurrence, anchor.date(), after.astimezone(zone).date()):
        # Python takes a wall time that exists twice as the first (fold is 0), and one that does not by the offset
        # before the gap, which is later by the gap. The first time may be the second of two: it was chosen so.
        wall = datetime.combine(day, recurrence.at or anchor.time(), zone)
        moment = first if day == anchor.date() else wall.astimezone(UTC)
        # The days start slightly early; and a day that a zone skips entirely coincides with the next.
        if moment >= first and moment > after:
            yield moment
            after = moment


def _days(recurrence: Recurrence, anchor: date, near: date) -> Iterator[date]:
    """Yield the days of a calendar rule in order, starting slightly before a day, or at the first."""
    interval = recurrence.interval
    if recurrence.unit is Unit.MONTH:
        origin = anchor.year * 12 + anchor.month - 1
        passed = (near.year * 12 + near.month - 1 - origin) // interval
        for number in count(max(0, passed - 1)):
            year, month = divmod(origin + number * interval, 12)
            length = monthrange(year, month + 1)[1]
            yield date(year, month + 1, min(recurrence.monthday or anchor.day, length))
    weekly = recurrence.unit is Unit.WEEK
    # Weeks begin on Monday, which decides which one every second week is.
    start = anchor - timedelta(days=anchor.weekday() if weekly else 0)
    offsets = (recurrence.weekdays or (anchor.weekday(),)) if weekly else (0,)
    period = timedelta(weeks=interval) if weekly else timedelta(days=interval)
    for number in count(max(0, (near - start) // period - 1)):
        for offset in offsets:
            yield start + number * period + timedelta(days=offset)
