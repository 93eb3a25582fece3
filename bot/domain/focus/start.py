"""Parser of a session's start: the options of ``/focus start``, and the words that stand for them.

Typed, the body is empty (the server's default), the name of a preset, lengths (``25/5``), one length, a plan, or
``rounds until 17:00``. Options stand before or after it: ``auto`` or ``manual``, ``warn``, ``in 10m`` or
``at 14:00``, and ``voice`` with a channel. So the last label of a plan cannot end in one of these. Behind ``on``
comes what the host will do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.domain.errors import BadDuration, BadPlan, UserError
from bot.domain.focus import begin, company, repair, typed_options, wording
from bot.domain.focus.body import DOING, body, is_body, reminder, what
from bot.domain.focus.command import At, In, StartSession
from bot.domain.focus.lengths import Lengths, lengths_of
from bot.domain.focus.plan import BUILT_IN, Plan, standard
from bot.domain.invocation import flag
from bot.domain.question import Choice, Question
from bot.domain.time import amounts, duration
from bot.domain.time.plain import plain
from bot.domain.timers import name, time_words
from bot.messages.catalogue import N_

_WORD = re.compile(r'"[^"]+"(?!\S)|“[^“”]+”(?!\S)|\S+')
_VOICE = re.compile(r"\bvoice: ?", re.IGNORECASE)
_START = re.compile(r"\Afocus(?: start)?(?: |\Z)")
# Words around a plan that add nothing to it, and the most characters of a text with them.
_ARTICLE = re.compile(r"\A(?:(?:an?|the|new|usual) )+", re.IGNORECASE)
_BESIDES = re.compile(
    r"(?:(?:\A| )(?:(?:focus |study )?session|(?:right )?now|mode|timer|plan))+[.!]*\Z", re.IGNORECASE
)
_LONGEST_BESIDE = 60
# What stands behind *on* and is a time, no task.
_ON_THE_CLOCK = {"the hour", "the half hour", "the half-hour", "the quarter", "the dot"}
# Words that mean the usual session.
_USUAL = {"pomodoro", "pomo", "default", "usual", "go", "begin", "start focus"}
# How often in a row a choice may have to be asked about.
_DEEPEST = 4
# The most options that may stand before or behind a body, each once.
_MOST_OPTIONS = 5


def parse(options: Mapping[str, Any], depth: int = 0) -> StartSession:
    """Parse options by their names, each as typed or as filled in. Raises ``UserError`` with a working example.

    A plan that was filled in may have others typed in it: ``deep in 10m``. ``depth``: they are a choice of a
    question about a choice of a question …
    """
    if options.get("plan"):
        options = {**fields(options["plan"]), **{key: value for key, value in options.items() if key != "plan"}}
    preset, plan, parsed = options.get("preset"), options.get("plan"), lengths_of(options)
    is_adjusted = preset in BUILT_IN and not plan and bool(parsed) and parsed.keys() <= {"long", "rounds"}
    if sum(map(bool, (preset, plan, parsed))) > 1 + is_adjusted:
        raise BadPlan(N_("Pick one: a preset, a plan or lengths."))
    begins, unreadable = _begins(options.get("start", ""))
    task = options.get("task")
    start = StartSession(
        None,
        None,
        begin=begins[0] if begins else None,
        auto=flag(options.get("auto", True)),
        voice=options.get("voice", "").strip('"“”') or None,
        warn=flag(options.get("warn", False)),
        task=name.clean(task, example=None) if task else None,
    )
    try:
        wanted = _adjusted(preset, parsed) if parsed else _what(preset or plan or "")
    except Question as question:
        raise _with_options(question, start, depth) from None
    start = _merged(wanted, start)
    if unreadable:
        raise begin.unreadable(start, options["start"], unreadable)
    if len(begins) > 1:
        is_clock = isinstance(begins[0], At)
        raise Question(
            N_("“{quote}” – morning or afternoon?") if is_clock else N_("“{quote}” – which of these?"),
            *(begin.choice(start, at) for at in begins[::-1]),
            quote=options["start"],
        )
    return start


def _what(text: str) -> StartSession:
    try:
        return what(text)
    except Question:
        raise
    except UserError as refused:
        raise repair.question(text, refused) from refused


def _adjusted(preset: str | None, lengths: Lengths) -> StartSession:
    """Return the start of a plan by lengths, or of one that is built in with another long break or more rounds.

    Raises ``UserError``, or a ``Question`` that offers the nearest possible plan.
    """
    if preset:
        return StartSession(None, _edited(BUILT_IN[preset], lengths))
    try:
        return StartSession(None, standard(**lengths))
    except UserError as refused:
        raise repair.nearest(lengths, refused) from refused


def _edited(plan: Plan, lengths: Lengths) -> Plan:
    if lengths.get("long") == timedelta():
        rounds = lengths.get("rounds")
        return Plan(plan.phases[:-1]).edited(-1, rounds=rounds)
    return plan.edited(-1, **lengths)


def _begins(text: str) -> tuple[tuple[In | At, ...], BadDuration | None]:
    """Return when a text says to begin, and what is wrong with it, if anything."""
    try:
        return begin.read(text) if text else (), None
    except BadDuration as refused:
        return (), refused


def _merged(wanted: StartSession, options: StartSession) -> StartSession:
    return replace(
        wanted,
        auto=options.auto,
        begin=options.begin or wanted.begin,
        voice=options.voice,
        warn=options.warn,
        task=options.task or wanted.task,
    )


def _with_options(question: Question, start: StartSession, depth: int) -> Question:
    """Return a question about the body of a start, whose choices keep the options that stood beside it.

    A choice that has to be asked about raises its own question, and one that is refused is left out.
    """
    choices = []
    for choice in question.choices:
        if not choice.line.startswith("focus "):
            choices.append(choice)
        elif depth < _DEEPEST:
            try:
                wanted = parse(fields(_START.sub("", choice.line)), depth + 1)
            except Question:
                raise
            except UserError:
                continue
            choices.append(replace(choice, line=_merged(wanted, start).line, is_parsed=True))
    return Question(question.template, *choices, **question.arguments)


def fields(text: str) -> Mapping[str, str]:
    """Tell which options the words after ``!focus`` stand for. Raises ``UserError`` if one is repeated."""
    if (alone := company.without(text)) is not None:
        raise _in_company(alone)
    text = wording.usual(text)
    words = _WORD.findall(_VOICE.sub("voice ", _alone(" ".join(text.split()))))
    options: dict[str, str] = {}
    words, task = _apart(_without_focus(words))
    if task:
        task = _without_options(task, words, options)
    while size := typed_options.trailing(words):
        typed_options.take(words[-size:], options)
        words = words[:-size]
        if words and words[-1].endswith(","):
            words[-1] = words[-1][:-1]
    while size := typed_options.leading(words):
        typed_options.take(words[:size], options)
        words = words[size:]
    if task:
        typed_options.add("task", " ".join(task), options)
    if plain(" ".join(words)) in (DOING if "task" in options else _USUAL):
        words = []
    asked = body(" ".join(words))
    if "start" in options and time_words.has_moment(asked.get("preset", "")):
        raise reminder(" ".join(text.split()))
    asked = {**asked, **options}
    if task:
        _must_be_task(asked, text)
    return asked


def _alone(text: str) -> str:
    """Leave out what adds nothing to a plan: *a 25/5 session*, *deep please*."""
    bare = _BESIDES.sub("", _ARTICLE.sub("", text)).rstrip(" .!") if len(text) <= _LONGEST_BESIDE else text
    is_all = not bare or plain(bare) in BUILT_IN or repair.is_plan(bare) or typed_options.trailing(bare.split())
    return bare if is_all else text


def _must_be_task(options: Mapping[str, str], text: str) -> None:
    """Raise ``Question`` if a task that is not in quotes ends with words of time."""
    task = options["task"]
    if question := repair.break_in_task(options["task"], lambda: parse(options)):
        raise question
    readings = repair.readings(task, at_end=True)
    if not readings and not time_words.has_moment(task) and plain(task) not in _ON_THE_CLOCK:
        return
    whole = parse(options)
    shorter = [
        Choice(
            N_("The task is “{task}”, and {option}"),
            _merged(reading.start, replace(whole, task=reading.start.task)).line,
            {"task": reading.start.task or "", "option": reading.words},
        )
        for reading in readings
    ]
    raise Question(
        N_("“{quote}” sounds like a time. Is it all part of the task?"),
        Choice(N_("The task is “{task}”"), whole.line, {"task": whole.task or ""}),
        *(shorter or reminder(text).choices),
        quote=task,
    )


def _without_focus(words: list[str]) -> list[str]:
    """Leave out a *focus* before what says it all: *focus 25/5*, *pomodoro 50/10*."""
    is_first = bool(words) and words[0].casefold() in {"focus", "pomodoro", "pomo"}
    return words[1:] if is_first and repair.is_plan(" ".join(words[1:])) else words


def _apart(words: list[str]) -> tuple[list[str], list[str]]:
    """Split words from the task behind *on*, which stands behind all that says how long, or by itself."""
    for at, word in enumerate(words[:-1]):
        is_for = word.casefold() == "for" and _is_for_a_task(words[:at], words[at + 1 :])
        if (word.casefold() != "on" and not is_for) or typed_options.QUOTED.fullmatch(words[at + 1]):
            continue
        if at and words[at - 1].casefold() == "auto":
            continue
        if words[-1].casefold() == "off" and repair.is_plan(" ".join(words)):  # 25 on 5 off
            return words, []
        if any(last.endswith(",") and _has_unit(word) for last, word in pairwise(words[at:])):
            return words, []  # 10m on the intro, 20m on the essay
        head = words[:at]
        for _ in range(_MOST_OPTIONS):
            size = typed_options.trailing(head)
            head = head[: len(head) - size]
        for _ in range(_MOST_OPTIONS):
            head = head[typed_options.leading(head) :]
        return (words[:at], words[at + 1 :]) if is_body(" ".join(head)) else (words, [])
    return words, []


def _is_for_a_task(head: list[str], behind: list[str]) -> bool:
    """Return whether *for* leads to a task behind a plan: *25/5 for biology*, but not *25/5 for 2 hours*."""
    text = plain(" ".join(behind))
    is_number = any(map(str.isdigit, text)) or amounts.number(behind[0]) or behind[0] in {"a", "an", "the", "ever"}
    return not is_number and not time_words.has_moment(text) and repair.is_plan(" ".join(head))


def _has_unit(word: str) -> bool:
    return not word.isdecimal() and duration.is_meant_as_duration(word)


def _without_options(task: list[str], words: list[str], options: dict[str, str]) -> list[str]:
    """Take the options behind a task. Raises ``Question`` if they may be its last words."""
    while (size := typed_options.trailing(task)) and size < len(task):
        if task[-size].casefold() in typed_options.FLAGS:
            raise _last_word(task, size, words)
        typed_options.take(task[-size:], options)
        task = [*task[: -size - 1], task[-size - 1].rstrip(",")]
    return task


def _last_word(task: Sequence[str], size: int, words: Sequence[str]) -> Question:
    """Ask whether the last words are an option or belong to the task: *on the manual*."""
    head, last = " ".join(("focus", *words)), " ".join(task[-size:])
    whole, shorter = " ".join(task), " ".join(task[:-size])
    return Question(
        N_("Is “{quote}” part of the task?"),
        Choice(N_("The task is “{task}”"), f'{head} on "{whole}"', {"task": whole}),
        Choice(
            N_("The task is “{task}”, and {option}"),
            f'{head} on "{shorter}" {last}',
            {"task": shorter, "option": last},
        ),
        quote=last,
    )


def _in_company(alone: str) -> Question:
    """Ask about a session with others; words that name no plan are the task."""
    asked = fields(alone)
    if (called := asked.get("preset")) and plain(called) not in BUILT_IN:
        asked = {**asked, "preset": "", "task": called}
    return company.question(parse(asked).line)
