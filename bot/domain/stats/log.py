"""The focus log: the outcome of each focus phase and pomodoro, one entry per person in it.

It is append-only. A later correction, by somebody who forgot to stop, shortens or removes an entry; nothing makes
one longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import BadCorrection
from bot.domain.focus.participant import Effort, Participant
from bot.domain.time.duration import spoken
from bot.domain.timers import name
from bot.domain.timers.timer import State, Timer
from bot.messages.catalogue import N_

EXAMPLE = "stats edit"
# Anything shorter is a slip, not focus.
LEAST = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


class Outcome(StrEnum):
    """How the phase or pomodoro ended: in full, or early, and then the time so far counts."""

    FINISHED = "finished"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: one person's focus between two moments. Ids are Discord's; moments are aware UTC.

    ``timer_id``, ``phase`` (its index in the plan; None for a pomodoro) and ``user_id`` identify it. ``focused`` is
    at most the time from ``began_at`` to ``ended_at``, less their pauses and absence. When they paused is not kept.
    """

    user_id: int
    guild_id: int | None
    channel_id: int
    timer_id: int
    phase: int | None
    began_at: datetime
    ended_at: datetime
    focused: timedelta
    task: str | None
    outcome: Outcome

    def shorten(self, to: timedelta, *, example: str = EXAMPLE) -> "Entry":
        """Shorten the entry as if they had stopped sooner: its end is cut off.

        The entry ends sooner in proportion, so that the rest stays on its day and in its hours. Raises
        ``BadCorrection``, with ``example``, where it would not become shorter or under a second would be left.
        """
        if to < LEAST:
            raise BadCorrection(N_("Nothing would be left of it; take it away instead."), example)
        if to >= self.focused:
            raise BadCorrection(
                N_("It counts {focused}, and a correction can only make it shorter."),
                example,
                focused=spoken(self.focused),
            )
        elapsed = (self.ended_at - self.began_at) * (to / self.focused)
        return replace(self, focused=to, ended_at=self.began_at + elapsed // _MILLISECOND * _MILLISECOND)


def of_pomodoro(over: Timer, was: Timer) -> Entry | None:
    """Log a finished pomodoro, given its state just before; None where it hardly ran at all.

    A cancelled one counts the time so far. Its name is the task, unless it has the default name.
    """
    is_finished = over.state is State.DONE
    ended_at = (was.due_at if is_finished else over.ended_at) or over.started_at
    focused = min(was.run(ended_at), ended_at - over.started_at)
    if focused < LEAST:
        return None
    return Entry(
        over.owner_id,
        over.guild_id,
        over.channel_id,
        over.id,
        None,
        over.started_at,
        ended_at,
        focused,
        None if over.name == name.DEFAULT else over.name,
        Outcome.FINISHED if is_finished else Outcome.CUT_SHORT,
    )


def of_phase(
    timer: Timer,
    phase: int,
    began_at: datetime,
    ended_at: datetime,
    people: Iterable[Participant],
    *,
    is_whole: bool,
) -> tuple[Entry, ...]:
    """Log each person's focus in one phase of the session with this ``timer``; no focus, no entry."""
    outcome = Outcome.FINISHED if is_whole else Outcome.CUT_SHORT
    where = (timer.guild_id, timer.channel_id, timer.id, phase, began_at, ended_at)
    return tuple(
        Entry(person.user_id, *where, person.focused, person.task, outcome) for person in people if person.focused
    )


def efforts(done: Iterable[Entry]) -> tuple[Effort, ...]:
    """Return log entries of a session in the form its recap needs."""
    return tuple(Effort(entry.user_id, entry.phase or 0, entry.task, entry.focused) for entry in done)
