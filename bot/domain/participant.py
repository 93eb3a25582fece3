"""A participant: one person in a session, and what they have done in it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Notify(StrEnum):
    """How somebody wants to hear of a change of phase."""

    PING = "ping"
    SILENT = "silent"
    DM = "dm"


class Outcome(StrEnum):
    """How somebody says that a focus phase went."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person has done in one focus phase, which is named by its place in the plan."""

    user_id: int
    phase: int
    task: str | None
    focused: timedelta
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who is in a session, or was: then ``left_at`` is set.

    ``focused`` is how long they have focused in the phase that is going, up to ``since``; while ``since`` is set,
    time counts for them. One who is ``resting`` has paused for themself.
    """

    user_id: int
    joined_at: datetime
    task: str | None = None
    notify: Notify = Notify.PING
    resting: bool = False
    by_voice: bool = False
    left_at: datetime | None = None
    since: datetime | None = None
    focused: timedelta = timedelta()

    def start(self, now: datetime) -> "Participant":
        """Count from now on, unless they have gone, rest, or are counted already."""
        if self.left_at or self.resting or self.since:
            return self
        return replace(self, since=now)

    def stop(self, now: datetime) -> "Participant":
        """Count no longer, and keep what was counted."""
        if self.since is None:
            return self
        return replace(self, since=None, focused=self.focused + max(now - self.since, timedelta()))
