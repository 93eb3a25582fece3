"""Words right before a time at the end that go with it: *every other*, *for tomorrow*, *8* before *tonight*."""

import re

from bot.domain.reminders.remainder import before, is_strong
from bot.domain.spelling import is_slip
from bot.domain.time import grammar
from bot.domain.time.lexer import Text, run
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
# A time after one of these goes with what they say of it: *until friday*, *tonight or tomorrow*.
_GOES_WITH = frozenset({"until", "till", "til", "through", "thru", "starting", "beginning", "between", "except"})
_GOES_WITH |= {
    "excluding", "but", "not", "around", "or", "and", "&", "every", "each", "on", "at", "@", "only", "exactly",
    "also",
}  # fmt: skip
# Those of them that are recognised despite a slip, and words that are none.
_MISSPELT = frozenset({"every", "until", "except", "starting", "tomorrow"} | {f"{day}day" for day in (
    "mon", "tues", "wednes", "thurs", "fri", "satur", "sun",
)})  # fmt: skip
_NO_SLIPS = frozenset({"ever", "very", "eery", "sundae"})
_EVERY_UNIT_BEFORE = re.compile(
    r"(?:^| )(?P<word>[a-z]{4,6}) (?:(?:week)?day|week(?:end)?|month|year|hour|morning|evening|night)\Z"
)
# An hour or a day before a time, or from one hour to another: *tea on 15 at 9am*, *meeting 10-11 tomorrow*.
_HOUR = r"(?:1?\d|2[0-4])(?:[:.]\d\d)?"
_NUMBER_BEFORE = re.compile(
    rf"(?<!s )\b{_HOUR} ?- ?{_HOUR}\Z|\b(?:on|at|by|every) (?:the )?\d{{1,2}}\.?\Z|\b\d{{1,2}}\.\Z"
)
# A repetition right before another: "daily at 8am every other week", "every other friday every week".
_ADVERB_BEFORE = re.compile(r"(?:^| )(?:daily|weekly|monthly|yearly|hourly)\Z")
_EVERY_BEFORE = re.compile(
    r"(?:^| )(?:(?:every|each) (?:other|second|third|single|last)|(?:(?:every|each) )?\d{1,2}(?:st|nd|rd|th))\Z"
)


def words(source: Text, begin: int, start: int, statement: Statement) -> int:
    """Return where words right before a time begin that go with it, and were not understood; its place if none."""
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
    word = text.rpartition(" ")[2]
    goes_with = word.strip(",;") in _GOES_WITH or any(is_slip(word, right) for right in _MISSPELT - {word})
    return begin + len(text) - len(word) if goes_with and word not in _NO_SLIPS else start


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
    """Return whether a value is of a time: a bare number beside a part of the day, unless it counts something."""
    match value:
        case ClockTime(is_loose=True):
            is_hour = bool(together.part) or source.plain[at] == "0"
            return is_hour and before(source, at) not in _NUMBERED
        case ClockTime() | Weekdays() | Date() | Relative():
            return is_strong(value)
    return isinstance(value, MonthDays)
