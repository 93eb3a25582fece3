"""A schedule: when a reminder comes and how it repeats, on a person's own wall clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.ellipsis import on_one_line
from bot.domain.errors import BadMoment, BadRecurrence, UserError
from bot.domain.time import (
    abbreviation,
    clocks,
    grammar,
    lexer,
    moment,
    recurrence,
    recurrence_text,
    series,
    vagueness,
)
from bot.domain.time.ambiguity import ZONES, Ambiguous, Doubt, Impossible
from bot.domain.time.days import Here
from bot.domain.time.recurrence import Recurrence
from bot.domain.time.statement import Group, Statement
from bot.domain.time.tokens import InZone, Token
from bot.messages import dates
from bot.messages.catalogue import N_, gettext

NEVER = frozenset({"never", "once", "no", "none", "not"})
LONGEST = lexer.LONGEST
_BARE = re.compile(r"\+?(\d{1,3})", re.ASCII)
# The last time of day of a repetition; its zone goes behind it.
_LAST_CLOCK = re.compile(r"\d:\d\d(?::\d\d)?(?!.*\d:\d\d)")
_MOST_OPTIONS, _DEEPEST = 6, 3
# Within this time people think of a moment as a length from now.
_NEAR = timedelta(days=1)


class Elapsed(str):
    """The words of a moment that was meant as a length from now."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """``first_at`` is aware, in UTC. ``on_clock``: it depends on the person's time zone; ``moved`` as in ``When``.

    ``zone`` is the one that the words name, where they name one and it repeats.
    """

    first_at: datetime
    rule: Recurrence | None
    on_clock: bool
    moved: timedelta = timedelta()
    zone: ZoneInfo | None = None


def read(words: str, every: str, now: datetime, zone: ZoneInfo) -> Schedule:
    """Parse when it comes and how it repeats; either may be empty, not both.

    Raises ``BadMoment``, ``BadRecurrence`` and ``Doubt``.
    """
    every = "" if every.casefold() in NEVER else every.strip()
    statement = whole(words) if words.strip() or not every else None
    if every and (repeated := whole(f"every {every}") or whole(every)) and repeated.repeats:
        if statement is None and not words.strip():
            return resolve(repeated, every, now, zone)
        if statement and not statement.repeats:
            return _beginning(statement, words, repeated, every, now, zone)
    elif statement and not every:
        return resolve(statement, words, now, zone)
    elif not every and (number := _BARE.fullmatch(words.strip())):
        raise _bare(number[1], now, zone)
    raise _unreadable(words, every)


def whole(words: str) -> Statement | None:
    """Parse all of some words as one statement; None if they are none."""
    tokens = _all(words) if len(words) <= LONGEST else None
    return grammar.parse(tokens, is_alone=True) if tokens else None


def _beginning(
    start: Statement, words: str, repeated: Statement, every: str, now: datetime, zone: ZoneInfo
) -> Schedule:
    """Let a recurrence begin at a moment that was given separately."""
    try:
        resolve(start, words, now, zone)
    except Doubt as doubt:
        options = tuple(f"every {every} starting {option}" for option in doubt.options)
        raise Doubt(doubt.template, options, **doubt.arguments) from None
    joined = replace(repeated, since=replace(start, zone=None), zone=repeated.zone or start.zone)
    if repeated.since or (repeated.clocks and start.clocks):
        raise _unreadable(words, every)
    return resolve(joined, every, now, zone)


def is_time_of_day(words: str) -> bool:
    """Return whether words are a time of day, and no day or length."""
    if (statement := whole(words)) is None:
        return False
    return statement == Statement((Group(clocks=statement.clocks, part=statement.part),), statement.zone)


def _all(words: str) -> list[Token] | None:
    """Return the tokens of words that are all about time; None if some are not."""
    text = lexer.Text(" ".join(words.split()).strip(" ,.!"))
    tokens = lexer.run(text)
    if len(lexer.significant(tokens)) < len(tokens):
        return None
    return tokens if (tokens[-1].end if tokens else 0) == len(text.plain) else None


def resolve(statement: Statement, words: str, now: datetime, zone: ZoneInfo, depth: int = 0) -> Schedule:
    """Return the schedule of a statement; ``words`` are quoted where it has none."""
    here = Here(now.astimezone(UTC).replace(microsecond=0), zone)
    try:
        return _schedule(statement, here)
    except Impossible as impossible:
        kind = BadRecurrence if statement.repeats else BadMoment
        raise kind(impossible.template, None, quote=shortened(words), **impossible.arguments) from None
    except Ambiguous as ambiguous:
        options = tuple(islice(dict.fromkeys(_options(ambiguous, here)), _MOST_OPTIONS))
        if not options and ambiguous.statements and depth < _DEEPEST:  # each of them is impossible: say why
            return resolve(ambiguous.statements[0], words, now, zone, depth + 1)
        raise Doubt(ambiguous.template, options, quote=shortened(words)) from None


def _schedule(statement: Statement, here: Here) -> Schedule:
    if not statement.repeats:
        when = moment.resolve(vagueness.settled(statement, here), here)
        return Schedule(when.moment, None, when.on_clock, when.moved)
    if statement.zone:
        return _in_zone(statement, here)
    when, rule = series.resolve(statement, here)
    return Schedule(when.moment, rule, when.on_clock, when.moved)


def _in_zone(statement: Statement, here: Here) -> Schedule:
    """Let a series go by the clocks of the zone that its words name."""
    zones = statement.zone.zones if statement.zone else ()
    if len(zones) > 1:
        raise Ambiguous(ZONES, *(replace(statement, zone=InZone((single,))) for single in zones))
    there = Here(here.now, zones[0])
    when, rule = series.resolve(replace(statement, zone=None), there)
    return Schedule(when.moment, rule, False, when.moved, zones[0])


def _options(ambiguous: Ambiguous, here: Here, depth: int = 0) -> Iterator[str]:
    """Yield the possible meanings in unambiguous words, without the impossible ones."""
    for statement in ambiguous.statements:
        try:
            yield spelled(_schedule(statement, here), here.now, here.zone)
        except (Impossible, UserError):
            continue
        except Ambiguous as further:
            if depth < _DEEPEST:
                yield from _options(further, here, depth + 1)


def spelled(schedule: Schedule, now: datetime, zone: ZoneInfo) -> str:
    """Return words that mean a schedule, and nothing else, as long as its first time is to come."""
    there = schedule.zone or zone
    at = schedule.first_at.astimezone(there)
    rule = schedule.rule
    if rule is None:
        wall = at.replace(tzinfo=None).isoformat(" ", "seconds" if at.second else "minutes")
        words = at.isoformat(" ") if at.fold else wall
        return words if schedule.on_clock or schedule.first_at - now > _NEAR else Elapsed(words)
    typed = recurrence_text.spoken(rule, there, _clock(rule, at))
    if schedule.zone:
        often, until, end = typed.partition(" until ")
        often = _LAST_CLOCK.sub(lambda clock: f"{clock[0]} {abbreviation.spelled(there.key)}", often)
        typed = f"{often}{until}{end}"
    try:
        known = read(typed, "", now, zone)
    except UserError:
        return typed
    if (known.first_at, known.rule, known.zone) == (schedule.first_at, rule, schedule.zone):
        return typed
    return f"{typed} starting {at:%Y-%m-%d %H:%M}" if rule.is_elapsed else f"{typed} starting {at:%Y-%m-%d}"


def summary(schedule: Schedule, zone: ZoneInfo) -> str:
    """Say how often a schedule repeats, and until when, for people to read; empty if it does not."""
    rule, zone = schedule.rule, schedule.zone or zone
    if rule is None:
        return ""
    sentence = recurrence_text.in_words(rule, _clock(rule, schedule.first_at.astimezone(zone)))
    if schedule.zone:
        sentence = gettext("{rule} ({zone})", rule=sentence, zone=abbreviation.spelled(zone.key))
    if rule.until is None:
        return sentence
    until = rule.until.astimezone(zone)
    date = dates.full(until) if until.time() == clocks.LAST_SECOND else dates.wall_time(until)
    return gettext("{rule} until {date}", rule=sentence, date=date)


def _clock(rule: Recurrence, first_at: datetime) -> time | None:
    """Return the time of day that all times of a rule have from its first one."""
    return None if rule.clocks or rule.slots or rule.is_elapsed or rule.window else first_at.time()


def repetition(every: str, first_at: datetime, now: datetime, zone: ZoneInfo) -> Schedule:
    """Parse a new recurrence for what was due at ``first_at``, whose time of day it keeps unless it names one.

    Raises as ``read`` does.
    """
    if every.casefold() in NEVER:
        return Schedule(first_at, None, on_clock=False)
    statement = whole(f"every {every}") or whole(every)
    meant = read("", every, now, zone)
    if statement is None or statement.clocks or statement.part or statement.window or meant.rule is None:
        return meant
    return again(first_at, meant.rule, zone)


def again(first_at: datetime, rule: Recurrence | None, zone: ZoneInfo) -> Schedule:
    """Return the schedule of a known rule from a known moment on. Raises ``BadRecurrence``."""
    if rule:
        if len(rule.clocks) == 1:
            rule = replace(rule, clocks=())  # it belonged to another first time
        first_at = recurrence.first_time(rule, first_at, zone)
    return Schedule(first_at, rule, on_clock=False)


def shortened(text: str) -> str:
    """Shorten a quote to fit into a sentence."""
    return on_one_line(text, 40)


def _bare(number: str, now: datetime, zone: ZoneInfo) -> Doubt:
    """Return the doubt about a number alone: minutes, or an hour of the day."""
    options = []
    for words in (f"{number}m", f"{number}:00"):
        try:
            options.append(spelled(read(words, "", now, zone), now, zone))
        except UserError:
            continue
    return Doubt(N_("“{quote}” – minutes, or a time of day?"), tuple(options), quote=number)


def _unreadable(words: str, every: str) -> BadMoment | BadRecurrence:
    if every and words and whole(words):
        statement = whole(f"every {every}") or whole(every)
        if statement and statement.repeats:
            return BadRecurrence(
                N_("“{when}” and “{every}” don't go together: which counts?"),
                when=shortened(words),
                every=shortened(every),
            )
    if every and (not words or whole(words)):
        return BadRecurrence(N_("I can't tell how often “{quote}” is."), quote=shortened(every))
    if not words.strip():
        return BadMoment(N_("When should I remind you?"))
    return BadMoment(N_("I can't read “{quote}” as a time."), quote=shortened(words))
