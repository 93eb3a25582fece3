"""Times in the middle of a text: *meeting tomorrow at 3pm with Bob*.

A single full statement there counts if nothing around it is about time; otherwise the sentence is in doubt.
"""

import re
from collections.abc import Iterator

from bot.domain.reminders import numbers, remainder, right_before
from bot.domain.reminders.reading import Reading, Sentence, cleaned
from bot.domain.time import grammar
from bot.domain.time.lexer import Text, run
from bot.domain.time.plain import starts
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Joiner, Marker, MonthDays, Token

# The most words before a time that may belong to it, and the most around it that are checked.
_MOST_BEFORE, _MOST_AROUND = 3, 6
_MOST_CHARACTERS = 80
# What a time in the middle begins with; *the notes of 3pm* belong to the text.
_LEADS = ("at ", "@", "on ", "tomorrow", "tonight", "every ", "each ")


# "every penultimate friday"
_EVERY_SUCH = re.compile(r"(?:every|each) \S+ \Z")


def read(source: Text) -> Sentence:
    """Read a sentence with no words about time at either end; there may be some in the middle."""
    statements = list(_statements(source))
    spans = _with_what_goes_along(source, statements)
    if len(statements) == 1 and (longer := _with_number(source, *statements[0])):
        return longer
    readings = tuple(
        Reading(statement, source.raw[start:end].strip(" ()[]*~"), _without(source, *span))
        for (statement, start, end), span in zip(statements, spans, strict=True)
    )
    if len(statements) == 1 and (placed := remainder.in_a_place(source, statements[0][2], statements[0][0])):
        zoned = Reading(
            placed.statement or statements[0][0], placed.words, _without(source, statements[0][1], placed.end)
        )
        return Sentence((*readings, zoned), is_in_doubt=True, text=source.raw, doubtful=placed.words)
    doubtful = source.raw[slice(*spans[0])].strip() if spans else ""
    is_clear = (
        len(statements) == 1
        and _is_full(source, *statements[0][:2])
        and spans[0] == statements[0][1:]
        and not _speaks_of_time(source, *statements[0][1:])
        and not remainder.is_limited(source, *statements[0])
        and not _EVERY_SUCH.search(source.plain[: statements[0][1]])
    )
    return Sentence(readings, is_in_doubt=bool(readings) and not is_clear, text=source.raw, doubtful=doubtful)


def _with_number(source: Text, short: Statement, start: int, end: int) -> Sentence | None:
    """Ask whether a number behind a time belongs to it: *dentist tomorrow 830*."""
    last = [token for token in run(source, start) if token.end <= end][-1:]
    behind = numbers.behind(source, last[0]) if last else None
    long = grammar.parse(run(Text(f"{source.raw[start:end]} {behind[0]}"))) if behind else None
    if behind is None or long is None:
        return None
    words, stop = source.raw[start : behind[1]], behind[1]
    both = Reading(long, words, _without(source, start, stop)), Reading(short, words, _without(source, start, end))
    return Sentence(both, is_in_doubt=True, text=source.raw, doubtful=words)


def _statements(source: Text) -> Iterator[tuple[Statement, int, int]]:
    reached = 0
    for hint in remainder.hints(source, 0, len(source.plain)):
        longest = grammar.longest(run(source, hint)) if hint >= reached else None
        if not longest:
            continue
        start = hint
        for earlier in starts(source.plain[max(reached, hint - _MOST_CHARACTERS) : hint], _MOST_BEFORE):
            place = max(reached, hint - _MOST_CHARACTERS) + earlier
            tokens = run(source, place)
            whole = grammar.longest(tokens)
            if whole and whole[1] >= longest[1] and not isinstance(tokens[0].value, Joiner | Marker):
                longest, start = whole, place
                break
        reached = longest[1]
        yield longest[0], start, reached


def _with_what_goes_along(source: Text, statements: list[tuple[Statement, int, int]]) -> list[tuple[int, int]]:
    """Return the start and end of each time with the words that belong to it and the times beside it: *or*."""
    wide: list[tuple[int, int]] = []
    for statement, start, end in statements:
        begin = right_before.words(source, 0, start, statement)
        if wide and begin <= wide[-1][1] + 1:
            begin = wide[-1][0]
            wide = [(first, end if (first, last) == wide[-1] else last) for first, last in wide]
        wide.append((begin, end))
    return wide


def _without(source: Text, start: int, end: int) -> str:
    return cleaned(f"{source.raw[:start].strip()} {source.raw[end:].strip(' ,:;')}")


def _is_full(source: Text, statement: Statement, start: int) -> bool:
    """Return whether a time names its day or its time of day, and belongs to no word before it."""
    is_open = statement.vague or statement.window or statement.is_about or statement.often or statement.span
    is_plain = bool(statement.days and statement.clocks) or source.plain.startswith(_LEADS, start)
    is_timed = bool(statement.days or statement.clocks or statement.part or statement.every)
    return is_plain and is_timed and not is_open and remainder.before(source, start) not in remainder.BELONGS


def _speaks_of_time(source: Text, start: int, end: int) -> bool:
    """Return whether a word around a time is about time too."""
    begin = max(0, start - _MOST_CHARACTERS)
    before = [begin + place for place in starts(source.plain[begin:start], _MOST_AROUND)]
    groups = [_first(run(source, place)) for place in (*before, *_words(source, end))]
    around = [token.value for tokens in groups for token in tokens]
    is_list = any(isinstance(tokens[-1].value, MonthDays) for tokens in groups if len(tokens) > 1)  # & 15th
    return is_list or any(not isinstance(value, Marker | Joiner) and remainder.is_strong(value) for value in around)


def _first(tokens: list[Token]) -> list[Token]:
    """Return the first token, and the one behind *and*."""
    return tokens[:2] if tokens and isinstance(tokens[0].value, Joiner) else tokens[:1]


def _words(source: Text, begin: int) -> Iterator[int]:
    """Yield where the words right behind a place begin."""
    for _ in range(_MOST_AROUND):
        while begin < len(source.plain) and source.plain[begin] == " ":
            begin += 1
        if begin < len(source.plain):
            yield begin
        begin = source.plain.find(" ", begin)
        if begin < 0:
            return
