"""Repair: probable meanings of a start whose words are no valid plan, as corrected requests.

A comma or a bracket is missing, a plan stands beside what it is for (``math 50/10``), or it is a task alone.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.domain.errors import BadName, BadPlan, UserError, with_help
from bot.domain.focus import rounds
from bot.domain.focus.body import PUNCTUATION, as_task, how_often, until, with_commas
from bot.domain.focus.command import StartSession
from bot.domain.focus.lengths import SO_MANY, Lengths, length_fields, lengths_of, rounds_in_digits
from bot.domain.focus.plan import BUILT_IN, Phase, Plan, parse as parse_plan, standard
from bot.domain.question import Choice, Question
from bot.domain.time import amounts, duration
from bot.domain.time.plain import with_digits
from bot.domain.timers import like_a_session, name
from bot.messages.catalogue import N_

# The most characters of a corrected text, the most words of a length or plan, and the most readings offered.
_LONGEST, _MOST_WORDS, _MOST = 400, 8, 3
# The most characters that are quoted.
_QUOTED = 40
_BARE_BREAK = re.compile(r"(?<![,x(]) (\d{1,3} (?:break|rest|pause|walk))\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;|+]\s*|\s*->\s*|,?\s+(?:and )?then\s+|\s*,(?:\s*,)+\s*", re.IGNORECASE)
_TIMES_BEHIND = re.compile(rf"\(([^()]{{1,100}})\) ?{amounts.TIMES} ?(\d{{1,3}})(?![^\s,])", re.IGNORECASE)
_FOR = re.compile(r"\A(?:for|in) (?=\S)", re.IGNORECASE)
_JOINT = re.compile(
    r"\A(?:(?:for|on|with|and|in|to|of|please)\b|[\s,;:()\"“”-])+"
    r"|(?:\b(?:for|on|with|and|in|to|please)|[\s,;:()\"“”-])+\Z",
    re.IGNORECASE,
)
# A number by itself, and the short break that goes with a single one.
_ROUNDS = 4
_NUMBER, _SHORT = re.compile(r"(?<!\d)\d{1,3}(?!\d)"), "5"
_LETTERED = re.compile(rf"\b(?:{amounts.IN_LETTERS})\b", re.IGNORECASE)
# A number that belongs to the task, and a length: chapter 2 30m.
_MIXED = re.compile(r"(?:\d+ )+\d+ ?[^\W\d_].*")
_ROUNDS_OF = re.compile(
    rf"(\d{{1,3}}) (?:{SO_MANY}) (?:of )?(.{{1,40}})|(.{{1,40}}?),? (?:for )?(\d{{1,3}}) (?:{SO_MANY})",
    re.IGNORECASE,
)
# A break behind a task: *50m on math, then 10m break*, and the most characters of one.
_BREAK = re.compile(
    r",? (?:(?:and|then|with|plus) )*(?:an? )?"
    r"(?P<phase>\d{1,3} ?(?:m|mins?|minutes?|h|hours?) (?:break|rest|pause))\Z",
    re.IGNORECASE,
)
_LONGEST_BREAK = 60
# How often a length comes, behind it: 25m x4.
_TIMES_ALONE = re.compile(
    rf"(?<=[^\W\d]) ?(?:{amounts.TIMES} ?(\d{{1,2}})| (\d{{1,2}}) ?{amounts.TIMES})\Z", re.IGNORECASE
)
_OF = re.compile(r"\A(.{1,40}?) of (.{1,60})\Z", re.IGNORECASE)
_FACTOR = re.compile(r"(?<![\w)])(\d{1,2}) ?\((?=\d)")
# Words about how or how long to go on, which are no task: 25/5 forever.
_NO_TASK = {"forever", "endless", "infinite", "loop", "on repeat", "repeat", "silent", "quiet", "autostart", "mode"}
_NO_TASK |= {"no breaks", "no break", "without breaks", "without a break"}
_FILLED = re.compile(r"(.{1,60}?),? for (.{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StartReading:
    """A start that words may ask for, and the words that say how long."""

    words: str
    start: StartSession


def readings(text: str, *, at_end: bool = False) -> list[StartReading]:
    """Return the starts that a text may mean: a plan at its end, or at its front, and a task beside it."""
    words = text.split() if len(text) <= _LONGEST else []
    meant: list[StartReading] = []
    for size in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        sides = [(words[-size:], words[:-size]), *([] if at_end else [(words[:size], words[size:])])]
        for plan, task in sides:
            for reading in _plans(" ".join(plan)) if not (at_end and len(plan) == 1 and plan[0].isalpha()) else ():
                meant += _with_task(reading, " ".join(task))
    return list({reading.start: reading for reading in meant}.values())[:_MOST]


def break_in_task(task: str, whole: Callable[[], StartSession]) -> Question | None:
    """Ask whether a break behind a task is a phase of the plan of the ``whole`` start; None if there is none."""
    rest = _BREAK.search(task, max(0, len(task) - _LONGEST_BREAK))
    if not rest:
        return None
    start, shorter, phase = whole(), task[: rest.start()], rest["phase"]
    plan = start.plan or BUILT_IN.get(start.plan_name or "classic")
    with contextlib.suppress(UserError):
        longer = replace(start, plan_name=None, plan=parse_plan(f"{plan}, {phase}"), task=shorter)
        return Question(
            N_("Is “{quote}” part of the task?"),
            Choice(N_("The task is “{task}”, and {option}"), longer.line, {"task": shorter, "option": phase}),
            Choice(N_("The task is “{task}”"), start.line, {"task": start.task or ""}),
            quote=phase,
        )
    return None


def is_plan(text: str) -> bool:
    """Return whether a text is a length or a plan and nothing else: *25/5*, *for 25 minutes*."""
    return len(text) <= _LONGEST and any(_plans(text)) and not text.isdecimal()


def question(text: str, refused: UserError) -> UserError:
    """Return the error for a rejected text: a question where its meaning can be guessed."""
    if len(text) > _LONGEST:
        return with_help(refused, "focus")
    if made := like_a_session.phases(text):
        return with_commas(", ".join(made))
    if not (likely := _rounds_of(text) or _likely(text)):
        return with_help(refused, "focus")
    if is_plan(str(refused.arguments.get("quote", ""))):  # 25/5 essay: nothing is wrong with what was rejected
        return Question(N_("There's no plan called “{quote}”. What did you mean?"), *likely, quote=text[:_QUOTED])
    return Question(refused.template, *likely, **refused.arguments)


def _likely(text: str) -> list[Choice]:
    """Offer what a text may mean: rounds, a plan with other marks, a plan beside a task, or a task alone."""
    numbered = _numbered(text)
    if numbered and text.isascii() and not any(map(str.isalpha, _LETTERED.sub("", text))):  # 50|10
        return numbered
    tasks = as_task(text) if _is_task(text) else []
    return _filled(text) or [*_punctuated(text), *choices(text), *tasks] or numbered


def choices(text: str) -> list[Choice]:
    """Offer the starts that a text may mean when part of it says how long."""
    return [_choice(reading) for reading in readings(text)]


def _choice(reading: StartReading) -> Choice:
    task, asked = reading.start.task, reading.start.line
    if task is None:
        return Choice(N_("{plan}"), asked, {"plan": reading.words})
    return Choice(N_("{plan} on {task}"), asked, {"plan": reading.words, "task": task})


def _plans(text: str) -> Iterator[StartReading]:
    """Yield the starts of words that are a length or a plan and nothing else."""
    words = _FACTOR.sub(r"\1x(", _FOR.sub("", with_digits(text).rstrip(",;:"), count=1))
    if words.casefold() in BUILT_IN:
        yield StartReading(words, StartSession(words.casefold(), None))
    try:
        if "(" in words:
            words = _TIMES_BEHIND.sub(r"\2x(\1)", words)
            yield StartReading(words, StartSession(None, parse_plan(words)))
        elif (fields := length_fields(words)) and not _MIXED.fullmatch(words):
            yield StartReading(words, StartSession(None, standard(**lengths_of(fields))))
        elif (length := duration.read(words)) and words[-1:].isalpha():
            yield StartReading(words, StartSession(None, Plan((Phase(length),))))
    except UserError:
        return
    if (ending := until(words)) and not ending[0]:
        for end in ending[1][::-1]:
            yield StartReading(words, StartSession(None, None, until=end))


def _with_task(reading: StartReading, text: str) -> list[StartReading]:
    task = "" if text.casefold() in _NO_TASK else _JOINT.sub("", text)
    if task.casefold() in BUILT_IN:
        return [reading, StartReading(task, StartSession(task.casefold(), None))]
    try:
        return [replace(reading, start=replace(reading.start, task=name.clean(task) if task else None))]
    except BadName:
        return []


def _filled(text: str) -> list[Choice]:
    """Offer rounds that fill a time: *deep for 2 hours*, *25/5 for 3h*."""
    text = _OF.sub(r"\2 for \1", text) if len(text) <= 100 else text
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


def _rounds_of(text: str) -> list[Choice]:
    """Offer rounds of one length, with breaks and without: *4 rounds of 25 minutes*."""
    text = _TIMES_ALONE.sub(r" \1\2 rounds", rounds_in_digits(text)) if len(text) <= 100 else ""
    match = _ROUNDS_OF.fullmatch(text)
    length = duration.read(match[2] or match[3], bare="m") if match else None
    if not match or not length:
        return []
    try:
        number = int(match[1] or match[4])
        plans = standard(length, rounds=number), Plan((Phase(length),) * number)
    except UserError:
        return []
    return [Choice(N_("{plan}"), f"focus start {plan}", {"plan": plan}) for plan in plans]


def _punctuated(text: str) -> list[Choice]:
    text = _BARE_BREAK.sub(r", \1", text).removeprefix("first ")
    fixed = _BETWEEN.sub(", ", _TIMES_BEHIND.sub(r"\2x(\1)", text)).strip(" ,")
    fixed += ")" * (fixed.count("(") - fixed.count(")"))
    try:
        plan = parse_plan(fixed) if PUNCTUATION.intersection(fixed) else None
    except UserError:
        return []
    is_clear = plan is not None and not how_often(plan.phases)
    return [Choice(N_("{plan}"), f"focus start {plan}", {"plan": fixed})] if is_clear else []


def _numbered(text: str) -> list[Choice]:
    """Offer the plan of numbers with other signs between them: *25:5*, *25/x*."""
    text = _LETTERED.sub(lambda match: str(amounts.number(match[0].casefold())), with_digits(text))
    numbers = [] if PUNCTUATION.intersection(text) else _NUMBER.findall(text)
    numbers += [_SHORT] if len(numbers) == 1 else []
    try:
        fields = length_fields(" ".join(numbers[:4])) if numbers else None
        plan = _possible(lengths_of(fields)) if fields else None
    except UserError:
        return []
    return [Choice(N_("{plan}"), f"focus start {plan}", {"plan": "/".join(numbers[:4])})] if plan else []


def nearest(lengths: Lengths, refused: UserError) -> UserError:
    """Return the error for lengths that make no plan: a question if a similar plan is possible."""
    try:
        plan = _possible(lengths)
    except UserError:
        return refused
    return Question(
        refused.template, Choice(N_("{plan}"), f"focus start {plan}", {"plan": plan}), **refused.arguments
    )


def _possible(lengths: Lengths) -> Plan:
    """Return the nearest plan that is possible: with some focus, and as many rounds as there is time for.

    Raises ``BadPlan`` if there is none.
    """
    fewer = lengths.copy()
    if not fewer.get("focus"):
        fewer.pop("focus", None)
    for number in range(lengths.get("rounds", _ROUNDS), 1, -1):
        fewer["rounds"] = number
        with contextlib.suppress(BadPlan):
            return standard(**fewer)
    fewer["rounds"] = 1
    return standard(**fewer)


def _is_task(text: str) -> bool:
    """Return whether a text may be a task: it has a word, and is not a misspelt plan."""
    words = (word for word in text.split() if duration.read(f"1 {word}") is None)
    return not PUNCTUATION.intersection(text) and any(word.isalpha() for word in words)
