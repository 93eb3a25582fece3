"""Commands on a session, typed or chosen from a menu, as values."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from bot.domain.focus.participant import Notification
from bot.domain.focus.plan import Plan
from bot.domain.time.duration import written


class FocusVerb(StrEnum):
    """The commands without arguments."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    LEAVE = "leave"
    REST = "rest"
    BACK = "back"
    STATUS = "status"
    LIST = "list"
    PRESETS = "presets"


@dataclass(frozen=True, slots=True)
class In:
    """Begin after a delay."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class At:
    """Begin at the next occurrence of this time in the person's zone; tomorrow's, if so typed.

    ``is_open``: before noon as typed, as *2:30* is, which may be after noon too.
    """

    time: time
    tomorrow: bool = False
    is_open: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class StartSession:
    """Start a session by a plan or the preset of a (clean, folded) name; by default, the server's usual plan.

    ``begin`` None means now. ``voice`` is the channel as typed: a mention or a name. ``task`` is the host's, clean.
    ``until`` asks for rounds up to the next such time in the person's zone, instead of a plan.
    """

    plan_name: str | None
    plan: Plan | None
    auto: bool = True
    begin: In | At | None = None
    voice: str | None = None
    warn: bool = False
    task: str | None = None
    until: time | None = None

    @property
    def line(self) -> str:
        """The command line, which the parser reads as the same again."""
        words = ["focus start", self.plan_name or (str(self.plan) if self.plan else "")]
        if self.until:
            words.append(f"rounds until {self.until:%H:%M}")
        if self.task:
            words.append(f'on "{_inner(self.task)}"')
        if self.voice:
            words.append(f"voice {self.voice}" if self.voice.startswith("<#") else f'voice "{_inner(self.voice)}"')
        match self.begin:
            case In(delay):
                words.append(f"in {written(delay)}")
            case At(time, tomorrow):
                words.append(f"at {time:%H:%M} tomorrow" if tomorrow else f"at {time:%H:%M}")
        if not self.auto:
            words.append("manual")
        if self.warn:
            words.append("warn")
        return " ".join(word for word in words if word)


def _inner(text: str) -> str:
    return text.replace('"', "'")


@dataclass(frozen=True, slots=True)
class ExtendPhase:
    """Extend the current phase."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Join:
    """Join, with a (clean) task if given."""

    task: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """Set one's task, cleaned; empty if it was left out."""

    text: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Choose how to hear about a phase change."""

    how: Notification


@dataclass(frozen=True, slots=True)
class VoiceAuto:
    """Choose whether sitting in the voice channel of a session lets one in, from now on."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Host:
    """Hand the session over to the person with this Discord id; None if nobody was named."""

    user_id: int | None


@dataclass(frozen=True, slots=True)
class EditSession:
    """Change lengths and rounds (None: unchanged), or else the whole plan after the current phase."""

    focus: timedelta | None = None
    short: timedelta | None = None
    long: timedelta | None = None
    rounds: int | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class SavePreset:
    """Save a plan under a (clean, folded) name, for oneself or for the server."""

    name: str
    plan: Plan
    for_server: bool


@dataclass(frozen=True, slots=True)
class ForgetPreset:
    """Delete the plan of that name, which is empty if it was left out."""

    name: str
    for_server: bool


_WithArguments = (
    StartSession | ExtendPhase | Join | Task | Notify | VoiceAuto | Host | EditSession | SavePreset | ForgetPreset
)
Command = FocusVerb | _WithArguments
# What tells one command from another: its verb, or its type.
Kind = FocusVerb | type[_WithArguments]


def kind_of(command: Command) -> Kind:
    """Return the kind of a command."""
    return command if isinstance(command, FocusVerb) else type(command)
