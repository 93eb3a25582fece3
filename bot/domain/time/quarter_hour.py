"""A quarter hour: the focus in one quarter of an hour, which is the grain of all statistics.

Every zone's offset from UTC is a multiple of 15 minutes, so days and hours in every zone begin at a quarter hour of
UTC, in Kathmandu (+5:45) and Lord Howe (+10:30, +11:00) too. So sums of whole quarters are right in any zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.time.spans import Seconds

QUARTER = 900


@dataclass(frozen=True, slots=True)
class QuarterHour:
    """``seconds`` of focus in the quarter hour that begins ``at``, in seconds since 1970."""

    at: int
    seconds: int

    @property
    def moment(self) -> datetime:
        """When it begins (aware UTC)."""
        return _EPOCH + timedelta(seconds=self.at)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarter_hours(spans: Seconds) -> Iterator[QuarterHour]:
    """Yield the quarter hours that spans touch, each once and in order, with the seconds that lie in it."""
    at = seconds = 0
    for begins, ends in spans:
        for first in range(begins // QUARTER * QUARTER, ends, QUARTER):
            if first != at and seconds:
                yield QuarterHour(at, seconds)
                seconds = 0
            at = first
            seconds += min(first + QUARTER, ends) - max(first, begins)
    if seconds:
        yield QuarterHour(at, seconds)
