"""Parser of a goal: an amount of focus a day, typed after ``goal`` or filled in."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.invocation import Invocation
from bot.domain.question import Choice, Question
from bot.domain.stats.command import Goal
from bot.domain.time import duration
from bot.domain.time.duration import spoken, written
from bot.messages.catalogue import N_

LONGEST_GOAL = timedelta(hours=24)
OFF = {"off", "none", "no", "never", "stop"}
# What leads in to a goal, and a clock, which is hours and minutes: is 2h, 1:30.
_IS = re.compile(r"\A(?:set )?(?:(?:(?:to|is|of)\b|[=:]) ?)?(?=\S)")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_PER_DAY = re.compile(r"\A(?:daily|each day|every day) | ?(?:(?:a|per|each|every) |/ ?)day\Z| daily\Z")
_PER_WEEK = re.compile(r"\A(?:weekly|each week|every week) | ?(?:(?:a|per|each|every) |/ ?)week\Z| weekly\Z")
# A number without a unit that is hours rather than minutes, and the grain of a goal that is worked out.
_MOST_HOURS, _FIVE_MINUTES = 12, timedelta(minutes=5)


def parse(asked: Invocation) -> Goal:
    """Parse a goal, or that there is to be none. Raises ``BadDuration``."""
    day = asked.options.get("day", asked.words)
    plain = _PER_DAY.sub("", _IS.sub("", folded(day), count=1)).removesuffix("?")
    if not plain:
        return Goal(None)
    if plain in OFF:
        return Goal(timedelta())
    if (weekly := duration.read(_PER_WEEK.sub("", plain), bare="m")) and _PER_WEEK.search(plain):
        each = (weekly / days // _FIVE_MINUTES * _FIVE_MINUTES for days in (7, 5))
        raise Question(N_("A goal is for each day. Which one?"), *_goals(list(filter(None, each))))
    length = duration.read(f"{plain}:00" if _CLOCK.fullmatch(plain) else plain, bare="m")
    if plain.isdecimal() and len(plain) < 3 and 0 < int(plain) <= _MOST_HOURS:
        either = [timedelta(hours=int(plain)), timedelta(minutes=int(plain))]
        raise Question(N_("Is “{quote}” hours or minutes?"), *_goals(either), quote=plain)
    if length is None:
        raise Question(
            N_("I can't read “{quote}” as a goal. Say how long a day, such as 2h, or off."),
            *_likely_goals(),
            quote=day[:40],
        )
    if not timedelta(minutes=1) <= length <= LONGEST_GOAL:
        raise Question(N_("A goal can be 1 minute to 24 hours a day."), *_likely_goals())
    return Goal(length)


def _likely_goals() -> list[Choice]:
    return [*_goals([timedelta(hours=hours) for hours in (1, 2, 3)]), Choice(N_("No goal"), "goal off")]


def _goals(lengths: Sequence[timedelta]) -> list[Choice]:
    return [Choice(N_("{length} a day"), f"goal {written(day)}", {"length": spoken(day)}) for day in lengths]


def folded(text: str) -> str:
    """Return a text in small letters with single spaces."""
    return " ".join(text.split()).casefold()
