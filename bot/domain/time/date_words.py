"""Words about dates: ``24 Dec``, ``3/4/27``, ``2026-12-01``, ``christmas``, and moments as Discord writes them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.time.names import END, LATER_WORDS, MONTH, MONTHS, UP_TO_TENTH, ordinal
from bot.domain.time.tokens import Date, Dates, FullMoment, InYear, Reader, Slashed, Value

YEAR = rf"(?:(?:,? |[-/])(?P<year>\d{{4}}|'\d\d|(?<=[-/])\d\d)(?!\d|[:-]\d| ?[ap]\.?m| ?(?:of )?{MONTH}))?"
_YEAR = re.compile(r",? ?(?P<year>20[2-9]\d)(?![\w-]|[:.,]\d)")
_DATE = re.compile(
    rf"(?:on )?(?:the )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?"
    rf"|(?P<word>{LATER_WORDS}|{UP_TO_TENTH}))[ /-]?(?:of )?(?P<month>{MONTH})\.?{YEAR}{END}"
    rf"|(?:on )?(?P<before>{MONTH})\.?[ -]?(?:the )?(?P<behind>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.]\d"
    rf"| ?[ap]\.?m\b)(?:,? (?P<then>\d{{4}}|'\d\d)(?!\d|:\d))?{END}"
    rf"|(?:on )?(?!may|mar(?:ch)? s)(?P<named>{MONTH}) (?:the )?(?P<nth>{LATER_WORDS}|{UP_TO_TENTH}){END}"
    rf"|(?:(?<=every )|(?<=each )|(?<!except )(?<!starting )in )(?P<in>{MONTH}),? on the (?P<th>\d{{1,2}})"
    rf"(?:st|nd|rd|th){END}"
)
_TH = "(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"(?:from |between )?(?:the )?(?P<first>\d{{1,2}}){_TH}(?: to | until | till | through | and | ?- ?)(?:the )?"
    rf"(?P<last>\d{{1,2}}){_TH}\.? ?(?:of )?(?P<month>{MONTH}){END}"
    rf"|(?:from |between )?(?P<of>{MONTH}) (?P<a>\d{{1,2}}){_TH}(?: to | until | till | through | and | ?- ?)"
    rf"(?P<b>\d{{1,2}}){_TH}(?![:.]?\d| ?[ap]\.?m\b){END}"
)
_SEVERAL = rf"\d{{1,2}}{_TH}(?:, ?\d{{1,2}}{_TH}){{1,8}},? (?:and|&) \d{{1,2}}{_TH}"
_LIST = re.compile(
    rf"(?:the )?(?P<days>{_SEVERAL})\.? ?(?:of )?(?P<month>{MONTH}){END}"
    rf"|(?P<of>{MONTH}) (?:the )?(?P<numbers>{_SEVERAL})(?![:.]?\d| ?[ap]\.?m\b){END}"
)
_IN_A_MONTH = rf"(?:the )?(?:\d{{1,2}}{_TH}\.? (?:of )?{MONTH}|{MONTH} \d{{1,2}}{_TH})"
_BETWEEN = re.compile(
    rf"(?:between (?P<first>{_IN_A_MONTH}) and |(?P<dashed>{_IN_A_MONTH}) ?- ?)(?P<last>{_IN_A_MONTH})"
    rf"(?![:.]?\d|,? \d{{4}}| ?[ap]\.?m\b){END}"
)
_ISO = re.compile(
    r"(?:on |at |@ ?)?(?:(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"|(?P<compact>20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!t\d{5}))(?!\d|[-/]\d)(?=t\d|\W|$)"
)
_YEAR_FIRST = re.compile(
    rf"(?:on )?(?P<year>20\d\d)[ /-](?P<month>{MONTH})\.?[ /-](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
)
_DOTTED = re.compile(
    r"(?:on |at (?=\d{1,2}\. ?\d{1,2}\. ?\d))?(?:the )?(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\."
    r"(?: ?(?P<year>\d{4})(?!\d|:)|(?P<short>\d{2})(?!\d"
    r"|[:.]\d))?(?!\w)"
    r"|(?P<dd>\d\d)\.(?P<mm>0[1-9]|1[0-2])(?=,? \d{1,2}:\d\d)"
    r"|on (?P<d>\d{1,2})\.(?P<m>0?[1-9]|1[0-2])(?= (?:at|@)|,? \d{1,2}[:.]\d\d|[ .!]*$)"
)
_SLASHED = re.compile(
    rf"(?:on )?(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?{END}(?!/|:\d)"
    r"(?! (?:of )?(?:an? )?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?)\b)"  # 5/6 of an hour
    rf"|(?:on )?(?P<a>\d{{1,2}})-(?P<b>\d{{1,2}})-(?P<y>\d{{4}}){END}"
)
_TIMESTAMP = re.compile(r"(?:on |at )?<t:(?P<seconds>-?\d{1,13})(?::[a-z])?>")
_INSTANT = re.compile(
    r"(?:on |at )?(?P<text>\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2})?|\d{8}t\d{4}(?:\d{2})?)(?:\.\d{1,9})?"
    r"(?: ?(?P<offset>z|[+-]\d{2}:?\d{2}|(?<=\d)[+-]\d{2}))(?![\w:])"
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


def behind_clock(text: str, at: int) -> tuple[Value, int] | None:
    """Return the year behind the time of day of a date: *Dec 1 18:00:00 2026*."""
    match = _YEAR.match(text, at)
    return (InYear(int(match["year"])), match.end()) if match else None


def behind_except(text: str, at: int) -> tuple[Value, int] | None:
    """Return several dates of a month behind *except*: *dec 24, 25 and 31*."""
    match = _LIST.match(text, at)
    if match is None:
        return None
    month = MONTHS.index((match["month"] or match["of"])[:3]) + 1
    dates = tuple(Date(int(day), month) for day in re.findall(r"\d+", match["days"] or match["numbers"]))
    return Dates(dates[0], dates[-1], dates), match.end()


def year_of(text: str | None) -> int | None:
    """Return the year of four digits, or of two behind an apostrophe; None if there is none."""
    if not text:
        return None
    number = int(text.strip("'"))
    return 2000 + number if number < 100 else number


def _date(match: re.Match[str]) -> Date:
    month = MONTHS.index((match["month"] or match["before"] or match["named"] or match["in"])[:3]) + 1
    year = match["year"] or match["then"]
    word = match["word"] or match["nth"]
    day = ordinal(word) if word else int(match["day"] or match["behind"] or match["th"])
    return Date(day, month, year_of(year))


def _dates(match: re.Match[str]) -> Value:
    month = MONTHS.index((match["month"] or match["of"])[:3]) + 1
    first, last = (Date(int(day), month) for day in (match["first"] or match["a"], match["last"] or match["b"]))
    is_list = " and " in match[0] and not match[0].startswith("between")
    return Dates(first, last, (first, last) if is_list else ())


def _year_first(match: re.Match[str]) -> Value:
    return Date(int(match["day"]), MONTHS.index(match["month"][:3]) + 1, int(match["year"]))


def _between(match: re.Match[str]) -> Value | None:
    first, last = (_DATE.fullmatch(day) for day in (match["first"] or match["dashed"], match["last"]))
    return Dates(_date(first), _date(last)) if first and last else None


def _iso(match: re.Match[str]) -> Value:
    if digits := match["compact"]:
        return Date(int(digits[6:]), int(digits[4:6]), int(digits[:4]))
    return Date(int(match["day"]), int(match["month"]), int(match["year"]))


def _dotted(match: re.Match[str]) -> Value:
    year = int(match["year"]) if match["year"] else 2000 + int(match["short"]) if match["short"] else None
    day, month = match["day"] or match["d"] or match["dd"], match["month"] or match["m"] or match["mm"]
    return Date(int(day), int(month), year)


def _slashed(match: re.Match[str]) -> Value | None:
    year = match["year"] or match["y"]
    numbers = int(match["first"] or match["a"]), int(match["second"] or match["b"])
    if not year and max(numbers) > 31:  # 50/50
        return None
    return Slashed(*numbers, (2000 if len(year) == 2 else 0) + int(year) if year else None)


def _timestamp(match: re.Match[str]) -> Value | None:
    try:
        return FullMoment(datetime.fromtimestamp(int(match["seconds"]), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _instant(match: re.Match[str]) -> Value | None:
    try:
        return FullMoment(datetime.fromisoformat(f"{match['text']}{match['offset']}".upper()))
    except ValueError:
        return None


READERS: Sequence[Reader] = (
    (_DATE, _date),
    (_YEAR_FIRST, _year_first),
    (_DATES, _dates),
    (_BETWEEN, _between),
    (_ISO, _iso),
    (_DOTTED, _dotted),
    (_SLASHED, _slashed),
    (_TIMESTAMP, _timestamp),
    (_INSTANT, _instant),
    (_HOLIDAY, lambda match: Date(*_HOLIDAYS[match["name"]], is_named=match["lead"] is None)),
)
