"""A period of the calendar, as people name one: ``today``, ``last week``, ``october``, ``2026-10``, ``all``.

Its days depend on the person's today, and their beginnings on the time zone. A week begins on Monday.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadPeriod
from bot.domain.time.when_phrase import shortened
from bot.messages.catalogue import N_

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = timedelta(days=1)
_MONTH = re.compile(r"([a-z]{3,9})\.?(?: (?!0000)(\d{4}))?")
_NUMBERED = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_UNIT = re.compile(r"(?:(this|last) )?(week|month|year)")
# There was no Discord, and no bot, before.
_EARLIEST = 2000
_ALL = {"all", "all time", "ever", "always"}
_DAYS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last`` inclusive.

    ``first`` is None for all time up to ``last``. ``last`` may be in the future, as in this week. ``name`` is the
    period in words: *October 2026*, *this week*.
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
    plain = " ".join(text.split()).casefold() or "week"
    period = _read(plain, today)
    example = f"{command} {today:%Y-%m}"
    if period is None or (period.first and period.first.year < _EARLIEST):
        raise BadPeriod(
            N_("“{quote}” is not a period I know; week, last month, october and 2026-10 are."),
            example,
            quote=shortened(text),
        )
    if period.first and period.first > today:
        raise BadPeriod(N_("“{quote}” has not come yet."), example, quote=shortened(text))
    return period


def week_of(day: date) -> Period:
    """Return the week of a day, named by its Monday."""
    monday = day - day.weekday() * _DAY
    return Period(f"week from {monday.day} {MONTHS[monday.month - 1]} {monday.year}", monday, monday + 6 * _DAY)


def _read(plain: str, today: date) -> Period | None:
    if plain in _ALL:
        return Period("all time", None, today)
    if plain in _DAYS:
        day = today - _DAYS[plain] * _DAY
        return Period(plain, day, day)
    if match := _UNIT.fullmatch(plain):
        return _running(match[2], match[1] == "last", today)
    if match := _NUMBERED.fullmatch(plain):
        year, month = int(match[1]), int(match[2] or 0)
        return (_month(year, month) if match[2] else _year(year)) if year else None
    if match := _MONTH.fullmatch(plain):
        return _named(match[1], int(match[2] or 0), today)
    return None


def _running(unit: str, last: bool, today: date) -> Period:
    """Return the current week, month or year, or the last one."""
    name = f"{'last' if last else 'this'} {unit}"
    if unit == "week":
        monday = today - (today.weekday() + 7 * last) * _DAY
        return Period(name, monday, monday + 6 * _DAY)
    if unit == "year":
        return replace(_year(today.year - last), name=name)
    inside = today.replace(day=1) - last * _DAY
    return Period(name, inside.replace(day=1), _last_of(inside.year, inside.month))


def _named(name: str, year: int, today: date) -> Period | None:
    month = next((number for number, full in enumerate(MONTHS, 1) if full.casefold().startswith(name)), 0)
    return _month(year or today.year - (month > today.month), month)


def _month(year: int, month: int) -> Period | None:
    if not 1 <= month <= 12:
        return None
    return Period(f"{MONTHS[month - 1]} {year}", date(year, month, 1), _last_of(year, month))


def _year(year: int) -> Period:
    return Period(str(year), date(year, 1, 1), date(year, 12, 31))


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the start of a day: the first of two midnights, or the change of clocks where there is none."""
    # Python takes a wall time that exists twice as the first (fold is 0), and midnight in a gap by the offset
    # before it.
    return datetime.combine(day, time(), zone).astimezone(UTC)
