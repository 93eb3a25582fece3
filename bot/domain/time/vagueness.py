"""Possible meanings of vague words about time: *soon*, *next week*, *after work*."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import SU, relativedelta

from bot.domain.time import amounts, clocks, time_of_day
from bot.domain.time.ambiguity import Ambiguous
from bot.domain.time.days import Here
from bot.domain.time.names import FULL_MONTHS, WEEKDAYS
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import ClockTime, Date, Day, FromNow, InMonth, MonthDays, NthWeekdays, Weekdays
from bot.messages.catalogue import N_

_OPEN = N_("“{quote}” – which of these?")
_WEEKS = {"next week": N_("Which day next week?")}
_OTHER_ZONE = N_("“{quote}” – is that in your time zone?")
_DAY = timedelta(days=1)
_AFTER_NEXT = "after next "
_WEEKS_AHEAD = {"this week": 0, "next week": 1, "week after next": 2}
_HALF = re.compile(r"(?P<hour>\d{1,2}|[a-z]+)(?: ?(?P<half>[ap])\.?m\.?)?")
_UNITS = {"minutes": "m", "mins": "m", "hours": "h", "days": "d", "weeks": "w"}
_CLOCKS = {
    "after work": (17, 18), "before work": (8, 7), "after school": (15, 16), "before school": (7, 8),
    "after lunch": (13, 14),
    "before lunch": (11, 12), "after dinner": (19, 20), "before dinner": (17, 18), "after breakfast": (9, 10),
    "before breakfast": (7, 8), "before bed": (22, 21), "before bedtime": (22, 21), "after bed": (22, 23),
    "at lunch": (12, 13),
    "at lunchtime": (12, 13), "at dinner": (18, 19), "at dinnertime": (18, 19), "at breakfast": (8, 9),
    "at teatime": (17, 16), "at suppertime": (19, 18),
    "at bedtime": (22, 21), "last thing": (22, 21),
    "daytime": (9, 12, 15),
    "at dawn": (6, 7), "at sunrise": (7, 6), "at sunset": (18, 20), "at dusk": (18, 20),
}  # fmt: skip
# The hours of a day, and of its parts, that people may mean.
_HOURS = {
    "early": {"": (6, 7, 8), "afternoon": (13, 14), "evening": (17, 18), "night": (19, 20)},
    "late": {"": (18, 20, 22), "morning": (11,), "afternoon": (16, 17), "evening": (21, 22), "night": (22, 23)},
    "sometime": {"": (9, 12, 15, 18), "afternoon": (13, 15, 17), "evening": (18, 20), "night": (20, 22)},
}
_LAST_DAYS = {
    "week": relativedelta(weekday=SU), "month": relativedelta(day=31), "year": relativedelta(month=12, day=31),
}  # fmt: skip


def settled(statement: Statement, here: Here) -> Statement:
    """Return the statement without its vague word: *next week on tuesday*. Raises ``Ambiguous`` if it is open."""
    if statement.vague is None:
        return statement
    today, name = here.wall.date(), statement.vague.name
    if name == "other zone":
        raise Ambiguous(_OTHER_ZONE, replace(statement, vague=None))
    if name in _HOURS and statement.clocks:  # late tomorrow at 22:00
        return replace(statement, vague=None)
    if name.startswith(_AFTER_NEXT) and _is_next_week(rest := name.removeprefix(_AFTER_NEXT), today):
        return _on(statement, (Date.of(today + _days_to_second(rest, today) * _DAY),))
    return _on_its_day(statement, name, here)


def _on_its_day(statement: Statement, name: str, here: Here) -> Statement:
    """Return it on its day of *next week*, *this month* and the like. Raises ``Ambiguous`` if it has none."""
    today = here.wall.date()
    qualifier, _, unit = name.partition(" ")
    match statement.days:
        case (Weekdays((weekday,), ""),) if name in _WEEKS_AHEAD:
            monday = today + (_WEEKS_AHEAD[name] * 7 - today.weekday()) * _DAY
            return _on(statement, (Date.of(monday + weekday * _DAY),))
        case (MonthDays() | NthWeekdays() as day,) if unit == "month":
            of = InMonth("next") if qualifier == "next" else InMonth("named", today.month, today.year)
            return _on(statement, (replace(day, of=of),))
        case (Date(day, month, None),) if unit == "year":
            return _on(statement, (Date(day, month, today.year + (qualifier == "next")),))
    raise Ambiguous(_WEEKS.get(name, _OPEN), *_options(statement, name, here))


def clocks_meant(name: str) -> tuple[time, ...]:
    """Return the usual hours of *after lunch* and *9ish*; none for anything else."""
    if name.startswith("ish "):
        return time_of_day.read(name.removeprefix("ish "))
    return tuple(map(time, _CLOCKS.get(name) or _HOURS.get(name, {}).get("", ())))


def _options(statement: Statement, name: str, here: Here) -> list[Statement]:
    first, _, rest = name.partition(" ")
    if name in _HOURS:
        return _hours(statement, name, here)
    if name in _CLOCKS:
        return _by_the_clock(statement, name, here)
    options: list[Statement] = []
    match first:
        case "few":
            options = [_in(number, _UNITS[rest]) for number in ((5, 10, 15) if _UNITS[rest] == "m" else (2, 3))]
        case "ish":
            options = [Statement((Group(statement.days, (clocks.of(clock),)),)) for clock in clocks_meant(name)]
        case "soon":
            options = [_in(10, "m"), _in(1, "h"), _in(3, "h"), _in(1, "d")]
        case "in":
            options = _in_so_many(rest) or _of_month(statement, rest, here)
        case "after":
            second = here.wall.date() + _days_to_second(rest.removeprefix("next "), here.wall.date()) * _DAY
            options = [_on(statement, (Date.of(second + weeks * _DAY),)) for weeks in (0, 7)]
        case "past":
            options = [_on(statement, (), past_hour(int(rest), here).time())]
        case "half":
            options = half(statement, rest)
        case _:
            options = _days(statement, name, here.wall.date())
    return options


def _is_next_week(weekday: str, today: date) -> bool:
    """Return whether the next such weekday is in the next week, too, so that *monday after next* is one day."""
    return WEEKDAYS.index(weekday[:3]) <= today.weekday()


def _days_to_second(weekday: str, today: date) -> int:
    """Return in how many days the second such weekday comes."""
    return (WEEKDAYS.index(weekday[:3]) - today.weekday() - 1) % 7 + 8


def _in_so_many(amount: str) -> list[Statement]:
    """Return what *in 5*, *in 5-10 minutes* and *in 1:30* may mean."""
    if ":" in amount:
        hours, minutes = map(int, amount.split(":"))
        length = amounts.length((hours, "h"), (minutes, "m"))
        clock = [Statement.of(clock=ClockTime(hours, minutes))] if hours < 24 else []
        return [Statement(span=FromNow(length, is_sure=True)), *clock]
    match amount.split():
        case [low, high, unit]:
            return [_in(int(low), unit), _in(int(high), unit)]
        case [number] if number.isdigit():
            return [_in(int(number), "m"), _in(int(number), "h")]
    return []


def first_day(name: str, here: Here) -> date:
    """Return the day on which *next week*, *next month* or *next year* begins; today for what has begun."""
    today = here.wall.date()
    if name == "next week":
        return today + (7 - today.weekday()) * _DAY
    if name == "next year":
        return date(today.year + 1, 1, 1)
    return _next_month(today) if name == "next month" else today


def _next_month(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def period(name: str, here: Here) -> tuple[date, date] | None:
    """Return the first and the last day still to come of *next week* or *in december*; None for any other words."""
    today = here.wall.date()
    qualifier, _, unit = name.partition(" ")
    if unit in _LAST_DAYS:
        start = {"this": today, "next": first_day(name, here)}.get(qualifier)
        return (start, start + _LAST_DAYS[unit]) if start else None
    if qualifier != "in" or unit.split()[0] not in FULL_MONTHS:
        return None
    number, year = _month_and_year(unit)
    start = date(year or today.year + (number < today.month), number, 1)
    return max(start, today), start + _LAST_DAYS["month"]


def past_hour(minute: int, here: Here) -> datetime:
    """Return the next wall-clock time that is this many minutes past an hour."""
    wall = here.wall.replace(minute=minute, second=0)
    return wall if wall > here.wall else wall + timedelta(hours=1)


def _hours(statement: Statement, name: str, here: Here) -> list[Statement]:
    """Return the hours of *early tomorrow* and *late in the evening*."""
    known, part = _HOURS[name], statement.part
    hours = known.get(part.name if part else "", known[""])
    on = statement.days or (
        Date.of(here.wall.date() + (_DAY if here.is_over(here.wall.date(), time(hours[-1])) else timedelta())),
    )
    return [Statement((Group(on, (ClockTime(hour),)),)) for hour in hours]


def _by_the_clock(statement: Statement, name: str, here: Here) -> list[Statement]:
    """Return the usual hours of *after work* and the like, on the next day that the first is still to come."""
    today, meant = here.wall.date(), clocks_meant(name)
    day = today + _DAY if meant and here.is_over(today, meant[0]) else today
    return [_on(statement, statement.days or (Date.of(day),), clock) for clock in meant]


def _days(statement: Statement, name: str, today: date) -> list[Statement]:
    monday = today - today.weekday() * _DAY
    options: list[Statement] = []
    match name:
        case "day":
            ends = (time(17), time(18), time(23, 59))
            options = [_on(statement, statement.days or (Date.of(today),), clock) for clock in ends]
        case "this week" | "this month" | "this year":
            options = _by_then(statement, today, today + _LAST_DAYS[name.removeprefix("this ")])
        case "week" | "end of next week":
            first, begin = (17, monday) if name == "week" else (9, monday + 7 * _DAY)
            ends_of_week = ((4, time(first)), (4, time(18)), (6, time(18)))
            options = [_on(statement, (Date.of(begin + day * _DAY),), clock) for day, clock in ends_of_week]
        case "next week":
            named = [weekday for day in statement.days if isinstance(day, Weekdays) for weekday in day.days]
            wanted = named or [0, 2, 4]
            options = [_on(statement, (Date.of(monday + (7 + day) * _DAY),)) for day in wanted]
        case "weekend":
            options = [_on(statement, (Date.of(monday + day * _DAY),)) for day in (5, 6)]
        case "week after next":
            named = [weekday for day in statement.days if isinstance(day, Weekdays) for weekday in day.days]
            options = [_on(statement, (Date.of(monday + (14 + day) * _DAY),)) for day in named or [0, 2, 4]]
        case "next weekend":
            options = [_on(statement, (Date.of(monday + day * _DAY),)) for day in (5, 6, 12, 13)]
        case "next month":
            options = [_on(statement, (Date.of(_next_month(today)),)), _in(1, "mo")]
        case "next year":
            options = [_on(statement, (Date(1, 1, today.year + 1),)), _in(1, "y")]
    return options


def _by_then(statement: Statement, today: date, last: date) -> list[Statement]:
    """Return this evening, tomorrow and the last day, as long as they are not later than that."""
    evening = [_on(statement, (Date.of(today),), time(hour)) for hour in (18, 22)]
    return [*evening, *(_on(statement, (Date.of(day),)) for day in (today + _DAY, last) if today < day <= last)]


def _of_month(statement: Statement, name: str, here: Here) -> list[Statement]:
    """Return the first and the middle of a month that is named without its day."""
    number, year = _month_and_year(name)
    year = year or here.wall.year + (number <= here.wall.month)
    return [_on(statement, (Date(day, number, year),)) for day in (1, 15)]


def _month_and_year(words: str) -> tuple[int, int | None]:
    month, _, year = words.partition(" ")
    return FULL_MONTHS.index(month) + 1, int(year) if year else None


def half(statement: Statement, words: str) -> list[Statement]:
    """Return what *half five* may mean: half past in English, half to in German."""
    match = _HALF.fullmatch(words)
    hour = (amounts.WORDS.get(match["hour"]) or int(match["hour"])) if match else 0
    is_morning = statement.part.name == "morning" if statement.part else bool(match and match["half"] == "a")
    noon = 0 if is_morning else 12
    options = [time((hour + noon) % 24, 30), time((hour + noon - 1) % 24, 30)] if 1 <= hour <= 12 else []
    return [replace(statement, vague=None, groups=(Group(statement.days, (clocks.of(at),)),)) for at in options]


def _in(number: int, unit: str) -> Statement:
    return Statement(span=FromNow(amounts.length((number, unit)), is_sure=True))


def _on(statement: Statement, days: tuple[Day, ...], clock: time | None = None) -> Statement:
    known = statement.clocks or ((clocks.of(clock),) if clock else ())
    return Statement((Group(days, known, statement.part),))
