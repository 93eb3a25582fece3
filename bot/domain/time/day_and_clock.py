"""The day and the time of day that a statement names; ambiguous ones are asked about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.time import clocks, days
from bot.domain.time.ambiguity import Ambiguous, Impossible
from bot.domain.time.days import Here
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import NOW, ClockTime, Day, MonthDays, Relative, Slashed, Weekdays
from bot.domain.time.when import exact
from bot.messages.catalogue import N_

_DAY = timedelta(days=1)
_HALVES = N_("“{quote}” – morning or evening?")
_ORDER = N_("“{quote}” – which of these dates?")
_MIDNIGHT = N_("“{quote}” – at the start or the end of that day?")
_TODAY = N_("“{quote}” – at what time?")
_HELD = N_("“{quote}” – that date is a different weekday. Which one?")
_TWO_DAYS = N_("“{quote}” – every week, or just once?")


def clock_of(statement: Statement, here: Here) -> time:
    """Return the time of day; raise ``Ambiguous`` if it may be two."""
    part = statement.part
    if not statement.clocks:
        if statement.days == (Relative(0),) and part is None and not statement.beside:
            evenings = [
                time(hour) for hour in (12, 15, 18, 20, 22) if not here.is_over(here.wall.date(), time(hour))
            ]
            raise Ambiguous(_TODAY, *(with_clock(statement, clocks.of(at)) for at in evenings))
        if part and part.name == NOW:
            return here.wall.time().replace(second=0)
        return clocks.PARTS[part.name] if part else clocks.MORNING
    clock = statement.clocks[0]
    if clock.is_midnight and not statement.beside and (statement.days or statement.span):
        begins = with_clock(statement, ClockTime(0))
        raise Ambiguous(_MIDNIGHT, begins, *_at_its_end(statement, here))
    times = clocks.readings(clock, part)
    if part and not any(clocks.is_within(at, part) for at in times):
        others = (Group(statement.days, statement.clocks), Group(statement.days or (Relative(0),), (), part))
        raise Ambiguous(clocks.TWO_TIMES, *(replace(statement, groups=(group,)) for group in others))
    if len(times) > 1:
        raise Ambiguous(_HALVES, *(statement.at(clocks.of(at)) for at in _in_order(times, statement, here)))
    return times[0]


def _at_its_end(statement: Statement, here: Here) -> list[Statement]:
    day = day_of(statement, time(), here)
    return [exact(datetime.combine(day + _DAY, time()))] if day else []


def _in_order(times: list[time], statement: Statement, here: Here) -> list[time]:
    """Put the time that comes next in front if there is no day."""
    if statement.days or statement.span:
        return times
    return sorted(times, key=lambda clock: (here.is_over(here.wall.date(), clock), clock))


def day_of(statement: Statement, clock: time, here: Here) -> date | None:
    """Return the day that the time of day belongs to; None if none is named."""
    part = statement.part
    if not statement.days:
        return here.wall.date() if part and part.is_today else None
    known: list[Day] = []
    for day in statement.days:
        orders = days.dates(day, here.zone) if isinstance(day, Slashed) else []
        if len(orders) > 1:
            others = tuple(other for other in statement.days if other is not day)
            raise Ambiguous(_ORDER, *(statement.on(*others, order) for order in orders))
        known.append(orders[0] if orders else day)
    if len(known) > 1:
        if all(isinstance(day, Weekdays) for day in known):
            raise _which_weekday(statement, known)
        if statement.beside and not statement.span:
            return _near(known[0], known[1], statement.beside, clock, here)
        return _both(known[0], known[1], clock, here)
    return days.first(known[0], clock, here)


def _near(weekday: Day, dated: Day, way: str, clock: time, here: Here) -> date:
    """Return the weekday before or after a date: *the monday before 24 dec*."""
    if not isinstance(weekday, Weekdays):
        raise Impossible(days.NO_DAY)
    day = days.first(dated, clock, here)
    ahead = (weekday.days[0] - day.weekday()) % 7
    return day + (ahead - 7 if way == "before" else ahead or 7) * _DAY


def _both(first: Day, second: Day, clock: time, here: Here) -> date:
    """Hold a weekday against its date."""
    weekday, dated = (first, second) if isinstance(first, Weekdays) else (second, first)
    if not isinstance(weekday, Weekdays):
        raise Impossible(days.NO_DAY)
    day = days.first(dated, clock, here)
    if day.weekday() in weekday.days:
        return day
    options = [day]
    if isinstance(dated, MonthDays):
        fitting = (d for d in days.several(dated, here, clock, 60) if d.weekday() in weekday.days)
        options = [*fitting][:1] + options
    else:
        options.append(days.first(weekday, clock, here))
    raise Ambiguous(_HELD, *(exact(datetime.combine(option, clock)) for option in options))


def _which_weekday(statement: Statement, named: Sequence[Day]) -> Ambiguous:
    """Return the question whether several weekdays are meant each week, or one of them once."""
    groups = tuple(replace(group, days=_plural(group.days)) for group in statement.groups)
    return Ambiguous(_TWO_DAYS, replace(statement, groups=groups, repeats=True), *map(statement.on, named))


def _plural(named: tuple[Day, ...]) -> tuple[Day, ...]:
    return tuple(replace(day, is_plural=True) if isinstance(day, Weekdays) else day for day in named)


def with_clock(statement: Statement, clock: ClockTime) -> Statement:
    """Return the statement with this time of day instead of its own."""
    return replace(statement, window=None, groups=(Group(statement.days, (clock,), statement.part),))
