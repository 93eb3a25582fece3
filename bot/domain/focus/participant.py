"""A participant: one person in a session, and what they have done in it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.time.spans import Spans


class Notification(StrEnum):
    """How somebody wants to hear about a phase change."""

    PING = "ping"
    SILENT = "silent"
    DM = "dm"


class PhaseOutcome(StrEnum):
    """How a focus phase went, in the person's own judgement."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person did in one focus phase; ``phase`` is its index in the plan."""

    user_id: int
    phase: int
    task: str | None
    focused: timedelta
    outcome: PhaseOutcome | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a session, or formerly in it: then ``left_at`` is set.

    ``focused`` is their time in the current phase up to ``since``, in those ``spans``; while ``since`` is set,
    their clock runs. A ``resting`` participant has paused for themself. ``silent`` counts the rounds begun since
    their last sign of being there.
    """

    user_id: int
    joined_at: datetime
    task: str | None = None
    notify: Notification = Notification.PING
    resting: bool = False
    by_voice: bool = False
    left_at: datetime | None = None
    since: datetime | None = None
    focused: timedelta = timedelta()
    spans: Spans = ()
    silent: int = 0

    def start(self, now: datetime) -> "Participant":
        """Start their clock, unless they left, rest, or are counted already."""
        if self.left_at or self.resting or self.since:
            return self
        return replace(self, since=now)

    def stop(self, now: datetime) -> "Participant":
        """Stop their clock and keep what was counted."""
        if self.since is None:
            return self
        spans = (*self.spans, (self.since, now)) if now > self.since else self.spans
        return replace(self, since=None, focused=self.focused + max(now - self.since, timedelta()), spans=spans)


def find(people: Iterable[Participant], user_id: int) -> Participant | None:
    """Return the participant with this id, or None."""
    return next((person for person in people if person.user_id == user_id), None)
