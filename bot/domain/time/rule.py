"""The rule that a statement about what repeats means, without its end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time

from bot.domain.time import clocks, days, often
from bot.domain.time.ambiguity import Ambiguous, Impossible
from bot.domain.time.days import Here
from bot.domain.time.names import FULL_MONTHS
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import (
    Date,
    Day,
    DayPart,
    Every,
    InMonth,
    MonthDays,
    NthWeekdays,
    Relative,
    Slashed,
    Vague,
    Weekdays,
    Window,
)
from bot.messages.catalogue import N_

TOO_MUCH = N_("“{quote}” is too much for one reminder. Set two instead.")
TOO_OFTEN = N_("That's too often – every 10 minutes is the limit.")
_MOST_CLOCKS = 24
_WEEK = tuple(range(7))
# On a clock of twelve a window that ends with noon begins in the morning.
_NOON, _EARLIEST = 12, 6
_ALL_DAY = (time(0), clocks.LAST_MINUTE)
_ORDER = N_("“{quote}” – which of these dates?")
_NO_DAY_LEFT = N_("That would never come: no day is left.")
_MONTHS = 12
_HOURS = N_("“{quote}” – morning or evening?")


def of(statement: Statement, here: Here) -> Recurrence:
    """Return the rule of a statement. Raises ``Ambiguous`` and ``Impossible``."""
    statement = often.counted_out(statement)
    often.ask_which(statement, here)
    every = statement.every or Every()
    on, _ = days_of(statement)
    if every.ordinal == 1:
        on = list(often.by_position(statement, 1).days)
    skipped, off_months = _skipped(statement, here), _off_months(statement)
    if len(off_months) == _MONTHS:
        raise Impossible(_NO_DAY_LEFT)
    if every.unit is Unit.MINUTE:
        return _by_minutes(statement, every, on, skipped, off_months)
    if statement.window:
        starts = replace(statement, window=None).at(clocks.of(_window(statement, statement.window)[0]))
        raise Ambiguous(often.OPEN, starts, replace(statement, every=Every(Unit.MINUTE, 60)))
    rule = _on_days(statement, every, on, here)
    if weekdays := _excepted(statement):
        rule = _without(rule, weekdays, every)
    return replace(rule, skipped=skipped, off_months=off_months)


def days_of(statement: Statement) -> tuple[list[Day], list[Day]]:
    """Return the days on which it comes, and those that say when it begins: *24 dec, every 2 days*."""
    every = statement.every or Every()
    named = [_named(day) for day in statement.days]
    if _has_both(named):
        raise Ambiguous(TOO_MUCH, *_by_kind(statement, every, named))
    is_by_days = every.unit in {Unit.DAY, Unit.WEEK, Unit.MINUTE} or any(isinstance(day, Weekdays) for day in named)
    is_yearly = not every.unit or (every.unit is Unit.MONTH and every.interval % 12 == 0)
    on: list[Day] = []
    starts: list[Day] = []
    for day in named:
        if (
            isinstance(day, Relative)
            or (isinstance(day, MonthDays) and is_by_days)
            or (isinstance(day, Date | Slashed) and (is_by_days or not is_yearly))
        ):
            starts.append(day)
        else:
            on.append(day)
            starts += [day] if isinstance(day, Date) and (day.year or _is_in_leap_years(day, every)) else []
    return on, starts


def _is_in_leap_years(day: Date, every: Every) -> bool:
    return (day.day, day.month) == (29, 2) and every.interval % (4 * 12) == 0


def _named(day: Day) -> Day:
    """Take *every last friday* as the last of each month."""
    if isinstance(day, Weekdays) and day.qualifier == "last":
        return NthWeekdays((-1,), day.days[0], InMonth())
    return day


def _by_minutes(
    statement: Statement, every: Every, on: Sequence[Day], skipped: tuple[date, ...], off_months: tuple[int, ...]
) -> Recurrence:
    if any(isinstance(day, NthWeekdays) for day in on):
        raise often.no_rule()
    weekdays, excepted = often.weekdays_of(on), _excepted(statement)
    if excepted:
        weekdays = tuple(day for day in weekdays or _WEEK if day not in excepted)
    window = _window(statement, statement.window) if statement.window else None
    if (weekdays or skipped or off_months) and not window:
        window = _ALL_DAY
    return Recurrence(
        Unit.MINUTE, every.interval, weekdays=weekdays, window=window, skipped=skipped, off_months=off_months
    )


def _window(statement: Statement, window: Window) -> tuple[time, time]:
    starts, ends = clocks.readings(window.start), clocks.readings(window.end)
    if len(starts) == len(ends) == 1:
        return starts[0], ends[0]
    # "from 9 to 17" and "from 9 to 5" are a working day; "from 1 to 5" may be by night.
    first, last = window.start, window.end
    if len(ends) == 1 or (last.hour <= first.hour and 6 <= first.hour < 12):
        return starts[0], ends[-1]
    if len(starts) == 1:
        return starts[0], next((end for end in ends if end > starts[0]), ends[0])
    options = [(start, min(ends, key=lambda end: _hours_between(start, end))) for start in (starts[0], starts[-1])]
    if last.hour == _NOON and first.hour >= _EARLIEST:
        return options[0]
    raise Ambiguous(_HOURS, *(replace(statement, window=Window(clocks.of(a), clocks.of(b))) for a, b in options))


def _hours_between(start: time, end: time) -> int:
    return (end.hour - start.hour) % 24 or 24


def _on_days(statement: Statement, every: Every, on: Sequence[Day], here: Here) -> Recurrence:
    unit, interval = every.unit, every.interval
    if not on:
        return _with_clocks(statement, Recurrence(unit or Unit.DAY, interval))
    if all(isinstance(day, Weekdays) for day in on):
        if unit is Unit.MONTH or (unit is Unit.DAY and interval > 1):
            raise often.no_rule()
        return _with_clocks(statement, Recurrence(Unit.WEEK, interval, weekdays=often.weekdays_of(on)))
    if len({type(day) for day in on}) > 1:
        raise Ambiguous(TOO_MUCH, *_by_kind(statement, every, on))
    if unit not in {None, Unit.MONTH} or len(statement.groups) > 1:
        raise often.no_rule()
    rule = _in_months(statement, on, interval, here) if unit else _in_months(statement, on, 0, here)
    if rule.month and rule.interval % 12:
        rule = replace(rule, interval=12 * rule.interval)
    return _with_clocks(statement, rule)


def _has_both(named: Sequence[Day]) -> bool:
    """Return whether there are weekdays and days of months: *every friday the 13th*."""
    return any(isinstance(day, Weekdays) for day in named) and any(isinstance(day, MonthDays) for day in named)


def _by_kind(statement: Statement, every: Every, on: Sequence[Day]) -> Iterator[Statement]:
    """Yield the statement with only one kind of its days; days of a month come each month."""
    for kind in dict.fromkeys(map(type, on)):
        of_kind = [(group, tuple(day for day in group.days if type(day) is kind)) for group in statement.groups]
        groups = tuple(Group(days, group.clocks or statement.clocks, group.part) for group, days in of_kind if days)
        yield replace(statement, groups=groups, every=every if kind is Weekdays else Every(Unit.MONTH))


def _in_months(statement: Statement, on: Sequence[Day], interval: int, here: Here) -> Recurrence:
    """Return the rule of days in months; an interval of 0 was not given."""
    match on[0]:
        case NthWeekdays(positions, _, of):
            named = [day for day in on if isinstance(day, NthWeekdays)]
            if {day.positions for day in named} != {positions}:
                raise often.no_rule()
            weekdays = tuple(sorted({day.weekday for day in named}))
            return Recurrence(Unit.MONTH, interval or 1, weekdays=weekdays, positions=positions, month=of.month)
        case MonthDays(_, of):
            days_of_month = tuple(sorted({day.day for day in on if isinstance(day, MonthDays)}))
            if not all(1 <= day <= 31 for day in days_of_month):
                raise Impossible(N_("No month has that day. Try the 1st to the 31st."))
            return Recurrence(Unit.MONTH, interval or 1, monthdays=days_of_month, month=of.month)
    return _yearly(statement, on, interval or 12, here)


def _yearly(statement: Statement, on: Sequence[Day], months: int, here: Here) -> Recurrence:
    options = days.dates(on[0], here.zone) if isinstance(on[0], Slashed) else [on[0]]
    if len(options) > 1:
        raise Ambiguous(_ORDER, *map(statement.on, options))
    [day] = options
    if len(on) > 1 or not isinstance(day, Date):
        raise often.no_rule()
    try:
        date(2024, day.month, day.day)
    except ValueError:
        raise Impossible(days.NO_DAY) from None
    return Recurrence(Unit.MONTH, months, monthdays=(day.day,), month=day.month)


def _with_clocks(statement: Statement, rule: Recurrence) -> Recurrence:
    """Add the times of day if there are several; a single one is the time of day of the first time."""
    groups = [group for group in statement.groups if group.clocks or group.part]
    if len(groups) > 1:
        slots = _slots(statement, groups)
        if rule.unit is not Unit.WEEK or {day for day, _ in slots} != set(rule.weekdays):
            raise often.no_rule()
        return replace(rule, slots=tuple(sorted(set(slots))))
    known = clocks_of(statement, groups[0]) if groups else ()
    if len(known) > _MOST_CLOCKS:
        raise Impossible(TOO_OFTEN)
    return replace(rule, clocks=known) if len(known) > 1 else rule


def _slots(statement: Statement, groups: Sequence[Group]) -> list[tuple[int, time]]:
    """Return the times of each weekday. Raises ``Ambiguous`` for *every weekday at 9, friday at 10*."""
    named = [(often.weekdays_of(group.days), clocks_of(statement, group)) for group in groups]
    in_all: dict[int, set[time]] = {}
    in_the_narrowest: dict[int, set[time]] = {}
    for weekdays, known in sorted(named, key=lambda pair: -len(pair[0])):
        for weekday in weekdays:
            in_all.setdefault(weekday, set()).update(known)
            in_the_narrowest[weekday] = set(known)
    if len({len(weekdays) for weekdays, _ in named}) > 1 and in_all != in_the_narrowest:
        raise Ambiguous(often.OPEN, *(_by_weekday(statement, times) for times in (in_the_narrowest, in_all)))
    return [(weekday, clock) for weekday, times in in_all.items() for clock in times]


def _by_weekday(statement: Statement, times: Mapping[int, Iterable[time]]) -> Statement:
    by_weekday = (
        Group((Weekdays((weekday,), is_plural=True),), tuple(map(clocks.of, sorted(known))))
        for weekday, known in sorted(times.items())
    )
    return replace(statement, groups=tuple(by_weekday), every=None)


def clocks_of(statement: Statement, group: Group) -> tuple[time, ...]:
    """Return the times of day of a group; raise ``Ambiguous`` if one may be two."""
    part, every = group.part or statement.part, statement.every
    if not part and group.clocks and every and every.part:  # nightly at 11
        part = DayPart(every.part)
    if not group.clocks:
        return (clocks.PARTS[part.name],) if part else ()
    readings = clocks.together(group.clocks, part)
    if part and not all(any(clocks.is_within(at, part) for at in times) for times in readings):
        others = (replace(group, part=None), replace(group, clocks=()))
        raise Ambiguous(clocks.TWO_TIMES, *(replace(statement, groups=(other,)) for other in others))
    if any(len(times) > 1 for times in readings):
        options = [[times[0] for times in readings], [times[-1] for times in readings]]
        raise Ambiguous(_HOURS, *(_replaced(statement, group, times) for times in options))
    return tuple(sorted({times[0] for times in readings}))


def _replaced(statement: Statement, group: Group, times: list[time]) -> Statement:
    exact = replace(group, clocks=tuple(map(clocks.of, times)), part=None)
    if statement.since and group not in statement.groups:
        return replace(statement, since=replace(statement.since, groups=(exact,)))
    return replace(statement, groups=tuple(exact if other is group else other for other in statement.groups))


def _excepted(statement: Statement) -> set[int]:
    each = [day for day in statement.excepted if isinstance(day, Weekdays) and not day.qualifier]
    return {weekday for day in each for weekday in day.days}


def _skipped(statement: Statement, here: Here) -> tuple[date, ...]:
    named = [
        day
        for day in statement.excepted
        if not isinstance(day, Vague) and (not isinstance(day, Weekdays) or day.qualifier)
    ]
    return tuple(sorted({days.first(day, clocks.LAST_SECOND, here) for day in named}))


def _off_months(statement: Statement) -> tuple[int, ...]:
    """Return the months in which it does not come: *except in july and august*."""
    named = {month.name.removeprefix("in ") for month in statement.excepted if isinstance(month, Vague)}
    return tuple(number for number, name in enumerate(FULL_MONTHS, 1) if name in named)


def _without(rule: Recurrence, excepted: set[int], every: Every) -> Recurrence:
    if rule.unit is Unit.DAY and rule.interval == 1:
        rule = replace(rule, unit=Unit.WEEK, weekdays=_WEEK)
    if rule.unit is not Unit.WEEK or not rule.weekdays or every.ordinal:
        raise often.no_rule()
    left = tuple(day for day in rule.weekdays if day not in excepted)
    if not left:
        raise Impossible(_NO_DAY_LEFT)
    return replace(rule, weekdays=left, slots=tuple(slot for slot in rule.slots if slot[0] in left))
