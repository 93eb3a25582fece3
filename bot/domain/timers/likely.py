"""Likely commands: what words that begin with no verb of a timer may mean all the same."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain import spelling
from bot.domain.invocation import Topic
from bot.domain.question import Choice, as_typed
from bot.domain.time import duration
from bot.domain.timers import choices
from bot.domain.timers.length import length_at_end

# Verbs that take a length.
_WITH_LENGTH = {"start", "extend"}
_FIVE_MINUTES = timedelta(minutes=5)
# Verbs of other programs, and the commands that they may mean here.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "reset": ("again", "cancel"),
    "skip": ("cancel",),
    "next": ("cancel",),
    "quit": ("cancel",),
    "exit": ("cancel",),
    "clear": ("cancel", "cancel all"),
    "finish": ("cancel",),
    "hold": ("pause",),
    "snooze": ("extend",),
    "wait": ("pause",),
    "edit": ("extend", "rename"),
    "change": ("extend", "rename"),
}
# What is said of all timers or the last one, and the verbs that may be meant.
_PHRASES: Mapping[str, str] = {
    "all": "list",
    "everything": "list",
    "one more": "again",
    "once more": "again",
    "same again": "again",
    "same": "again",
    "do it again": "again",
    "keep going": "resume",
    "i'm done": "cancel",
    "im done": "cancel",
    "all done": "cancel",
    "longer": "extend",
    "need help": "help",
    "i need help": "help",
    "go": "start",
    "let's go": "start",
    "lets go": "start",
}
# What may follow *stopped* and the like, in which no timer is named.
_IT = {"", "it", "this", "that", "now", "the timer", "my timer"}
_OTHER_TOPICS = ("stats", "leaderboard", "goal", "privacy", "settings", "focus")
# Verbs of sessions and reminders alone.
_OF_OTHERS = {"join": "focus", "leave": "focus", "timezone": "remind"}


def commands(first: str, rest: str, topic: Topic, *, has_length: bool) -> list[Choice]:
    """Return the commands that a first word and the rest may mean; a length makes them a timer's."""
    if verb := _PHRASES.get(f"{first} {rest.casefold()}".strip(" .!?")):
        return [_verb(topic.name, verb)]
    if first == "remind" or (first in _OTHER_TOPICS and not has_length):
        return [as_typed(f"{first} {rest}".strip())]
    meant = [] if has_length else _without_length(first, rest, topic)
    return meant or _extended(first, rest, topic.name) or _misspelt(first, rest, topic, has_length=has_length)


def _without_length(first: str, rest: str, topic: Topic) -> list[Choice]:
    is_about_it = rest.casefold() in _IT
    if other := _other_verb(first, in_any_form=is_about_it):
        return [_verb(topic.name, verb, rest) for verb in _ELSEWHERE[other] if not (rest and " " in verb)]
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
    """Offer the extension that *make it 10m* may mean; a bare number is minutes."""
    end = length_at_end(rest) if first == "make" and rest.casefold().startswith(("it ", "this ")) else None
    length = end[0].value * (60 if end[0].is_bare else 1) if end else timedelta()
    return [choices.extend(topic, None, length)] if duration.SHORTEST <= length <= duration.LONGEST else []


def _verb(topic: str, verb: str, rest: str = "") -> Choice:
    """Offer a verb; an extension is of five minutes."""
    if verb == "extend":
        return choices.extend(topic, rest or None, _FIVE_MINUTES)
    return choices.verb(topic, verb, rest)


def _other_verb(word: str, *, in_any_form: bool) -> str | None:
    """Return the verb of another program that a word is."""
    forms = (verb for verb in _ELSEWHERE if in_any_form and spelling.is_form(word, verb))
    return word if word in _ELSEWHERE else next(forms, None)
