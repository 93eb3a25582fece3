"""Days by everyday words, which are of the text as long as nothing else speaks of time: *sat gym*, *xmas cards*.

Nothing is set by them; they are offered.
"""

from collections.abc import Iterator

from bot.domain.reminders.reading import Reading, cleaned
from bot.domain.time import grammar
from bot.domain.time.day_words import behind_month
from bot.domain.time.lexer import Text, run
from bot.domain.time.plain import starts
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Token

# The most words in front and at the end that may be a day.
_MOST_WORDS = 3


def readings(body: str) -> Iterator[Reading]:
    """Yield what a sentence without any other words about time may say by those in front, and at its end."""
    source = Text(body)
    tokens = _run(source, 0)[:_MOST_WORDS]
    for count in range(len(tokens), 0, -1):
        if statement := _day(tokens[:count]):
            end = tokens[count - 1].end
            yield Reading(statement, body[:end], cleaned(body[end:]))
            break
    stop = len(body.rstrip(" .!,"))
    for start in filter(None, starts(body, _MOST_WORDS)):
        tokens = _run(source, start)
        if tokens and tokens[-1].end >= stop and (statement := _day(tokens)):
            yield Reading(statement, body[start:], cleaned(body[:start]))
            break


def _run(source: Text, at: int) -> list[Token]:
    """Return the tokens from a place on; *on the first* is a day too."""
    if day := behind_month(source.plain, at):
        return [Token(day[0], at, day[1])]
    return run(source, at)


def _day(tokens: list[Token]) -> Statement | None:
    statement = grammar.parse(tokens, is_alone=True)
    return statement if statement and statement.days and not statement.repeats else None
