"""A reminder in a sentence: the words that say when it comes and how it repeats, and its text.

The words about time stand in front, at the end, or around the text. The rest is the text only if nothing
in it is about time; otherwise the sentence is in doubt, and has several readings.
"""

import re
from dataclasses import replace

from bot.domain.courtesy import PLEASE
from bot.domain.reminders import alternatives, everyday, middle, numbers, remainder, right_before, titles
from bot.domain.reminders.reading import OPENING, Reading, Sentence, cleaned
from bot.domain.time import grammar
from bot.domain.time.completeness import is_day_value
from bot.domain.time.lexer import Text, run
from bot.domain.time.plain import starts
from bot.domain.time.schedule import LONGEST
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    DayPart,
    Every,
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
# All that a text may say before a length: this in 2 days.
_POINTING = frozenset({"this", "that", "these", "those"})
# The raid starts, not a repetition: "raid starts in 90 min".
_VERBS = ("starts ", "begins ")
# Words that make a name with a weekday: black friday, blue monday.
_BEFORE_A_DAY = frozenset(
    {"black", "blue", "manic", "good", "ash", "cyber", "super", "taco", "shrove", "palm", "casual", "bloody"}
    | {"freaky"}
)
# What begins before the words that are tried: a list, an alternative or a repetition.
_ALTERNATIVES = frozenset({"and", "or", "every", "each"})
# Bullets before a line, and emoji, including a server's own: signs from U+2190 on that are no letters.
_LEAD = re.compile(
    r"(?:[->\u2022\u00b7*\u2013]{1,9} ){0,3}"
    r"(?P<pictures>(?:(?:<a?:\w{1,32}:\d{1,20}>|:\w{1,32}:|[^\w\s\x00-\u218f]){1,9} ){0,9})"
)
# What belongs to the text though it stands behind the time: emoji, and faces such as :(
_TAIL = re.compile(r"(?: (?:[:;]-?[()DPp/]|<3|[xX]D|<a?:\w{1,32}:\d{1,20}>|[^\w\s\x00-\u218f]{1,9})){1,9}\Z")
_PLEASE = re.compile(rf" (?:{PLEASE}|thanks|thank you|thx)[.!]*\Z", re.IGNORECASE)
# Signs right behind a time that are not part of the text: tomorrow!!! milk; 9am.Milk
_SIGNS_BEHIND = re.compile(r"(?:[)\]!?.\u2026*~]{1,9}[,:;]?(?=\s)|[.!?](?=[A-Z]|[a-z]{4}))?")
_END_SIGNS = " .!?,;)]*~"
_SIGNS = " ,.!?()[]*~"
# *An hour and ten to call mum*: no text begins with *and*, unless it counts something.
_AND_SO_MANY = re.compile(r" and [\w-]+ (?:to |(?!\w*s\b))")


def read(text: str) -> Sentence:
    """Read a sentence. Emoji in front of it belong to its text."""
    return of(Text(text.strip()))


def of(source: Text) -> Sentence:
    """Read a sentence from a text that caches its tokens for the next reader."""
    body = source.raw
    lead, tail = _LEAD.match(body), _TAIL.search(body) or _PLEASE.search(body)
    behind = Text(body[lead.end() :]) if lead and lead.end() else None
    if lead and behind and grammar.longest(run(behind)):
        return _with_pictures(lead["pictures"].strip(), _read(behind), "")
    bare = _read(Text(body[: tail.start()])) if tail else Sentence()
    if tail and bare.readings and not bare.is_in_doubt and body.startswith(bare.readings[0].what):
        return _with_pictures("", bare, "" if tail.re is _PLEASE else tail[0].strip())
    return _read(source)


def _with_pictures(front: str, bare: Sentence, behind: str) -> Sentence:
    readings = (replace(reading, what=f"{front} {reading.what} {behind}".strip()) for reading in bare.readings)
    return replace(bare, readings=tuple(readings), spare=None)


def _read(source: Text) -> Sentence:
    body = source.raw
    if quoted := _by_quotes(body):
        return Sentence((quoted,), text=body)
    if alone := _whole(source):
        return Sentence((Reading(alone, body.strip(_SIGNS), ""),), text=body)
    if front := grammar.longest(run(source)):
        front = front[0], _SIGNS_BEHIND.match(body, front[1]).end()  # type: ignore[union-attr]
    back = _back(source, front)
    if front and back and back[0].span and titles.is_adverb(front[0]):  # daily scrum in 10 minutes
        front = None
    if front is None and back is None:
        return middle.read(source)
    if back is None:
        return _after_front(source, front)  # type: ignore[arg-type]
    statement, start, is_joined = back
    if front is None or is_joined:
        statement, begin = (_everyday(source, start) if front is None else None) or (
            statement,
            front[1] if front else 0,
        )
        titled = titles.in_front(source, front, statement, start) if front else None
        return titled or _around(source, statement, begin, start)
    # Two times that cannot be one: each may be meant, and the other a part of the text.
    first = Reading(front[0], body[: front[1]].strip(_SIGNS), cleaned(body[front[1] :]))
    last = Reading(statement, body[start:].strip(_END_SIGNS), cleaned(body[:start]))
    is_name = bool(front[0].span and not front[0].span.is_sure)  # 24h race saturday 15:00
    return Sentence((last, first) if is_name else (first, last), is_in_doubt=True, text=body, doubtful=last.words)


def _around(source: Text, statement: Statement, begin: int, start: int) -> Sentence:
    """Read a sentence whose text stands between two places."""
    body = source.raw
    words = f"{body[:begin]} {body[start:]}".strip(_SIGNS + ";")
    left = right_before.words(source, begin, start, statement)
    # What goes with the time and could not be understood stays in the text: nothing is lost by a press.
    reading = Reading(statement, words, cleaned(body[begin:start]))
    if longer := right_before.longer(source, begin, start):
        together, left = longer
        readings = Reading(together, body[left:].strip(_SIGNS), cleaned(body[begin:left])), reading
        return Sentence(readings, is_in_doubt=True, text=body, doubtful=body[left:].strip(_SIGNS))
    if left == start:
        return alternatives.checked(reading, source, begin, start)
    several = middle.read(source)
    if len(several.readings) > 1 and not begin:  # tonight or tomorrow
        return several
    return Sentence((reading,), is_in_doubt=True, text=body, doubtful=body[left:].strip(_SIGNS))


def _everyday(source: Text, start: int) -> tuple[Statement, int] | None:
    """Return a weekday by its short name in front, with the time at the end, and where it ends: *sat gym 5pm*."""
    tokens = run(source)[:1]
    if not tokens or not everyday.is_weekday(source, tokens[0]):
        return None
    together = grammar.parse([*tokens, *run(source, start)])
    return (together, tokens[0].end) if together else None


def begins(text: str) -> bool:
    """Return whether words about time stand in front of a text."""
    return grammar.longest(run(Text(text))) is not None


def whole(text: str) -> Statement | None:
    """Return the statement that all of a text is; None if some of it is not about time."""
    return _whole(Text(text)) if len(text) <= 2 * LONGEST else None


def _whole(source: Text) -> Statement | None:
    bare = source.raw.strip(_SIGNS)
    tokens = run(source, source.raw.index(bare)) if 0 < len(bare) <= LONGEST else []
    is_all = tokens and tokens[-1].end >= len(source.raw.rstrip(_SIGNS))
    return grammar.parse(tokens, is_alone=True) if is_all else None


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
    for start in starts(source.raw[:end], _MOST_WORDS):
        if start < begin or (start == begin and not front) or (not front and start == 0):
            continue
        tokens = run(source, start)
        is_cut = not tokens or tokens[-1].end < end or isinstance(tokens[-1].value, Joiner | Marker)
        if is_cut or tokens[0].value == Marker("on"):
            continue
        if front and source.plain.startswith("about ", start) and is_day_value(tokens[1].value):
            continue
        is_day = everyday.is_weekday(source, tokens[0])
        if front and source.raw[begin:start].strip() and (is_day or _may_join(tokens)):
            joined = grammar.parse([*in_front, *tokens])
            if joined and not _hangs(source, start, tokens):
                return joined, start, True
        statement = grammar.parse(tokens)
        if statement and front and alternatives.is_of_text(statement, front, source, start):
            return None
        if statement and not _is_part_of_text(source, start, tokens):
            return statement, start, False
    return None


def _may_join(tokens: list[Token]) -> bool:
    """Return whether words at the end are more than a bare number or an everyday word."""
    match tokens[0].value:
        case DayPart(is_bare=True, is_plural=True):  # mornings at 7
            return len(tokens) > 1
        case ClockTime(is_loose=is_weak) | DayPart(is_bare=is_weak) | MonthDays(is_bare=is_weak):
            return not is_weak
        case Weekdays(is_short=is_word) | Date(is_named=is_word):
            return not is_word or len(tokens) > 1
    return True


def _hangs(source: Text, start: int, tokens: list[Token]) -> bool:
    """Return whether words at the end belong to the word before them."""
    word = remainder.before(source, start)
    is_moment = isinstance(tokens[0].value, ClockTime | Weekdays | Date | Relative | FromNow | Every)
    return word in _ALTERNATIVES or (is_moment and _belongs(word, tokens[0]))


def _belongs(word: str, token: Token) -> bool:
    """Return whether a time goes with the word before it: *the 8pm show*, *manic monday*."""
    return word in remainder.BELONGS or (isinstance(token.value, Weekdays) and word in _BEFORE_A_DAY)


def _is_part_of_text(source: Text, start: int, tokens: list[Token]) -> bool:
    first, word = tokens[0].value, remainder.before(source, start)
    if first == Marker("for") or source.plain.startswith(_VERBS, start):  # get ready for friday
        return True
    if remainder.is_of_pages(source, start, tokens):
        return True
    if isinstance(first, FromNow) and (word == "in" or (first.is_sure and word in _POINTING)):
        return word == "in"
    if isinstance(first, ClockTime) and (first.is_loose or first.hour > 23 or first.minute > 59):
        return True
    if not (_may_join(tokens) or everyday.is_weekday(source, tokens[0])):
        return True
    return (
        _belongs(word, tokens[0])
        or isinstance(first, Joiner)
        or (isinstance(first, Window) and (first.start.is_twelve or first.end.is_twelve))
    )


def _after_front(source: Text, front: tuple[Statement, int]) -> Sentence:
    statement, end = front
    reading = Reading(statement, source.raw[:end].strip(_SIGNS), cleaned(source.raw[end:]))
    sentence = alternatives.checked(reading, source, end, len(source.raw))
    tokens = [token for token in run(source) if token.end <= end]
    if with_number := _with_number(source, tokens[-1]):
        if _AND_SO_MANY.match(source.plain, tokens[-1].end):
            return Sentence((with_number,), text=source.raw)
        return Sentence((with_number, reading), is_in_doubt=True, text=source.raw, doubtful=with_number.words)
    is_named = titles.begin_behind(tokens, reading.what)
    if not ((is_named or _may_be_text(tokens, reading.what)) and (shorter := grammar.longest(tokens[:-1]))):
        return sentence
    spare = Reading(shorter[0], source.raw[: shorter[1]].strip(_SIGNS), cleaned(source.raw[shorter[1] :]))
    if titles.is_impossible(tokens):
        return Sentence((spare,), text=source.raw)
    is_clear = not (is_named or _has_one_meaning(tokens, reading.what))
    if sentence.is_in_doubt or not reading.what or is_clear:
        return replace(sentence, spare=spare)
    return Sentence((reading, spare), is_in_doubt=True, text=source.raw, doubtful=reading.words)


def _with_number(source: Text, last: Token) -> Reading | None:
    """Return the reading that takes a number with what it follows."""
    behind = numbers.behind(source, last)
    if behind is None:
        return None
    corrected, end = behind
    again = _read(Text(f"{source.raw[: last.end]} {corrected}{source.raw[end:]}"))
    return replace(again.readings[0], words=source.raw[:end])


def _may_be_text(tokens: list[Token], what: str) -> bool:
    """Return whether the last word about time may begin the text: *tomorrow 3 eggs*, *monday week plan*."""
    match tokens[-1].value:
        case ClockTime(is_loose=True) | Vague("early" | "late" | "sometime") | Date(is_named=True):
            return True
        case FromNow(is_sure=False, length=length):
            is_week = length.is_vague and len(tokens) > 1 and is_day_value(tokens[-2].value)
            return is_week and titles.is_title(what)
    return False


def _has_one_meaning(tokens: list[Token], what: str) -> bool:
    """Return whether the last word is not asked about anyway, as 1 to 12 o'clock is."""
    value = tokens[-1].value
    if len(tokens) > 1 and isinstance(tokens[-2].value, Joiner):  # at 9 and 21
        return False
    if len(tokens) > 1 and isinstance(tokens[-2].value, DayPart):  # tomorrow morning 3 things
        return what.partition(" ")[0].rstrip(",:;").endswith("s")
    return isinstance(value, FromNow | Date) or (
        isinstance(value, ClockTime) and value.hour > 12 and not value.minute
    )
