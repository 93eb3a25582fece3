"""A period of the calendar, as people name one: ``today``, ``last week``, ``october``, ``2026-10``, ``all``.

Its days depend on the person's today, and their beginnings on the time zone. A week begins on Monday.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.domain.errors import BadPeriod
from bot.domain.time import amounts, date_words
from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.names import FULL_MONTHS, WEEKDAY, WEEKDAYS
from bot.domain.time.schedule import shortened
from bot.domain.time.tokens import Date
from bot.messages.catalogue import N_

_DAY = timedelta(days=1)
_MONTH = re.compile(r"([a-z]{3,9})\.?(?: (?!0000)(\d{4}))?")
_ROLLING = re.compile(rf"(?:last )?(\d{{1,3}}|{IN_LETTERS}) ?(d(?:ays?)?|w(?:eeks?)?|months?)")
_AGO = re.compile(rf"(\d{{1,3}}|{IN_LETTERS}|a) (day|week)s? ago")
_NUMBERED = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEKDAY = re.compile(rf"(?:last )?{WEEKDAY}")
_UNIT = re.compile(r"(?:(this|last) )?(week|month|year)(?: (?:so far|to date)|'?s)?")
_TO_DATE = {"wtd": "week", "mtd": "month", "ytd": "year"}
_SINCE = re.compile(r"since (?!since )(.{1,40})")
# There was no Discord, and no bot, before.
EARLIEST = 2000
_ALL = {"all", "all time", "ever", "always", "everything", "overall", "total", "lifetime", "forever"}
_ALL_TIME, _SINCE_DAY = N_("all time"), N_("since {day} {month} {year}")
# Days by how long ago they are, with their names.
_DAYS = {"today": (0, N_("today")), "yesterday": (1, N_("yesterday"))}
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
    period = _read(plain, today)
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


def week_of(day: date) -> Period:
    """Return the week of a day, named by its Monday."""
    monday = day - day.weekday() * _DAY
    return Period(N_("week from {day} {month} {year}"), monday, monday + 6 * _DAY)


def _read(plain: str, today: date) -> Period | None:
    if plain in _ALL:
        return Period(_ALL_TIME, None, today)
    if days := _days(plain, today):
        return days
    if match := _UNIT.fullmatch(plain):
        return _running(match[2], match[1] == "last", today)
    if match := _NUMBERED.fullmatch(plain):
        year, month = int(match[1]), int(match[2] or 0)
        return (_month(year, month) if match[2] else _year(year)) if year else None
    if match := _MONTH.fullmatch(plain):
        return _named(match[1], int(match[2] or 0), today)
    return None


def _days(plain: str, today: date) -> Period | None:
    """Return a single day, or the last few."""
    if plain in _DAYS:
        ago, name = _DAYS[plain]
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
    """Return the day of a date, or the latest of a weekday."""
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
    """Return the day of a date; without its year, the latest that has begun."""
    try:
        if _DATE.fullmatch(plain):
            return date.fromisoformat(plain)
        named = next((day for day, end in date_words.read(plain, 0) if end >= len(plain.rstrip("."))), None)
        if not isinstance(named, Date):
            return None
        day = date(named.year or today.year, named.month, named.day)
        return day if named.year or day <= today else day.replace(year=today.year - 1)
    except ValueError:
        return None


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
