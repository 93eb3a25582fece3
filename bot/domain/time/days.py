"""Days on a calendar from words: said on a Tuesday, *friday* is this week's."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.time.ambiguity import Impossible
from bot.domain.time.recurrence import weekdays_in
from bot.domain.time.tokens import QUARTER, Date, Day, InMonth, MonthDays, NthWeekdays, Relative, Slashed, Weekdays
from bot.messages.catalogue import N_

NO_DAY = N_("There's no such day as “{quote}”.")
TOO_FAR = N_("“{quote}” is more than 5 years away, which is my limit.")
# The months ahead that are searched for a day; 29 February may be eight years away.
_MOST_MONTHS = 12 * 9
_DAY = timedelta(days=1)
# Where people put the month first; Canada does both.
_MONTH_FIRST = frozenset(
    {
        "America/New_York", "America/Detroit", "America/Chicago", "America/Denver", "America/Boise",
        "America/Phoenix",
        "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Sitka", "America/Nome",
        "America/Adak",
        "America/Menominee", "America/Metlakatla", "America/Yakutat", "America/Puerto_Rico", "Pacific/Honolulu",
        "Pacific/Guam", "Asia/Manila",
    }
)  # fmt: skip
_EITHER = frozenset(
    {"UTC", "America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax"}
)


@dataclass(frozen=True, slots=True)
class Here:
    """Now, to the second and in UTC, and the clocks of somebody's zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def wall(self) -> datetime:
        """The time on the wall clock, naive."""
        return self.now.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def instant(self, wall: datetime) -> datetime:
        """Return the moment of a wall-clock time.

        Where the clocks skip it, the first reading lies after the gap and the second before it; where they show it
        twice, the second is the later one, and is meant once the first is over.
        """
        try:
            first, second = (wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        except OverflowError:
            raise Impossible(TOO_FAR) from None
        return second if first <= self.now < second else first

    def local(self, moment: datetime) -> datetime:
        """Return the wall-clock time of a moment, naive."""
        try:
            return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)
        except OverflowError:
            raise Impossible(TOO_FAR) from None

    def is_over(self, day: date, clock: time) -> bool:
        """Return whether a time of a day has passed."""
        return self.instant(datetime.combine(day, clock)) <= self.now


def is_month_first(zone: ZoneInfo) -> bool | None:
    """Return whether people of a zone put the month before the day; None if they do both, or it is not known."""
    key = zone.key
    if key in _EITHER:
        return None
    return key in _MONTH_FIRST or key.startswith(
        ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
    )


def dates(slashed: Slashed, zone: ZoneInfo) -> list[Date]:
    """Return the days that a day and a month in doubtful order may be: one, or two."""
    orders = [Date(slashed.first, slashed.second, slashed.year), Date(slashed.second, slashed.first, slashed.year)]
    possible = [day for day in orders if 1 <= day.month <= 12] or orders
    if len(possible) < 2 or slashed.first == slashed.second:
        return possible[:1]
    is_first = is_month_first(zone)
    return possible if is_first is None else [possible[is_first]]


def first(day: Day, clock: time, here: Here) -> date:
    """Return the day that is named; if it recurs, the first on which that time is still to come.

    Raises ``Impossible`` if no calendar has it.
    """
    match day:
        case Relative(number):
            return here.wall.date() + number * _DAY
        case Weekdays():
            return _weekday(day, clock, here)
        case Slashed():
            return first(dates(day, here.zone)[0], clock, here)
    candidate = next(upcoming(day, here, clock), None)
    if candidate is None:
        raise Impossible(NO_DAY)
    return candidate


def upcoming(day: Date | MonthDays | NthWeekdays, here: Here, clock: time) -> Iterator[date]:
    """Yield the days that fit, the one that is meant first; also days before today if the words say so."""
    today = here.wall.date()
    if isinstance(day, Date):
        years = [day.year] if day.year is not None else range(today.year, today.year + 9)
        for year in years:
            try:
                candidate = date(year, day.month, day.day)
            except ValueError:
                continue
            if day.year is not None or not here.is_over(candidate, clock):
                yield candidate
        return
    for year, month in _months(day.of, today):
        for candidate in _in_month(day, year, month):
            if day.of.qualifier == "current" or not here.is_over(candidate, clock):
                yield candidate


def several(day: MonthDays, here: Here, clock: time, most: int) -> list[date]:
    """Return the next days of months that fit."""
    return list(islice(upcoming(day, here, clock), most))


def _months(of: InMonth, today: date) -> Iterator[tuple[int, int]]:
    start = today.year * 12 + today.month - 1
    if of.qualifier in {"next", "next year"}:
        start = start + 1 if of.qualifier == "next" else (today.year + 1) * 12 + (of.month or 12) - 1
        yield divmod(start, 12)[0], start % 12 + 1
        return
    for number in range(start, start + (1 if of.qualifier == "current" else _MOST_MONTHS)):
        year, month = number // 12, number % 12 + 1
        if of.qualifier == QUARTER and month % 3:
            continue
        if (of.month is None or of.month == month) and (of.year is None or of.year == year):
            yield year, month


def _in_month(day: MonthDays | NthWeekdays, year: int, month: int) -> Iterator[date]:
    weekday, length = monthrange(year, month)
    if isinstance(day, NthWeekdays):
        fitting = weekdays_in(day.weekday, weekday, length)
        for position in day.positions:
            place = position - 1 if position > 0 else len(fitting) + position
            if 0 <= place < len(fitting):
                yield date(year, month, fitting[place])
    elif day.day <= length or (day.day == 31 and day.of.qualifier):
        yield date(year, month, min(max(day.day, 1), length))


def _weekday(day: Weekdays, clock: time, here: Here) -> date:
    today = here.wall.date()
    wanted = min(day.days, key=lambda weekday: ((weekday - today.weekday()) % 7, weekday))
    candidate = today + (wanted - today.weekday()) % 7 * _DAY
    if day.qualifier == "last":
        return candidate - 7 * _DAY
    is_next = day.qualifier in {"next", "coming"} and candidate == today
    if is_next or (day.qualifier != "this" and here.is_over(candidate, clock)):
        return candidate + 7 * _DAY
    return candidate
