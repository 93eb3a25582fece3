"""Appointments: how people word when a reminder should come, and what they mean."""

import itertools
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
# Which of a month's weekdays, and the words for it.
_OF_MONTH = {
    "first monday of the month": (frozenset({0}), 0),
    "last friday of the month": (frozenset({4}), -1),
}
# On which day of each month, and how that is said.
_MONTHLY = {"month on the 31st": 31, "month on the 1st": 1}
# Every so many days from the first on, and how that is said.
_EVERY = {"2 days": 2, "3 days": 3, "2 weeks": 14, "3 weeks": 21}
_WORKING_DAY = "last working day of the month"
# Several times a day or a week: the weekdays and hours.
_TWICE = {
    "day at 8:00 and 20:00": ((_ALL, time(8)), (_ALL, time(20))),
    "mon at 8:00 and wed at 9:30": ((frozenset({0}), time(8)), (frozenset({2}), time(9, 30))),
    "hour from 9 to 17 on weekdays": tuple((_WEEKDAYS, time(hour)) for hour in range(9, 18)),
}
# For how many seconds the times of what repeats are known after all has ended: they are shown.
_AHEAD = 200 * 86_400.0
# How often something repeats by the hours that have gone by rather than by the calendar, and a few times only.
_BY_SPAN, _FEW = 0.45, 0.5
# How often a day is left out of what repeats for ever, and how often that has an end.
_SKIPS, _ENDS = 0.4, 0.3
# How often it is about to come the first time.
_TODAY = 0.4
# Minutes until what is to come today, soon or later.
_SOON, _LATER = (3, 50), (50, 600)


@dataclass(frozen=True, slots=True)
class Appointment:
    """The wording, with a place for the text, and the Unix times that it means, or may mean."""

    words: str
    moments: tuple[float, ...]
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """The wording, with a place for the text, the seconds between two times, and the number of times."""

    words: str
    seconds: float
    times: int | None = None


def on_a_day(way: str, now: float, zone: ZoneInfo, chance: random.Random) -> Appointment:
    """Word a time of day: ``at`` it, ``tomorrow``, or so that the bot must ask (``asked``)."""
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
    """Word a repetition."""
    times = chance.randint(2, 4) if chance.random() < _FEW else None
    few = f" {times} times" if times else ""
    if chance.random() < _BY_SPAN:
        minutes = chance.choice(_MINUTES)
        return Interval(f"every {minutes} minutes{few} {{}}", minutes * 60.0, times)
    at = time(chance.randint(6, 22), chance.choice((0, 15, 30, 45)))
    if chance.random() < _TODAY:
        soon = datetime.fromtimestamp(now, zone) + timedelta(minutes=chance.randint(*_SOON))
        at = time(soon.hour, soon.minute // 5 * 5)
    rule = chance.choice((*_DAYS, *_MONTHLY, *_MONTHLY, *_OF_MONTH, *_OF_MONTH, *_TWICE, *_EVERY, _WORKING_DAY))
    until += _AHEAD
    if rule in _TWICE:
        each = [calendar.daily(now, until, hour, zone, weekdays) for weekdays, hour in _TWICE[rule]]
        return Appointment(f"every {rule}{few} {{}}", tuple(sorted(itertools.chain(*each))[:times]))
    moments = _moments(rule, now, until, at, zone)
    spelt = f"every {rule} {spelling.of(at, chance)}"
    if times or len(moments) < 3:
        return Appointment(f"{spelt}{few} {{}}", tuple(moments[:times]))
    dice = chance.random()
    if dice < _SKIPS and "except" not in rule:
        left_out = datetime.fromtimestamp(moments[1], zone)
        return Appointment(f"{spelt} except {left_out.day} {left_out:%b} {{}}", (moments[0], *moments[2:]))
    if dice < _SKIPS + _ENDS:
        last = chance.randint(1, 2)
        end = datetime.fromtimestamp(moments[last], zone)
        return Appointment(f"{spelt} until {end.day} {end:%b} {{}}", tuple(moments[: last + 1]))
    return Appointment(f"{spelt} {{}}", tuple(moments))


def _moments(rule: str, now: float, until: float, at: time, zone: ZoneInfo) -> list[float]:
    """Return the moments of a rule that has one time of day."""
    if rule in _DAYS:
        return calendar.daily(now, until, at, zone, _DAYS[rule])
    if rule in _EVERY:
        return calendar.apart(now, until, at, zone, _EVERY[rule])
    if rule == _WORKING_DAY:
        return calendar.of_month(now, until, at, zone, _WEEKDAYS, -1)
    if rule in _MONTHLY:
        return calendar.monthly(now, until, at, zone, _MONTHLY[rule])
    return calendar.of_month(now, until, at, zone, *_OF_MONTH[rule])


def is_unclear(moment: float, zone: ZoneInfo) -> bool:
    """Return whether the clocks change around that moment, so that the bot must ask which one is meant."""
    around = [datetime.fromtimestamp(moment + offset, UTC).astimezone(zone).utcoffset() for offset in (-7200, 7200)]
    return around[0] != around[1]
