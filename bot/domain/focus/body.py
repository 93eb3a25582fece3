"""Parser of what a session runs, without its options: a preset, lengths, a plan, or rounds until a time."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import chain

from bot.domain.errors import BadPlan, UserError
from bot.domain.focus import begin, notation, rounds
from bot.domain.focus.command import At, StartSession
from bot.domain.focus.lengths import ROUNDS_ALONE, length_fields, lengths_of
from bot.domain.focus.plan import BUILT_IN, Phase, Plan, parse as parse_plan, standard
from bot.domain.question import Choice, Question
from bot.domain.time import duration, time_of_day
from bot.domain.time.duration import written
from bot.domain.time.plain import plain
from bot.domain.timers import like_a_session, name, time_words
from bot.messages import dates
from bot.messages.catalogue import N_

LONGEST_NAME = 40
# The most characters of a text that may be a name or a task.
_SEARCHED = 400
OPTIONS = frozenset({"auto", "manual", "warn", "in", "at", "voice", "on", "until", "till", "with"})
PUNCTUATION = frozenset(",()")
# Words before *on* and a task that mean the usual session.
DOING = frozenset(
    {"focus", "focusing", "work", "working", "i'm working", "im working", "i am working", "we're working"}
    | {"study", "studying", "pomodoro", "pomo"}
)
_UNTIL = re.compile(
    r"(?:(.{1,60}) )?(?:until|till?) (\S{1,8}(?: [ap]\.?m\.?)?|(?:half|quarter) (?:past|to) .{1,8})", re.IGNORECASE
)
# What may stand between two phases in place of a comma.
_JOINT = re.compile(r"[\s;|+]*(?:\b(?:and|then|and then)\s*)?\Z", re.IGNORECASE)
_FOR = re.compile(r"for (?=\S)", re.IGNORECASE)
_NUMBERS, _MANY_TIMES = (
    re.compile(r"(\d{1,3})m?(?:, ?(\d{1,3})m?){1,3}"),
    re.compile(r"(\d{1,3}) ?[x*\u00d7] ?(\d{1,3})"),
)
# Minutes and seconds, or a focus and its break: 45:15.
_COLON = re.compile(r"\d\d:(?!00)\d\d")
# A plan in a label, or a break: of 25/5, write 5 break.
_ANOTHER = re.compile(
    r"(?<!\S)(?:\d{1,2}[x*\u00d7])?\d{1,3}/\d{1,3}(?!\S)|(?:\A|\s)then\s"
    r"|(?<!\S)\d{1,3} (?:break|rest|pause|walk)\Z|\A\W*(?:and|then)?\W*\d{1,3}\Z",
    re.IGNORECASE,
)
# How often a single length comes: 4x25m.
_SO_OFTEN = re.compile(r"\A\d{1,2} ?[x*\u00d7] ?(?=\d)", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}|\d{1,2}(?::\d{2})? ?[ap]\.?m\.?")
# What cannot be a phase's name: how often something repeats, or until when.
_HOW_OFTEN = re.compile(
    r"(?:\A|\s)(?:[x*\u00d7] ?\d+|(?:\d+|two|three|four|five|six) ?(?:x|times|rounds|cycles|sets|pomodoros)"
    r"|twice|repeat(?:ed)?|(?:until|till?) \S+)(?!\S)|\A(?:x|times|rounds|cycles|sets)(?!\S)",
    re.IGNORECASE,
)


def body(text: str) -> Mapping[str, str]:
    """Return the options that a body stands for: lengths, a plan or the name of a preset."""
    if not text:
        return {}
    if until(text):
        return {"plan": text}
    if rounds_alone := ROUNDS_ALONE.fullmatch(text):
        return {"rounds": rounds_alone[1] or rounds_alone[2]}
    bare = _FOR.sub("", text, count=1)
    if bare != text and duration.read(bare) is not None:
        return {"plan": bare}
    try:
        lengths = length_fields(text)
        lengths_of(lengths or {})
    except BadPlan:  # is said by ``what``
        return {"plan": text}
    return _adjusted(text) if lengths is None else lengths


def is_body(text: str) -> bool:
    """Return whether a text before a task is complete without it.

    It is if it is empty, a name, lengths, or a plan that ends with a bracket or a break: any other phase may have
    a label behind it, *20m on the essay*.
    """
    if PUNCTUATION.intersection(text):
        return text.casefold().endswith((")", "break"))
    once = _SO_OFTEN.sub("", text, count=1)
    if not text or text.casefold() in DOING or not _is_plan(text) or duration.read(once) is not None:
        return True
    try:
        return length_fields(text) is not None or "preset" in _adjusted(text)
    except UserError:
        return True


def what(text: str) -> StartSession:
    """Parse a preset's name or a plan. Raises ``UserError``."""
    words = text.split()
    if not words:
        return StartSession(None, None)
    if ending := until(text):
        return _rounds(*ending, text)
    if words[0].casefold() in OPTIONS:
        raise UserError(N_("I don't understand “{quote}”."), quote=text[:40])
    if _CLOCK.fullmatch(plain(text)) and (times := time_of_day.read(text)):
        raise _clock(text, times[0])
    if body(text).keys() == {"preset"}:
        if time_words.has_moment(text):
            raise reminder(text)
        if len(text) > _SEARCHED or len(name.visible(text)) > LONGEST_NAME:
            raise _task(text)
        return StartSession(preset_name(text), None)
    return StartSession(None, _plan(text))


def plan_of(text: str) -> Plan:
    """Parse lengths or a plan, such as those that are kept under a name. Raises ``UserError``."""
    parsed = length_fields(text)
    return parse_plan(text) if parsed is None else standard(**lengths_of(parsed))


def preset_name(text: str) -> str:
    """Return a preset name as it is stored: cleaned and case-folded. Raises ``BadName``."""
    return name.clean(text.casefold(), longest=LONGEST_NAME, example=None)


def _is_plan(text: str) -> bool:
    # No name has more words than this.
    words = text.split()[:LONGEST_NAME]
    return bool(
        PUNCTUATION.intersection(text)
        or any(map(duration.is_meant_as_duration, words))
        or duration.read(text) is not None
    )


def _plan(text: str) -> Plan:
    if length_fields(text) is not None:
        return plan_of(text)
    if _COLON.fullmatch(text):
        raise _numbers(text)
    if plan := rounds.single(text):
        return plan
    numbers = _NUMBERS.fullmatch(text) and [int(number) for number in re.findall(r"\d+", text)]
    if (numbers and ("m" not in text or numbers[0] > numbers[1])) or (
        (times := _MANY_TIMES.fullmatch(text)) and int(times[1]) > int(times[2])
    ):
        raise _numbers(text)
    try:
        phases = notation.read(text)
    except UserError:
        if time_words.has_moment(text):
            raise reminder(text) from None
        raise
    if doubt := _doubt(text, phases):
        raise doubt
    return Plan(phases)


def _doubt(text: str, phases: Sequence[Phase]) -> UserError | None:
    """Return what is wrong with a plan whose labels are not just names."""
    if any(time_words.length_in(phase.label) for phase in phases):
        return _commas(phases)
    if "," not in text and (made := like_a_session.phases(text)):
        return with_commas(", ".join(made))
    others = (_ANOTHER.search(phase.label) or phase.label.casefold() in BUILT_IN for phase in phases)
    quote = text[:40] if any(others) else how_often(phases)  # 2 hours of 25/5
    return BadPlan(N_("I don't understand “{quote}”."), quote=quote) if quote else None


def how_often(phases: Sequence[Phase]) -> str:
    """Return words in a label that say how often something repeats, or until when; empty if none do."""
    matches = (_HOW_OFTEN.search(phase.label) for phase in phases)
    return next((match[0].strip() for match in matches if match), "")


def _numbers(text: str) -> Question:
    """Ask about bare numbers that may be focus and breaks, or the other way round: *25, 5*, *45:15* and *25x3*."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) > 2 and "m" in text:  # 25m, 5m, 25m
        parts = [
            (f"{focus}m focus", f"{rest}m break") for focus, rest in zip(numbers[::2], numbers[1::2], strict=False)
        ]
        last = [f"{numbers[-1]}m focus"] if len(numbers) % 2 else []
        plans = ", ".join([*chain(*parts), *last]), ", ".join(f"{number}m focus" for number in numbers)
    elif "," in text:
        plans = "/".join(numbers), ", ".join(f"{number}m focus" for number in numbers)
    elif ":" in text:
        plans = "/".join(numbers), "{}m{}s".format(*numbers)
    else:
        plans = f"{numbers[1]} x {numbers[0]}m", f"{numbers[0]} x {numbers[1]}m"
    return Question(
        N_("“{quote}” can be read in two ways. Which do you mean?"),
        *(Choice(N_("{plan}"), f"focus {plan}", {"plan": plan}) for plan in plans),
        quote=text,
    )


def _adjusted(text: str) -> Mapping[str, str]:
    """Tell a plan from a preset's name, which may have another end behind it: *deep rounds 2*."""
    preset, _, rest = text.partition(" ")
    preset = preset.rstrip(",")
    if preset.casefold() in BUILT_IN:
        if so_many := ROUNDS_ALONE.fullmatch(plain(rest)):
            return {"preset": preset.casefold(), "rounds": so_many[1] or so_many[2]}
        try:
            lengths = length_fields(rest)
            if lengths and lengths_of(lengths).keys() <= {"long", "rounds"}:
                return {"preset": preset.casefold(), **lengths}
        except BadPlan:  # is said by ``what``
            pass
    return {"plan" if _is_plan(text) else "preset": text}


def _clock(text: str, at: time) -> Question:
    """Ask about a clock by itself, which may be a time of day or minutes and seconds."""
    length = duration.read(text)
    return Question(
        N_("Is “{quote}” when to start, or how long to go?"),
        begin.choice(StartSession(None, None), At(at)),
        *([rounds.one_phase(length)] if length else []),
        quote=text,
    )


def until(text: str) -> tuple[str, tuple[time, ...]] | None:
    """Split a body from the time of day when its rounds end; None if there is none."""
    match = _UNTIL.fullmatch(text[-80:]) if len(text) <= 80 else None
    times = time_of_day.read(match[2]) if match else ()
    return (match[1] or "", times) if match and times else None


def _rounds(before: str, ends: tuple[time, ...], text: str) -> StartSession:
    if before.casefold() == "rounds" and len(ends) == 1:
        return StartSession(None, None, until=ends[0])
    raise Question(
        N_("I can run rounds of focus and breaks until then. Shall I?"),
        *(
            Choice(N_("Rounds until {time}"), f"focus rounds until {end:%H:%M}", {"time": dates.clock(end)})
            for end in ends[::-1]
        ),
        quote=text,
    )


def reminder(text: str) -> Question:
    """Ask about a session of another day, or of every day."""
    return Question(
        N_("Sessions can only start today. A reminder for “{quote}” instead?"),
        Choice(N_("A reminder: {words}"), f"remind {text} focus", {"words": f"{text} focus"}),
        quote=text[:LONGEST_NAME],
    )


def as_task(text: str) -> list[Choice]:
    """Offer a session in which a text is the host's task."""
    task = name.cut(name.unquoted(text[:_SEARCHED])).replace('"', "'")
    return [] if name.is_blank(task) else [Choice(N_("Focus on “{task}”"), f'focus on "{task}"', {"task": task})]


def _task(text: str) -> Question:
    return Question(
        N_("There's no plan called “{quote}”. Is it what you're working on?"),
        *as_task(text),
        quote=text[:LONGEST_NAME],
    )


def _commas(phases: Sequence[Phase]) -> Question:
    """Ask about a label with a length in it that lacks a comma."""
    items = []
    for phase in phases:
        before, other, behind = time_words.length_in(phase.label) or (phase.label, "", "")
        items.append(f"{written(phase.length)} {_JOINT.sub('', before)}".strip())
        items += [f"{other}{behind}"] if other else []
    return with_commas(", ".join(items))


def with_commas(plan_text: str) -> Question:
    """Ask about a plan whose commas are missing."""
    return Question(
        N_("Phases need a comma between them. Do you mean “{plan}”?"),
        Choice(N_("{plan}"), f"focus {plan_text}", {"plan": plan_text}),
        plan=plan_text,
    )
