"""Days by everyday words, which belong to the text if anything else in it is about time: *sat gym*, *xmas cards*.

If nothing else is, a weekday counts as one, unless it is known to be a name; other days are offered.
"""

import re
from collections.abc import Iterator

from bot.domain.reminders import remainder
from bot.domain.reminders.reading import Reading, cleaned
from bot.domain.time import grammar
from bot.domain.time.day_words import behind_month
from bot.domain.time.lexer import Text, run
from bot.domain.time.names import WEEKDAY
from bot.domain.time.plain import starts
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Joiner, Token, Weekdays

# The most words in front and at the end that may be a day.
_MOST_WORDS = 3
# A verb, not a weekday: the cat sat.
_SAT = re.compile(r".* (?:cat|dog|i|we|he|she|they|who|just) sat\W*\Z", re.IGNORECASE)
_DOTTED = re.compile(r"(?:on )?(?P<date>(?:[12]?\d|3[01])\.(?:1[0-2]|0?[1-9]))(?= )", re.IGNORECASE)
_ANOTHER = re.compile(rf"\b{WEEKDAY}s?\b| \d{{1,2}}\Z", re.IGNORECASE)


def weekday(source: Text) -> Reading | None:
    """Return the reading that takes a short name in front of a text as a weekday: *sat gym*."""
    reading = _in_front(source)
    if not (reading and reading.what) or _ANOTHER.search(reading.what):
        return None
    tokens = run(source)
    is_alone = bool(tokens) and all(isinstance(token.value, Joiner) for token in tokens[1:])
    return reading if is_alone and is_weekday(source, tokens[0]) else None


def is_weekday(source: Text, token: Token) -> bool:
    """Return whether a token is a weekday by its short name, and hardly another word: *the cat sat*, *SAT*."""
    if not (isinstance(token.value, Weekdays) and token.value.is_short):
        return False
    name = source.raw[token.start : token.end]
    is_word = _SAT.match(source.plain) or (name.isupper() and not source.raw.isupper())
    return not is_word and remainder.before(source, token.start) not in remainder.BELONGS


def readings(source: Text) -> Iterator[Reading]:
    """Yield the readings of a sentence whose only words about time, in front or at its end, are everyday words."""
    body = source.raw
    if reading := _in_front(source) or _dotted(body):
        yield reading
    stop = len(body.rstrip(" .!,"))
    for start in filter(None, starts(body, _MOST_WORDS)):
        tokens = _run(source, start)
        if tokens and tokens[-1].end >= stop and (statement := _day(tokens)):
            yield Reading(statement, body[start:], cleaned(body[:start]))
            break


def _dotted(body: str) -> Reading | None:
    """Return the reading that takes a number in front as a day and a month: *24.12 gifts*."""
    match = _DOTTED.match(body)
    statement = grammar.parse(run(Text(f"{match['date']}."))) if match else None
    return Reading(statement, match[0].strip(), cleaned(body[match.end() :])) if match and statement else None


def _in_front(source: Text) -> Reading | None:
    tokens = _run(source, 0)[:_MOST_WORDS]
    for count in range(len(tokens), 0, -1):
        if statement := _day(tokens[:count]):
            end = tokens[count - 1].end
            return Reading(statement, source.raw[:end], cleaned(source.raw[end:]))
    return None


def _run(source: Text, at: int) -> list[Token]:
    """Return the tokens from a place on; *on the first* is a day too."""
    if day := behind_month(source.plain, at):
        return [Token(day[0], at, day[1])]
    return run(source, at)


def _day(tokens: list[Token]) -> Statement | None:
    statement = grammar.parse(tokens, is_alone=True)
    return statement if statement and statement.days and not statement.repeats else None
