"""When something begins or ends: the day, the time of day, or both behind *from* and *until*."""

from collections.abc import Sequence

from bot.domain.time.completeness import is_day_value
from bot.domain.time.recurrence import Unit
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    Day,
    DayPart,
    Every,
    FromNow,
    FullMoment,
    Joiner,
    Often,
    Relative,
    Vague,
    Value,
    Weekdays,
)


def read(values: Sequence[Value], at: int) -> tuple[Statement | None, int]:
    """Return the point that begins at a place among values, if one does, and where it ends."""
    ahead = [*values[at:], None, None]
    if single := _single(ahead[0]):
        return single, at + 1
    named: list[Day] = []
    used = 0
    while is_day_value(day := ahead[used]) and len(named) < 2:
        named.append(day)  # type: ignore[arg-type]
        used += 1
        if isinstance(day, Weekdays) and isinstance(ahead[used], Joiner) and isinstance(ahead[used + 1], Date):
            used += 1
    clock, day = ahead[used], ahead[used + 1]
    if isinstance(clock, ClockTime) and not named:  # until 3 tomorrow
        match day:
            case Relative() | Date() | Weekdays(is_plural=False):
                return Statement.of(day, clock=clock), at + 2
    if isinstance(clock, ClockTime) and (
        not named or _is_of_point([*values[: at + used], *values[at + used + 1 :]])
    ):
        return Statement.of(*named, clock=clock), at + used + 1
    return (Statement.of(*named) if named else None), at + used


def _single(value: object) -> Statement | None:
    match value:
        case FullMoment():
            return Statement(moment=value)
        case FromNow():
            return Statement(span=value)
        case Vague("day" | "week" | "next week" | "next month") | Vague(is_month=True):
            return Statement(vague=value)
        case DayPart(is_today=True):
            return Statement((Group((), (), value),))
    return None


def _is_of_point(others: Sequence[Value]) -> bool:
    """Whether the time of day behind *until 24 dec* belongs to the end, and not to all its times."""
    if not any(isinstance(value, Every | Often) for value in others):  # from friday 5pm
        return True
    is_by_minutes = any(isinstance(value, Every) and value.unit is Unit.MINUTE for value in others)
    return is_by_minutes or any(isinstance(value, ClockTime | DayPart) for value in others)
