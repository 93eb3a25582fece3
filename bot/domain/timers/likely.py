"""Likely commands: what words may mean that don't begin with a verb of a timer."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain import spelling
from bot.domain.errors import UserError
from bot.domain.invocation import Topic
from bot.domain.question import Choice, Question, as_typed
from bot.domain.time import duration
from bot.domain.timers import choices, phrases, start, time_words
from bot.domain.timers.command import StartTimer, StartUntil
from bot.domain.timers.extension import read_extension
from bot.domain.timers.length import length_at_end, length_at_front

# Verbs that take a length.
_WITH_LENGTH = {"start", "extend"}
# Verbs of other programs, and the commands that they may mean here.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "reset": ("again", "cancel"),
    "skip": ("cancel",),
    "next": ("cancel",),
    "quit": ("cancel",),
    "exit": ("cancel",),
    "clear": ("cancel", "cancel all"),
    "finish": ("cancel",),
    "dismiss": ("cancel",),
    "erase": ("cancel",),
    "discard": ("cancel",),
    "terminate": ("cancel",),
    "hold": ("pause",),
    "freeze": ("pause",),
    "halt": ("pause", "cancel"),
    "suspend": ("pause",),
    "revert": ("undo",),
    "restore": ("undo",),
    "uncancel": ("undo",),
    "toggle": ("pause", "resume"),
    "wait": ("pause",),
    "edit": ("extend", "rename"),
    "change": ("extend", "rename"),
    "update": ("extend", "rename"),
    "modify": ("extend", "rename"),
    "adjust": ("extend", "rename"),
}
# Which of them are asked about with a length too: *reset tea 5m*.
_HARDLY_NAMES = frozenset({"reset", "quit", "exit", "toggle"})
# Which of them are names beside a length: *wait 5m*.
_BESIDE_A_LENGTH = frozenset({"hold", "wait", "freeze", "halt"})
# Verbs that say how much longer or shorter a timer is to be; no timer can be made shorter.
_LENGTHEN, _SHORTEN = (
    frozenset({"snooze", "postpone", "delay", "bump", "increase", "defer", "push"}),
    frozenset({"shorten", "reduce", "decrease", "subtract"}),
)
_JOINT = re.compile(r"\A(?:from|of|off)(?: |\Z)|(?:\A| )(?:by|to|down to)\Z", re.IGNORECASE)
# Whether a timer is over: is tea done, when does tea end.
_WHETHER = re.compile(
    r"(?:is|when(?:'s| is| does| will)|has|does) (?:the |my )?(?P<called>\S.{0,79}?)"
    r" (?:(?:be )?(?:done|over|ready|finished|up)|ends?|ended|finish|running|still running)\?*",
    re.IGNORECASE,
)
# What may follow *stopped* and the like without naming a timer.
_IT = {"", "it", "this", "that", "now", "the timer", "my timer"}
# What only a reminder does: *wake me up in 20m*.
_ME = re.compile(r"(?:alert|buzz|notify|nudge|ping|tell|(?P<wake>wake)|warn) me(?: up)? (?=\S)", re.IGNORECASE)
# A verb with the number of its timer: *stop1*, *cancel#2*.
_WITH_NUMBER = re.compile(r"([a-z]{3,})(#?\d{1,19})")
_NUMBERED = frozenset({"cancel", "pause", "resume", "time", "again", "extend", "start"})
_SETTINGS = frozenset({"config", "configure", "configuration", "options", "prefs", "preferences", "setup"})
_AMONG_SIGNS = re.compile(r"(?=\w*[^\w\s])[^\w\s]*([a-z]{3,})[\W\d]*")
_OTHER_TOPICS = ("stats", "leaderboard", "lb", "goal", "privacy", "settings", "focus")
_TIMERS = ("pomodoro", "pomo", "timer")
# Verbs that people say behind a name, too: *tea pause*.
_AT_THE_END = {
    "pause",
    "stop",
    "cancel",
    "resume",
    "unpause",
    "continue",
    "again",
    "restart",
    "abort",
    "done",
    "left",
    "status",
}
_LONGER = {"add", "plus", "extend"}
# Verbs of sessions and reminders alone.
_OF_OTHERS = {"join": "focus", "leave": "focus", "timezone": "remind"}


def commands(words: str, topic: Topic, *, has_length: bool) -> list[Choice]:
    """Return the commands that words may mean; a length makes them a timer's."""
    first, _, rest = words.partition(" ")
    first = first.casefold()
    phrase = phrases.commands(f"{first} {rest}", topic.name, has_length=has_length)
    if meant := phrase or _verb_in(first, rest, topic):
        return meant
    if has_length and (me := _ME.match(f"{first} {rest}")):
        words = f"{first} {rest}"[me.end() :]
        return [choices.remind(f"{words} wake up" if me["wake"] else words)]
    if whether := _WHETHER.fullmatch(f"{first} {rest}"):
        return [choices.verb(topic.name, "time", whether["called"])]
    other = first.lstrip("!/")
    is_verb = other in _TIMERS and topic.parts(rest)[0].name != topic.default
    if is_verb or _is_command(other, rest, is_marked=other != first, has_length=has_length):
        if other in _TIMERS and not is_verb:
            start.read(rest, other)
        return [as_typed(f"{other} {rest}".strip())]
    if meant := _of_length(first, rest, topic.name):
        return meant
    if (
        has_length
        and (first in _HARDLY_NAMES or (first in _ELSEWHERE and duration.read(rest)))
        and (end := length_at_end(f"x {rest}"))
    ):
        rest, has_length = end[1].removeprefix("x").strip(), first in _BESIDE_A_LENGTH
    meant = [] if has_length else _without_length(first, rest, topic) or _at_the_end(first, rest, topic)
    return meant or _extended(first, rest, topic.name) or _misspelt(first, rest, topic, has_length=has_length)


def changing(command: StartTimer | StartUntil, words: str) -> StartTimer | StartUntil:
    """Return a start with the timer that its words may tell to change: *update tea 10m*."""
    first, _, rest = command.name.partition(" ")
    is_verb = "extend" in _ELSEWHERE.get(first.casefold(), ()) and words.startswith(first)
    return replace(command, changed=rest) if is_verb and isinstance(command, StartTimer) else command


def _verb_in(first: str, rest: str, topic: Topic) -> list[Choice]:
    """Offer the verb among signs, *stop!!1*, and help with one that is asked about: *how to extend*."""
    if (numbered := _WITH_NUMBER.fullmatch(first)) and not rest and topic.parts(numbered[1])[1] == "":
        verb, number = topic.parts(numbered[1])[0].name, numbered[2]
        return [choices.verb(topic.name, verb, number if verb in _NUMBERED else "")]
    if (signs := _AMONG_SIGNS.fullmatch(first)) and not rest and topic.parts(signs[1])[1] == "":
        return [choices.verb(topic.name, topic.parts(signs[1])[0].name)]
    is_how_to = first == "how" and rest.startswith("to ") and topic.parts(rest[3:])[1] != rest[3:]
    return [choices.verb(topic.name, "help")] if is_how_to else []


def _is_command(first: str, rest: str, *, is_marked: bool, has_length: bool) -> bool:
    """Return whether a first word is the name of a command, which is no timer's: *!remind*, *pomodoro tea*."""
    if is_marked or first == "remind":
        return first in {"remind", *_TIMERS, *_OTHER_TOPICS}
    return " " in rest if first in _TIMERS else first == "goal" or (first in _OTHER_TOPICS and not has_length)


def _at_the_end(first: str, rest: str, topic: Topic) -> list[Choice]:
    """Offer the verb that words end with: *tea stop, please*."""
    called, _, last = f"{first} {rest}".rstrip(" .!?").removesuffix(" please").rstrip(",").rpartition(" ")
    verb, _ = topic.parts(last.casefold())
    called = choices.quoted(called) if " " in called or time_words.has_moment(called) else called
    return [choices.verb(topic.name, verb.name, called)] if called and last.casefold() in _AT_THE_END else []


def _of_length(first: str, rest: str, topic: str) -> list[Choice]:
    """Return what *postpone tea 5m* and *shorten tea to 5m* may mean."""
    if first in _LENGTHEN:
        try:
            longer = read_extension(rest, topic)
        except UserError as asked:
            return list(asked.choices) if isinstance(asked, Question) else []
        return [choices.extend(topic, longer.target, longer.by)]
    if first == "make" and rest.casefold().endswith((" longer", " shorter")):
        called, _, how = rest.rpartition(" ")
        called = end[1] if (end := length_at_end(called)) else called
        called = "" if called.casefold() in _IT else called
        return [phrases.verb(topic, "extend" if how.casefold() == "longer" else "cancel", called)]
    if first not in _SHORTEN:
        return []
    end = length_at_end(rest) or length_at_front(rest)
    called = _JOINT.sub("", end[1] if end else rest)
    again = [choices.start(topic, called or topic, end[0].value)] if end and " to " in f" {rest} " else []
    return [choices.verb(topic, "cancel", called), *again]


def _without_length(first: str, rest: str, topic: Topic) -> list[Choice]:
    is_about_it = rest.casefold() in _IT
    if other := _other_verb(first, in_any_form=is_about_it):
        verbs = [verb for verb in _ELSEWHERE[other] if rest or verb != "rename"]
        return [phrases.verb(topic.name, verb, rest) for verb in verbs if not (rest and " " in verb)]
    if first in _SETTINGS and not rest:
        return [as_typed("settings")]
    if first in _OF_OTHERS:
        return [as_typed(f"{_OF_OTHERS[first]} {first} {rest}".strip())]
    return [choices.verb(topic.name, verb.name) for verb in topic.inflected(first)] if is_about_it else []


def _misspelt(first: str, rest: str, topic: Topic, *, has_length: bool) -> list[Choice]:
    return [
        choices.verb(topic.name, verb.name, rest)
        for verb, right in topic.misspelt(first)
        # With a length, a word is a name before it is a verb that takes none: lift 30m.
        if (not has_length or verb.name in _WITH_LENGTH or sorted(first) == sorted(right))
        and not (rest and spelling.is_form(first, right))  # *paused items* is a name
    ]


def _extended(first: str, rest: str, topic: str) -> list[Choice]:
    """Offer the extension that *make it 10m* and *tea add 10m* may mean; a bare number is minutes."""
    end = length_at_end(rest)
    called, _, last = f"{first} {end[1]}".rpartition(" ") if end else ("", "", "")
    is_longer = last.casefold() in _LONGER and called != ""
    if not end or not (is_longer or (first == "make" and rest.casefold().startswith(("it ", "this ", "that ")))):
        return []
    length = end[0].value * (60 if end[0].is_bare else 1)
    return [choices.extend(topic, called if is_longer else None, length)] if duration.is_possible(length) else []


def _other_verb(word: str, *, in_any_form: bool) -> str | None:
    """Return the verb of another program that a word is."""
    forms = (verb for verb in _ELSEWHERE if in_any_form and spelling.is_form(word, verb))
    return word if word in _ELSEWHERE else next(forms, None)
