"""Appointments: how people say when a reminder is to come, and what they mean by it."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.universe import calendar, spelling

_ALL, _WEEKDAYS = frozenset(range(7)), frozenset(range(5))
_DAYS = {
    "day": _ALL,
    "day except sunday": _ALL - {6},
    "day except wed and sat": _ALL - {2, 5},
    "weekday": _WEEKDAYS,
    "mon and thu": frozenset({0, 3}),
    "sat": frozenset({5}),
}
_MINUTES = (15, 15, 20, 30, 90)
# How often something repeats by the hours that have gone by rather than by the calendar, and a few times only.
_BY_SPAN, _FEW = 0.6, 0.5
# How often a day is left out of what repeats for ever.
_SKIPS = 0.5
# Minutes until what is to come today, soon or later.
_SOON, _LATER = (3, 50), (50, 600)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is said, with a place for the text, and the Unix times that are meant, or between which is asked."""

    words: str
    moments: tuple[float, ...]
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """What is said, with a place for the text, and the seconds from one time to the next, so many times in all."""

    words: str
    seconds: float
    times: int | None = None


def on_a_day(way: str, now: float, zone: ZoneInfo, chance: random.Random) -> Appointment:
    """Say a time of day: ``at`` it, ``tomorrow``, or so that must be ``asked`` which is meant."""
    here = datetime.fromtimestamp(now, zone)
    following = here.date() + timedelta(days=1)
    if way == "asked":
        moments = tuple(calendar.instant(following, time(hour), zone) for hour in (9, 21))
        return Appointment("tomorrow at 9 {}", moments, is_asked=True)
    if way == "tomorrow":
        at = time(chance.randint(0, 23), chance.randrange(0, 60, 5))
        return Appointment(f"tomorrow {spelling.of(at, chance)} {{}}", (calendar.instant(following, at, zone),))
    soon = here + timedelta(minutes=chance.randint(*chance.choice((_SOON, _SOON, _LATER))))
    at = time(soon.hour, soon.minute // 5 * 5)
    return Appointment(f"at {spelling.of(at, chance)} {{}}", (calendar.next_time(now, at, zone),))


def again(now: float, until: float, zone: ZoneInfo, chance: random.Random) -> Appointment | Interval:
    """Say that something repeats."""
    times = chance.randint(2, 4) if chance.random() < _FEW else None
    few = f" {times} times" if times else ""
    if chance.random() < _BY_SPAN:
        minutes = chance.choice(_MINUTES)
        return Interval(f"every {minutes} minutes{few} {{}}", minutes * 60.0, times)
    at = time(chance.randint(6, 22), chance.choice((0, 15, 30, 45)))
    rule = chance.choice((*_DAYS, "month on the 31st"))
    if rule in _DAYS:
        moments = calendar.daily(now, until, at, zone, _DAYS[rule])
    else:
        moments = calendar.monthly(now, until, at, zone, 31)
    if not times and len(moments) > 2 and chance.random() < _SKIPS:
        left_out = datetime.fromtimestamp(moments[1], zone)
        words = f"every {rule} {spelling.of(at, chance)} except {left_out.day} {left_out:%b} {{}}"
        return Appointment(words, (moments[0], *moments[2:]))
    return Appointment(f"every {rule} {spelling.of(at, chance)}{few} {{}}", tuple(moments[:times]))


def is_unclear(moment: float, zone: ZoneInfo) -> bool:
    """Tell whether the clocks change about that moment: it is asked, not guessed, which of two is meant."""
    around = [datetime.fromtimestamp(moment + offset, UTC).astimezone(zone).utcoffset() for offset in (-7200, 7200)]
    return around[0] != around[1]
