"""Words right before a time at the end that belong to it: *every other*, *for tomorrow*, *8* before *tonight*."""

import re

from bot.domain.reminders.remainder import before, is_strong
from bot.domain.spelling import is_near, is_slip
from bot.domain.time import grammar
from bot.domain.time.lexer import Text, run
from bot.domain.time.names import FULL_MONTHS
from bot.domain.time.plain import starts
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import ClockTime, Date, MonthDays, Relative, Value, Weekdays

# The most words and characters that are looked at.
_MOST_WORDS, _MOST_SEEN = 6, 40
# A number behind one of these is its own: chapter 8 tonight.
_NUMBERED = frozenset(
    {"bus", "chapter", "ch", "day", "ep", "episode", "exercise", "flat", "game", "gate", "grade", "item", "level"}
    | {"line", "lesson", "module", "no", "page", "part", "phase", "platform", "room", "round", "season", "section"}
    | {"step", "task", "track", "unit", "volume", "week", "x", "+"}
)
# Words that belong to a time after them: *until friday*, *tonight or tomorrow*.
_GOES_WITH = frozenset({"until", "till", "til", "through", "thru", "starting", "beginning", "between", "except"})
_GOES_WITH |= {
    "excluding", "but", "not", "around", "or", "and", "&", "every", "each", "on", "at", "@", "only", "exactly",
    "also",
}  # fmt: skip
# Which of them are recognised despite a slip, and words that are no slips of them.
_MISSPELT = frozenset(
    {"every", "everyday", "until", "except", "starting", "tomorrow", "tonight"}
    | {f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")}
)
# The months in between are short, or words and names as well: *march*, *may*, *august*.
_MONTHS = FULL_MONTHS[:2] + FULL_MONTHS[8:]
_UNITS = frozenset({"day", "week", "month", "year", "hour", "morning", "evening", "night", "weekday", "weekend"})
_NO_SLIPS = frozenset({"ever", "very", "eery", "sundae"})
# Short for *every*, *today* and *tomorrow*; the last is a name too: dinner with Tom.
_SHORT = frozenset({"ev", "tod", "tom"})
_WITH_TOM = re.compile(
    r"\b(?:with|w/|and|&|to|for|from|at|of|by|up|off|or|about|call|ring|phone|text|dm|ping|message|mail|email|ask"
    r"|tell|remind|meet|see|visit|thank|pay|help|invite|uncle|mr\.?|is|hi|dear|get|let|show|give|send|drive) \Z"
)
_EVERY_UNIT_BEFORE = re.compile(
    r"(?:^| )(?P<word>[a-z]{4,6}) (?:(?:week)?day|week(?:end)?|month|year|hour|morning|evening|night)\Z"
)
# An hour or a day before a time, or from one hour to another: *tea on 15 at 9am*, *meeting 10-11 tomorrow*.
_HOUR = r"(?:1?\d|2[0-4])(?:[:.]\d\d)?"
_NUMBER_BEFORE = re.compile(
    rf"(?<!s )\b{_HOUR} ?- ?{_HOUR}\Z|(?<![^ (])\d{{1,2}}[,;]\d\d(?: ?[ap]m)?\Z"
    r"|\b(?:on|at|by|every) (?:the )?\d{1,2}\.?\Z|\b\d{1,2}\.\Z"
)
# A repetition right before another: "daily at 8am every other week", "every other friday every week".
_ADVERB_BEFORE = re.compile(r"(?:^| )(?:daily|weekly|monthly|yearly|hourly)\Z")
_EVERY_BEFORE = re.compile(
    r"(?:^| )(?:(?:every|each|ev) (?:other|second|third|single|last)|(?:(?:every|each) )?\d{1,2}(?:st|nd|rd|th))\Z"
)


def words(source: Text, begin: int, start: int, statement: Statement) -> int:
    """Return where unread words that belong to a time behind them begin; its start if there are none."""
    text = source.plain[begin:start].rstrip()
    if number := _NUMBER_BEFORE.search(text[-20:]):  # tea on 15 at 9am
        return begin + max(0, len(text) - 20) + number.start()
    every = _EVERY_BEFORE.search(text[-_MOST_SEEN:]) or (
        _ADVERB_BEFORE.search(text[-_MOST_SEEN:]) if statement.repeats else None
    )
    if every:
        return begin + max(0, len(text) - _MOST_SEEN) + every.start()
    if (unit := _EVERY_UNIT_BEFORE.search(text[-_MOST_SEEN:])) and is_slip(unit["word"], "every"):  # evry day
        return begin + max(0, len(text) - _MOST_SEEN) + unit.start("word")
    return begin + len(text) - len(last) if (last := _last(text)) else start


def _last(text: str) -> str:
    """Return the last word of a text where it goes with a time behind it, with the month before a number."""
    word = text.rpartition(" ")[2]
    if word in _SHORT:
        is_name = word == "tom" and _WITH_TOM.search(text[: -len(word)][-_MOST_SEEN:])
        return "" if is_name else word
    if word.strip(",;") in _GOES_WITH:
        return word
    if word.isdecimal() and (month := text[: -len(word)].rstrip().rpartition(" ")[2]) not in _MONTHS:
        return text[text.rindex(month) :] if any(is_near(month, right) for right in _MONTHS) else ""
    is_unit = text[: -len(word)].endswith(("every ", "each ")) and any(
        is_slip(word, right) for right in _UNITS - {word}
    )
    is_misspelt = word not in {*_NO_SLIPS, *_MISSPELT} and any(
        is_near(word, right) for right in (*_MISSPELT, *_MONTHS)
    )
    return word if is_unit or is_misspelt else ""


def longer(source: Text, begin: int, start: int) -> tuple[Statement, int] | None:
    """Return a time that goes on with the one at a place, and where it begins: *for 7 am* before *tomorrow*."""
    for place in starts(source.plain[begin:start], _MOST_WORDS):
        tokens = run(source, begin + place)
        inside = [token for token in tokens if token.end < start]
        together = grammar.parse(tokens) if inside and inside[-1].end == start - 1 else None
        if together and any(_is_time(source, token.value, token.start, together) for token in inside):
            return together, begin + place
    return None


def _is_time(source: Text, value: Value, at: int, together: Statement) -> bool:
    """Return whether a value is about time: a bare number is, beside a part of the day, unless it counts."""
    match value:
        case ClockTime(is_loose=True):
            is_hour = bool(together.part) or source.plain[at] == "0"
            return is_hour and before(source, at) not in _NUMBERED
        case ClockTime() | Weekdays() | Date() | Relative():
            return is_strong(value)
    return isinstance(value, MonthDays)
