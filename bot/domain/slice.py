"""A slice: what was focused in one quarter of an hour, which is the grain of all statistics.

Every zone's offset from UTC is a multiple of 15 minutes, so the days and the hours of all of them begin where a
quarter of UTC begins, those of Kathmandu (+5:45) and Lord Howe (+10:30, +11:00) too. So the sums of whole slices
are right in any zone, and slices need none: a person who moves to another sees all their history in it.

A database may therefore keep, or give, the sums of slices instead of the log: slices that have the same quarter
and task may be added up, those of the same quarter where no task is asked for, and those of a whole day of the
wall clock where nothing but days is (``bot.domain.stretch`` says how, in SQL's own arithmetic). The seconds are
whole numbers, so that the order of adding does not matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.focus_log import Entry

QUARTER = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """``seconds`` of focus on a task in the quarter of an hour that begins ``at`` (aware UTC)."""

    at: datetime
    seconds: int
    task: str | None = None


def slices(entry: Entry) -> Iterator[Slice]:
    """Share an entry out over the quarters that it lies in, by how much of it lies in each.

    Together they have the whole seconds of what was focused. A quarter that gets none is left out.
    """
    total = entry.focused // _SECOND
    began = entry.began_at.astimezone(UTC)
    elapsed = entry.ended_at - began
    at = quarter(began)
    given = 0
    while given < total:
        passed = at + QUARTER - began
        # Counted from the beginning, so that nothing is lost between two quarters.
        until = total * passed // elapsed if passed < elapsed else total
        if until > given:
            yield Slice(at, until - given, entry.task)
        given = until
        at += QUARTER


def quarter(moment: datetime) -> datetime:
    """Give the beginning of the quarter of an hour that a moment (aware UTC) lies in."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
