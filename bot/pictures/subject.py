"""A subject: what a picture shows, with all its figures.

Subjects are hashable values, so that a cache can find a picture by its subject. All figures are whole seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.stats.statistics import TaskWeek
from bot.messages.catalogue import gettext

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """A week in bars by task, from ``monday``; ``rows`` are largest first (``statistics.by_task``).

    ``goal`` is in seconds a day. ``names_tasks`` is false where tasks are private, as in a server's week.
    """

    monday: date
    rows: tuple[TaskWeek, ...]
    goal: int | None = None
    names_tasks: bool = True

    @property
    def title(self) -> str:
        """Its title."""
        return gettext("Focus by task") if self.names_tasks else gettext("Focus by day")

    @property
    def days(self) -> tuple[int, ...]:
        """The seconds of each day, over all tasks."""
        return tuple(sum(row.seconds[number] for row in self.rows) for number in range(7))


@dataclass(frozen=True, slots=True)
class Year:
    """A map of the days from ``first``, at most 54 weeks, with the seconds of each day."""

    first: date
    days: tuple[int, ...]

    @classmethod
    def of(cls, days: Mapping[date, int], last: date, first: date | None = None) -> "Year":
        """Build it from a mapping, in which days may be missing; without ``first``, the 365 days up to ``last``."""
        first = first or last - 364 * _DAY
        return cls(first, tuple(days.get(first + number * _DAY, 0) for number in range((last - first).days + 1)))

    @property
    def dated(self) -> list[tuple[date, int]]:
        """Each day with its seconds."""
        return [(self.first + number * _DAY, seconds) for number, seconds in enumerate(self.days)]

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + (len(self.days) - 1) * _DAY


@dataclass(frozen=True, slots=True)
class Hours:
    """The 24 hours of the day, summed up over the named ``period``: *this month*."""

    seconds: tuple[int, ...]
    period: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one person did in a session: seconds of focus, on a task if they named one."""

    name: str
    task: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Recap:
    """Who focused on what in a session, the longest first; ``others`` is how many more there were."""

    shares: tuple[Share, ...]
    total: int
    others: int = 0

    @property
    def people(self) -> int:
        """How many people focused."""
        return len(self.shares) + self.others


Subject = Week | Year | Hours | Recap
