"""Repair: probable meanings of a start whose words make no plan, as corrected requests.

A comma or a bracket is missing, a plan stands beside what it is for (``math 50/10``), or it is a task alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.errors import BadName, UserError, with_help
from bot.domain.focus import rounds
from bot.domain.focus.body import PUNCTUATION, as_task, until
from bot.domain.focus.command import StartSession
from bot.domain.focus.lengths import length_fields, lengths_of
from bot.domain.focus.plan import BUILT_IN, Phase, Plan, standard
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.focus.start_line import line
from bot.domain.question import Choice, Question
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_

# The most characters of a text that is put right, the most words that say how long, and the most readings offered.
_LONGEST, _MOST_WORDS, _MOST = 400, 8, 3
_BETWEEN = re.compile(r"\s*[;|+]\s*|\s*->\s*|,?\s+(?:and )?then\s+|\s*,(?:\s*,)+\s*", re.IGNORECASE)
_FOR = re.compile(r"(?:for|in) (?=\S)", re.IGNORECASE)
_JOINT = re.compile(
    r"\A(?:(?:for|on|with|and|in|to|of|please)\b|[\s,;:-])+|(?:\b(?:for|on|with|and|in|to|please)|[\s,;:-])+\Z",
    re.IGNORECASE,
)
# A number by itself, and the short break that goes with a single one.
_NUMBER, _SHORT = re.compile(r"(?<!\d)\d{1,3}(?!\d)"), "5"
# A number that belongs to the task, and a length: chapter 2 30m.
_MIXED = re.compile(r"(?:\d+ )+\d+ ?[^\W\d_].*")
_FILLED = re.compile(r"(.{1,60}?),? for (.{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StartReading:
    """A start that words may ask for, and those of them that say how long."""

    words: str
    start: StartSession


def readings(text: str, *, at_end: bool = False) -> list[StartReading]:
    """Return the starts that a text may mean: a plan at its end, or at its front, and a task beside it."""
    words = text.split() if len(text) <= _LONGEST else []
    meant: list[StartReading] = []
    for size in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        sides = [(words[-size:], words[:-size]), *([] if at_end else [(words[:size], words[size:])])]
        for plan, task in sides:
            for reading in _plans(" ".join(plan)):
                meant += _with_task(reading, " ".join(task))
    return list({reading.start: reading for reading in meant}.values())[:_MOST]


def is_plan(text: str) -> bool:
    """Return whether all of a text says how long: *25/5*, *for 25 minutes*."""
    return len(text) <= _LONGEST and any(_plans(text)) and not text.isdecimal()


def question(text: str, refused: UserError) -> UserError:
    """Return the error for a rejected text: a question where its meaning can be guessed."""
    if len(text) > _LONGEST:
        return with_help(refused, "focus")
    tasks = as_task(text) if _is_task(text) else []
    if likely := _filled(text) or [*_punctuated(text), *choices(text), *tasks] or _numbered(text):
        return Question(refused.template, *likely, **refused.arguments)
    return with_help(refused, "focus")


def choices(text: str) -> list[Choice]:
    """Offer the starts that a text may mean, of which a part says how long."""
    return [_choice(reading) for reading in readings(text)]


def _choice(reading: StartReading) -> Choice:
    task, asked = reading.start.task, line(reading.start)
    if task is None:
        return Choice(N_("{plan}"), asked, {"plan": reading.words})
    return Choice(N_("{plan} on {task}"), asked, {"plan": reading.words, "task": task})


def _plans(text: str) -> Iterator[StartReading]:
    """Return what words ask for that say how long and nothing else."""
    words = _FOR.sub("", text, count=1)
    try:
        if (fields := length_fields(words)) and not _MIXED.fullmatch(words):
            yield StartReading(words, StartSession(None, standard(**lengths_of(fields))))
        elif (length := duration.read(words)) and words[-1:].isalpha():
            yield StartReading(words, StartSession(None, Plan((Phase(length),))))
    except UserError:
        return
    if (ending := until(words)) and not ending[0]:
        for end in ending[1][::-1]:
            yield StartReading(words, StartSession(None, None, until=end))


def _with_task(reading: StartReading, text: str) -> list[StartReading]:
    task = _JOINT.sub("", text)
    if task.casefold() in BUILT_IN:
        return [reading, StartReading(task, StartSession(task.casefold(), None))]
    try:
        return [replace(reading, start=replace(reading.start, task=name.clean(task) if task else None))]
    except BadName:
        return []


def _filled(text: str) -> list[Choice]:
    """Offer rounds that fill a time: *deep for 2 hours*, *25/5 for 3h*."""
    match = _FILLED.fullmatch(text) if len(text) <= 100 else None
    length = duration.read(match[2], bare="m") if match else None
    if not match or not length:
        return []
    try:
        plan = BUILT_IN.get(match[1].casefold())
        fields = None if plan else length_fields(match[1])
        if plan:
            focus, short = plan.phases[0].length, plan.phases[1].length
        elif fields and {"focus", "short"} <= fields.keys():
            lengths = lengths_of(fields)
            focus, short = lengths["focus"], lengths["short"]
        else:
            return []
        return [rounds.filled(length, focus, short)]
    except UserError:
        return []


def _punctuated(text: str) -> list[Choice]:
    """Offer the plan with the commas and brackets that are missing."""
    fixed = _BETWEEN.sub(", ", text).strip(" ,")
    fixed += ")" * (fixed.count("(") - fixed.count(")"))
    try:
        plan = parse_plan(fixed) if PUNCTUATION.intersection(fixed) else None
    except UserError:
        return []
    return [Choice(N_("{plan}"), f"focus start {plan}", {"plan": fixed})] if plan else []


def _numbered(text: str) -> list[Choice]:
    """Offer the plan of numbers between which something else stands: *25:5*, *25/x*."""
    numbers = _NUMBER.findall(text)
    numbers += [_SHORT] if len(numbers) == 1 else []
    try:
        fields = length_fields(" ".join(numbers)) if numbers else None
        plan = standard(**lengths_of(fields)) if fields else None
    except UserError:
        return []
    return [Choice(N_("{plan}"), f"focus start {plan}", {"plan": "/".join(numbers)})] if plan else []


def _is_task(text: str) -> bool:
    """Return whether a text may say what somebody will do: it has a word, and is no plan with a slip in it."""
    words = (word for word in text.split() if duration.read(f"1 {word}") is None)
    return not PUNCTUATION.intersection(text) and any(word.isalpha() for word in words)
