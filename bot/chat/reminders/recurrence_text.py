"""How often a reminder repeats, for people to read; ``recurrence_parser.spoken`` writes it as they type it."""

from bot.domain.time.recurrence import Recurrence, Unit
from bot.messages.catalogue import N_, gettext, listed, ngettext
from bot.messages.dates import weekday

_WORKING_DAYS = (0, 1, 2, 3, 4)
# Each by itself, since languages have rules of their own for these.
_DAYS_OF_MONTH = (
    N_("1st"), N_("2nd"), N_("3rd"), N_("4th"), N_("5th"), N_("6th"), N_("7th"), N_("8th"), N_("9th"), N_("10th"),
    N_("11th"), N_("12th"), N_("13th"), N_("14th"), N_("15th"), N_("16th"), N_("17th"), N_("18th"), N_("19th"),
    N_("20th"), N_("21st"), N_("22nd"), N_("23rd"), N_("24th"), N_("25th"), N_("26th"), N_("27th"), N_("28th"),
    N_("29th"), N_("30th"), N_("31st"),
)  # fmt: skip


def in_words(rule: Recurrence) -> str:
    """Say how often a rule comes, without its end date: ``every 2 weeks on Monday and Friday, 5 times``."""
    if not rule.times:
        return _every(rule)
    return ngettext("{every}, {number} time", "{every}, {number} times", rule.times, every=_every(rule))


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
    if rule.weekdays == _WORKING_DAYS and rule.interval == 1:
        return gettext("every weekday")
    weekdays = listed([weekday(day) for day in rule.weekdays])
    return ngettext("every {weekdays}", "every {number} weeks on {weekdays}", rule.interval, weekdays=weekdays)


def _every_months(rule: Recurrence) -> str:
    if rule.monthday:
        day = gettext(_DAYS_OF_MONTH[rule.monthday - 1])
        return ngettext("every month on the {day}", "every {number} months on the {day}", rule.interval, day=day)
    if rule.interval % 12:
        return ngettext("every month", "every {number} months", rule.interval)
    return ngettext("every year", "every {number} years", rule.interval // 12)
