"""How often a reminder repeats, in one plain sentence that can be typed again with the same meaning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.time.recurrence import WORKING_DAY, Recurrence, Unit
from bot.messages.catalogue import N_, as_typed, gettext, listed, ngettext
from bot.messages.dates import clock as clock_of, month, weekday

_WORKING_DAYS, _WEEK = (0, 1, 2, 3, 4), range(7)
_ALL_DAY = (time(0), time(23, 59))
# Each by itself, since languages have rules of their own for these.
_DAYS_OF_MONTH = (
    N_("1st"), N_("2nd"), N_("3rd"), N_("4th"), N_("5th"), N_("6th"), N_("7th"), N_("8th"), N_("9th"), N_("10th"),
    N_("11th"), N_("12th"), N_("13th"), N_("14th"), N_("15th"), N_("16th"), N_("17th"), N_("18th"), N_("19th"),
    N_("20th"), N_("21st"), N_("22nd"), N_("23rd"), N_("24th"), N_("25th"), N_("26th"), N_("27th"), N_("28th"),
    N_("29th"), N_("30th"), N_("31st"),
)  # fmt: skip
_POSITIONS = {1: N_("1st"), 2: N_("2nd"), 3: N_("3rd"), 4: N_("4th"), 5: N_("5th"), -1: N_("last")}


def in_words(rule: Recurrence, clock: time | None = None) -> str:
    """Say how often a rule comes, without its end date: ``every 2 weeks on Monday at 9:00, 5 times``.

    ``clock`` is the time of day of its first time, given if all its times have it.
    """
    sentence = _every(rule)
    if rule.window and rule.window != _ALL_DAY:
        first, last = map(_clock, rule.window)
        sentence = gettext("{every} from {first} to {last}", every=sentence, first=first, last=last)
    if rule.unit is Unit.MINUTE and rule.weekdays:
        sentence = gettext("{every} on {weekdays}", every=sentence, weekdays=_weekdays(rule.weekdays))
    if not rule.slots and rule.unit is not Unit.MINUTE and (clocks := rule.clocks or ((clock,) if clock else ())):
        sentence = gettext("{every} at {times}", every=sentence, times=listed([_clock(at) for at in clocks]))
    off = [*map(_date, rule.skipped), *(gettext("in {month}", month=month(number)) for number in rule.off_months)]
    if off:
        sentence = gettext("{every} except {days}", every=sentence, days=listed(off))
    if not rule.times:
        return sentence
    return ngettext("{every}, {number} time", "{every}, {number} times", rule.times, every=sentence)


def spoken(rule: Recurrence, zone: ZoneInfo | None = None, clock: time | None = None) -> str:
    """Say a rule as one types it, in English whatever the language; with a zone, until when too, on its clocks."""
    with as_typed():
        sentence = in_words(replace(rule, times=None) if rule.until else rule, clock)
    if not rule.until or zone is None:
        return sentence
    until = rule.until.astimezone(zone)
    # The offset shows that the time belongs to the end.
    is_whole_day = until.time() == time(23, 59, 59)
    return f"{sentence} until {until.date() if is_whole_day else until.isoformat(' ')}"


def _every(rule: Recurrence) -> str:
    match rule.unit:
        case Unit.MINUTE:
            return _every_minutes(rule.interval)
        case Unit.DAY:
            return ngettext("every day", "every {number} days", rule.interval)
        case Unit.WEEK:
            return _every_weeks(rule)
        case Unit.MONTH:
            return _every_months(rule)


def _every_minutes(interval: int) -> str:
    if interval % 60:
        return ngettext("every minute", "every {number} minutes", interval)
    return ngettext("every hour", "every {number} hours", interval // 60)


def _every_weeks(rule: Recurrence) -> str:
    if not rule.weekdays:
        return ngettext("every week", "every {number} weeks", rule.interval)
    if rule.interval == 2 and len(rule.weekdays) == 1 and not rule.slots:
        return gettext("every other {weekday}", weekday=weekday(rule.weekdays[0]))
    if rule.slots:
        weekdays = _slots(rule)
    elif rule.interval == 1 and rule.weekdays == _WORKING_DAYS:
        return gettext("every weekday")
    elif rule.interval == 1 and len(rule.weekdays) == 6:
        [missing] = set(_WEEK) - set(rule.weekdays)
        return gettext("every day except {weekday}", weekday=weekday(missing))
    else:
        weekdays = listed([weekday(day) for day in rule.weekdays])
    return ngettext("every {weekdays}", "every {number} weeks on {weekdays}", rule.interval, weekdays=weekdays)


def _slots(rule: Recurrence) -> str:
    """Say weekdays with the same times together: *Monday to Thursday at 9:00 and Friday at 10:00*."""
    by_times: dict[tuple[time, ...], list[int]] = {}
    for day in rule.weekdays:
        by_times.setdefault(tuple(clock for wanted, clock in rule.slots if wanted == day), []).append(day)
    return listed(
        [
            gettext("{weekday} at {times}", weekday=_run(days), times=listed([_clock(clock) for clock in times]))
            for times, days in by_times.items()
        ]
    )


def _run(days: Sequence[int]) -> str:
    first, last = days[0], days[-1]
    if last - first < 2 or len(days) <= last - first:
        return listed([weekday(day) for day in days])
    return gettext("{first} to {last}", first=weekday(first), last=weekday(last))


def _every_months(rule: Recurrence) -> str:
    interval = rule.interval
    if rule.month:
        months = month(rule.month)
        if rule.positions:
            day = _positions(rule)
            return ngettext(
                "every year on the {day} of {month}", "every {number} years on the {day} of {month}", interval //
                12, day=day, month=months,
            )  # fmt: skip
        day = listed([str(number) for number in rule.monthdays])
        return ngettext(
            "every year on {day} {month}",
            "every {number} years on {day} {month}",
            interval // 12,
            day=day,
            month=months,
        )
    if rule.positions or rule.monthdays:
        day = (
            _positions(rule) if rule.positions else listed([gettext(_DAYS_OF_MONTH[n - 1]) for n in rule.monthdays])
        )
        return ngettext("every month on the {day}", "every {number} months on the {day}", interval, day=day)
    if interval % 12:
        return ngettext("every month", "every {number} months", interval)
    return ngettext("every year", "every {number} years", interval // 12)


def _positions(rule: Recurrence) -> str:
    named = [listed([gettext(_POSITIONS[position]) for position in rule.positions])]
    return listed(
        [
            gettext("{positions} {weekday}", positions=positions, weekday=_weekday(day))
            for positions in named
            for day in rule.weekdays
        ]
    )


def _weekday(day: int) -> str:
    return gettext("working day") if day == WORKING_DAY else weekday(day)


def _weekdays(days: Sequence[int]) -> str:
    if tuple(days) == _WORKING_DAYS:
        return gettext("weekdays")
    return listed([weekday(day) for day in days])


def _clock(at: time) -> str:
    return f"{clock_of(at)}:{at:%S}" if at.second else clock_of(at)


def _date(day: date | datetime) -> str:
    return gettext("{day} {month} {year}", day=day.day, month=month(day.month), year=day.year)
