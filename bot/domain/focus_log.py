"""The focus log: what came of each focus phase and each pomodoro, one entry for every person who was in it.

It is only ever added to. What somebody sets right afterwards, because they forgot to stop, makes an entry
shorter or takes it away; nothing makes one longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import duration, name
from bot.domain.errors import BadCorrection
from bot.domain.participant import Effort, Participant
from bot.domain.timer import State, Timer

EXAMPLE = "stats edit"
# What is shorter is no focus, but a slip.
LEAST = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


class Outcome(StrEnum):
    """How the phase or pomodoro came to its end: by its time, or sooner, and then what was done counts."""

    FINISHED = "finished"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: one person's focus from one moment to another. Ids are Discord's; moments are aware UTC.

    ``timer_id``, ``phase`` (by its place in the plan; None for a pomodoro) and ``user_id`` name it. ``focused``
    is at most the time from ``began_at`` to ``ended_at``: less by what they paused, and by what they missed.
    When in between they paused is not kept.
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
        """Count less than was logged, as if they had stopped sooner: what falls away is the end of it.

        The entry ends sooner in proportion, so that what is left stays on its day and in its hours. Raises
        ``BadCorrection``, with ``example`` shown, where it would not become shorter, or under a second would be
        left.
        """
        if to < LEAST:
            raise BadCorrection("Nothing would be left of it; take it away instead.", example)
        if to >= self.focused:
            raise BadCorrection(
                f"It counts {duration.spoken(self.focused)}, and a correction can only make it shorter.", example
            )
        elapsed = (self.ended_at - self.began_at) * (to / self.focused)
        return replace(self, focused=to, ended_at=self.began_at + elapsed // _MILLISECOND * _MILLISECOND)


def of_pomodoro(over: Timer, was: Timer) -> Entry | None:
    """Log a pomodoro that is over, by what it was just before; None where it hardly ran at all.

    One that was cancelled counts what was done. Its name is the task, unless it was given none.
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
    """Log what each has focused in one phase of the session whose clock is ``timer``; who has not, has no entry."""
    outcome = Outcome.FINISHED if is_whole else Outcome.CUT_SHORT
    where = (timer.guild_id, timer.channel_id, timer.id, phase, began_at, ended_at)
    return tuple(Entry(one.user_id, *where, one.focused, one.task, outcome) for one in people if one.focused)


def efforts(done: Iterable[Entry]) -> tuple[Effort, ...]:
    """Give what people have done in the phases of a session as its recap tells it."""
    return tuple(Effort(one.user_id, one.phase or 0, one.task, one.focused) for one in done)
