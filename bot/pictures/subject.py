"""A subject: what a picture is to show, with all its figures.

Subjects are values that may be compared and hashed, so that whoever keeps pictures can find one by its subject.
All figures are whole seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.statistics import TaskWeek

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """A week in bars by task, from ``monday`` on; ``rows`` have the largest first (``statistics.by_task``).

    ``goal`` is so many seconds a day. ``names_tasks`` is not set where tasks are nobody's business, as in a
    server's week.
    """

    monday: date
    rows: tuple[TaskWeek, ...]
    goal: int | None = None
    names_tasks: bool = True

    @property
    def title(self) -> str:
        """Say what it shows."""
        return "Focus by task" if self.names_tasks else "Focus by day"

    @property
    def days(self) -> tuple[int, ...]:
        """Sum up each day, over all tasks."""
        return tuple(sum(row.seconds[number] for row in self.rows) for number in range(7))


@dataclass(frozen=True, slots=True)
class Year:
    """A map of the days from ``first`` on, at most 54 weeks, one number a day (see ``of``)."""

    first: date
    days: tuple[int, ...]

    @classmethod
    def of(cls, days: Mapping[date, int], last: date, first: date | None = None) -> "Year":
        """Take them from a mapping, in which days may be missing; without ``first``, the 365 up to ``last``."""
        first = first or last - 364 * _DAY
        return cls(first, tuple(days.get(first + number * _DAY, 0) for number in range((last - first).days + 1)))

    @property
    def dated(self) -> list[tuple[date, int]]:
        """Give each day with its seconds."""
        return [(self.first + number * _DAY, seconds) for number, seconds in enumerate(self.days)]

    @property
    def last(self) -> date:
        """Give the last day."""
        return self.first + (len(self.days) - 1) * _DAY


@dataclass(frozen=True, slots=True)
class Hours:
    """The 24 hours of the day, summed up over a period that ``period`` names: *this month*."""

    seconds: tuple[int, ...]
    period: str


Subject = Week | Year | Hours
