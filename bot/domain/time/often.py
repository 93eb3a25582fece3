"""How often something comes, if the words leave that open: *twice a day*, *every second monday*."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.time import calendar_length, clocks, days
from bot.domain.time.ambiguity import ABOUT, Ambiguous, Impossible
from bot.domain.time.days import Here
from bot.domain.time.names import FULL_MONTHS
from bot.domain.time.recurrence import Unit
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    Day,
    Every,
    InMonth,
    MonthDays,
    NthWeekdays,
    Often,
    Relative,
    Slashed,
    Vague,
    Weekdays,
    Window,
)
from bot.domain.time.vagueness import clocks_meant, half, period
from bot.messages.catalogue import N_

_NTH = N_("“{quote}” – every few weeks, or once a month?")
_EACH_MONTH = frozenset({"this", "every"})
OPEN = N_("“{quote}” – at these times?")
_WITHOUT_MONTH = N_("“{quote}” – I can only skip weekdays, months and single dates. Should it come then too?")
_HOW_LONG = N_("“{quote}” – only then, or from then on?")
_NO_RULE = N_("I can't tell how often “{quote}” is.")


def counted_out(statement: Statement) -> Statement:
    """Leave out how often it comes if it names as many times or days: *twice a day at 8:00 and 20:00*."""
    if statement.often is None:
        return statement
    is_each_time = statement.often.unit is Unit.DAY and len(statement.clocks) == statement.often.times
    is_each_day = statement.often.unit is Unit.WEEK and len(weekdays_of(statement.days)) == statement.often.times
    is_each_date = (
        statement.often.unit is Unit.MONTH
        and [day for day in statement.days if isinstance(day, MonthDays)] == [*statement.days]
        and len(statement.days) == statement.often.times
    )
    is_known = is_each_time or is_each_day or is_each_date
    return replace(statement, often=None, every=Every(statement.often.unit)) if is_known else statement


def ask_which(statement: Statement, here: Here) -> None:
    """Raise ``Ambiguous`` if the words are known to mean different things to different people."""
    every = statement.every or Every()
    if statement.is_about:
        raise Ambiguous(ABOUT, replace(statement, is_about=False))
    if statement.vague:
        _ask_about(statement, statement.vague, every, here)
    if any(map(_is_of_months, statement.excepted)):
        raise Ambiguous(_WITHOUT_MONTH, replace(statement, excepted=()))
    if every.unit is Unit.DAY and any(isinstance(day, MonthDays) for day in statement.excepted):
        raise Ambiguous(_WITHOUT_MONTH, replace(statement, excepted=()), _without_next(statement, here))
    _ask_of_each_day(statement, every, here)
    if every.unit is Unit.MINUTE:
        _ask_how_long(statement, here)
    if statement.often:
        raise Ambiguous(OPEN, _spread(statement, statement.often))
    if every.ordinal > 1:
        weeks = replace(statement, every=Every(Unit.WEEK, every.ordinal))
        if every.ordinal > 5:
            raise Ambiguous(_NTH, weeks)
        raise Ambiguous(_NTH, weeks, by_position(statement, every.ordinal))


def _ask_about(statement: Statement, vague: Vague, every: Every, here: Here) -> None:
    """Raise ``Ambiguous`` with what a vague word may mean, or ``Impossible``, unless it is *on the hour*."""
    if vague.name in {"biweekly", "bimonthly"}:
        unit = Unit.WEEK if vague.name == "biweekly" else Unit.MONTH
        raise Ambiguous(OPEN, replace(statement, vague=None, every=Every(unit, 2)))
    is_by_hours = every.unit is Unit.MINUTE and every.interval % 60 == 0
    is_plain = not (statement.days or statement.window or statement.excepted)
    if vague.name == "daytime" and every.unit is Unit.MINUTE:
        days_of_work = (Window(*map(ClockTime, hours)) for hours in ((9, 17), (9, 18), (8, 20)))
        raise Ambiguous(OPEN, *(replace(statement, vague=None, window=window) for window in days_of_work))
    if vague.name.startswith("half "):
        raise Ambiguous(OPEN, *half(statement, vague.name.removeprefix("half ")))
    if meant := clocks_meant(vague.name):
        exact = (replace(statement, vague=None, groups=(Group(statement.days, (clocks.of(at),)),)) for at in meant)
        raise Ambiguous(OPEN, *exact)
    if limits := period(vague.name, here):
        first, last = (Statement.of(Date.of(day)) for day in limits)
        begins = first if limits[0] > here.wall.date() else None
        raise Ambiguous(OPEN, replace(statement, vague=None, since=begins, until=last))
    if not (is_by_hours and is_plain and vague.name.startswith("past ")):  # every hour on the hour
        raise no_rule()


def _without_next(statement: Statement, here: Here) -> Statement:
    """Return the statement without the next of the days of a month that it leaves out: *except on the 1st*."""
    dates = (
        days.first(day, clocks.LAST_SECOND, here) if isinstance(day, MonthDays) else day
        for day in statement.excepted
    )
    exact = tuple(Date.of(day) if isinstance(day, date) else day for day in dates)
    return replace(statement, excepted=exact)


def _is_of_months(day: Day | Vague) -> bool:
    """Return whether it is another day in each month (*last friday of the month*), or a month of one year."""
    if isinstance(day, Vague):
        return day.name.removeprefix("in ") not in FULL_MONTHS
    return isinstance(day, NthWeekdays) or (isinstance(day, MonthDays) and day.of.qualifier in _EACH_MONTH)


def _ask_how_long(statement: Statement, here: Here) -> None:
    """Raise ``Ambiguous`` for hours of a day, or of a part of it, that do not say when they end.

    *Every hour tomorrow*, *every 20 minutes this evening*, *every hour at night*.
    """
    part = statement.part
    named = next((day for day in statement.days if isinstance(day, Relative | Date | Slashed)), None)
    day: Day | None = named or (Relative(0) if part and part.is_today else None)
    if statement.clocks or not (day or part) or (statement.since or statement.until or statement.lasting):
        return
    rest = tuple(other for other in statement.days if other != named)
    window = statement.window
    if part and not window:
        window = Window(clocks.of(clocks.PARTS[part.name]), clocks.of(clocks.ENDS[part.name]))
    only = replace(statement, window=window, groups=(Group(rest),) if rest else ())
    if day is None:
        raise Ambiguous(OPEN, only)
    on = Statement.of(day)
    is_ahead = days.first(day, clocks.LAST_SECOND, here) > here.wall.date()
    only = replace(only, since=on if is_ahead else None, until=on)
    raise Ambiguous(_HOW_LONG, only, replace(statement, groups=(), since=Statement((Group((day,), (), part),))))


def _ask_of_each_day(statement: Statement, every: Every, here: Here) -> None:
    """Raise ``Ambiguous`` if a limit may be one of each day: *every 2 hours until 6pm on weekdays*.

    Days are limited by more than hours: *every monday until 3pm* and *every weekday for 3 hours* would come once.
    """
    weekdays = [day for day in statement.days if isinstance(day, Weekdays)]
    is_by_minutes = every.unit is Unit.MINUTE
    window = _hours_of_each_day(statement)
    if window is None or (not weekdays if is_by_minutes else statement.since):
        return
    days_alone = (Group(statement.days),) if statement.days else ()
    daily = replace(statement, groups=days_alone, since=None, until=None, lasting=None)
    within = replace(daily, window=window)
    if not is_by_minutes:
        clock = next(iter(statement.clocks), window.end if statement.until else window.start)
        raise Ambiguous(OPEN, daily.at(clock), replace(within, every=Every(Unit.MINUTE, 60)))
    if statement.until:
        first = min(days.first(day, clocks.LAST_SECOND, here) for day in weekdays)
        raise Ambiguous(OPEN, within, replace(statement, until=Statement.of(Date.of(first), clock=window.end)))
    if statement.lasting:
        raise Ambiguous(OPEN, within, replace(statement, groups=()))
    raise Ambiguous(OPEN, within, replace(daily, window=Window(window.start, clocks.of(clocks.LAST_MINUTE))))


def _hours_of_each_day(statement: Statement) -> Window | None:
    """Return from when to when a limit without a day may mean, by default from the morning or to the evening."""
    since, until = _bare_clock(statement.since), _bare_clock(statement.until)
    begins = since or next(iter(statement.clocks), clocks.of(clocks.MORNING))
    if until:
        return Window(begins, until)
    if statement.lasting and all(amount.unit in "hms" for amount in statement.lasting.amounts):
        _, passing = calendar_length.split(statement.lasting)
        begun = datetime.combine(date(2000, 1, 1), clocks.readings(begins)[0])
        end = begun + min(passing, timedelta(days=1))
        return Window(begins, clocks.of(end.time() if end.date() == begun.date() else clocks.LAST_MINUTE))
    if since is None or statement.until or statement.lasting:
        return None
    evening = clocks.PARTS["evening"]
    return Window(since, clocks.of(evening if clocks.readings(since)[0] < evening else clocks.LAST_MINUTE))


def _bare_clock(limit: Statement | None) -> ClockTime | None:
    return limit.clocks[0] if limit and limit.clocks and not limit.days else None


def by_position(statement: Statement, position: int) -> Statement:
    """Return *every second monday* as the second of each month."""
    named = tuple(
        NthWeekdays((position,), weekday, InMonth())
        for day in statement.days
        if isinstance(day, Weekdays)
        for weekday in day.days
    )
    return replace(statement, every=Every(Unit.MONTH)).on(*named)


def _spread(statement: Statement, often: Often) -> Statement:
    """Spread the times evenly over a day, a week or a month."""
    if often.unit is Unit.DAY:
        count = min(often.times, 12)
        hours = [9 + 12 * number // max(1, count - 1) for number in range(count)]
        group = Group((), tuple(ClockTime(hour) for hour in hours))
        return replace(statement, often=None, every=Every(Unit.DAY), groups=(group,))
    weekdays = {1: (0,), 2: (0, 3), 3: (0, 2, 4)}.get(often.times, (0, 1, 2, 3, 4))
    if often.unit is Unit.WEEK:
        return replace(statement, often=None, every=Every()).on(Weekdays(weekdays))
    days = (MonthDays(day, InMonth("every")) for day in ((1,), (1, 15))[often.times > 1])
    return replace(statement, often=None, every=Every(Unit.MONTH)).on(*days)


def weekdays_of(on: Sequence[Day]) -> tuple[int, ...]:
    """Return the weekdays among days, in order."""
    return tuple(sorted({weekday for day in on if isinstance(day, Weekdays) for weekday in day.days}))


def no_rule() -> Impossible:
    """Return the error for words that are no rule."""
    return Impossible(_NO_RULE)
