"""The words for how a reminder repeats, as people say them after *every*.

    rule  =  day | weekday | mon, wed and fri | other monday | 2 weeks on mon-thu | month on the 31st | 90 minutes
    end   =  until 24 Dec   |   for 5 times

Days and longer follow the calendar; minutes and hours are time that passes.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import duration
from bot.domain.errors import BadRecurrence
from bot.domain.recurrence import EXAMPLE, Recurrence, Unit

LEAST = timedelta(minutes=10)
# Five years of each, which is as far ahead as reminders reach.
_MOST = {Unit.MINUTE: 1826 * 1440, Unit.DAY: 1826, Unit.WEEK: 260, Unit.MONTH: 60}
_KNOWN = "weekday, mon and thu, 2 weeks, month on the 31st or 10 minutes"
_UNTIL = re.compile(r"(.*?),? (?:un)?till? (.+)")
_TIMES = re.compile(r"(.*?),?(?: for)? (\d{1,9}) ?(?:times?|x)")
_PERIOD = re.compile(
    r"(?:(\d{1,9})(?:st|nd|rd|th)? ?(days?|d|weeks?|w|months?|mo|years?|y)|(day|week|month|year))(?: (?:on )?(.+))?"
)
_MONTHDAY = re.compile(r"(?:the )?(?:(\d{1,9})(st|nd|rd|th)?(?: day)?|last day)( of (?:the|each|every) month)?")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GROUPS = {"weekday": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4), "weekend": (5, 6)}
_BETWEEN_DAYS = re.compile(r"(?:[\s,&+/]|\band\b)+")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS, 1)} | {
    "first": "1st", "third": "3rd", "once": "1 time", "twice": "2 times",
    "hourly": "hour", "daily": "day", "weekly": "week", "fortnight": "2 weeks", "fortnightly": "2 weeks",
    "monthly": "month", "yearly": "year", "annually": "year",
}  # fmt: skip


def parse(text: str, read_end: Callable[[str], datetime], *, example: str = EXAMPLE) -> Recurrence:
    """Read how a reminder repeats, with its end if it has one.

    ``read_end`` reads the words after *until*: it gives the last moment at which the reminder may still come,
    aware (of a day, its last second), and raises a refusal of its own where it cannot.
    Raises ``BadRecurrence``, with ``example`` shown, where the words are no rule, or one that comes more often than
    every ``LEAST`` or less often than every five years.
    """
    plain, until, times = _parted(text)
    end = read_end(until).astimezone(UTC).replace(microsecond=0) if until else None
    rule = _rule(plain, example)
    if rule is None:
        if not plain:
            raise BadRecurrence(f"How often it repeats is missing: {_KNOWN}, for example.", example)
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        raise BadRecurrence(f"“{{}}” is no repetition I know; {_KNOWN} are.", example, shown)
    if rule.interval < (LEAST // timedelta(minutes=1) if rule.unit is Unit.MINUTE else 1):
        raise BadRecurrence("That is too often; a reminder comes every 10 minutes at most.", example)
    if rule.interval > _MOST[rule.unit]:
        raise BadRecurrence("That is too seldom; a reminder comes every 5 years at least.", example)
    if times == 0:
        raise BadRecurrence("That is never; a reminder comes at least 1 time.", example)
    return replace(rule, until=end, times=times)


def is_meant(text: str, is_time: Callable[[str], bool]) -> bool:
    """Tell whether words are meant as a rule, right or wrong, with an end that ``is_time`` knows, if it has one."""
    plain, until, _ = _parted(text)
    try:
        return _rule(plain, EXAMPLE) is not None and (until is None or is_time(until))
    except BadRecurrence:
        return True


def _parted(text: str) -> tuple[str, str | None, int | None]:
    """Part a rule from the words after *until*, or from how often it comes."""
    words = [_WORDS.get(word, word) for word in text.casefold().split()]
    plain = re.sub(r"^(?:every|each) ", "", " ".join(words).strip(" ,."))
    if match := _UNTIL.fullmatch(plain):
        return match[1], match[2], None
    if match := _TIMES.fullmatch(plain):
        return match[1], None, int(match[2])
    return plain, None, None


def _rule(plain: str, example: str) -> Recurrence | None:
    return _on_weekdays(plain) or _on_monthday(plain, example) or _by_period(plain, example) or _by_minutes(plain)


def spoken(recurrence: Recurrence) -> str:
    """Say a rule in words that ``parse`` reads again: ``every 2 weeks on Monday and Friday, 5 times``.

    Its end date is left out, for whoever shows it to write in the reader's zone.
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
    """Read ``weekday``, ``mon, wed and fri``, ``mon-fri``; after ``other``, of each second week."""
    days = weekdays(text.removeprefix("other "))
    return Recurrence(Unit.WEEK, 2 if text.startswith("other ") else 1, weekdays=days) if days else None


def _on_monthday(text: str, example: str) -> Recurrence | None:
    """Read ``31st``, ``the 15th of the month``, ``last day``; not ``15 day``, which lacks a word to tell it by."""
    match = _MONTHDAY.fullmatch(text)
    # "10th day" is a period of ten days, and a bare number is anything.
    if match is None or (match[1] and not match[3] and (not match[2] or text.endswith("day"))):
        return None
    return Recurrence(Unit.MONTH, monthday=_monthday(match, example))


def _by_period(text: str, example: str) -> Recurrence | None:
    """Read ``day``, ``other day``, ``2 weeks on mon and fri``, ``3 months on the 1st``, ``year``."""
    match = _PERIOD.fullmatch(re.sub(r"^(?:other|second) ", "2 ", text))
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
    """Read ``10 minutes``, ``hour``, ``2 hours and 30 minutes``, ``half an hour``, ``1h30m``: whole minutes."""
    text = re.sub(r"^half (?:an )?hour$", "30m", re.sub(r"^other ", "2 ", text))
    compact = re.sub(r" (?:and )?", "", re.sub(r"^an? ", "", text))
    if compact.replace(":", "").replace(".", "").isdigit():  # a clock, or a number of nothing
        return None
    length = duration.read(f"1{compact}" if compact[:1].isalpha() else compact)
    if length is None or (length > LEAST and length % timedelta(minutes=1)):
        return None
    return Recurrence(Unit.MINUTE, length // timedelta(minutes=1))


def weekdays(text: str) -> tuple[int, ...]:
    """Read a list of weekdays and of stretches of them, in any order; nothing where a word of it is none."""
    found: set[int] = set()
    for word in _BETWEEN_DAYS.split(re.sub(r" ?(?:-|\N{EN DASH}| to ) ?", "-", text)):
        ends = [_weekday(end) for end in word.split("-")]
        match ends:
            case [tuple(days)]:
                found.update(days)
            case [(first,), (last,)]:
                found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
            case _:
                return ()
    return tuple(sorted(found))


def _weekday(word: str) -> tuple[int, ...] | None:
    """Read one weekday, whole or from its first three letters, or a word for several."""
    single = word.removesuffix("s")
    if single in _GROUPS:
        return _GROUPS[single]
    fits = [day for day, name in enumerate(_NAMES) if len(single) >= 3 and name.casefold().startswith(single)]
    return tuple(fits) or None


def _monthday(match: re.Match[str], example: str) -> int:
    """Take the day out of what ``_MONTHDAY`` has found; the last one is the 31st, wherever a month ends."""
    day = int(match[1] or 31)
    if not 1 <= day <= 31:
        raise BadRecurrence("No month has that day; the 1st to the 31st are.", example)
    return day


def _ordinal(number: int) -> str:
    return f"{number}{'th' if 11 <= number <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
