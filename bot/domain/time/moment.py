"""The moment that a statement means, on the wall clock of a person's zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.time import clocks
from bot.domain.time.ambiguity import ABOUT, ZONES, Ambiguous, Impossible
from bot.domain.time.day_and_clock import clock_of, day_of, with_clock
from bot.domain.time.days import TOO_FAR, Here
from bot.domain.time.from_now import beside, from_now
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import ClockTime, Date, Day, FullMoment, InZone, Relative
from bot.domain.time.when import When, at
from bot.messages.catalogue import N_
from bot.messages.dates import clock, wall_time

# Five years, two of which may be leap years.
HORIZON = timedelta(days=5 * 365 + 2)
_DAY = timedelta(days=1)
_WINDOW = N_("“{quote}” – when in that time should I remind you?")
_PASSED = N_("“{quote}” was {moment} ({zone}) – that's already over.")
_PASSED_TODAY = N_("“{quote}” was at {time} today ({zone}) – that's already over.")
_FAR = N_("“{quote}” is {moment} ({zone}) – more than 5 years away, which is my limit.")


def resolve(statement: Statement, here: Here) -> When:
    """Return the moment of a one-time statement. Raises ``Ambiguous`` and ``Impossible``."""
    when = _resolve(statement, here)
    ahead = when.moment - here.now
    if ahead <= timedelta():
        if when.wall.date() == here.wall.date():
            raise Impossible(_PASSED_TODAY, time=clock(when.wall), zone=str(here.zone))
        raise Impossible(_PASSED, moment=wall_time(when.wall), zone=str(here.zone))
    if ahead > HORIZON:
        raise Impossible(_FAR, moment=wall_time(when.wall), zone=str(here.zone))
    return when


def _resolve(statement: Statement, here: Here) -> When:
    if _is_midnight(statement):
        statement = replace(statement, groups=(Group((), (ClockTime(0),)),))
    if statement.moment:
        moment = _in_utc(statement.moment.at)
        if statement.span:
            return beside(here.local(moment), statement.span, -1 if statement.beside == "before" else 1, here)
        return When(moment, here.local(moment), on_clock=False)
    if statement.since and statement.until:
        raise Ambiguous(_WINDOW, statement.since, statement.until)
    if limit := statement.since or statement.until:
        raise Ambiguous(ABOUT, limit)
    if statement.is_about:
        raise Ambiguous(ABOUT, replace(statement, is_about=False))
    if statement.window:
        ends = (statement.window.start, statement.window.end)
        raise Ambiguous(_WINDOW, *(with_clock(statement, clock) for clock in ends))
    if statement.zone:
        return _in_zone(statement, statement.zone, here)
    if statement.span and not statement.beside:
        return from_now(statement, here)
    return _on_day(statement, here)


def _is_midnight(statement: Statement) -> bool:
    """Return whether a statement is *24:00* of no day, which is the next midnight."""
    is_alone = not (statement.days or statement.part or statement.span or statement.vague)
    return is_alone and [(clock.hour, clock.minute, clock.second) for clock in statement.clocks] == [(24, 0, 0)]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise Impossible(TOO_FAR) from None


def _in_zone(statement: Statement, zone: InZone, here: Here) -> When:
    """Take the time of day on the clocks of another zone, and the day as the person counts it."""
    moments: dict[datetime, None] = {}
    for there in zone.zones:
        clock = clock_of(statement, Here(here.now, there))
        wanted: tuple[Day, ...] = statement.days
        if wanted and isinstance(wanted[0], Relative):
            day = here.wall.date() + wanted[0].days * _DAY
            wanted = (Date.of(day),)
        group = Group(wanted, (clocks.of(clock),))
        moments[_resolve(replace(statement, zone=None, groups=(group,)), Here(here.now, there)).moment] = None
    if len(moments) > 1:
        raise Ambiguous(ZONES, *(Statement(moment=FullMoment(moment)) for moment in moments))
    [moment] = moments
    return When(moment, here.local(moment), on_clock=False)


def _on_day(statement: Statement, here: Here) -> When:
    """Resolve a day and a time of day; without a day, the next time that the clocks show it."""
    clock = clock_of(statement, here)
    day = day_of(statement, clock, here)
    wall = datetime.combine(day or here.wall.date(), clock)
    if day is None and not statement.beside and here.instant(wall) <= here.now:
        wall += _DAY
    if not statement.beside or statement.span is None:
        return at(wall, here)
    sign = -1 if statement.beside == "before" else 1
    when = beside(wall, statement.span, sign, here)
    if day is None and when.moment <= here.now:
        return beside(wall + _DAY, statement.span, sign, here)
    return when
