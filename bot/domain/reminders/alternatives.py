"""Other readings of a sentence whose text is about time too."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.reminders import remainder
from bot.domain.reminders.reading import Reading, Sentence, cleaned
from bot.domain.reminders.remainder import Other
from bot.domain.time.completeness import is_by_days
from bot.domain.time.lexer import Text
from bot.domain.time.statement import Group, Statement


def checked(reading: Reading, source: Text, begin: int, end: int) -> Sentence:
    """Return the sentence of a reading, in doubt if its text, between two places, is about time."""
    other = remainder.beside(source, begin, end, reading.statement)
    is_complete = bool(reading.statement.clocks or reading.statement.span)
    other = other or remainder.hanging(source, begin, end, is_complete=is_complete)
    other = other or next(remainder.inside(source, begin, end, is_complete=is_complete), None)
    other = other or remainder.around(source, begin, end, reading.statement)
    between = source.raw[begin : other.start].strip(" ,") if other else ""
    if other is None or (other.statement and _is_how_long(other.statement, reading.statement, between)):
        return Sentence((reading,), text=source.raw)
    readings = (reading, *_instead(source, other, reading, begin, end))
    return Sentence(readings, is_in_doubt=True, text=source.raw, doubtful=other.words.strip(" ,"))


def is_of_text(other: Statement, front: tuple[Statement, int], source: Text, start: int) -> bool:
    """Return whether a time at the end belongs to the text: *9am book a table for saturday at 8*."""
    first, begin = front
    is_complete = bool(first.clocks or first.span)
    return (is_complete and remainder.before(source, start) in remainder.BELONGS) or _is_how_long(
        other, first, source.raw[begin:start].strip(" ,")
    )


def _is_how_long(other: Statement, first: Statement, between: str) -> bool:
    """Return whether a length beside a time of day says how long something takes: *5pm yoga 20 minutes*."""
    span = other.span
    if span is None or span.is_sure or is_by_days(span):
        return False
    is_led = bool(first.span and first.span.is_sure and between)  # in 1h read 10 minutes
    return other == Statement(span=span) and bool((first.clocks and (first.days or first.part)) or is_led)


def _instead(source: Text, other: Other, reading: Reading, begin: int, end: int) -> Iterator[Reading]:
    """Yield the readings that use the other words about time; a second time of day is on the same day."""
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
        if (led := remainder.in_a_place(source, begin, statement)) and led.end >= other.start - 1:
            yield Reading(led.statement or statement, f"{words} {led.words}", cleaned(after))
        if placed := remainder.in_a_place(source, other.end, statement):
            zoned, after = placed.statement or statement, source.raw[placed.end : end].strip()
            yield Reading(zoned, f"{words} {placed.words}", cleaned(f"{before} {after}"))
        return
    without = f"{source.raw[: other.start].strip()} {source.raw[other.end :].strip()}"
    if other.start - begin <= 1 and not first.span:  # tomorrow or friday
        without = source.raw[other.end :]
    yield Reading(instead, other.words, cleaned(without))
