"""Recurrence: every so many minutes, or at times of day on days by a rule.

Days, weeks and months follow the calendar and the wall clock of the person's zone: 9:00 stays 9:00 when the clocks
change. A time that the change skips comes later by the size of the jump; one that it repeats comes once, the first
time; the 31st is the last day of a shorter month. Minutes and hours are elapsed time, whatever the clocks do,
except in a window (*from 9 to 17*), which begins again each day.

Every time is computed from the first one by division, never by stepping, so that the next time of a rule that is
years old costs no more than that of a new one.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.errors import BadRecurrence
from bot.messages.catalogue import N_

# In place of a weekday with a position: any from Monday to Friday.
WORKING_DAY = 7
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
# The longest search for the next day of a rule: 29 February on a Monday comes every 28 years, or 40 around 2100.
_MOST_MONTHS = 12 * 41


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
    """The rule of a repeating reminder; its times depend on the first one and the person's zone.

    ``weekdays`` are in order, Monday is 0; with ``positions`` they are those of a month: 1 is the first, -1 the
    last, and ``WORKING_DAY`` is any from Monday to Friday. ``monthdays`` are days of a month, 1 to 31, and
    ``month`` the only one of a year. Where days are missing, those of the first time apply. ``clocks`` are the
    times of day, where they are not just that of the first time (there are several, or the clocks skip it on that
    day); ``slots`` are weekdays with a time of their own.
    ``window`` has the first and the last time of day for a rule in minutes, over midnight where the last is the
    smaller. ``skipped`` are days on which it does not come, and ``off_months`` months in which it does not.
    ``until`` is the last moment at which it may come, aware, in UTC, to the second; ``times`` is how often it comes
    in all.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    monthdays: tuple[int, ...] = ()
    until: datetime | None = None
    times: int | None = None
    clocks: tuple[time, ...] = ()
    positions: tuple[int, ...] = ()
    month: int | None = None
    slots: tuple[tuple[int, time], ...] = ()
    window: tuple[time, time] | None = None
    skipped: tuple[date, ...] = ()
    off_months: tuple[int, ...] = ()

    @property
    def is_elapsed(self) -> bool:
        """Whether its times are so many minutes apart, whatever the clocks do."""
        return self.unit is Unit.MINUTE and self.window is None


def first_time(recurrence: Recurrence, wanted: datetime, zone: ZoneInfo) -> datetime:
    """Return the first time of a rule: the moment that a person named, or the next one that the rule allows.

    ``wanted`` is aware, and so is the result, in UTC: the ``first`` that the other functions count from. ``every
    2 weeks on Monday``, set on a Tuesday, begins on the next Monday, not on the one after.
    Raises ``BadRecurrence`` if the rule ends before, or no day is one of its own.
    """
    interval = recurrence.interval if recurrence.unit is Unit.MINUTE else 12 if recurrence.month else 1
    soonest = replace(recurrence, interval=interval, until=None, times=None)
    day = wanted.astimezone(zone).date()
    first = next(_times(soonest, wanted.astimezone(UTC), zone, wanted - timedelta.resolution, day), None)
    if first is None:
        raise BadRecurrence(N_("That would never come: no day fits."))
    if recurrence.until and first > recurrence.until:
        raise BadRecurrence(N_("That would end before it even starts."))
    return first


def next_after(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, fired: int
) -> datetime | None:
    """Return the next time strictly after a moment, in UTC, or None if the rule has ended.

    ``first`` is the first time of all and never changes; nothing comes before it. ``fired`` counts the times so
    far, missed ones included. Moments are aware.
    """
    if recurrence.times is not None and fired >= recurrence.times:
        return None
    moment = next(_times(recurrence, first.astimezone(UTC), zone, after), None)
    return None if moment is None or (recurrence.until and moment > recurrence.until) else moment


def coming(recurrence: Recurrence, first: datetime, zone: ZoneInfo, most: int) -> list[datetime]:
    """Return at most ``most`` times after the first."""
    times: list[datetime] = []
    moment: datetime | None = first
    while len(times) < most and moment and (moment := next_after(recurrence, first, zone, moment, len(times) + 1)):
        times.append(moment)
    return times


def missed(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, upto: datetime, fired: int
) -> int:
    """Count the times from one moment exclusive to another inclusive.

    For a reminder that is delivered late: ``after`` is when it was due, ``upto`` is now, and ``fired`` is as for
    ``next_after``, the late one included.
    """
    last = min(upto, recurrence.until or upto)
    if recurrence.is_elapsed:
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


def _times(
    recurrence: Recurrence, first: datetime, zone: ZoneInfo, after: datetime, since: date | None = None
) -> Iterator[datetime]:
    """Yield the times of a rule strictly after a moment, ignoring its end.

    ``since`` is the day that they begin on, by default the one that the first time belongs to.
    """
    if recurrence.is_elapsed:
        for number in count(_elapsed(recurrence, first, after)):
            yield first + number * timedelta(minutes=recurrence.interval)
    anchor = first.astimezone(zone).replace(tzinfo=None, fold=0)
    for day in _days(recurrence, since or _day_of(recurrence, anchor), after.astimezone(zone).date()):
        if day in recurrence.skipped:
            continue
        for moment in sorted(_moments(recurrence, day, anchor, first, zone)):
            # The days start slightly early; and a day that a zone skips entirely coincides with the next.
            if moment >= first and moment > after:
                yield moment
                after = moment


def _day_of(recurrence: Recurrence, wall: datetime) -> date:
    """Return the day that a time belongs to: after midnight, a window that passes it is still yesterday's."""
    begins, ends = recurrence.window or (time(), time.max)
    return wall.date() - _DAY if wall.time() <= ends < begins else wall.date()


def _moments(
    recurrence: Recurrence, day: date, anchor: datetime, first: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield the moments of a day.

    Python takes a wall time that exists twice as the first (fold is 0), and one that does not by the offset before
    the gap, which is later by the gap. The first time may be the second of two: it was chosen so.
    """
    midnight = datetime.combine(day, time())
    for since in _since_midnight(recurrence, day.weekday(), anchor.time()):
        wall = midnight + since
        yield first if wall == anchor else wall.replace(tzinfo=zone).astimezone(UTC)


def _since_midnight(recurrence: Recurrence, weekday: int, anchor: time) -> Iterator[timedelta]:
    """Yield the times of a day, as the wall clock's distance from midnight."""
    if recurrence.window:
        start, end = map(_of_day, recurrence.window)
        step = timedelta(minutes=recurrence.interval)
        for number in range((end - start if end >= start else end - start + _DAY) // step + 1):
            yield start + number * step
    elif recurrence.slots:
        yield from (_of_day(clock) for day, clock in recurrence.slots if day == weekday)
    else:
        yield from map(_of_day, recurrence.clocks or (anchor,))


def _of_day(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _days(recurrence: Recurrence, anchor: date, near: date) -> Iterator[date]:
    """Yield the days of a calendar rule in order, starting slightly before a day, or at the first."""
    if recurrence.unit is Unit.MONTH:
        yield from _days_by_month(recurrence, anchor, near)
        return
    weekly = recurrence.unit is Unit.WEEK or bool(recurrence.weekdays)
    # Weeks begin on Monday, which decides which one every second week is.
    start = anchor - timedelta(days=anchor.weekday() if weekly else 0)
    offsets = (recurrence.weekdays or (anchor.weekday(),)) if weekly else (0,)
    interval = 1 if recurrence.unit is Unit.MINUTE else recurrence.interval
    period = timedelta(weeks=interval) if weekly else timedelta(days=interval)
    for number in count(max(0, (near - start) // period - 1)):
        for offset in offsets:
            day = start + number * period + timedelta(days=offset)
            if day.month not in recurrence.off_months:
                yield day


def _days_by_month(recurrence: Recurrence, anchor: date, near: date) -> Iterator[date]:
    interval = recurrence.interval
    origin = anchor.year * 12 + (recurrence.month or anchor.month) - 1
    passed = max(0, (near.year * 12 + near.month - 1 - origin) // interval - 1)
    in_vain = 0
    for number in count(passed):
        year, month = divmod(origin + number * interval, 12)
        days = [] if month + 1 in recurrence.off_months else _days_of_month(recurrence, anchor, year, month + 1)
        in_vain = 0 if days else in_vain + interval
        if in_vain > _MOST_MONTHS + interval:
            return
        for day in days:
            yield date(year, month + 1, day)


def _days_of_month(recurrence: Recurrence, anchor: date, year: int, month: int) -> list[int]:
    weekday, length = monthrange(year, month)
    if not recurrence.positions:
        return sorted({min(day, length) for day in recurrence.monthdays or (anchor.day,)})
    days = []
    for wanted in recurrence.weekdays:
        fitting = weekdays_in(wanted, weekday, length)
        places = (place - 1 if place > 0 else len(fitting) + place for place in recurrence.positions)
        days += [fitting[place] for place in places if 0 <= place < len(fitting)]
    return sorted(set(days))


def weekdays_in(wanted: int, first: int, length: int) -> Sequence[int]:
    """Return the days of a month that are a weekday, or a working day, by its first weekday and its length."""
    if wanted == WORKING_DAY:
        return [day for day in range(1, length + 1) if (first + day - 1) % 7 < 5]
    return range((wanted - first) % 7 + 1, length + 1, 7)
