"""Parser of recurrences, as people write them after *every*.

    rule  =  day | weekday | mon, wed and fri | other monday | 2 weeks on mon-thu | month on the 31st | 90 minutes
    end   =  until 24 Dec   |   for 5 times

Days and longer units follow the calendar; minutes and hours are elapsed time.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.errors import BadRecurrence
from bot.domain.time import duration
from bot.domain.time.recurrence import EXAMPLE, SELDOMEST, Recurrence, Unit
from bot.messages.catalogue import N_

LEAST = timedelta(minutes=10)
# The most characters of a rule.
LONGEST = 120
_KNOWN = N_("weekday, mon and thu, 2 weeks, month on the 31st or 10 minutes")
_UNTIL = re.compile(r"(.*?),? (?:un)?till? (.+)")
_TIMES = re.compile(r"(.*?),?(?: for)? (\d{1,9}) ?(?:times?|x)")
_PERIOD = re.compile(
    r"(?:(\d{1,9})(?:st|nd|rd|th)? ?(days?|d|weeks?|w|months?|mo|years?|y)|(day|week|month|year))(?: (?:on )?(.+))?"
)
_MONTHDAY = re.compile(r"(?:the )?(?:(\d{1,9})(st|nd|rd|th)?(?: day)?|last day)( of (?:the|each|every) month)?")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GROUPS = {"weekday": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4), "weekend": (5, 6)}
_EACH, _OTHER, _A = re.compile(r"^(?:every|each) "), re.compile(r"^(?:other|second) "), re.compile(r"^an? ")
_HALF_HOUR, _BETWEEN_AMOUNTS = re.compile(r"^half (?:an )?hour$"), re.compile(r" (?:and )?")
_TO = re.compile(r" ?(?:-|\N{EN DASH}| to ) ?")
_BETWEEN_DAYS = re.compile(r"(?:[\s,&+/]|\band\b)+")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS, 1)} | {
    "first": "1st", "third": "3rd", "once": "1 time", "twice": "2 times",
    "hourly": "hour", "daily": "day", "weekly": "week", "fortnight": "2 weeks", "fortnightly": "2 weeks",
    "monthly": "month", "yearly": "year", "annually": "year",
}  # fmt: skip


def parse(text: str, read_end: Callable[[str], datetime], *, example: str = EXAMPLE) -> Recurrence:
    """Parse a recurrence, with its end if it has one.

    ``read_end`` parses the words after *until* into the last moment at which the reminder may come, aware (of a
    day, its last second), and raises a ``UserError`` of its own.
    Raises ``BadRecurrence``, with ``example``, where the words are not a rule, or one more frequent than every
    ``LEAST`` or less than every five years.
    """
    plain, until, times = _parted(text)
    end = read_end(until).astimezone(UTC).replace(microsecond=0) if until else None
    rule = _rule(plain, example) if len(plain) <= LONGEST else None
    if rule is None:
        if not plain:
            raise BadRecurrence(N_("How often it repeats is missing: {known}, for example."), example, known=_KNOWN)
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        raise BadRecurrence(
            N_("“{quote}” is no repetition I know; {known} are."), example, quote=shown, known=_KNOWN
        )
    if rule.interval < (LEAST // timedelta(minutes=1) if rule.unit is Unit.MINUTE else 1):
        raise BadRecurrence(N_("That is too often; a reminder comes every 10 minutes at most."), example)
    if rule.interval > SELDOMEST[rule.unit]:
        raise BadRecurrence(N_("That is too seldom; a reminder comes every 5 years at least."), example)
    if times == 0:
        raise BadRecurrence(N_("That is never; a reminder comes at least 1 time."), example)
    return replace(rule, until=end, times=times)


def is_meant(text: str, is_time: Callable[[str], bool]) -> bool:
    """Return whether words are meant as a rule, valid or not; its end, if any, must satisfy ``is_time``."""
    plain, until, _ = _parted(text)
    try:
        return _rule(plain, EXAMPLE) is not None and (until is None or is_time(until))
    except BadRecurrence:
        return True


def _parted(text: str) -> tuple[str, str | None, int | None]:
    """Split a rule from the words after *until*, or from its count."""
    words = [_WORDS.get(word, word) for word in text.casefold().split()]
    plain = _EACH.sub("", " ".join(words).strip(" ,."))
    if match := _UNTIL.fullmatch(plain):
        return match[1], match[2], None
    if match := _TIMES.fullmatch(plain):
        return match[1], None, int(match[2])
    return plain, None, None


def _rule(plain: str, example: str) -> Recurrence | None:
    return _on_weekdays(plain) or _on_monthday(plain, example) or _by_period(plain, example) or _by_minutes(plain)


def spoken(recurrence: Recurrence) -> str:
    """Format a rule so that ``parse`` reads it again: ``every 2 weeks on Monday and Friday, 5 times``.

    It is what one types, and so English whatever the language in use. Its end date is omitted, for the caller to
    show in the reader's zone.
    """
    count, name, on = recurrence.interval, recurrence.unit.name.lower(), ""
    if recurrence.unit is Unit.MINUTE and count % 60 == 0:
        count, name = count // 60, "hour"
    if recurrence.unit is Unit.MONTH and count % 12 == 0 and not recurrence.monthday:
        count, name = count // 12, "year"
    if recurrence.monthday:
        on = f"the {_ordinal(recurrence.monthday)}"
    if recurrence.weekdays:
        *others, last = (_NAMES[day] for day in recurrence.weekdays)
        on = f"{', '.join(others)} and {last}" if others else last
    every = name if count == 1 else f"{count} {name}s"
    if recurrence.weekdays == _GROUPS["weekday"] and count == 1:
        every, on = "weekday", ""
    elif recurrence.weekdays and count == 1:
        every, on = on, ""
    times = f", {recurrence.times} time{'s' * (recurrence.times != 1)}" if recurrence.times else ""
    return f"every {every}{f' on {on}' if on else ''}{times}"


def _on_weekdays(text: str) -> Recurrence | None:
    """Parse ``weekday``, ``mon, wed and fri``, ``mon-fri``; after ``other``, of every second week."""
    days = weekdays(text.removeprefix("other "))
    return Recurrence(Unit.WEEK, 2 if text.startswith("other ") else 1, weekdays=days) if days else None


def _on_monthday(text: str, example: str) -> Recurrence | None:
    """Parse ``31st``, ``the 15th of the month``, ``last day``; not ``15 day``, which is ambiguous."""
    match = _MONTHDAY.fullmatch(text)
    # "10th day" is a period of ten days, and a bare number may be anything.
    if match is None or (match[1] and not match[3] and (not match[2] or text.endswith("day"))):
        return None
    return Recurrence(Unit.MONTH, monthday=_monthday(match, example))


def _by_period(text: str, example: str) -> Recurrence | None:
    """Parse ``day``, ``other day``, ``2 weeks on mon and fri``, ``3 months on the 1st``, ``year``."""
    match = _PERIOD.fullmatch(_OTHER.sub("2 ", text))
    if match is None:
        return None
    count, name, on = int(match[1] or 1), (match[2] or match[3])[0], match[4]
    if name == "w" and (days := weekdays(on or "")):
        return Recurrence(Unit.WEEK, count, weekdays=days)
    if name == "m" and on and (day := _MONTHDAY.fullmatch(on)):
        return Recurrence(Unit.MONTH, count, monthday=_monthday(day, example))
    if on:
        return None
    if name == "y":
        return Recurrence(Unit.MONTH, count * 12)
    return Recurrence({"d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH}[name], count)


def _by_minutes(text: str) -> Recurrence | None:
    """Parse ``10 minutes``, ``hour``, ``2 hours and 30 minutes``, ``half an hour``, ``1h30m``: whole minutes."""
    text = _HALF_HOUR.sub("30m", f"2 {text[6:]}" if text.startswith("other ") else text)
    compact = _BETWEEN_AMOUNTS.sub("", _A.sub("", text))
    if compact.replace(":", "").replace(".", "").isdigit():  # a clock time, or a number without a unit
        return None
    length = duration.read(f"1{compact}" if compact[:1].isalpha() else compact)
    if length is None or (length > LEAST and length % timedelta(minutes=1)):
        return None
    return Recurrence(Unit.MINUTE, length // timedelta(minutes=1))


def weekdays(text: str) -> tuple[int, ...]:
    """Parse a list of weekdays and ranges of them, in any order; empty where a word is neither."""
    chosen: set[int] = set()
    if len(text) > LONGEST:
        return ()
    for word in _BETWEEN_DAYS.split(_TO.sub("-", text)):
        ends = [_weekday(end) for end in word.split("-")]
        match ends:
            case [tuple(days)]:
                chosen.update(days)
            case [(first,), (last,)]:
                chosen.update((first + step) % 7 for step in range((last - first) % 7 + 1))
            case _:
                return ()
    return tuple(sorted(chosen))


def _weekday(word: str) -> tuple[int, ...] | None:
    """Parse one weekday, in full or from its first three letters, or a word for several."""
    single = word.removesuffix("s")
    if single in _GROUPS:
        return _GROUPS[single]
    fits = [day for day, name in enumerate(_NAMES) if len(single) >= 3 and name.casefold().startswith(single)]
    return tuple(fits) or None


def _monthday(match: re.Match[str], example: str) -> int:
    """Return the day of a ``_MONTHDAY`` match; the last day is the 31st, wherever a month ends."""
    day = int(match[1] or 31)
    if not 1 <= day <= 31:
        raise BadRecurrence(N_("No month has that day; the 1st to the 31st are."), example)
    return day


def _ordinal(number: int) -> str:
    return f"{number}{'th' if 11 <= number <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
