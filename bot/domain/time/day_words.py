"""Words about days: ``tomorrow``, ``next friday``, ``on the 15th``, ``last friday of the month``."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.time.date_words import YEAR, year_of
from bot.domain.time.names import (
    END,
    LATER_WORDS,
    MONTH,
    MONTHS,
    ORDINAL_WORDS,
    ORDINALS,
    UP_TO_TENTH,
    WEEKDAY,
    WEEKDAYS,
    ordinal,
)
from bot.domain.time.recurrence import WORKING_DAY
from bot.domain.time.tokens import QUARTER, InMonth, MonthDays, NthWeekdays, Off, Reader, Relative, Value, Weekdays

_RELATIVE = {
    "today": 0, "2day": 0, "tomorrow": 1, "tommorow": 1, "tommorrow": 1, "tomorow": 1, "tomorro": 1, "tmr": 1,
    "tmrw": 1, "tmrow": 1, "tmw": 1, "2moro": 1, "2morrow": 1, "tomoz": 1, "yesterday": -1, "yday": -1, "yest": -1,
    "day after tomorrow": 2, "overmorrow": 2, "day before yesterday": -2,
}  # fmt: skip
_WORKING_DAYS, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)
# The short names that are everyday words too.
_EVERYDAY = frozenset({"mon", "sat", "sun", "wed"})
_OF = (
    r"(?: (?:of|in) (?P<of>(?:the |this |next |the next |every |each |any )?month(?!s)"
    rf"|{MONTH}(?:{YEAR})?|(?:the |this |next )?year))"
)
_TODAY = re.compile(rf"(?:on )?(?:the )?(?P<name>{'|'.join(sorted(_RELATIVE, key=len, reverse=True))}){END}")
# Not the sun, sat navs, SATs and the verb sat.
_NO_THING = (
    r"(?<!sun(?=[ -](?:cream|screen|block|hat|lotion|glasses|tan|bed|salutations?)(?!\w)))"
    r"(?<!sat(?=[ -](?:navs?|exams?|tests?|prep|practice|scores?|essay|down)(?!\w)))"
    r"(?<!mon(?= (?:ami|amour|dieu)(?!\w)))"
)
_WEEKDAYS = re.compile(
    rf"(?:on (?:a )?)?(?:the (?={WEEKDAY} (?:before|after) ))?"
    rf"(?:(?:the )?(?P<which>first(?= {WEEKDAY} after )|ne?xt|(?:this )?(?:up)?coming|this|last) )?"
    rf"(?P<day>{WEEKDAY})(?P<many>s)?\.?{END}{_NO_THING}"
    r"(?P<coming> coming(?! (?:home|up|back|out|in|over|to|from|soon|with)\b))?"
)
_RANGE = re.compile(
    rf"(?:on |from )?(?P<first>{WEEKDAY})s? ?(?:-|to |through |thru )(?: ?)(?P<last>{WEEKDAY})s?{END}"
)
_OFF = re.compile(rf"(?P<day>{WEEKDAY}|week-?end)s? (?:off|excluded|not included){END}")
# Two letters are weekdays behind *every*, unless they are a word or a month, and in a list: "mo,we,fr".
_TWO_LETTERS = "(?:mo|tu|we|th|fr|sa|su)"
_SHORTEST = re.compile(
    rf"(?P<days>(?:(?<=every )|(?<=each )){_TWO_LETTERS}(?:(?:,? (?:and|&) |, ?|/|\+| \+ ){_TWO_LETTERS})+"
    rf"|(?:(?<=every )|(?<=each ))(?!mo|we){_TWO_LETTERS}|{_TWO_LETTERS}(?:[,/+]{_TWO_LETTERS})+){END}"
)
# Three or two days by a letter each, as timetables have them.
_LETTERS = r"mwf|m(?:[/-]|, ?| )w(?:[/-]|,? |,? and )f|tth|t(?:[/-]|, ?)th"
_GROUP = re.compile(
    rf"(?:on )?(?P<work>(?:week|work(?:ing)?|business) ?day)(?P<works>s)?{END}|(?P<range>mo?-fr?){END}"
    rf"|(?P<letters>{_LETTERS}){END}"
    r"|(?:on "
    rf"|at )?(?:the )?(?P<end>week-?end)(?P<ends>s){END}"
    rf"|(?P<single>week-?end){END}"
)
_THE_WEEKEND = re.compile(rf"(?:on |at )?the week-?end{END}")
_MONTHDAY = re.compile(
    rf"(?P<article>on the |the |on )?(?:day (?=\d+ of (?:the|each|every) month))?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.?(?= of (?:the|this|each|every|(?:the )?next) month))"
    rf"|(?P<word>{LATER_WORDS}|{ORDINAL_WORDS}))(?P<is_day> day)?(?:{_OF})?{END}"
    r"(?! (?:floor|street|avenue|ave|grade|edition|round|season|attempt|century)(?!\w))"
)
# A day of the month right behind its weekday: *saturday 28* at the end, *saturday 28 at 10:00*.
_DAY_BEHIND = re.compile(
    r"(?:(?:2[5-9]|3[01])(?=[ .!]*\Z)|(?:[12]?\d|3[01])(?= (?:at |@ ?)?\d{1,2}(?:[:.]\d\d| ?[ap]m)))(?!\d)"
)
_ON_THE_FIRST = re.compile(
    rf"(?:on )?the (?P<word>{UP_TO_TENTH})(?: day)?{END}(?! {WEEKDAY})"
    rf"|(?:on )?(?:the )?day (?P<day>\d{{1,2}}){END}"
)
_AT_THE_END = re.compile(rf"at the (?:(?P<end>end)|start|beginning){END}(?! of )")
_END_OF = re.compile(
    rf"(?:(?:at|on) )?(?:the )?(?:end|(?P<start>start|beginning)) of (?P<of>(?:the |this |next |every |each )?month"
    rf"|{MONTH}|(?:the |this )?quarter|(?:the |this |next )?year){END}"
    rf"|(?P<eom>eom|month[ -]end|eoy|year[ -]end){END}"
)
_POSITION = rf"(?:{ORDINAL_WORDS}|\d(?:st|nd|rd|th))"
_NTH = re.compile(
    rf"(?:on )?(?:the )?(?P<nth>{_POSITION}(?:(?:, | and | & |, and )(?:the )?{_POSITION}){{0,5}}) "
    rf"(?P<day>{WEEKDAY}|(?:week|work|working |business )day)(?P<many>s)?(?:{_OF})?{END}"
)


def behind_weekday(text: str, at: int) -> tuple[Value, int] | None:
    """Return the day of the month that is a bare number behind a weekday: *saturday 28 at 10:00*."""
    match = _DAY_BEHIND.match(text, at)
    return (MonthDays(int(match[0]), InMonth(), is_bare=True), match.end()) if match else None


def behind_month(text: str, at: int) -> tuple[Value, int] | None:
    """Return a day that would be something else anywhere but behind *every month*: *on the first*, *day 5*."""
    if edge := _AT_THE_END.match(text, at):
        return MonthDays(31 if edge["end"] else 1, InMonth()), edge.end()
    match = _ON_THE_FIRST.match(text, at)
    if match is None:
        return None
    day = ORDINALS[match["word"]] if match["word"] else int(match["day"])
    return MonthDays(day, InMonth()), match.end()


def behind_except(text: str, at: int) -> tuple[Value, int] | None:
    """Return the days that are left open anywhere but behind *except*: *the weekend*."""
    match = _THE_WEEKEND.match(text, at)
    return (Weekdays(_WEEKEND), match.end()) if match else None


def _weekday(name: str) -> int:
    return WEEKDAYS.index(name[:3])


def _weekdays(match: re.Match[str]) -> Value | None:
    name, is_plural = match["day"], bool(match["many"])
    if is_plural and len(name) < 5:  # "sats" is no word; "weds", "thurs" and "tues" are of one day
        return None
    qualifier = re.sub(r".*coming", "coming", match["which"] or "").replace("nxt", "next").replace("first", "")
    qualifier = "coming" if match["coming"] else qualifier
    is_short = name in _EVERYDAY and match[0] == name
    return Weekdays((_weekday(name),), qualifier, is_plural=is_plural, is_short=is_short)


def _shortest(match: re.Match[str]) -> Value:
    names = re.findall(_TWO_LETTERS, match["days"].replace("and", ""))
    return Weekdays(tuple(sorted({[name[:2] for name in WEEKDAYS].index(name) for name in names})), is_plural=True)


def _off(match: re.Match[str]) -> Value:
    weekdays = _WEEKEND if match["day"].startswith("week") else (_weekday(match["day"]),)
    return Off((Weekdays(weekdays),))


def _range(match: re.Match[str]) -> Value:
    first, last = _weekday(match["first"]), _weekday(match["last"])
    return Weekdays(tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1))), is_plural=True)


def _group(match: re.Match[str]) -> Value:
    if letters := match["letters"]:
        return Weekdays((0, 2, 4) if letters.startswith("m") else (1, 3), is_plural=True)
    is_work = bool(match["work"] or match["range"])
    is_plural = bool(match["works"] or match["range"] if is_work else match["ends"])
    return Weekdays(_WORKING_DAYS if is_work else _WEEKEND, is_plural=is_plural)


def _in_month(of: str | None, year: str | None = None) -> InMonth:
    if not of:
        return InMonth()
    first = of.split()[0]
    if "month" in of:
        if first in {"every", "each", "any"}:
            return InMonth("every")
        return InMonth("next" if "next" in of else "current" if first == "this" else "this")
    if "year" in of:
        return InMonth("next year" if first == "next" else "year", 12)
    if "quarter" in of:
        return InMonth(QUARTER)
    return InMonth("named", MONTHS.index(first[:3]) + 1, year_of(year))


def _monthday(match: re.Match[str]) -> Value | None:
    day = int(match["day"]) if match["day"] else ordinal(match["word"])
    of = _in_month(match["of"], match["year"])
    is_sure = bool(of.qualifier) or (match["is_day"] and day == -1) or (day > 10 and match["article"])
    if match["word"] and not is_sure:
        return None
    if day == -1 and not (match["is_day"] or of.qualifier):
        return None
    if of.qualifier in {"year", "next year"} and day != -1:
        return None
    is_bare = not match["article"] or bool(match["word"] and match["article"] == "the ")
    is_led = (match["article"] or "").startswith("on")
    return MonthDays(31 if day == -1 else day, of, is_bare=is_bare and not of.qualifier, is_led=is_led)


def _end_of(match: re.Match[str]) -> Value:
    if match["eom"]:
        return MonthDays(
            31, InMonth("year", 12) if match["eom"] in {"eoy", "year end", "year-end"} else InMonth("this")
        )
    of = _in_month(match["of"])
    if not match["start"]:
        return MonthDays(31, of)
    return MonthDays(1, replace(of, month=1) if "year" in of.qualifier else of)


def _nth(match: re.Match[str]) -> Value:
    names = re.split(r",? and | & |, ", match["nth"].replace(" the ", " "))
    positions = tuple(dict.fromkeys(ORDINALS.get(name) or int(name[0]) for name in names))
    of = InMonth("every") if match["many"] and not match["of"] else _in_month(match["of"], match["year"])
    name = match["day"]
    day = WORKING_DAY if name.endswith("day") and name[:3] not in WEEKDAYS else _weekday(name)
    return NthWeekdays(positions, day, of)


READERS: Sequence[Reader] = (
    (_TODAY, lambda match: Relative(_RELATIVE[match["name"]])),
    (_WEEKDAYS, _weekdays),
    (_SHORTEST, _shortest),
    (_OFF, _off),
    (_RANGE, _range),
    (_GROUP, _group),
    (_MONTHDAY, _monthday),
    (_END_OF, _end_of),
    (_NTH, _nth),
)
