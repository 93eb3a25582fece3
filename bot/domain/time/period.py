"""A period of the calendar, as people name one: ``today``, ``last week``, ``october``, ``1-15 nov``, ``all``.

Its days depend on the person's today, and their beginnings on the time zone. A week begins on Monday.
"""

import contextlib
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.domain.errors import BadPeriod
from bot.domain.time import amounts, date_words, period_range
from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.names import FULL_MONTHS, WEEKDAY, WEEKDAYS
from bot.domain.time.schedule import shortened
from bot.domain.time.tokens import Date, Slashed, matches
from bot.messages.catalogue import N_

_DAY = timedelta(days=1)
_MONTH = re.compile(r"([a-z]{3,9})\.?(?: (?!0000)(\d{4}))?")
_LAST_MONTH = re.compile(r"last ([a-z]{3,9})\.?")
_ROLLING = re.compile(rf"(?:last )?(\d{{1,3}}|{IN_LETTERS}) ?(d(?:ays?)?|w(?:eeks?)?|months?)")
_AGO = re.compile(rf"(\d{{1,3}}|{IN_LETTERS}|a) (day|week)s? ago")
_NUMBERED = re.compile(r"(?:year )?(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?|(?P<mm>\d{1,2})[/.](?P<yyyy>\d{4})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_QUARTER = re.compile(r"(?:(this|last) )?quarter|q([1-4])(?:[ /](\d{4}))?|(\d{4})[ -]?q([1-4])")
_WEEK = re.compile(r"(?:(?:kw|cw|w) ?|(?:week|wk) ?(?=\d\d|[6-9]))(\d{1,2})(?:[ /](\d{4}))?|(\d{4})-?w(\d{2})")
_WEEK_OF = re.compile(r"week (?:of|from) (.{1,40})")
_WEEKDAY = re.compile(rf"(?:last )?{WEEKDAY}")
_UNIT = re.compile(r"(?:(this|last) )?(week|month|year)(?: (?:so far|to date)|'?s)?")
_WEEKEND = re.compile(r"(this|last) weekend")
_TO_DATE = {"wtd": "week", "mtd": "month", "ytd": "year"}
_SINCE = re.compile(r"since (?!since )(.{1,40})")
# There was no Discord, and no bot, before.
EARLIEST = 2000
_ALL = {"all", "all time", "all-time", "alltime", "ever", "always", "everything", "overall", "lifetime", "forever"}
_ALL |= {"total", "totals", "lifetime total", "in total"}
_ALL_TIME, _SINCE_DAY = N_("all time"), N_("since {day} {month} {year}")
_FROM_TO = N_("{day} {month} {year} to {last_day} {last_month} {last_year}")
# Days by how long ago they are, with their names.
_TODAY, _YESTERDAY = (0, N_("today")), (1, N_("yesterday"))
_DAYS = {"today": _TODAY, "yesterday": _YESTERDAY}
_NEAR = _DAYS | {"todays": _TODAY, "today's": _TODAY, "yesterday's": _YESTERDAY, "yday": _YESTERDAY}
# Names of the current week, month and year, and of the last ones.
_THIS = {"week": N_("this week"), "month": N_("this month"), "year": N_("this year")}
_LAST = {"week": N_("last week"), "month": N_("last month"), "year": N_("last year")}
# Names of periods, to compare a misspelt one with.
NAMES = (*FULL_MONTHS, *_DAYS, *_THIS, *(f"{qualifier} {unit}" for qualifier in ("this", "last") for unit in _THIS))


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last`` inclusive.

    ``first`` is None for all time up to ``last``. ``last`` may be in the future, as in this week. ``name`` is a
    template of the period in words, such as ``this week`` or ``{month} {year}``, to be filled from its first day.
    """

    name: str
    first: date | None
    last: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
        """Return the moments at which it begins (or None) and ends, in UTC."""
        begins = None if self.first is None else _midnight(self.first, zone)
        return begins, _midnight(self.last + _DAY, zone)


def parse(text: str, today: date, *, command: str = "stats") -> Period:
    """Parse a period that has begun by today; an empty text is this week.

    A month without a year is the latest of that name that has begun. Raises ``BadPeriod``, with an example for
    ``command``, where the words are not a period, or a future one.
    """
    plain = " ".join(text.split()).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") or "week"
    plain = _TO_DATE.get(plain, plain)
    period = _read(plain, today) or _range(plain, today)
    example = f"{command} {today:%Y-%m}"
    if period is None or (period.first and period.first.year < EARLIEST):
        raise BadPeriod(
            N_("I can't read “{quote}” as a period. Try week, last month, october or 2026-10."),
            example,
            quote=shortened(text),
        )
    if period.first and period.first > today:
        raise BadPeriod(N_("“{quote}” hasn't come yet."), example, quote=shortened(text))
    return period


def possible(text: str, today: date) -> list[str]:
    """Return what a range may mean that has begun twice, and is not over: *october to february* in November."""
    ends = period_range.split(" ".join(text.split()).casefold())
    first, last = (_read(ends.first, today), _read(ends.last, today)) if ends else (None, None)
    if not (ends and first and last and first.first) or ends.must_meet or last.last >= first.first:
        return []
    before = _read(ends.first, last.last)
    whole = [f"{before.first} to {last.last}"] if before and before.first else []
    return [f"since {first.first}", *whole] if first.first <= today else []


def week_of(day: date) -> Period:
    """Return the week of a day, named by its Monday."""
    monday = day - day.weekday() * _DAY
    return Period(N_("week from {day} {month} {year}"), monday, monday + 6 * _DAY)


def _read(plain: str, today: date) -> Period | None:
    if plain in _ALL:
        return Period(_ALL_TIME, None, today)
    if match := _UNIT.fullmatch(plain):
        return _running(match[2], match[1] == "last", today)
    return _days(plain, today) or _months(plain, today) or _weeks(plain, today) or _quarter(plain, today)


def _months(plain: str, today: date) -> Period | None:
    """Return a year or a month by its number or name; *last october* is over, as all that is last."""
    if match := _NUMBERED.fullmatch(plain):
        year, month = int(match["year"] or match["yyyy"]), match["month"] or match["mm"]
        return (_month(year, int(month)) if month else _year(year)) if year else None
    if match := _MONTH.fullmatch(plain.removeprefix("month ")):
        return _named(match[1], int(match[2] or 0), today)
    if match := _LAST_MONTH.fullmatch(plain):
        return _named(match[1], 0, today.replace(day=1) - _DAY)
    return None


def _range(plain: str, today: date) -> Period | None:
    """Return the days from the beginning of one period to the end of another, each the latest of its name.

    None if the last is over before the first begins: the range may be the last one, or go on.
    """
    ends = period_range.split(plain)
    last = _read(ends.last, today) if ends else None
    first = _read(ends.first, last.last if ends.shares_year else today) if ends and last else None
    if not (ends and first and last):
        return None
    if ends.must_meet and first.first == last.last + _DAY:  # today and yesterday
        first, last = last, first
    if not (first.first and last.first) or first.first > last.first:
        return None
    if ends.must_meet and first.last + _DAY != last.first:
        return None
    return Period(_FROM_TO, first.first, last.last)


def _weeks(plain: str, today: date) -> Period | None:
    """Return a week by its number, as in ISO 8601, or by one of its days; or a weekend."""
    if plain == "week before last":
        return week_of(today - 14 * _DAY)
    if (of := _WEEK_OF.fullmatch(plain)) and (day := _day(of[1], today)):
        return week_of(day)
    if weekend := _WEEKEND.fullmatch(plain):
        saturday = today + (5 - today.weekday() - 7 * (weekend[1] == "last")) * _DAY
        return Period(_FROM_TO, saturday, saturday + _DAY)
    match = _WEEK.fullmatch(plain)
    if not match:
        return None
    number, year = int(match[1] or match[4]), match[2] or match[3]
    years = [int(year)] if year else [today.year, today.year - 1]
    with contextlib.suppress(ValueError):
        mondays = [date.fromisocalendar(each, number, 1) for each in years]
        return week_of(next((monday for monday in mondays if monday <= today), mondays[0]))
    return None


def _quarter(plain: str, today: date) -> Period | None:
    """Return a quarter of a year: the current or the last one, or the latest of its number."""
    match = _QUARTER.fullmatch(plain)
    if not match:
        return None
    now = today.year * 4 + (today.month - 1) // 3
    number, year = int(match[2] or match[5] or 0), match[3] or match[4]
    if not number:
        quarter = now - (match[1] == "last")
    elif year:
        quarter = int(year) * 4 + number - 1
    else:
        quarter = now - (now - number + 1) % 4
    year_of, month = quarter // 4, quarter % 4 * 3 + 1
    return Period(_FROM_TO, date(year_of, month, 1), _last_of(year_of, month + 2)) if year_of else None


def _days(plain: str, today: date) -> Period | None:
    if plain in _NEAR:
        ago, name = _NEAR[plain]
        day = today - ago * _DAY
        return Period(name, day, day)
    if match := _ROLLING.fullmatch(plain):
        number = amounts.number(match[1])
        back = {"d": number * _DAY, "w": 7 * number * _DAY}.get(match[2][0], relativedelta(months=number))
        return Period(_SINCE_DAY, today - back + _DAY, today) if number else None
    if (since := _SINCE.fullmatch(plain)) and (begun := _read(since[1], today)) and begun.first:
        return replace(begun, name=_SINCE_DAY, last=max(today, begun.first))
    named = _day(plain, today)
    return Period(N_("{day} {month} {year}"), named, named) if named else None


def _day(plain: str, today: date) -> date | None:
    if _WEEKDAY.fullmatch(plain):
        ago = (today.weekday() - WEEKDAYS.index(plain.removeprefix("last ")[:3])) % 7
        return today - (ago or (7 if plain.startswith("last ") else 0)) * _DAY
    if plain == "day before yesterday":
        return today - 2 * _DAY
    if back := _AGO.fullmatch(plain):
        number = 1 if back[1] == "a" else amounts.number(back[1])
        return today - number * (7 if back[2] == "week" else 1) * _DAY
    return _dated(plain, today)


def _dated(plain: str, today: date) -> date | None:
    try:
        if _DATE.fullmatch(plain):
            return date.fromisoformat(plain)
        named = next(
            (day for day, end in matches(plain, 0, date_words.READERS) if end >= len(plain.rstrip("."))), None
        )
        if isinstance(named, Slashed):
            named = _unslashed(named)
        if not isinstance(named, Date):
            return None
        day = date(named.year or today.year, named.month, named.day)
        return day if named.year or day <= today else day.replace(year=today.year - 1)
    except ValueError:
        return None


def _unslashed(figures: Slashed) -> Date | None:
    """Return a date in figures that is the same in every country; None if it is not."""
    first, second = figures.first, figures.second
    if min(first, second) > 12 or (max(first, second) <= 12 and first != second):
        return None
    return Date(max(first, second), min(first, second), figures.year)


def _running(unit: str, last: bool, today: date) -> Period:
    """Return the current week, month or year, or the last one."""
    name = (_LAST if last else _THIS)[unit]
    if unit == "week":
        monday = today - (today.weekday() + 7 * last) * _DAY
        return Period(name, monday, monday + 6 * _DAY)
    if unit == "year":
        return replace(_year(today.year - last), name=name)
    inside = today.replace(day=1) - last * _DAY
    return Period(name, inside.replace(day=1), _last_of(inside.year, inside.month))


def _named(name: str, year: int, today: date) -> Period | None:
    month = next((number for number, full in enumerate(FULL_MONTHS, 1) if full.startswith(name)), 0)
    return _month(year or today.year - (month > today.month), month)


def _month(year: int, month: int) -> Period | None:
    if not 1 <= month <= 12:
        return None
    return Period(N_("{month} {year}"), date(year, month, 1), _last_of(year, month))


def _year(year: int) -> Period:
    return Period(N_("{year}"), date(year, 1, 1), date(year, 12, 31))


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the start of a day: the first of two midnights, or the change of clocks where there is none."""
    # Python takes a wall time that exists twice as the first (fold is 0), and midnight in a gap by the offset
    # before it.
    return datetime.combine(day, time(), zone).astimezone(UTC)
