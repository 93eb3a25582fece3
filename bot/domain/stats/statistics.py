"""Statistics: sums of somebody's focus by day, hour and task, on the calendar and clock of their zone.

The database sums up quarter hours (``bot.domain.time.quarter_hour``), of a person by their days, of a server for
any zone. All are whole seconds. A day has 23 or 25 hours where the clocks change, and an hour that occurs twice
counts as one hour of the day.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import add
from zoneinfo import ZoneInfo

from bot.domain.time.quarter_hour import QuarterHour
from bot.domain.timers.name import folded

WEEK, _DAY = timedelta(days=7), timedelta(days=1)
# The least seconds of focus for a day to count towards a streak.
LEAST = 60


@dataclass(frozen=True, slots=True)
class TaskWeek:
    """The seconds of each day of a week, Monday first, on one task; None is focus without a task.

    ``others``, if not 0, is the number of small tasks whose seconds are summed up here.
    """

    task: str | None
    seconds: tuple[int, ...]
    others: int = 0

    @property
    def total(self) -> int:
        """The sum of the week."""
        return sum(self.seconds)


@dataclass(frozen=True, slots=True)
class Day:
    """The seconds of one day."""

    date: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Seconds of today, of this week (from Monday), of this month and of all time; the streaks in days.

    ``best`` is the best day, None if there is nothing yet; of a tie, the earliest.
    """

    today: int
    week: int
    month: int
    total: int
    best: Day | None
    streak: int
    longest_streak: int


def statistics(days: Mapping[date, int], today: date, days_off: Collection[int] = ()) -> Statistics:
    """Sum up the seconds of each day (days without any may be missing). ``days_off`` are weekdays, Monday is 0."""
    done = {day: seconds for day, seconds in days.items() if seconds > 0}
    monday, first = monday_of(today), today.replace(day=1)
    best = max(sorted(done), key=done.__getitem__, default=None)
    current, longest = streaks(days, today, days_off)
    return Statistics(
        today=done.get(today, 0),
        week=sum(seconds for day, seconds in done.items() if monday <= day <= today),
        month=sum(seconds for day, seconds in done.items() if first <= day <= today),
        total=sum(done.values()),
        best=Day(best, done[best]) if best else None,
        streak=current,
        longest_streak=longest,
    )


def streaks(days: Mapping[date, int], today: date, days_off: Collection[int] = ()) -> tuple[int, int]:
    """Return the current streak in days and the longest, given the seconds of each day that has any.

    A day counts with at least a minute of focus. Planned days off do not break a streak: without focus they neither
    break nor lengthen it; with focus they count like any other day. Today breaks no streak until it is over.
    ``days_off`` are weekdays, Monday is 0.
    """
    longest = length = 0
    before: date | None = None
    for day in sorted(day for day, seconds in days.items() if seconds >= LEAST and day <= today):
        length = length + 1 if before and _holds(before, day, days_off) else 1
        longest = max(longest, length)
        before = day
    current = length if before and _holds(before, today, days_off) else 0
    return current, longest


def _holds(before: date, after: date, days_off: Collection[int]) -> bool:
    """Return whether there are only days off between two days."""
    # Seven days cover every weekday.
    between = min((after - before).days, 8)
    return all((before + number * _DAY).weekday() in days_off for number in range(1, between))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def by_day(quarters: Iterable[QuarterHour], zone: ZoneInfo) -> dict[date, int]:
    """Sum up the seconds of each day that has any."""
    days: Counter[date] = Counter()
    for piece in quarters:
        days[piece.moment.astimezone(zone).date()] += piece.seconds
    return dict(days)


def by_task(rows: Iterable[TaskWeek]) -> list[TaskWeek]:
    """Return the tasks of a week, largest first; ``rows`` are in order of time.

    Spellings that a person takes for the same (``name.folded``) are one task, named by the first of them.
    """
    tasks: dict[str | None, TaskWeek] = {}
    rest = []
    for row in rows:
        if row.others:
            rest.append(row)
            continue
        key = None if row.task is None else folded(row.task)
        first = tasks.get(key)
        tasks[key] = replace(first, seconds=tuple(map(add, first.seconds, row.seconds))) if first else row
    # Sorting is stable: ties stay in order of time.
    return sorted([*tasks.values(), *rest], key=lambda row: -row.total)
