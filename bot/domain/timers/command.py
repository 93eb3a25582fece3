"""Commands on a person's own timers, as values; each that changes a timer knows how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.errors import UserError
from bot.domain.question import Choice
from bot.domain.time.duration import in_full, written
from bot.domain.timers.choices import quoted
from bot.domain.timers.timer import State, Timer
from bot.messages.catalogue import N_, Template

# The verbs that change a timer, as they stand in a sentence.
CHANGES = {str(word): word for word in (N_("cancel"), N_("pause"), N_("resume"), N_("extend"), N_("rename"))}


class TimerVerb(StrEnum):
    """What can be done to an existing timer without further arguments."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    TIME = "time"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Start a timer of this (clean) name and length; a bare number may have meant the ``offer``.

    ``changed`` is the timer that is meant if there is one of that name: *update tea 10m*.
    """

    name: str
    length: timedelta
    offer: timedelta | None = None
    changed: str = field(default="", compare=False)


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
class Act:
    """What a verb does to a timer, and the sentence that confirms it, with ``arguments``.

    ``fits`` is the state that a timer has to be in: it decides if several may be meant. ``undo`` takes it
    back, given the timer before it, the timer now and the time; None if *undo* leaves it alone. ``is_seen``: it
    puts words of the person's where others read them.
    """

    change: Callable[[Timer, datetime], Timer]
    done: Template
    done_to_several: Template | None = None
    done_while_running: Template | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    fits: State | None = None
    undo: Callable[[Timer, Timer, datetime], Timer] | None = None
    is_seen: bool = False


# The verbs that change timers and take nothing else.
ACTS: Mapping[str, Act] = {
    TimerVerb.CANCEL: Act(
        Timer.cancel,
        N_("Cancelled {name} (#{id})."),
        N_("Cancelled {timers}."),
        undo=lambda _, cancelled, now: cancelled.revive(),  # noqa: ARG005 - the countdown goes on where it would be
    ),
    TimerVerb.PAUSE: Act(
        Timer.pause, N_("Paused {name} (#{id}) with {left} left."), N_("Paused {timers}."), fits=State.RUNNING
    ),
    TimerVerb.RESUME: Act(
        Timer.resume, N_("Resumed {name} (#{id}). {status}."), N_("Resumed {timers}."), fits=State.PAUSED
    ),
}


@dataclass(frozen=True, slots=True)
class ActOnTimers:
    """Act on the timer that ``target`` names (by name or number); None means the only one.

    If no timer is called that, ``each`` of the names in it is meant. ``every``: all of theirs.
    ``starts`` is offered if there is none either: all that was typed may be a name.
    """

    verb: TimerVerb
    target: str | None
    each: tuple[str, ...] = ()
    every: bool = False
    starts: tuple[Choice, ...] = field(default=(), compare=False)

    @property
    def rest(self) -> str:
        """What is typed behind the timer."""
        return ""

    @property
    def act(self) -> Act:
        """What it does; neither *time* nor *again* changes a timer."""
        return ACTS[self.verb]


@dataclass(frozen=True, slots=True)
class ExtendTimer:
    """Extend the timer that ``target`` names; if there is none, ``starts`` is offered."""

    target: str | None
    by: timedelta
    starts: tuple[Choice, ...] = field(default=(), compare=False)
    verb = "extend"

    @property
    def rest(self) -> str:
        """What is typed behind the timer."""
        return written(self.by)

    @property
    def act(self) -> Act:
        """What it does."""
        return Act(
            lambda old, now: old.extend(self.by, now),
            N_("Extended {name} (#{id}) by {length}. {status}."),
            done_while_running=N_("Extended {name} (#{id}) by {length}. It ends {when}."),
            arguments={"length": in_full(self.by)},
            undo=lambda _, longer, now: longer.shorten(self.by, now),
        )


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the timer that ``target`` names another (clean) name."""

    target: str | None
    name: str
    verb = "rename"

    @property
    def rest(self) -> str:
        """What is typed behind the timer."""
        return f"to {quoted(self.name)}"

    @property
    def act(self) -> Act:
        """What it does."""
        return Act(
            self._change,
            N_("{old} is now called {name}. (#{id})"),
            undo=lambda before, renamed, now: renamed.rename(before.name, now),
            is_seen=True,
        )

    def _change(self, old: Timer, now: datetime) -> Timer:
        if old.name == self.name:
            raise UserError(N_("It's already called “{name}”. What's the new name?"), name=self.name)
        return old.rename(self.name, now)


@dataclass(frozen=True, slots=True)
class List:
    """List the live timers."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the person's last change."""


ChangeTimers = ActOnTimers | ExtendTimer | Rename
Command = StartTimer | StartUntil | ChangeTimers | List | Undo
