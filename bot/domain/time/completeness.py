"""Checks whether the parts of a statement about time fit together, and are enough to be about time."""

from dataclasses import replace

from bot.domain.time import amounts
from bot.domain.time.recurrence import Unit
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import (
    NOW,
    ClockTime,
    Date,
    Dates,
    Day,
    DayPart,
    Every,
    FromNow,
    FullMoment,
    Marker,
    MonthDays,
    NthWeekdays,
    Relative,
    Slashed,
    Vague,
    Weekdays,
)

_CALENDAR = frozenset({"y", "mo", "w", "d"})
_ONE_DAY = FromNow(amounts.length((1, "d")))
# Words between a length and the point that it counts from.
BESIDE = frozenset({"from", "after", "before"})
_NEXT = {"next week": "w", "next month": "mo", "next year": "y"}
_REPEATING = frozenset({"biweekly", "bimonthly"})


def is_day_value(value: object) -> bool:
    """Return whether a value is a day."""
    return isinstance(value, Relative | Weekdays | Date | Slashed | MonthDays | NthWeekdays)


def may_be_excepted(value: object) -> bool:
    """Return whether a value may be an exception of what repeats: a day, or a month."""
    return is_day_value(value) or isinstance(value, Dates) or (isinstance(value, Vague) and value.is_month)


def days_within(dates: Dates) -> list[Day]:
    """Return the days from one to another of a month, or just those that are named: *24 and 25 dec*."""
    first, last = dates.first, dates.last
    if dates.named or first.month != last.month:
        return [*(dates.named or (first, last))]
    return [replace(first, day=day) for day in range(first.day, last.day + 1)]


def settled(made: Statement) -> Statement:
    """Return a statement with what its words leave out."""
    return _of_each_month(_in_so_long(made))


def _of_each_month(made: Statement) -> Statement:
    """Let several days of a month be meant of each: *on the 1st and 15th*."""
    named = [day for day in made.days if isinstance(day, MonthDays) and not day.of.qualifier]
    if made.every or not (len(named) == len(made.days) > 1 and named[0].is_led):
        return made
    return replace(made, every=Every(Unit.MONTH))


def is_said_again(every: Every, known: Every) -> bool:
    """Return whether *every* adds nothing: *every mon and every wed*, *every 2 hours from 9 to 5 every day*."""
    return (every == Every() and known.unit is not Unit.DAY) or (
        every == Every(Unit.DAY) and known.unit is Unit.MINUTE
    )


def is_before_a_clock(value: object) -> bool:
    """Return whether a bare number behind a value may be a time of day."""
    return (
        isinstance(value, DayPart) or is_day_value(value) or (isinstance(value, Every) and value.unit is not None)
    )


def is_by_days(span: FromNow) -> bool:
    """Return whether a length has only days, weeks, months and years."""
    return all(amount.unit in _CALENDAR for amount in span.length.amounts)


def are_one_day(*days: Day) -> bool:
    """Return whether a weekday and a date may name the same day: *friday 8pm 4 dec*."""
    kinds = [isinstance(day, Weekdays) for day in days]
    return sorted(kinds) == [False, True] and not any(isinstance(day, Relative | NthWeekdays) for day in days)


def are_weekdays(*days: Day) -> bool:
    """Return whether days are single weekdays, which are once or each week: *mon, wed and fri*."""
    return all(isinstance(day, Weekdays) and len(day.days) == 1 and not day.is_plural for day in days)


def is_by_weeks(span: FromNow) -> bool:
    """Return whether it is a number of weeks, without *in* or *ago*."""
    return not (span.is_sure or span.is_ago) and {amount.unit for amount in span.length.amounts} == {"w"}


def beside(before: object, name: str, after: object) -> dict[str, object]:
    """Return what *2 days before*, *the evening before* and *the monday before* say, by what follows."""
    way = "before" if name == "before" else "after"
    match before:
        case FromNow(is_sure=False) if _is_point_of(before, after):
            return {"beside": way}
        case DayPart() if way == name and is_day_value(after):
            return {"span": _ONE_DAY, "beside": way}
        case Weekdays((_,), "", is_plural=False) if way == name and isinstance(after, Date | Slashed | MonthDays):
            return {"beside": way}
    return {}


def _is_point_of(span: FromNow, after: object) -> bool:
    """Return whether what follows *2 days before* says from when these count: a day, or for hours a time of day."""
    has_days = any(amount.unit in _CALENDAR for amount in span.length.amounts)
    is_time = isinstance(after, DayPart | FullMoment | Marker) or (isinstance(after, ClockTime) and not has_days)
    return is_time or is_day_value(after)


def _in_so_long(made: Statement) -> Statement:
    """Let *this time next week* be in a week."""
    unit = _NEXT.get(made.vague.name) if made.vague else None
    if unit is None or made.part is None or made.part.name != NOW or made.days or made.clocks:
        return made
    return replace(made, groups=(), vague=None, span=FromNow(amounts.length((1, unit)), is_sure=True))


def repeats(made: Statement) -> bool:
    """Return whether something repeats, by any of its words."""
    by_itself = made.every or made.often or (made.vague and made.vague.name in _REPEATING)
    return bool(by_itself or (made.part and made.part.is_plural) or any(map(_is_each, made.days)))


def _is_each(day: Day) -> bool:
    if isinstance(day, MonthDays | NthWeekdays):
        return day.of.qualifier == "every"
    return isinstance(day, Weekdays) and day.is_plural


def in_year(group: Group, year: int) -> Group:
    """Return a date with the year behind its time of day: *Dec 1 18:00:00 2026*."""
    dated = [day for day in group.days if isinstance(day, Date) and day == Date(day.day, day.month)]
    if len(dated) != 1:
        return group
    others = (day for day in group.days if not isinstance(day, Date))
    return replace(group, days=(*others, replace(dated[0], year=year)))


def is_whole(made: Statement, *, is_alone: bool) -> bool:
    """Return whether the parts fit together, and are enough to be about time.

    ``is_alone``: no text stands beside it that an everyday word such as *sat* could belong to.
    """
    if made.repeats:
        return _is_series(made)
    if made.moment:
        is_beside = bool(made.span) is bool(made.beside)
        return is_beside and made == Statement(moment=made.moment, span=made.span, beside=made.beside)
    if made.since or made.until:
        return made == Statement(since=made.since, until=made.until)
    if made.lasting or made.times is not None or made.excepted:
        return False
    if len(made.groups) > 1 or len(made.clocks) > 1 or (made.zone and not made.clocks):
        return False
    return _is_moment(made, is_alone=is_alone)


def _is_series(made: Statement) -> bool:
    every = made.every or Every()
    has_own_time = bool(made.clocks or made.part or made.days)
    # in 2h daily stand-up
    is_with_span = bool(made.span) and bool(made.clocks or made.part or every.is_adverb)
    is_empty = every == Every() and not (has_own_time or made.often or made.vague)
    is_without_its_day = bool(every.ordinal) and not any(isinstance(day, Weekdays) for day in made.days)
    is_counted_twice = sum(end is not None for end in (made.lasting, made.times, made.until)) > 1
    is_now = any(group.part and group.part.name == NOW for group in made.groups)
    named = [weekday for day in made.days if isinstance(day, Weekdays) for weekday in day.days]
    is_by_times = len(made.groups) > 1 and all(group.clocks for group in made.groups)
    is_twice = len(set(named)) < len(named) and len({*made.days}) > 1 and not is_by_times  # every monday … weekdays
    wrong = (is_twice, is_now, made.beside, is_with_span, is_empty, is_without_its_day, is_counted_twice)
    return not any(wrong)


def _is_moment(made: Statement, *, is_alone: bool) -> bool:
    days, clocks, part = made.days, made.clocks, made.part
    if part and ((part.is_today and days not in ((), (Relative(0),))) or not _is_in_place(part, made)):
        return False
    if made.window:
        is_clear = bool(days or part) or not (made.window.start.is_twelve or made.window.end.is_twelve)
        return not clocks and not made.span and is_clear
    if made.span:
        return not made.vague and _is_span(made, made.span)
    if made.vague:
        return True
    if not days:
        return bool(clocks) or (part is not None and (is_alone or _is_by_itself(part)))
    return _are_days(days) and (is_alone or bool(clocks or part) or len(days) > 1 or not _is_weak(days[0]))


def _is_in_place(part: DayPart, made: Statement) -> bool:
    """Return whether *this time* has a day, and no other time of day."""
    return part.name != NOW or (bool(made.days or made.vague) and not made.clocks)


def _is_by_itself(part: DayPart) -> bool:
    return part.is_today or not part.is_bare


def _are_days(days: tuple[Day, ...]) -> bool:
    """Return whether days name one, or several to ask about."""
    are_weekdays = all(isinstance(day, Weekdays) for day in days)
    are_two = len(days) == 2 and any(isinstance(day, Weekdays) for day in days)
    return (len(days) == 1 or are_weekdays or are_two) and all(map(_is_single, days))


def _is_single(day: Day) -> bool:
    if isinstance(day, NthWeekdays):
        return bool(day.of.qualifier)
    return not isinstance(day, Weekdays) or len(day.days) == 1 or day.is_plural


def _is_weak(day: Day) -> bool:
    """Return whether a day may be a word of the text: *sat*, *2nd*, *christmas*."""
    match day:
        case Weekdays(is_short=is_word) | MonthDays(is_bare=is_word) | Date(is_named=is_word):
            return is_word
    return False


def _is_span(made: Statement, span: FromNow) -> bool:
    is_calendar = is_by_days(span)
    if made.beside:
        return bool(made.days or made.clocks)
    if made.days == (Relative(0),) and not is_calendar:  # today in one hour
        return span.is_sure and not (made.clocks or made.part)
    if made.days:
        is_known = span.is_sure or {amount.unit for amount in span.length.amounts} == {"w"}  # a week on monday
        return is_calendar and is_known and len(made.days) == 1 and isinstance(made.days[0], Weekdays)
    if made.clocks or made.part:
        return is_calendar and not span.is_ago
    return span.is_sure or not span.length.is_vague or span.length.amounts[0].unit == "h"
