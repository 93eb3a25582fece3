"""The series that a statement means: its rule, and when it comes for the first time."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain.time import calendar_length, clocks, days, moment, recurrence, rrule, rule as rules
from bot.domain.time.ambiguity import Ambiguous, Impossible
from bot.domain.time.amounts import Amount, Length
from bot.domain.time.days import Here
from bot.domain.time.from_now import AGO
from bot.domain.time.recurrence import SELDOMEST, Recurrence, Unit
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import Date, FromNow, Relative, Weekdays
from bot.domain.time.vagueness import first_day, past_hour, period
from bot.domain.time.when import When, at
from bot.messages.catalogue import N_

LEAST = timedelta(minutes=10)
_DAY = timedelta(days=1)
_TODAY = Group((Relative(0),))
_WHICH_END = N_("“{quote}” – until it begins, or until it ends?")
_TOO_SELDOM = N_("That's too rare – every 5 years is the limit.")


def resolve(statement: Statement, here: Here) -> tuple[When, Recurrence]:
    """Return the first time of a statement that repeats, and its rule. Raises as ``moment.resolve`` does."""
    rule = rules.of(statement, here)
    if rule.interval < (LEAST // timedelta(minutes=1) if rule.unit is Unit.MINUTE else 1):
        raise Impossible(rules.TOO_OFTEN)
    if rule.interval > SELDOMEST[rule.unit]:
        raise Impossible(_TOO_SELDOM)
    if statement.times == 0:
        raise Impossible(N_("That would never come. Once is the minimum."))
    starts = _start(statement, rule, here)
    if starts.moved and not rule.clocks and rule.unit is not Unit.MINUTE:  # only on that day
        rule = replace(rule, clocks=(starts.wall.time(),))
    first_at = recurrence.first_time(rule, starts.moment, here.zone)
    rule = _ending(statement, rule, first_at, here)
    if rule.until and first_at > rule.until:
        raise Impossible(N_("That would end before it even starts."))
    if first_at - here.now > moment.HORIZON:
        raise Impossible(days.TOO_FAR)
    if len(rrule.written(rule)) > rrule.LONGEST:
        raise Impossible(rules.TOO_MUCH)
    wall = here.local(first_at)
    on_clock = starts.on_clock or not rule.is_elapsed or rule.until is not None
    moved = starts.moved if first_at == starts.moment else timedelta()
    return When(first_at, wall, moved, on_clock), rule


def _start(statement: Statement, rule: Recurrence, here: Here) -> When:
    """Return the earliest moment at which it may come; with a single time of day, one that clocks show."""
    begins = statement.since
    if begins and begins.vague:
        months = period(begins.vague.name, here)
        first = months[0] if months else first_day(begins.vague.name, here)
        begins = Statement.of(Date.of(first))
    if begins is None and (starts := rules.days_of(statement)[1]):
        begins = Statement.of(starts[0])
        if here.is_over(days.first(starts[0], clocks.LAST_SECOND, here), clocks.LAST_SECOND):
            raise Impossible(AGO)
    if statement.moment or (begins and begins.moment):
        instant = statement.moment or (begins.moment if begins else None)
        return moment.resolve(Statement(moment=instant), here)
    span = statement.span or (begins.span if begins else None)
    if span:
        return moment.resolve(Statement(span=FromNow(span.length, is_sure=True)), here)
    if rule.is_elapsed:
        return _elapsed_start(statement, begins, rule, here)
    single = _single_clock(statement, begins, rule)
    if single is None:
        now = When(here.now + timedelta(seconds=1), here.wall + timedelta(seconds=1))
        if not begins or not begins.days:
            return now
        day = days.first(begins.days[0], clocks.LAST_SECOND, here)
        return max(now, at(datetime.combine(day, time()), here), key=lambda when: when.moment)
    day = days.first(begins.days[0], single, here) if begins and begins.days else here.wall.date()
    wall = datetime.combine(day, single)
    if here.instant(wall) <= here.now:
        wall = datetime.combine(here.wall.date() if here.wall.time() < single else here.wall.date() + _DAY, single)
    return at(wall, here)


def _single_clock(statement: Statement, begins: Statement | None, rule: Recurrence) -> time | None:
    """Return the only time of day, by default in the morning; None if there are several."""
    if rule.clocks or rule.slots or rule.window:
        return None
    for group in (*statement.groups, *(begins.groups if begins else ())):
        if known := rules.clocks_of(statement, group):
            return known[0]
    return clocks.PARTS[statement.every.part] if statement.every and statement.every.part else clocks.MORNING


def _elapsed_start(statement: Statement, begins: Statement | None, rule: Recurrence, here: Here) -> When:
    if statement.vague:  # every hour on the hour
        return at(past_hour(int(statement.vague.name.removeprefix("past ")), here), here)
    named = (*statement.groups, *(begins.groups if begins else ()))
    groups = [group for group in named if group not in {Group(), _TODAY}]
    if not groups:
        after = here.now + timedelta(minutes=rule.interval)
        return When(after, here.local(after), on_clock=False)
    first = groups[0]
    if len(groups) > 1:
        first = Group(first.days or groups[1].days, first.clocks or groups[1].clocks, first.part or groups[1].part)
    try:
        return moment.resolve(Statement((first,)), here)
    except Ambiguous as ambiguous:
        each = (replace(statement, groups=(), since=start) for start in ambiguous.statements)
        raise Ambiguous(ambiguous.template, *each) from None


def _ending(statement: Statement, rule: Recurrence, first_at: datetime, here: Here) -> Recurrence:
    if statement.until:
        _ask_which_end(statement, statement.until, here)
        # "tomorrow until 5pm" ends tomorrow
        is_bare = not statement.until.days
        begun = Here(first_at, here.zone) if is_bare and (statement.days or statement.since) else here
        try:
            return replace(rule, until=_until(statement.until, begun), times=statement.times)
        except Ambiguous as ambiguous:  # until 5
            each = (replace(statement, until=end) for end in ambiguous.statements)
            raise Ambiguous(ambiguous.template, *each) from None
    if statement.lasting is None:
        return replace(rule, times=statement.times)
    if times := _counted(rule, statement.lasting):
        return replace(rule, times=times)
    calendar, passing = calendar_length.split(statement.lasting)
    try:
        end = Here(first_at, here.zone).instant(here.local(first_at) + calendar) + passing
    except (OverflowError, ValueError):
        raise Impossible(days.TOO_FAR) from None
    return replace(rule, until=end - timedelta(seconds=1))


def _counted(rule: Recurrence, lasting: Length) -> int | None:
    """Return how often it comes in a number of days or weeks, if each has the same number of times."""
    match rule.unit, rule.interval, lasting.amounts:
        case Unit.DAY, 1, (Amount(number, "d" | "w" as unit),) if number % 1 == 0:
            return int(number) * (7 if unit == "w" else 1) * max(1, len(rule.clocks))
        case Unit.WEEK, 1, (Amount(number, "w"),) if number % 1 == 0 and not rule.skipped:
            return int(number) * (len(rule.slots) or max(1, len(rule.weekdays)) * max(1, len(rule.clocks)))
    return None


def _ask_which_end(statement: Statement, end: Statement, here: Here) -> None:
    """Raise ``Ambiguous`` if it is open whether a time that lasts is in it too: *until next month*."""
    if end.vague and (limits := period(end.vague.name, here)):
        days = (day for day in (limits[0] - _DAY, limits[1]) if day >= here.wall.date())
        ends = (Statement.of(Date.of(day)) for day in days)
        raise Ambiguous(_WHICH_END, *(replace(statement, until=day) for day in ends))


def _until(end: Statement, here: Here) -> datetime:
    """Return the last moment at which it may come: a day includes all of its hours."""
    if end.span:
        return moment.resolve(Statement(span=replace(end.span, is_sure=True)), here).moment
    if end.moment or end.clocks:
        return moment.resolve(end, here).moment
    if end.vague:
        today = here.wall.date()
        day = today if end.vague.name == "day" else today + (6 - today.weekday()) * _DAY
    elif end.part:
        return moment.resolve(end, here).moment
    else:
        day = moment.resolve(end.at(clocks.of(clocks.LAST_SECOND)), here).wall.date()
        if isinstance(end.days[0], Weekdays) and day == here.wall.date():
            day += 7 * _DAY
    return here.instant(datetime.combine(day, clocks.LAST_SECOND)).astimezone(UTC)
