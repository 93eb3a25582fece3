"""Titles of what comes often: *daily stand-up* beside a single day may be that one, or all from then on."""

import re

from bot.domain.reminders.reading import Reading, Sentence, cleaned
from bot.domain.time import grammar
from bot.domain.time.completeness import is_day_value
from bot.domain.time.lexer import Text, run
from bot.domain.time.recurrence import Unit
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Date, Every, Relative, Token, Weekdays

_OFTEN = re.compile(
    r"(?:\w+ )?(?:stand-?up|scrum|sync|report|review|retro|meeting|call|check-?in|news(?:letter|paper)?|mail|digest"
    r"|update|log|notes?|journal|planner|summary|numbers|figures|backup|build|special|deal|quest|challenge|show"
    r"|reset|raid|dungeon|maintenance|recap|roundup|catch-?up|stream|event|tournament|quiz|lesson|practice|plan(?:ning)?"
    r"|reading|budget|clean(?:ing|-?up)?|check|chores|workout|one-on-one)s?"
    r"(?![\w'-])",
    re.IGNORECASE,
)
# What needs no day beside it to be a repetition: *9am daily stand-up* is one, *9am weekly report* perhaps.
_ON_EVERY_DAY = frozenset({Unit.MINUTE, Unit.DAY, None})


def is_title(what: str) -> bool:
    """Return whether a text begins with what comes often: *report*, *stand-up*."""
    return _OFTEN.match(what) is not None


def begin_behind(tokens: list[Token], what: str) -> bool:
    """Return whether *daily* behind a day, or *weekly* without one, begins a title."""
    every, is_on_a_day = tokens[-1].value, any(is_day_value(token.value) for token in tokens)
    if not (isinstance(every, Every) and every.is_adverb and _OFTEN.match(what)):
        return False
    return is_on_a_day or (len(tokens) > 1 and every.unit not in _ON_EVERY_DAY)


def is_impossible(tokens: list[Token]) -> bool:
    """Return whether *monthly* and the like cannot go with a weekday before them: *monday 9am monthly report*."""
    every = tokens[-1].value
    is_by_months = isinstance(every, Every) and every.is_adverb and every.unit is Unit.MONTH
    return is_by_months and any(isinstance(token.value, Weekdays) for token in tokens)


def in_front(source: Text, front: tuple[Statement, int], together: Statement, start: int) -> Sentence | None:
    """Ask whether *daily* in front begins a title, where a single day stands at the end; None where it can't."""
    what = cleaned(source.raw[front[1] : start])
    is_on_a_day = any(isinstance(day, Relative | Date) for day in together.days)
    single = (
        grammar.parse(run(source, start)) if is_on_a_day and is_adverb(front[0]) and _OFTEN.match(what) else None
    )
    if single is None:
        return None
    words = source.raw[start:].rstrip(" .!")
    readings = Reading(single, words, cleaned(source.raw[:start])), Reading(together, words, what)
    return Sentence(readings, is_in_doubt=True, text=source.raw, doubtful=source.raw[: front[1]])


def is_adverb(statement: Statement) -> bool:
    """Return whether a repetition is just a word such as *daily*, which names things too."""
    every = statement.every
    return bool(every and every.is_adverb) and statement == Statement(every=every, repeats=True)
