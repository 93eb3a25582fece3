"""A quarter hour: the focus in one quarter of an hour, which is the grain of all statistics.

Every zone's offset from UTC is a multiple of 15 minutes, so days and hours in every zone begin at a quarter hour of
UTC, in Kathmandu (+5:45) and Lord Howe (+10:30, +11:00) too. So sums of whole quarters are right in any zone, and
quarters need none: a person who moves sees all their history in the new zone.

A database may therefore store or return sums of quarters instead of the log: rows of the same quarter and task may
be added up, those of the same quarter where tasks do not matter, and those of a whole day of the wall clock where
only days do (``offset_period`` shows how in SQL). The seconds are integers, so the order of adding does not matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.stats.log import Entry

QUARTER = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QuarterHour:
    """``seconds`` of focus on a task in the quarter hour that begins ``at`` (aware UTC)."""

    at: datetime
    seconds: int
    task: str | None = None


def quarter_hours(entry: Entry) -> Iterator[QuarterHour]:
    """Distribute an entry over its quarter hours in proportion to the overlap.

    Together they have the whole seconds that were focused. A quarter hour that gets none is omitted.
    """
    total = entry.focused // _SECOND
    began = entry.began_at.astimezone(UTC)
    elapsed = entry.ended_at - began
    at = quarter(began)
    given = 0
    while given < total:
        passed = at + QUARTER - began
        # Counted from the beginning, so that rounding loses nothing between two quarters.
        until = total * passed // elapsed if passed < elapsed else total
        if until > given:
            yield QuarterHour(at, until - given, entry.task)
        given = until
        at += QUARTER


def quarter(moment: datetime) -> datetime:
    """Return the start of the quarter hour that contains a moment (aware UTC)."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
