"""Times of day that words mean: *at 8* in the evening is 20:00, and may be two without more."""

from datetime import time

from bot.domain.time.ambiguity import Impossible
from bot.domain.time.tokens import ClockTime, DayPart
from bot.messages.catalogue import N_

# The default time of day, and those of its parts.
MORNING = time(9)
PARTS = {"morning": MORNING, "afternoon": time(15), "evening": time(18), "night": time(20)}
# When each part ends, for reminders that repeat within it.
ENDS = {"morning": time(12), "afternoon": time(18), "evening": time(22), "night": time(6)}
LAST_MINUTE = time(23, 59)
LAST_SECOND = time(23, 59, 59)
# The hours of each part of the day, as people use the words; the night goes on after midnight.
_SPANS = {"morning": (0, 12), "afternoon": (12, 19), "evening": (16, 24), "night": (18, 30)}
TWO_TIMES = N_("“{quote}” has two times of day. Which one?")
_OFF_THE_CLOCK = N_("There's no such time as “{quote}”.")
_NOT_TONIGHT = N_("“{quote}” isn't tonight. Add the day, such as tomorrow 1:00.")
# The hours of a part that a bare number may mean, by those on a clock of twelve.
_HOURS: dict[str, dict[int, int]] = {
    "morning": {hour: hour for hour in range(1, 12)},
    "afternoon": {12: 12} | {hour: hour + 12 for hour in range(1, 8)},
    "evening": {hour: hour + 12 for hour in range(4, 12)},
    "night": {hour: hour + 12 for hour in range(6, 12)},
}


def readings(clock: ClockTime, part: DayPart | None = None) -> list[time]:
    """Return the times that a time of day may be: one, or two on a clock of twelve. Raises ``Impossible``."""
    try:
        hours = _hours(clock, part)
        times = [time(hour, clock.minute, clock.second) for hour in hours]
    except ValueError:
        raise Impossible(_OFF_THE_CLOCK) from None
    if part and part.is_today and part.name == "night" and times[0].hour < 17:
        raise Impossible(_NOT_TONIGHT)
    return times


def bound(clock: ClockTime, part: DayPart) -> ClockTime:
    """Return a time of day as its part of the day means it: *9 in the evening* is 21:00."""
    hours = _hours(clock, part) if clock.is_twelve else ()
    return ClockTime(hours[0], clock.minute, clock.second) if len(hours) == 1 else clock


def is_within(clock: time, part: DayPart) -> bool:
    """Return whether a time of day is within a part of the day, as people take it."""
    first, last = _SPANS[part.name]
    return first <= clock.hour < last or first <= clock.hour + 24 < last


def _hours(clock: ClockTime, part: DayPart | None) -> list[int]:
    if clock.half:
        if not 1 <= clock.hour <= 12:
            raise ValueError(clock.hour)
        return [clock.hour % 12 + (12 if clock.half == "p" else 0)]
    if part and part.is_today and part.name == "night" and 5 <= clock.hour < 12:
        return [clock.hour + 12]
    if part and part.name in _HOURS and clock.hour in _HOURS[part.name]:
        return [_HOURS[part.name][clock.hour]]
    if not clock.is_twelve or not 1 <= clock.hour <= 12:
        return [clock.hour]
    return [clock.hour % 12, clock.hour % 12 + 12]


def together(clocks: tuple[ClockTime, ...], part: DayPart | None) -> list[list[time]]:
    """Return the readings of several times of day; beside one of 13 to 24 all are on a clock of 24."""
    is_24 = any(not clock.half and (not clock.is_twelve or clock.hour > 12) for clock in clocks)
    lists = [readings(clock, part) for clock in clocks]
    if is_24 and len(clocks) > 1:
        return [
            [time(clock.hour, clock.minute, clock.second)] if clock.is_twelve and not clock.half else known
            for clock, known in zip(clocks, lists, strict=True)
        ]
    return lists


def of(clock: time) -> ClockTime:
    """Return the time of day as an unambiguous token."""
    return ClockTime(clock.hour, clock.minute, clock.second)
