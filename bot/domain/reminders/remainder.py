"""The rest of a sentence besides its words about time, which may be about time too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.reminders import qualifiers
from bot.domain.time import grammar, zone_words
from bot.domain.time.completeness import is_day_value
from bot.domain.time.lexer import LONGEST, Text, run
from bot.domain.time.names import MONTHS
from bot.domain.time.plain import plain, starts
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    DayPart,
    Every,
    FromNow,
    FullMoment,
    InZone,
    Joiner,
    Marker,
    MonthDays,
    NthWeekdays,
    Often,
    Relative,
    Slashed,
    Times,
    Token,
    Vague,
    Weekdays,
    Window,
)

# The most places within a text that are looked at.
_MOST_PLACES = 4
# The most words before those at the end that are looked at.
_MOST_WORDS = 6
# The most words of a zone at the end.
_MOST_IN_ZONE = 3
_MOST_SEEN = 40
# The most words of a time before the one that continues it.
_MOST_GOING_ON = 2
# A time after one of these belongs to the text: "get ready for friday", "the 8pm show".
BELONGS = frozenset(
    {"a", "about", "an", "any", "as", "because", "before", "by", "for", "from", "her", "his", "if", "into"}
    | {"its", "last", "like", "my", "next", "no", "not", "of", "our", "per", "since", "than", "that", "the"}
    | {"their", "these", "this", "those", "to", "under", "when", "where", "with", "within", "without", "your"}
)
_COUNTED = re.compile(r" ?,? ?x ?(?P<number>\d{1,3})(?![\w'%:.-])")
_NOT = re.compile(r"[ ,(]*(?:not|(?P<or>or (?:maybe|perhaps|possibly)|at the)) (?=\S)")
# Where words about time may begin within a text.
_MONTHS = f"(?:{'|'.join(MONTHS)})"
_HINT = re.compile(
    r"(?=[\d<@abdefhijmnoqstuwy])(?<![\w:/.<#=?&%])(?:\d{1,2}[:.]\d\d|\d{1,2} ?[ap]\.?m\b|\d{4}-\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTHS}|{_MONTHS}(?=[a-z]* \d)|at \d|@ ?\d"
    r"|in (?:\d|an? |half|one |two |three |five |ten |twenty |thirty )"
    r"|tom+or+ow|today|tonight|yesterday|noon|midnight|every|each|except|until|till|starting|from \d|between \d"
    r"|next |on (?:the \d|mon|tue|wed|thu|fri|sat|sun)|<t:|daily|hourly|half past|quarter (?:to|past)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?= (?:and|or) ))"
)


@dataclass(frozen=True, slots=True)
class Other:
    """Words in the text that speak of time, and their statement if they are one."""

    words: str
    start: int
    end: int
    statement: Statement | None = None


def beside(source: Text, begin: int, end: int, statement: Statement) -> Other | None:
    """Return what follows the words in front and is about time too, but does not fit together with them."""
    tokens = [token for token in run(source, begin) if token.end <= end]
    goes_on = qualifiers.behind(source, begin, statement)
    if goes_on is not None and goes_on <= end:
        return Other(source.raw[begin:goes_on].strip(), begin, goes_on)
    other = _not_then(source, begin) or in_a_place(source, begin, statement) or _counted(source, begin, statement)
    if statement.clocks and (stop := qualifiers.own(source, begin)):
        other = Other(source.raw[begin:stop].strip(), begin, stop, statement)
    if begin and other:  # a text that comes first follows no time
        return other
    for number, token in enumerate(tokens):
        value = token.value
        if number and _is_joined(source, tokens[number - 1], value):
            return Other(source.raw[tokens[0].start : token.end], tokens[0].start, token.end)
        is_way = isinstance(value, Marker) and value.name in {"before", "after"}
        is_beside = is_way and statement == Statement(span=statement.span)
        if not is_beside and (isinstance(value, Joiner) or (isinstance(value, Marker) and not value.is_strong)):
            continue
        if not is_beside and not is_strong(value):
            return None
        longest = grammar.longest(tokens[number:])
        stop = longest[1] if longest else token.end
        return Other(source.raw[tokens[0].start : stop], tokens[0].start, stop, longest[0] if longest else None)
    return None


def _not_then(source: Text, begin: int) -> Other | None:
    """Return the time right behind another that is ruled out or doubtful: *at 5pm, not 6pm*, *or maybe 6pm*."""
    match = _NOT.match(source.plain, begin)
    tokens = run(source, match.end()) if match else []
    if not tokens or not is_strong(tokens[0].value):
        return None
    instead = grammar.parse(tokens[:1]) if match and match["or"] else None
    return Other(source.raw[begin : tokens[0].end].strip(" ,("), begin, tokens[0].end, instead)


def around(source: Text, begin: int, end: int, statement: Statement) -> Other | None:
    """Return what limits a repetition in front of a text or at its end; or the time zone at its end."""
    find = qualifiers.beside if statement.repeats else qualifiers.on_each_day
    if limit := find(source, begin, end):
        return Other(source.raw[slice(*limit)], *limit)
    if not statement.clocks or statement.zone:
        return None
    stop = len(source.raw[:end].rstrip(" .!,"))
    for place in starts(source.raw[:stop], _MOST_IN_ZONE):
        words = source.raw[place:stop].strip("()")
        if place > begin and (zones := zone_words.unmistakable(words)):
            return Other(words, place, stop, replace(statement, zone=InZone(zones)))
    return None


def is_limited(source: Text, statement: Statement, start: int, end: int) -> bool:
    """Return whether words around a time within a text limit it, or make it repeat."""
    if not statement.repeats:
        return qualifiers.on_each_day(source, 0, len(source.plain)) is not None
    edges = qualifiers.beside(source, 0, start) or qualifiers.beside(source, end, len(source.plain))
    behind = [token.value for token in run(source, end)[:1]]
    is_marked = any(isinstance(value, Marker) and value.is_strong for value in behind)
    return bool(edges) or is_marked or qualifiers.behind(source, end, statement) is not None


def hangs(text: str) -> bool:
    """Return whether a text would be read together with a time before it: *after the game* behind a length."""
    is_counted = bool(_COUNTED.match(plain(text[:_MOST_SEEN])))
    return (
        is_counted
        or qualifiers.goes_with_a_time(text)
        or plain(text[:_MOST_SEEN]).startswith(("after ", "before ", "of "))
    )


def _is_joined(source: Text, before: Token, value: object) -> bool:
    """Return whether a time of day or weekday, even a weak one, follows *and*: *and evening*."""
    is_and = isinstance(before.value, Joiner) and source.plain[before.start : before.end] in {"and", "&", "plus"}
    return is_and and isinstance(value, ClockTime | DayPart | Weekdays)


def in_a_place(source: Text, begin: int, statement: Statement) -> Other | None:
    """Return a place behind a time that may be its time zone, or part of the text: *8am in London*, *JFK*."""
    named = zone_words.perhaps(source.raw, begin) if statement.clocks and not statement.zone else None
    if named is None:
        return None
    zoned = replace(statement, zone=named[0])
    return Other(source.raw[begin : named[1]].strip(" ,"), begin, named[1], zoned)


def _counted(source: Text, begin: int, statement: Statement) -> Other | None:
    """Return a count behind a time: of how often it comes, or of something in the text: *x3*."""
    is_open = statement.repeats and statement.times is None and statement.until is None
    counted = _COUNTED.match(source.plain, begin) if is_open else None
    if counted is None:
        return None
    counting = replace(statement, times=int(counted["number"]))
    return Other(counted[0].strip(), begin, counted.end(), counting)


def hints(source: Text, begin: int, end: int) -> Iterator[int]:
    """Yield the places within a text, quotes apart, where words about time may begin."""
    for number, match in enumerate(_HINT.finditer(source.plain, begin, end)):
        if number >= _MOST_PLACES:
            return
        if not _is_in_quotes(source, match.start(), begin):
            yield match.start()


def hanging(source: Text, begin: int, end: int, *, is_complete: bool) -> Other | None:
    """Return what stands at the end of a text and is about time, but does not fit the words that count.

    ``is_complete``: these have a time of day, or a length.
    """
    stop = len(source.raw[:end].rstrip(" ,;-"))
    text, left_out = source, 0
    if end < len(source.raw):  # what follows may be a part of the same length: for 10 days 20m
        left_out = max(0, stop - LONGEST)
        text = Text(source.raw[left_out:stop])
    for place in starts(text.raw[: stop - left_out], _MOST_WORDS):
        start = left_out + place
        tokens = run(text, place) if start > begin else []
        if not tokens or tokens[-1].end < stop - left_out:
            continue
        if before(source, start) in BELONGS:
            # book a table for saturday at 8; but not: cook for four tonight
            if is_complete and is_day_value(tokens[0].value) and grammar.parse(tokens):
                return None
            continue
        if is_of_pages(source, start, tokens):
            continue
        first, after = tokens[0].value, tokens[min(1, len(tokens) - 1)].value
        if isinstance(first, Marker) and _is_limit(first, after):
            return Other(source.raw[start:stop], start, stop)
        if first == Marker("for") or source.plain.startswith("about ", start):
            continue  # get ready for friday; talk about two weeks of it
        if is_strong(first) and (statement := grammar.parse(tokens)):
            return Other(source.raw[start:stop], start, stop, statement)
    return None


def is_of_pages(source: Text, start: int, tokens: list[Token]) -> bool:
    """Return whether *to* and a number at the end go with another: *page 12 to 18*, but not *from 9 to 11*."""
    number = before(source, start)
    is_range = len(tokens) <= 2 and source.plain.startswith("to ", start) and number.isdigit()
    return is_range and before(source, source.plain.rindex(number, 0, start)) not in {"", "from", "between", "at"}


def _is_limit(marker: Marker, value: object) -> bool:
    """Return whether words give an end, or a number of days; *for 20 minutes* is how long something takes."""
    if isinstance(value, Marker) or not is_strong(value):
        return False
    if marker.name == "for" and isinstance(value, FromNow):
        return value.length.amounts[0].unit in {"d", "w", "mo", "y"}
    return marker.name in {"until", "from", "except", "between"}


def inside(source: Text, begin: int, end: int, *, is_complete: bool) -> Iterator[Other]:
    """Yield the statements about time within a text; ``is_complete`` as above."""
    for start in hints(source, begin, end):
        if before(source, start) in BELONGS or (is_complete and _goes_on(source, start)):
            continue
        longest = grammar.longest([token for token in run(source, start) if token.end <= end])
        if longest and _is_beyond_doubt(longest[0]):
            yield Other(source.raw[start : longest[1]], start, longest[1], longest[0])


def _goes_on(source: Text, start: int) -> bool:
    """Return whether a time continues one that belongs to the text: for saturday *at 8*."""
    for place in starts(source.raw[:start], _MOST_GOING_ON):
        tokens = run(source, place) if before(source, place) in BELONGS else []
        if any(token.start == start for token in tokens) and is_day_value(tokens[0].value):
            return grammar.parse([token for token in tokens if token.start <= start]) is not None
    return False


def _is_in_quotes(source: Text, start: int, begin: int) -> bool:
    return source.plain.count('"', begin, start) % 2 == 1 and '"' in source.plain[start:]


def is_strong(value: object) -> bool:
    """Return whether a token right behind words about time is about time too, rather than a word of the text."""
    match value:
        case (
            ClockTime(is_loose=is_word)
            | MonthDays(is_bare=is_word)
            | DayPart(is_bare=is_word)
            | Date(is_named=is_word)
        ):
            return not is_word
        case Weekdays(is_short=is_short, days=days, is_plural=is_plural):
            return not is_short and (len(days) == 1 or is_plural)
        case Every(is_adverb=is_adverb, unit=unit):
            return not is_adverb and unit is not None
        case FromNow(is_sure=is_sure, length=length):
            return is_sure or not length.is_vague
    return isinstance(value, Relative | Date | Slashed | FullMoment | Vague | Window | Marker | Times | Often) or (
        isinstance(value, NthWeekdays) and bool(value.of.qualifier)
    )


def _is_beyond_doubt(statement: Statement) -> bool:
    """Return whether a statement within a text is about time beyond doubt."""
    if statement.span:
        return statement.span.is_sure
    every = statement.every
    if every and every.is_adverb:
        return False
    return not (statement.vague or statement.window)


def before(source: Text, start: int) -> str:
    """Return the word before a place, in small letters."""
    return source.plain[max(0, start - 40) : start].rstrip().rpartition(" ")[2].rstrip(",;:")
