"""Other readings of a sentence, where its text speaks of time too."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.reminders import remainder
from bot.domain.reminders.reading import Reading, Sentence, cleaned
from bot.domain.reminders.remainder import Other
from bot.domain.time.lexer import Text
from bot.domain.time.statement import Group, Statement


def checked(reading: Reading, source: Text, begin: int, end: int) -> Sentence:
    """Return the sentence of a reading, in doubt where its text, between two places, speaks of time."""
    other = remainder.beside(source, begin, end, reading.statement)
    other = other or remainder.hanging(source, begin, end)
    other = other or next(remainder.inside(source, begin, end), None)
    other = other or remainder.around(source, begin, end, reading.statement)
    if other is None:
        return Sentence((reading,), text=source.raw)
    readings = (reading, *_instead(source, other, reading, begin, end))
    return Sentence(readings, is_in_doubt=True, text=source.raw, doubtful=other.words.strip(" ,"))


def _instead(source: Text, other: Other, reading: Reading, begin: int, end: int) -> Iterator[Reading]:
    """Yield the readings in which the other words about time count; a second time of day is on the same day."""
    first, instead = reading.statement, other.statement
    if instead is None:
        return
    before, after = source.raw[begin : other.start].strip(), source.raw[other.end : end].strip()
    if instead.zone and not first.zone:
        yield Reading(instead, other.words, cleaned(f"{before} {after}"))
        return
    if first.days and instead.clocks and instead == Statement((Group((), instead.clocks),)):
        statement, words = (
            replace(first, groups=(Group(first.days, instead.clocks),)),
            f"{reading.words} {other.words}",
        )
        yield Reading(statement, words, cleaned(f"{before} {after}"))
        if placed := remainder.in_a_place(source, other.end, statement):
            zoned, after = placed.statement or statement, source.raw[placed.end : end].strip()
            yield Reading(zoned, f"{words} {placed.words}", cleaned(f"{before} {after}"))
        return
    without = f"{source.raw[: other.start].strip()} {source.raw[other.end :].strip()}"
    if other.start - begin <= 1 and not first.span:  # tomorrow or friday
        without = source.raw[other.end :]
    yield Reading(instead, other.words, cleaned(without))
