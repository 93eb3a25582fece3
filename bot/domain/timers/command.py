"""Parser of the words after ``!pomodoro``.

The last word is the duration, all before it the name. The first word may be a verb instead; one that takes a timer
(``cancel tea``) is a verb whatever follows, one that takes none (``list``) only where nothing follows, so that
``list 5`` starts a timer named *list*.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import BadDuration
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_


class Verb(StrEnum):
    """What can be done to an existing timer."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Start:
    """Start a timer of this (clean) name and length."""

    name: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class Act:
    """Act on the timer that ``which`` names (by name or number); None means the only one."""

    verb: Verb
    which: str | None


@dataclass(frozen=True, slots=True)
class Extend:
    """Extend the timer that ``which`` names."""

    which: str | None
    by: timedelta


@dataclass(frozen=True, slots=True)
class List:
    """List the live timers."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show the help."""


Command = Start | Act | Extend | List | Help

_ALONE: dict[str, Command] = {"list": List(), "help": Help()}
_QUOTES = {'"': '"', "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}", "'": "'"}


def parse(text: str) -> Command:
    """Parse the words after ``!pomodoro``. Raises ``UserError`` with a working example."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    verb = first.casefold()
    if verb in _ALONE and not rest:
        return _ALONE[verb]
    if verb in set(Verb):
        return Act(Verb(verb), _unquoted(rest) or None)
    if verb == "extend":
        return _extend(rest)
    return _start(rest if verb == "start" else text)


def _start(text: str) -> Start:
    what, last = _split(text)
    length = duration.parse(last) if last else duration.DEFAULT
    return Start(name.clean(_unquoted(what)) if what else name.DEFAULT, length)


def _extend(text: str) -> Extend:
    which, by = _split(text)
    example = "pomodoro extend tea 5m"
    if not by:
        raise BadDuration(N_("Say by how much to extend it."), example)
    return Extend(_unquoted(which) or None, duration.parse(by, example=example))


def _split(text: str) -> tuple[str, str]:
    """Split a name from the duration after it; either may be empty. A quoted text is all name."""
    what, _, last = text.rpartition(" ")
    if last and _unquoted(text) == text and duration.is_meant_as_duration(last):
        return what, last
    return text, ""


def _unquoted(text: str) -> str:
    closing = _QUOTES.get(text[:1])
    if closing and len(text) > 2 and text.endswith(closing) and closing not in text[1:-1]:
        return text[1:-1]
    return text
