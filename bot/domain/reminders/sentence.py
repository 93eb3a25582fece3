"""A reminder in a sentence: which of its words say when it comes and how it repeats, and which are its text.

The words about time stand in front, at the end, or around the text. What is left over is the text only if nothing
in it speaks of time; else the sentence is in doubt, and has several readings.
"""

import re
from dataclasses import replace

from bot.domain.reminders import alternatives, middle, remainder
from bot.domain.reminders.reading import OPENING, Reading, Sentence, cleaned
from bot.domain.time import grammar
from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.completeness import is_day_value
from bot.domain.time.lexer import Text, run
from bot.domain.time.plain import starts
from bot.domain.time.schedule import LONGEST
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    DayPart,
    FromNow,
    Joiner,
    Marker,
    MonthDays,
    Relative,
    Token,
    Vague,
    Weekdays,
    Window,
)

# The most words at the end of a text that are tried.
_MOST_WORDS = 12
# The most characters of a text that is tried without quotes around it.
_LONGEST_PLAIN = 60
_BEFORE_A_TEXT = "2026-01-01 9:00"
# What may be all that a text says, before how long it is to be: this in 2 days.
_POINTING = frozenset({"this", "that", "these", "those"})
# The raid does, and not what repeats: "raid starts in 90 min".
_VERBS = ("starts ", "begins ")
# What begins before the words that are tried: a list, an alternative or a repetition.
_ALTERNATIVES = frozenset({"and", "or", "every", "each"})
_ASKED = re.compile(
    r"\A(?:(?:please|pls|(?:can|could|will|would)\s+you(?=(?:\s+please)?\s+(?:remind|dm|pm)\s+me\b)(?:\s+please)?)\s+)?"
    r"(?:(?P<me>(?:(?:remind|dm|pm)\s+)?me)(?![^\s,:])[,:]?\s*)?(?:(?:to|that|about)\s+)?",
    re.IGNORECASE,
)
# What a list has before each line, and emoji, those of a server too: signs from U+2190 on that are no letters.
_LEAD = re.compile(
    r"(?:[->\u2022\u00b7*\u2013]{1,9} ){0,3}"
    r"(?P<pictures>(?:(?:<a?:\w{1,32}:\d{1,20}>|:\w{1,32}:|[^\w\s\x00-\u218f]){1,9} ){0,9})"
)
# A date, and a number that may be its year: 2 jan 27.
_YEAR_BEHIND = re.compile(r" '?(?P<year>2[6-9]|3\d)(?![\w:.,/%$€£-])(?= )")
# So many hours, and a number that may be their minutes: 1h 30.
_MINUTES_BEHIND = re.compile(rf" (?:(?:and )?[0-5]\d|and (?:{IN_LETTERS}))(?![\w:.,/%$€£-])(?= )")
_END_SIGNS = " .!,;)]*~"
_SIGNS = " ,.!()[]*~"


def read(text: str) -> Sentence:
    """Read a sentence. Emoji in front of it belong to its text."""
    body = text.strip()
    if (lead := _LEAD.match(body)) and lead.end() and begins(body[lead.end() :]):
        bare = _read(body[lead.end() :])
        pictures = lead["pictures"].strip()
        readings = (replace(reading, what=f"{pictures} {reading.what}".strip()) for reading in bare.readings)
        return replace(bare, readings=tuple(readings), spare=None)
    return _read(body)


def _read(body: str) -> Sentence:
    if quoted := _by_quotes(body):
        return Sentence((quoted,), text=body)
    source = Text(body)
    if alone := _whole(source):
        return Sentence((Reading(alone, body.strip(_SIGNS), ""),), text=body)
    front = grammar.longest(run(source))
    back = _back(source, front)
    if front is None and back is None:
        return middle.read(source)
    if back is None:
        return _after_front(source, front)  # type: ignore[arg-type]
    statement, start, is_joined = back
    if front is None or is_joined:
        return _around(source, statement, front[1] if front else 0, start)
    # Two times that cannot be one: each may be meant, and the other a part of the text.
    first = Reading(front[0], body[: front[1]].strip(_SIGNS), cleaned(body[front[1] :]))
    last = Reading(statement, body[start:].strip(_END_SIGNS), cleaned(body[:start]))
    return Sentence((first, last), is_in_doubt=True, text=body, doubtful=last.words)


def _around(source: Text, statement: Statement, begin: int, start: int) -> Sentence:
    """Read a sentence whose text stands between two places."""
    body = source.raw
    words = f"{body[:begin]} {body[start:]}".strip(_SIGNS + ";")
    left = remainder.left_before(source, begin, start, statement)
    # What goes with the time and could not be understood stays in the text: nothing is lost by a press.
    reading = Reading(statement, words, cleaned(body[begin:start]))
    if left == start:
        return alternatives.checked(reading, source, begin, start)
    several = middle.read(source)
    if len(several.readings) > 1 and not begin:  # tonight or tomorrow
        return several
    return Sentence((reading,), is_in_doubt=True, text=body, doubtful=body[left:].strip(_SIGNS))


def begins(text: str) -> bool:
    """Return whether words about time stand in front of a text."""
    return grammar.longest(run(Text(text))) is not None


def whole(text: str) -> Statement | None:
    """Return the statement that all of a text is; None where some of it is not about time."""
    return _whole(Text(text)) if len(text) <= 2 * LONGEST else None


def _whole(source: Text) -> Statement | None:
    bare = source.raw.strip(_SIGNS)
    tokens = run(source, source.raw.index(bare)) if 0 < len(bare) <= LONGEST else []
    is_all = tokens and tokens[-1].end >= len(source.raw.rstrip(_SIGNS))
    return grammar.parse(tokens, is_alone=True) if is_all else None


def asked_of_me(text: str) -> tuple[bool, str]:
    """Return whether a sentence asks to remind *me*, and the sentence without *remind me to*."""
    match = _ASKED.match(text)
    return bool(match and match["me"]), text[match.end() :] if match else text


def quoted(what: str) -> str:
    """Return a text as it is typed behind words about time, so that it is read as text."""
    if not what or len(what) > _LONGEST_PLAIN:
        return f'"{what}"' if what else ""
    # A clock, since what may follow one is most: a zone, until when.
    read_again = read(f"{_BEFORE_A_TEXT} {what}")
    is_plain = (
        not remainder.hangs(what)
        and len(read_again.readings) == 1
        and not read_again.is_in_doubt
        and read_again.readings[0].what == what
    )
    return (
        what
        if is_plain and read_again.readings[0].words == _BEFORE_A_TEXT and not what[:1].isdigit()
        else f'"{what}"'
    )


def _by_quotes(body: str) -> Reading | None:
    """Read a sentence whose text stands in quotes, with nothing but words about time around it."""
    first = min((at for sign in OPENING if (at := body.find(sign)) >= 0), default=-1)
    last = max(body.rfind(sign) for sign in OPENING.values())
    if first < 0 or last <= first + 1:
        return None
    words = f"{body[:first].strip()} {body[last + 1 :].strip()}".strip(" ,:.!-")
    statement = whole(words) if words else None
    return Reading(statement, words, body[first + 1 : last].strip()) if statement else None


def _back(source: Text, front: tuple[Statement, int] | None) -> tuple[Statement, int, bool] | None:
    """Return the statement at the end, where it starts, and whether it goes together with that in front."""
    end = len(source.raw.rstrip(_END_SIGNS))
    begin = front[1] if front else 0
    in_front = [token for token in run(source) if token.end <= begin]
    alone: tuple[Statement, int, bool] | None = None
    for start in starts(source.raw[:end], _MOST_WORDS):
        if start < begin or (start == begin and not front) or (not front and start == 0):
            continue
        tokens = run(source, start)
        if not tokens or tokens[-1].end < end:
            continue
        if isinstance(tokens[-1].value, Joiner | Marker) or tokens[0].value == Marker("on"):
            continue
        if front and source.raw[begin:start].strip() and _may_join(tokens):
            joined = grammar.parse([*in_front, *tokens])
            if joined and not _hangs(source, start, tokens):
                return joined, start, True
        if alone is None and not _is_part_of_text(source, start, tokens) and (statement := grammar.parse(tokens)):
            alone = statement, start, False
    return alone


def _may_join(tokens: list[Token]) -> bool:
    """Return whether words at the end are more than a bare number or an everyday word."""
    match tokens[0].value:
        case ClockTime(is_loose=is_weak) | DayPart(is_bare=is_weak) | MonthDays(is_bare=is_weak):
            return not is_weak
        case Weekdays(is_short=is_word) | Date(is_named=is_word):
            return not is_word or len(tokens) > 1
    return True


def _hangs(source: Text, start: int, tokens: list[Token]) -> bool:
    """Return whether words at the end belong to the word before them."""
    word = remainder.before(source, start)
    is_moment = isinstance(tokens[0].value, ClockTime | Weekdays | Date | Relative | FromNow)
    return word in _ALTERNATIVES or (is_moment and word in remainder.BELONGS)


def _is_part_of_text(source: Text, start: int, tokens: list[Token]) -> bool:
    first, word = tokens[0].value, remainder.before(source, start)
    if first == Marker("for") or source.plain.startswith(_VERBS, start):  # get ready for friday
        return True
    if isinstance(first, FromNow) and (word == "in" or (first.is_sure and word in _POINTING)):
        return word == "in"
    if isinstance(first, ClockTime) and (first.is_loose or first.hour > 23 or first.minute > 59):
        return True
    if not _may_join(tokens):
        return True
    return (
        word in remainder.BELONGS
        or isinstance(first, Joiner)
        or (isinstance(first, Window) and (first.start.is_twelve or first.end.is_twelve))
    )


def _after_front(source: Text, front: tuple[Statement, int]) -> Sentence:
    statement, end = front
    reading = Reading(statement, source.raw[:end].strip(_SIGNS), cleaned(source.raw[end:]))
    sentence = alternatives.checked(reading, source, end, len(source.raw))
    tokens = [token for token in run(source) if token.end <= end]
    if with_number := _with_number(source, tokens[-1]):
        return Sentence((with_number, reading), is_in_doubt=True, text=source.raw, doubtful=with_number.words)
    if not (_may_be_text(tokens) and (shorter := grammar.longest(tokens[:-1]))):
        return sentence
    spare = Reading(shorter[0], source.raw[: shorter[1]].strip(_SIGNS), cleaned(source.raw[shorter[1] :]))
    if sentence.is_in_doubt or not reading.what or not _has_one_meaning(tokens):
        return replace(sentence, spare=spare)
    return Sentence((reading, spare), is_in_doubt=True, text=source.raw, doubtful=reading.words)


def _with_number(source: Text, last: Token) -> Reading | None:
    """Return the reading by which a number is the minutes or the year of what it follows: *1h 30*, *2 jan 27*."""
    number: re.Match[str] | None = None
    match last.value:
        case FromNow(length=length) if length.amounts[-1].unit == "h":
            if number := _MINUTES_BEHIND.match(source.plain, last.end):
                corrected = f"{number[0].replace(' and', '')} m"
        case Date(year=None):
            if number := _YEAR_BEHIND.match(source.plain, last.end):
                corrected = f" 20{number['year']}"
    if number is None:
        return None
    again = _read(f"{source.raw[: last.end]}{corrected}{source.raw[number.end() :]}")
    return replace(again.readings[0], words=source.raw[: number.end()])


def _may_be_text(tokens: list[Token]) -> bool:
    """Return whether the last word about time may begin the text: *tomorrow 3 eggs*, *monday week plan*."""
    match tokens[-1].value:
        case ClockTime(is_loose=True) | Vague("early" | "late" | "sometime") | Date(is_named=True):
            return True
        case FromNow(is_sure=False, length=length):
            return length.is_vague and len(tokens) > 1 and is_day_value(tokens[-2].value)
    return False


def _has_one_meaning(tokens: list[Token]) -> bool:
    """Return whether the last word is not asked about anyway, as 1 to 12 o'clock is."""
    value = tokens[-1].value
    if len(tokens) > 1 and isinstance(tokens[-2].value, Joiner):  # at 9 and 21
        return False
    return isinstance(value, FromNow | Date) or (
        isinstance(value, ClockTime) and value.hour > 12 and not value.minute
    )
