"""Commands on a person's own timers, typed or filled in, as values."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from bot.domain.question import Choice


class TimerVerb(StrEnum):
    """What can be done to an existing timer without further arguments."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    TIME = "time"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Start a timer of this (clean) name and length.

    ``offer`` is the length that a bare number may have meant instead; None where it is clear.
    """

    name: str
    length: timedelta
    offer: timedelta | None = None


@dataclass(frozen=True, slots=True)
class StartUntil:
    """Start a timer of this (clean) name that ends at the next such time in the person's zone, or at tomorrow's.

    ``other`` is the same hour of the other half of the day, where the words leave that open: *until 5*.
    """

    name: str
    end: time
    tomorrow: bool = False
    other: time | None = None


@dataclass(frozen=True, slots=True)
class ActOnTimers:
    """Act on the timer that ``target`` names (by name or number); None means the only one.

    Where no timer is called that, ``each`` of the names that it may be made of is meant. ``every``: all of theirs.
    ``starts`` is offered where there is none either: all that was typed may be a name.
    """

    verb: TimerVerb
    target: str | None
    each: tuple[str, ...] = ()
    every: bool = False
    starts: tuple[Choice, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ExtendTimer:
    """Extend the timer that ``target`` names."""

    target: str | None
    by: timedelta


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the timer that ``target`` names another (clean) name."""

    target: str | None
    name: str


@dataclass(frozen=True, slots=True)
class List:
    """List the live timers."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the person's last change."""


Command = StartTimer | StartUntil | ActOnTimers | ExtendTimer | Rename | List | Undo
