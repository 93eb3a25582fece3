"""The focus log: the outcome of each focus phase and pomodoro, one entry per person in it.

It is append-only. A later correction, by somebody who forgot to stop, shortens an entry or removes it, and can
be undone; nothing makes one longer. Where entries of a person overlap, each second counts for one of them
(``bot.domain.stats.union``): a session goes before a pomodoro, what began later before what began earlier, and
what was measured before what was added afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import TooLate, UserError
from bot.domain.focus.participant import Effort, Participant
from bot.domain.time import spans as time_spans
from bot.domain.time.duration import spoken
from bot.domain.time.spans import Seconds, Spans
from bot.domain.timers import name
from bot.domain.timers.timer import Actor, State, Timer
from bot.messages.catalogue import N_

EXAMPLE = "stats edit"
# Anything shorter is a slip, not focus.
LEAST = timedelta(seconds=1)
# No timer has this number.
NO_TIMER = 0


class EntryOutcome(StrEnum):
    """How the phase or pomodoro ended: in full, or early, and then the time so far counts."""

    FINISHED = "finished"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: one person's focus between two moments. Ids are Discord's; moments are aware UTC.

    ``timer_id``, ``phase`` (its index in the plan; None for a pomodoro) and ``user_id`` identify it. ``focused`` is
    at most the time from ``began_at`` to ``ended_at``, less their pauses and absence, and zero once it was
    removed. ``spans`` are those in which they focused, as they were measured; none if an older version wrote it.
    ``zone`` names the time zone in which it happened, None if they had set none. ``added``: they added it
    afterwards, and no timer measured it. ``was_focused`` and ``was_ended_at`` are from before the correction made
    at ``corrected_at``. ``counted`` has the seconds that count for this entry; None until that is derived.
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
    outcome: EntryOutcome
    spans: Spans = ()
    zone: str | None = None
    added: bool = False
    was_focused: timedelta | None = None
    was_ended_at: datetime | None = None
    corrected_at: datetime | None = None
    counted: int | None = None

    @property
    def focused_spans(self) -> Spans:
        """The spans of its focus as corrected; where none were measured, one from its beginning."""
        measured = time_spans.total(self.spans)
        if measured < self.focused:
            return ((self.began_at, self.began_at + self.focused),)
        return time_spans.beginning(self.spans, self.focused)

    @property
    def seconds(self) -> Seconds:
        """The whole seconds of its focus."""
        return time_spans.whole_seconds(self.focused_spans)

    @property
    def overlapped(self) -> timedelta:
        """How much of it counts for other entries."""
        whole = self.focused // timedelta(seconds=1)
        return timedelta(seconds=max(whole - (whole if self.counted is None else self.counted), 0))

    @property
    def rank(self) -> tuple[bool, bool, datetime]:
        """Its rank among entries that overlap; the highest counts."""
        return not self.added, self.phase is not None, self.began_at

    def shorten(self, to: timedelta, now: datetime) -> "Entry":
        """Shorten the entry as if they had stopped sooner: its end is cut off.

        Raises ``UserError`` if it would not become shorter or under a second would be left.
        """
        if to < LEAST:
            raise UserError(N_("That would leave nothing. Remove it instead."), EXAMPLE)
        if to >= self.focused:
            raise UserError(
                N_("It's down as {focused}. You can only make it shorter."), EXAMPLE, focused=spoken(self.focused)
            )
        shorter = replace(self, focused=to)
        return replace(self._corrected(now), focused=to, ended_at=shorter.focused_spans[-1][1])

    def remove(self, now: datetime) -> "Entry":
        """Remove the entry: nothing of it counts."""
        return replace(self._corrected(now), focused=timedelta())

    def restore(self) -> "Entry":
        """Undo the last correction. Raises ``TooLate`` if there is none."""
        if self.was_focused is None or self.was_ended_at is None:
            raise TooLate(N_("That's already been undone."), example=EXAMPLE)
        before = replace(self, focused=self.was_focused, ended_at=self.was_ended_at)
        return replace(before, was_focused=None, was_ended_at=None, corrected_at=None)

    def _corrected(self, now: datetime) -> "Entry":
        return replace(self, was_focused=self.focused, was_ended_at=self.ended_at, corrected_at=now)


def of_pomodoro(over: Timer, was: Timer) -> Entry | None:
    """Log a finished pomodoro, given its state just before; None if it ran too short to count, or never counts.

    A cancelled one counts the time so far. Its name is the task, unless it has the default name.
    """
    is_finished = over.state is State.DONE
    ended_at = (was.due_at if is_finished else over.ended_at) or over.started_at
    focused = min(was.run(ended_at), ended_at - over.started_at)
    if over.counts_from is None or focused < max(over.counts_from, LEAST):
        return None
    where = (over.guild_id, over.channel_id, over.id, None)
    task = None if over.name == name.DEFAULT else over.name
    outcome = EntryOutcome.FINISHED if is_finished else EntryOutcome.CUT_SHORT
    return Entry(over.owner_id, *where, over.started_at, ended_at, focused, task, outcome, was.ran(ended_at))


def of_phase(
    timer: Timer,
    phase: int,
    began_at: datetime,
    ended_at: datetime,
    people: Iterable[Participant],
    *,
    is_whole: bool,
) -> tuple[Entry, ...]:
    """Log each person's focus in one phase of the session with this ``timer``; no focus, no entry.

    Where the wall clock was set back meanwhile, what they focused is what comes last before the phase's end.
    """
    outcome = EntryOutcome.FINISHED if is_whole else EntryOutcome.CUT_SHORT
    where = (timer.guild_id, timer.channel_id, timer.id, phase)
    entries = []
    for person in people:
        if person.focused:
            first = min(began_at, ended_at - person.focused)
            spans = person.spans if time_spans.lie_in_order(person.spans, first, ended_at) else ()
            entries.append(
                Entry(person.user_id, *where, first, ended_at, person.focused, person.task, outcome, spans)
            )
    return tuple(entries)


def afterwards(actor: Actor, began_at: datetime, length: timedelta, task: str | None) -> Entry:
    """Return an entry that somebody adds afterwards, where they are."""
    where, ended_at = (actor.guild_id, actor.channel_id, NO_TIMER, None), began_at + length
    outcome, spans = EntryOutcome.FINISHED, ((began_at, ended_at),)
    return Entry(actor.user_id, *where, began_at, ended_at, length, task, outcome, spans, added=True)


def efforts(done: Iterable[Entry]) -> tuple[Effort, ...]:
    """Return log entries of a session in the form its recap needs."""
    return tuple(Effort(entry.user_id, entry.phase or 0, entry.task, entry.focused) for entry in done)
