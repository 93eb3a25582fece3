"""The focus log: what came of each focus phase and each pomodoro, one entry for every person who was in it.

It is only ever added to. What somebody sets right afterwards, because they forgot to stop, makes an entry
shorter or takes it away; nothing makes one longer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import duration
from bot.domain.errors import BadCorrection

EXAMPLE = "stats edit 20m"
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
        if to < timedelta(seconds=1):
            raise BadCorrection("Nothing would be left of it; take it away instead.", example)
        if to >= self.focused:
            raise BadCorrection(
                f"It counts {duration.spoken(self.focused)}, and a correction can only make it shorter.", example
            )
        elapsed = (self.ended_at - self.began_at) * (to / self.focused)
        return replace(self, focused=to, ended_at=self.began_at + elapsed // _MILLISECOND * _MILLISECOND)
