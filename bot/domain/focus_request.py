"""What a person asks of a session: each request that can be typed, or chosen from a menu, as a value."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from bot.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class In:
    """Begin after so long."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class At:
    """Begin when clocks next show this time, where the person lives."""

    time: time


@dataclass(frozen=True, slots=True)
class Start:
    """Start a session by the plan, or by the preset of that (clean, folded) name; by neither, as is usual there.

    ``begin`` None is at once. ``voice`` is what the person wrote for a channel: a mention, or a name.
    """

    plan_name: str | None
    plan: Plan | None
    auto: bool = True
    begin: In | At | None = None
    voice: str | None = None
    warn: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """End the session for all."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop its clock for all."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Let its clock run on."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on to the next phase now."""


@dataclass(frozen=True, slots=True)
class Extend:
    """Give the phase that is going so much longer."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Join:
    """Come in, to do this (clean) task where one is said."""

    task: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Go."""


@dataclass(frozen=True, slots=True)
class Task:
    """Say what one does, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Pause for oneself; the session goes on."""


@dataclass(frozen=True, slots=True)
class Back:
    """End the pause for oneself."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Choose how to hear of a change of phase."""

    how: Literal["ping", "silent", "dm"]


@dataclass(frozen=True, slots=True)
class Host:
    """Hand the session over to the person of this Discord id."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Change lengths and rounds (None: as they are), or else all that comes after the phase that is going."""

    focus: timedelta | None = None
    short: timedelta | None = None
    long: timedelta | None = None
    rounds: int | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Show the session of this channel."""


@dataclass(frozen=True, slots=True)
class ListAll:
    """Show the sessions of this server."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be asked."""


@dataclass(frozen=True, slots=True)
class SavePreset:
    """Keep a plan by this (clean, folded) name, for oneself or for the server."""

    name: str
    plan: Plan
    for_server: bool


@dataclass(frozen=True, slots=True)
class ForgetPreset:
    """Keep the plan of that name no longer."""

    name: str
    for_server: bool


@dataclass(frozen=True, slots=True)
class Presets:
    """Show the plans that have a name."""


Request = (
    Start
    | Stop
    | Pause
    | Resume
    | Skip
    | Extend
    | Join
    | Leave
    | Task
    | Rest
    | Back
    | Notify
    | Host
    | Edit
    | Status
    | ListAll
    | Help
    | SavePreset
    | ForgetPreset
    | Presets
)
