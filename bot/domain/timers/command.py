"""Parser of what is asked for with ``!pomodoro`` or ``/pomodoro``.

Typed, the last word is the duration, all before it the name. A verb that takes a timer (``cancel tea``) is a verb
whatever follows, one that takes none (``list``) only where nothing follows: ``list 5`` starts a timer named *list*.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import BadDuration
from bot.domain.invocation import Invocation
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


Command = Start | Act | Extend | List

_QUOTES = {'"': '"', "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}", "'": "'"}
_EXTEND_EXAMPLE = "pomodoro extend tea 5m"


def parse(asked: Invocation) -> Command:
    """Parse what was asked for with a verb. Raises ``UserError`` with a working example."""
    options = asked.options
    words = " ".join(asked.words.split())
    match asked.verb:
        case "start":
            return _start(options.get("name", ""), options.get("duration", "")) if options else _read_start(words)
        case "extend":
            return _extend(options.get("timer"), options.get("by", "")) if options else _read_extend(words)
        case "list" if not words:
            return List()
        case "list" | "help":
            return _read_start(" ".join(asked.text.split()))
    return Act(Verb(asked.verb), options.get("timer") or _unquoted(words) or None)


def _read_start(words: str) -> Start:
    what, last = _split(words)
    return _start(_unquoted(what), last)


def _start(called: str, length: str) -> Start:
    return Start(
        name.clean(called) if called else name.DEFAULT,
        duration.parse("".join(length.split())) if length else duration.DEFAULT,
    )


def _read_extend(words: str) -> Extend:
    which, by = _split(words)
    return _extend(_unquoted(which) or None, by)


def _extend(which: str | None, by: str) -> Extend:
    if not by:
        raise BadDuration(N_("Say by how much to extend it."), _EXTEND_EXAMPLE)
    return Extend(which, duration.parse("".join(by.split()), example=_EXTEND_EXAMPLE))


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
