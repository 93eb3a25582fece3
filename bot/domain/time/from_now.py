"""Moments by a length: *in 20m*, *friday in two weeks*, *2 days before 24 dec*."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.domain.time import days
from bot.domain.time.ambiguity import Ambiguous, Impossible
from bot.domain.time.calendar_length import plus, split
from bot.domain.time.day_and_clock import clock_of
from bot.domain.time.days import Here
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import FromNow, Weekdays
from bot.domain.time.when import When, at, exact
from bot.messages.catalogue import N_

AGO = N_("“{quote}” is already over. When should I remind you instead?")
_WEEKS = N_("“{quote}” – this week or the next?")
_NOT_TODAY = N_("“{quote}” isn't today. Which did you mean?")
_DAY = timedelta(days=1)


def from_now(statement: Statement, here: Here) -> When:
    """Resolve *in 20m*, *in 3 days at 9am* and *friday in two weeks*."""
    span = statement.span
    if span is None:
        raise ValueError(statement)
    calendar, passing = split(span.length)
    if span.is_ago:
        raise Impossible(AGO)
    wall = plus(here.wall, calendar)
    if statement.days and isinstance(statement.days[0], Weekdays):
        if not span.is_sure:
            return _week_on(statement, statement.days[0], calendar, wall.date(), here)
        return _weekday_in(statement, statement.days[0], wall.date(), here)
    if statement.clocks or statement.part:
        return at(datetime.combine(wall, clock_of(statement, here)), here)
    if not passing:
        return at(wall, here)
    moment = plus(here.instant(wall) if calendar else here.now, passing).replace(microsecond=0)
    if statement.days and here.local(moment).date() != here.wall.date():  # today in 20 hours
        raise Impossible(_NOT_TODAY)
    return When(moment, here.local(moment), on_clock=False)


def _week_on(statement: Statement, weekday: Weekdays, length: relativedelta, about: date, here: Here) -> When:
    """Take *a week on monday* as a week after the next Monday, if that is also the first Monday in a week."""
    clock = clock_of(statement, here)
    after = days.first(weekday, clock, here) + length
    within = about + (weekday.days[0] - about.weekday()) % 7 * _DAY
    if after == within:
        return at(datetime.combine(after, clock), here)
    raise Ambiguous(_WEEKS, *(exact(datetime.combine(day, clock)) for day in (after, within)))


def _weekday_in(statement: Statement, weekday: Weekdays, about: date, here: Here) -> When:
    """Take the weekday of *in two weeks*: where that falls on another, the one before or the one after."""
    clock = clock_of(statement, here)
    after = about + (weekday.days[0] - about.weekday()) % 7 * _DAY
    if after == about:
        return at(datetime.combine(about, clock), here)
    both = (after - 7 * _DAY, after)
    raise Ambiguous(_WEEKS, *(exact(datetime.combine(day, clock)) for day in both))


def beside(wall: datetime, span: FromNow, sign: int, here: Here) -> When:
    """Return the moment that lies a length after (1) or before (-1) a wall-clock time."""
    calendar, passing = split(span.length)
    if not passing:
        return at(plus(wall, calendar * sign), here)
    moment = here.instant(plus(wall, calendar * sign)) + passing * sign
    return When(moment.replace(microsecond=0), here.local(moment))
