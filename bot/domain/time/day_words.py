"""Words about days: ``tomorrow``, ``next friday``, ``24 Dec``, ``on the 15th``, ``last friday of the month``."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.time.names import END, MONTH, WEEKDAY
from bot.domain.time.recurrence import WORKING_DAY
from bot.domain.time.tokens import (
    QUARTER,
    Date,
    Dates,
    InMonth,
    Moment,
    MonthDays,
    NthWeekdays,
    Off,
    Relative,
    Slashed,
    Value,
    Weekdays,
)

_RELATIVE = {
    "today": 0, "tomorrow": 1, "tommorow": 1, "tommorrow": 1, "tomorow": 1, "tomorro": 1, "tmr": 1, "tmrw": 1,
    "tmrow": 1,
    "tmw": 1, "2moro": 1, "2morrow": 1, "tomoz": 1, "yesterday": -1, "day after tomorrow": 2, "overmorrow": 2,
    "day before yesterday": -2,
}  # fmt: skip
_WORKING_DAYS, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The short names that are everyday words too.
_EVERYDAY = frozenset({"mon", "sat", "sun", "wed"})
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "last": -1,
}  # fmt: skip
_WORDS = "|".join(ORDINALS)
_LATER = {
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_LATER |= {f"twenty {word}": 20 + number for word, number in list(ORDINALS.items())[:9]} | {"thirty first": 31}
_LATER_WORDS = "|".join(_LATER).replace(" ", "[ -]")
_YEAR = r"(?:(?:,? |-)(?P<year>\d{4}|'\d\d)(?!\d|[:-]\d| ?[ap]\.?m))?"
_OF = (
    r"(?: (?:of|in) (?P<of>(?:the |this |next |the next |every |each |any )?month(?!s)"
    rf"|{MONTH}(?:{_YEAR})?|(?:the |this |next )?year))"
)
_TODAY = re.compile(rf"(?:on )?(?:the )?(?P<name>{'|'.join(sorted(_RELATIVE, key=len, reverse=True))}){END}")
_WEEKDAYS = re.compile(
    r"(?:on )?(?:(?:the )?(?P<which>next|(?:this )?(?:up)?coming|this|last) )?"
    rf"(?P<day>{WEEKDAY})(?P<many>s)?\.?{END}"
)
_RANGE = re.compile(
    rf"(?:on |from )?(?P<first>{WEEKDAY})s? ?(?:-|to |through |thru )(?: ?)(?P<last>{WEEKDAY})s?{END}"
)
_OFF = re.compile(rf"(?P<day>{WEEKDAY}|week-?end)s? (?:off|excluded|not included){END}")
_GROUP = re.compile(
    rf"(?:on )?(?P<work>(?:week|work(?:ing)?|business) ?day)(?P<works>s)?{END}|(?P<range>mo?-fr?){END}"
    r"|(?:on "
    rf"|at )?(?:the )?(?P<end>week-?end)(?P<ends>s){END}"
    rf"|(?P<single>week-?end){END}"
)
_DATE = re.compile(
    rf"(?:on )?(?:the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?"
    rf"|(?P<word>{_LATER_WORDS}|{_WORDS.removesuffix('|last')}))[ -]?(?:of )?(?P<month>{MONTH})\.?{_YEAR}{END}"
    rf"|(?:on )?(?P<before>{MONTH})\.? ?(?:the )?(?P<behind>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.]\d"
    rf"| ?[ap]\.?m\b)(?:,? (?P<then>\d{{4}}|'\d\d)(?!\d|:\d))?{END}"
)
_TH = "(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"(?:from |between )?(?:the )?(?P<first>\d{{1,2}}){_TH}(?: to | until | till | through | and | ?- ?)(?:the )?"
    rf"(?P<last>\d{{1,2}}){_TH}\.? ?(?:of )?(?P<month>{MONTH}){END}"
    rf"|(?:from |between )?(?P<of>{MONTH}) (?P<a>\d{{1,2}}){_TH}(?: to | until | till | through | and | ?- ?)"
    rf"(?P<b>\d{{1,2}}){_TH}(?![:.]?\d| ?[ap]\.?m\b){END}"
)
_ISO = re.compile(
    r"(?:on |at )?(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"(?!\d|[-/]\d)(?=t\d|\W|$)"
)
_DOTTED = re.compile(
    r"(?:on )?(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4})(?!\d|:)|(?P<short>\d{2})(?!\d"
    r"|[:.]\d))?(?!\w)"
)
_SLASHED = re.compile(
    rf"(?:on )?(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?{END}(?!/|:\d)"
    rf"|(?:on )?(?P<a>\d{{1,2}})-(?P<b>\d{{1,2}})-(?P<y>\d{{4}}){END}"
)
_MONTHDAY = re.compile(
    rf"(?P<article>on the |the |on )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|(?= of (?:the|each|every) month))"
    rf"|(?P<word>{_LATER_WORDS}|{_WORDS}))(?P<is_day> day)?(?:{_OF})?{END}"
)
_ON_THE_FIRST = re.compile(rf"(?:on )?the (?P<word>{_WORDS.removesuffix('|last')}){END}(?! {WEEKDAY})")
_END_OF = re.compile(
    rf"(?:(?:at|on) )?(?:the )?(?:end|(?P<start>start|beginning)) of (?P<of>(?:the |this |next |every |each )?month"
    rf"|{MONTH}|(?:the |this )?quarter|(?:the |this |next )?year){END}"
    rf"|(?P<eom>eom|month[ -]end|eoy|year[ -]end){END}"
)
_NTH = re.compile(
    rf"(?:on )?(?:the )?(?P<nth>(?:{_WORDS}|\d(?:st|nd|rd|th))(?:(?:, | and | & |, and )(?:the )?(?:{_WORDS}"
    rf"|\d(?:st|nd|rd|th))){{0,5}}) "
    rf"(?P<day>{WEEKDAY}|(?:week|work|working |business )day)(?P<many>s)?(?:{_OF})?{END}"
)
_TIMESTAMP = re.compile(r"(?:on |at )?<t:(?P<seconds>-?\d{1,13})(?::[a-z])?>")
_INSTANT = re.compile(
    r"(?:on |at )?(?P<text>\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?(?: ?(?P<offset>z"
    r"|[+-]\d{2}:?\d{2}))(?![\w:])"
)
_HOLIDAYS = {
    "christmas eve": (24, 12), "xmas eve": (24, 12), "christmas day": (25, 12), "xmas day": (25, 12),
    "christmas": (25, 12), "xmas": (25, 12), "boxing day": (26, 12), "new year's eve": (31, 12),
    "new years eve": (31, 12), "new year's day": (1, 1), "new years day": (1, 1), "halloween": (31, 10),
    "valentine's day": (14, 2), "valentines day": (14, 2),
}  # fmt: skip
_HOLIDAY = re.compile(
    rf"(?P<lead>(?:on|at|this|next) |(?<=before )|(?<=after )|(?<=until )|(?<=every ))?"
    rf"(?P<name>{'|'.join(_HOLIDAYS)}){END}"
)


def read(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield the days that begin at a place of a plain text, each with its end."""
    for pattern, make in _READERS:
        if (match := pattern.match(text, at)) and (value := make(match)):
            yield value, match.end()


def behind_month(text: str, at: int) -> tuple[Value, int] | None:
    """Return a day that would be something else anywhere but behind *every month*: *on the first*."""
    match = _ON_THE_FIRST.match(text, at)
    return (MonthDays(ORDINALS[match["word"]], InMonth()), match.end()) if match else None


def _ordinal(word: str) -> int:
    return ORDINALS.get(word) or _LATER[word.replace("-", " ")]


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return 2000 + int(text[1:]) if text.startswith("'") else int(text)


def _weekday(name: str) -> int:
    return _NAMES.index(name[:3])


def _today(match: re.Match[str]) -> Value:
    return Relative(_RELATIVE[match["name"]])


def _weekdays(match: re.Match[str]) -> Value | None:
    name, is_plural = match["day"], bool(match["many"])
    if is_plural and len(name) < 5:  # "sats" is no word; "weds", "thurs" and "tues" are of one day
        return None
    which = re.sub(r".*coming", "coming", match["which"] or "")
    is_short = name in _EVERYDAY and match[0] == name
    return Weekdays((_weekday(name),), which, is_plural=is_plural, is_short=is_short)


def _off(match: re.Match[str]) -> Value:
    weekdays = _WEEKEND if match["day"].startswith("week") else (_weekday(match["day"]),)
    return Off((Weekdays(weekdays),))


def _range(match: re.Match[str]) -> Value:
    first, last = _weekday(match["first"]), _weekday(match["last"])
    return Weekdays(tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1))), is_plural=True)


def _group(match: re.Match[str]) -> Value:
    is_work = bool(match["work"] or match["range"])
    is_plural = bool(match["works"] or match["range"] if is_work else match["ends"])
    return Weekdays(_WORKING_DAYS if is_work else _WEEKEND, is_plural=is_plural)


def _date(match: re.Match[str]) -> Value:
    month = _MONTHS.index((match["month"] or match["before"])[:3]) + 1
    year = match["year"] or match["then"]
    day = _ordinal(match["word"]) if match["word"] else int(match["day"] or match["behind"])
    return Date(day, month, _year(year))


def _dates(match: re.Match[str]) -> Value:
    month = _MONTHS.index((match["month"] or match["of"])[:3]) + 1
    first, last = (Date(int(day), month) for day in (match["first"] or match["a"], match["last"] or match["b"]))
    return Dates(first, last)


def _iso(match: re.Match[str]) -> Value:
    return Date(int(match["day"]), int(match["month"]), int(match["year"]))


def _dotted(match: re.Match[str]) -> Value:
    year = int(match["year"]) if match["year"] else 2000 + int(match["short"]) if match["short"] else None
    return Date(int(match["day"]), int(match["month"]), year)


def _slashed(match: re.Match[str]) -> Value | None:
    year = match["year"] or match["y"]
    numbers = int(match["first"] or match["a"]), int(match["second"] or match["b"])
    if not year and max(numbers) > 31:  # 50/50
        return None
    return Slashed(*numbers, (2000 if len(year) == 2 else 0) + int(year) if year else None)


def _in_month(of: str | None, year: str | None = None) -> InMonth:
    if not of:
        return InMonth()
    first = of.split()[0]
    if "month" in of:
        return InMonth("every" if first in {"every", "each", "any"} else "next" if "next" in of else "this")
    if "year" in of:
        return InMonth("next year" if first == "next" else "year", 12)
    if "quarter" in of:
        return InMonth(QUARTER)
    return InMonth("named", _MONTHS.index(first[:3]) + 1, _year(year))


def _monthday(match: re.Match[str]) -> Value | None:
    day = int(match["day"]) if match["day"] else _ordinal(match["word"])
    of = _in_month(match["of"], match["year"])
    is_sure = bool(of.which) or (match["is_day"] and day == -1) or (day > 10 and match["article"] == "on the ")
    if match["word"] and not is_sure:
        return None
    if day == -1 and not match["is_day"]:
        return None
    if of.which in {"year", "next year"} and day != -1:
        return None
    return MonthDays(31 if day == -1 else day, of, is_bare=not match["article"] and not of.which)


def _end_of(match: re.Match[str]) -> Value:
    if match["eom"]:
        return MonthDays(
            31, InMonth("year", 12) if match["eom"] in {"eoy", "year end", "year-end"} else InMonth("this")
        )
    of = _in_month(match["of"])
    if not match["start"]:
        return MonthDays(31, of)
    return MonthDays(1, replace(of, month=1) if "year" in of.which else of)


def _nth(match: re.Match[str]) -> Value:
    names = re.split(r",? and | & |, ", match["nth"].replace(" the ", " "))
    positions = tuple(dict.fromkeys(ORDINALS.get(name) or int(name[0]) for name in names))
    of = InMonth("every") if match["many"] and not match["of"] else _in_month(match["of"], match["year"])
    name = match["day"]
    day = WORKING_DAY if name.endswith("day") and name[:3] not in _NAMES else _weekday(name)
    return NthWeekdays(positions, day, of)


def _timestamp(match: re.Match[str]) -> Value | None:
    try:
        return Moment(datetime.fromtimestamp(int(match["seconds"]), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _instant(match: re.Match[str]) -> Value | None:
    try:
        return Moment(datetime.fromisoformat(f"{match['text']}{match['offset']}".upper()))
    except ValueError:
        return None


def _holiday(match: re.Match[str]) -> Value:
    return Date(*_HOLIDAYS[match["name"]], is_named=match["lead"] is None)


_READERS = (
    (_TODAY, _today),
    (_WEEKDAYS, _weekdays),
    (_OFF, _off),
    (_RANGE, _range),
    (_GROUP, _group),
    (_DATE, _date),
    (_DATES, _dates),
    (_ISO, _iso),
    (_DOTTED, _dotted),
    (_SLASHED, _slashed),
    (_MONTHDAY, _monthday),
    (_END_OF, _end_of),
    (_NTH, _nth),
    (_TIMESTAMP, _timestamp),
    (_INSTANT, _instant),
    (_HOLIDAY, _holiday),
)
