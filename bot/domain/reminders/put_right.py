"""The probable meaning of words about time that cannot be read, or that are impossible."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.errors import UserError
from bot.domain.invocation import Topic
from bot.domain.question import Choice, Question
from bot.domain.reminders import sentence
from bot.domain.spelling import is_near, is_slip, is_surely
from bot.domain.time import amounts, grammar, schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.lexer import LONGEST, Text, run
from bot.domain.time.plain import plain, starts
from bot.domain.time.recurrence import SELDOMEST, Unit
from bot.domain.time.schedule import spelled
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import ClockTime, Date, Day, DayPart, Every, FromNow, Relative, Slashed, Weekdays
from bot.messages.catalogue import N_

# Words about time that are recognised despite a slip.
_WORDS = (
    "every", "tomorrow", "today", "tonight", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday",
    "january", "february", "march", "april", "august", "september", "october", "november", "december", "morning",
    "afternoon", "evening", "midnight", "weekday", "weekdays", "weekend", "daily", "weekly", "monthly", "yearly",
    "hourly",
    "minutes", "hours", "weeks", "months", "minute", "hour", "week", "month", "days", "everyday", "until", "next",
    "day", "year", "years",
)  # fmt: skip
_UNITS = frozenset(_WORDS[_WORDS.index("minutes") : _WORDS.index("days") + 1]) | {"day", "year", "years"}
_NAMES = frozenset(_WORDS[_WORDS.index("monday") : _WORDS.index("december") + 1]) - {"march", "april"} | {
    "tomorrow"
}
# What stands before a unit that is misspelt, at the end of so many characters.
_MOST_BEFORE = 40
_SO_MANY = re.compile(rf"(?:\d|\b(?:{IN_LETTERS}|an?|couple(?: of)?)) ?\Z")
_IN_SO_MANY = re.compile(rf"\b(?:in|every|each) (?:\d{{1,4}}(?:[.,]\d)?|{IN_LETTERS}|an?|a couple(?: of)?) ?\Z")
_SHORTEST_SLIP, _MOST_WORDS, _MOST_OPTIONS = 4, 8, 4
# The most words in front and at the end that may be slips.
_MOST_SLIPS, _MOST_AT_END = 5, 4
_SHORTEST_VERB, _QUOTE = 3, 40
# Behind these words even a short one is a unit: "every dya".
_EVERY, _SHORTEST_BEHIND_EVERY = frozenset({"every", "each"}), 3
# Verbs of other programs before a reminder's number.
_ELSEWHERE = re.compile(
    r"(?:delay|push(?: back)?|defer|bump|shift|repeat|prolong|resched|re-schedule|modify|amend|extend|advance)"
    r" (?=#\d)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"#\d+")
_WORD = re.compile(r"\S+")
# A time that is joined to a word: nap-20m, deploy@17:00.
_GLUED = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?P<sign>[-@])(?P<time>\d[\w:.]{0,9})")
# A time of day with another sign between its hour and its minutes: 9,30 and 9;30 and 9-30am.
_SIGN = re.compile(r"[,;-]")
_SIGNED = re.compile(
    r"(?<![^ (])\d{1,2}(?:[,;][0-5]\d(?: ?[ap]m)?|-(?:1[3-9]|[2-5]\d) ?[ap]m)(?![\w,;-])", re.IGNORECASE
)
# Short words that hardly anybody else writes before a time.
_SHORT = {"ev": "every", "tod": "today", "tom": "tomorrow", "im": "in"}
_TEN_MINUTES = Every(Unit.MINUTE, 10)


def verb(text: str, topic: Topic, is_command: Callable[[str], bool]) -> Question | None:
    """Ask whether a verb is meant: one slip away, or with words behind its number that it doesn't take."""
    first, _, rest = text.partition(" ")
    if other := _ELSEWHERE.match(text):
        first, rest = "edit", text[other.end() :]
    if len(first) < _SHORTEST_VERB or (rest and not _NUMBERED.match(rest)):
        return None
    spellings = {spelling: verb.name for verb in topic.verbs.values() for spelling in (verb.name, *verb.aliases)}
    if other:
        meant, quote = [f"edit {rest}"], other[0].strip()
    elif known := spellings.get(first.casefold()):
        number = _NUMBERED.match(rest)
        meant, quote = [f"{known} {number[0]}"] if number else [], rest[number.end() :].strip() if number else ""
    else:
        names = [name for spelling, name in spellings.items() if _is_misspelled(first, spelling)]
        meant, quote = [f"{name} {rest}".strip() for name in dict.fromkeys(names)], first
    lines = [f"{topic.name} {words}" for words in meant if is_command(words)]
    if not lines:
        return None
    choices = (Choice(N_("{line}"), line, {"line": f"!{line}"}) for line in lines)
    return Question(N_("I don't know “{quote}”. Did you mean this?"), *choices, quote=quote[:_QUOTE])


def _is_misspelled(word: str, spelling: str) -> bool:
    return len(spelling) > _SHORTEST_VERB and is_slip(word, spelling)


@dataclass(frozen=True, slots=True)
class Slip:
    """A word that may be a slip, the word about time that may be meant, and the text with it instead."""

    word: str
    meant: str
    text: str
    # Whether nothing else can be meant, if the text can be read whole.
    is_sure: bool = False


def slips(body: str) -> Iterator[Slip]:
    """Yield words that are one letter off a word about time, or joined to a time."""
    if glued := _GLUED.search(body):
        apart = f"{body[: glued.start('sign')]} {body[glued.start('time') :]}"
        is_sure = glued["sign"] == "@" or sentence.begins(glued[0].partition("-")[0])
        yield Slip(glued[0], glued["time"].casefold(), apart, is_sure)
    if signed := _SIGNED.search(body):
        clock = _SIGN.sub(":", signed[0], count=1)
        is_sure = not signed[0][-1].isdigit() or ";" in signed[0]  # 9,30 may be a price
        yield Slip(signed[0], clock.casefold(), f"{body[: signed.start()]}{clock}{body[signed.end() :]}", is_sure)
    words = [*_WORD.finditer(body)]
    for place in sorted({*range(len(words))[:_MOST_SLIPS], *range(len(words))[-_MOST_AT_END:]}):
        word, start, end = words[place][0], words[place].start(), words[place].end()
        if word in _SHORT:
            yield Slip(word, _SHORT[word], f"{body[:start]}{_SHORT[word]}{body[end:]}")
        least = _SHORTEST_BEHIND_EVERY if place and words[place - 1][0].casefold() in _EVERY else _SHORTEST_SLIP
        is_known = len(word) < least or not word.isalpha() or word.casefold() in {*_WORDS, "early"}
        if is_known or sentence.begins(word):
            continue
        for meant in sorted(
            filter(partial(is_near, word), _WORDS), key=lambda known: known[0] != word[0].casefold()
        ):
            is_sure = _is_sure(word.casefold(), meant, plain(body[max(0, start - _MOST_BEFORE) : start]))
            yield Slip(word, meant, f"{body[:start]}{meant}{body[end:]}", is_sure)


def _is_sure(word: str, meant: str, before: str) -> bool:
    """Return whether a misspelt word can hardly be another: *10 mintues*, *tuseday*, but not *2 minuets*."""
    if meant in _UNITS:
        is_led = word[0] == meant[0] and bool(_IN_SO_MANY.search(before))
        is_led = is_led or (sorted(word) == sorted(meant) and before.split()[-1:] in (["every"], ["each"]))
        return bool(is_led or (is_surely(word, meant) and _SO_MANY.search(before)))
    if meant in _NAMES:
        return word[0] == meant[0] and (is_surely(word, meant) or not is_slip(word, meant))
    return is_surely(word, meant, _SHORTEST_SLIP) and (len(word) != len(meant) or sorted(word) == sorted(meant))


def statements(statement: Statement) -> Iterator[Statement]:
    """Yield probable meanings of a statement that is in the past, or impossible."""
    if statement.span and statement.span.is_ago:
        yield replace(statement, span=replace(statement.span, is_sure=True, is_ago=False))
    every = statement.every
    if every and every.unit is not Unit.MINUTE and not every.interval:
        yield replace(statement, every=replace(every, interval=1))
    elif every and every.unit is Unit.MINUTE and every.interval < _TEN_MINUTES.interval:
        yield replace(statement, every=_TEN_MINUTES)
    elif every and every.unit and every.interval > (most := SELDOMEST[every.unit]):
        yield replace(statement, every=replace(every, interval=most))
    if len(statement.groups) > 1 or not statement.groups:
        return
    [group] = statement.groups
    for days in _days(group.days, group.part):
        yield replace(statement, groups=(Group(days, group.clocks, _any_day(group.part)),))
    for clock in map(_clock, group.clocks):
        yield replace(statement, groups=(Group(group.days, (clock,), group.part),))
    if group == Group((), group.clocks) and not every:
        yield from _beyond_midnight(group.clocks[0])


def words(when: str, every: str, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return words for the probable meanings of a time and a recurrence."""
    options: dict[str, None] = {}
    for some_every in _readable(every, "every ", now, zone):
        for some_when in _readable(when, "", now, zone):
            if some_when or some_every:
                options |= dict.fromkeys(_spelled(some_when, some_every, now, zone))
    return list(islice(options, _MOST_OPTIONS))


def _spelled(when: str, every: str, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    try:
        yield spelled(schedule.read(when, every, now, zone), now, zone)
    except Doubt as doubt:
        yield from doubt.options
    except UserError:
        return


def _readable(field: str, lead: str, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Yield the words of a field that can be read: all of them or some; an empty text if it has none."""
    if not field.strip():
        yield ""
        return
    if statement := sentence.whole(f"{lead}{field}") or sentence.whole(field):
        yield field
        for other in statements(statement):
            try:
                yield spelled(schedule.resolve(other, field, now, zone), now, zone)
            except UserError:
                continue
        yield ""
        return
    for slip in slips(field[:LONGEST]):
        yield slip.text
    for start in starts(field[:LONGEST], _MOST_WORDS):
        text = Text(f"{lead}{field[start:LONGEST]}")
        if longest := grammar.longest(run(text)):
            yield text.raw[: longest[1]]


def _days(days: tuple[Day, ...], part: DayPart | None) -> Iterator[tuple[Day, ...]]:
    match days:
        case (Relative(number),) if number <= 0:
            yield (Relative(1),)
        case () if part and part.is_today:
            yield (Relative(1),)
        case (Weekdays(_, "last" | "this") as weekday,):
            yield (replace(weekday, qualifier=""),)
        case (Date(day, month, year),) if 1 <= month <= 12:
            last = monthrange(year or 2024, month)[1] if (year or 1) < 10_000 else 0
            if day > last > 0:
                yield (Date(last, month, year),)
            if year:
                yield (Date(day, month),)
        case (Slashed(first, second, year),):
            yield (Date(second, first, year),)
            yield (Date(first, second),)


def _beyond_midnight(clock: ClockTime) -> Iterator[Statement]:
    """Yield what *25:00* may be: minutes and seconds, or an hour after midnight."""
    if clock.hour > 24 and clock.minute < 60 and not clock.half:
        length = amounts.length((clock.hour, "m"), (clock.minute, "s"))
        yield Statement(span=FromNow(length, is_sure=True))
        if clock.hour < 30:
            yield Statement.of(clock=replace(clock, hour=clock.hour - 24))


def _any_day(part: DayPart | None) -> DayPart | None:
    return replace(part, is_today=False) if part else None


def _clock(clock: ClockTime) -> ClockTime:
    """Return the time of day without an am or pm that it cannot have; 24:00 is 0:00."""
    return replace(clock, hour=clock.hour % 24 if clock.hour == 24 else clock.hour, half="")
