"""What somebody has done: sums of their focus by day, hour and task, on the calendar and the clocks of their zone.

The sums are made of slices (``bot.domain.slice``), or of whatever smaller set of slices the database has added up
to; days may also come from it as they are. All are whole seconds. A day has 23 or 25 hours where the clocks are
changed, and an hour that comes twice is one hour of the day.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.name import folded
from bot.domain.slice import Slice
from bot.domain.streak import streaks

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TaskWeek:
    """The seconds of each day of a week, Monday first, on one task; None is what was done without naming any."""

    task: str | None
    seconds: tuple[int, ...]

    @property
    def total(self) -> int:
        """Sum up the week."""
        return sum(self.seconds)


@dataclass(frozen=True, slots=True)
class Day:
    """The seconds of one day."""

    date: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Seconds of today, of this week (from Monday on), of this month and of all time; the streaks in days.

    ``best`` is the best day, None where there is nothing yet; of two that are alike, it is the earlier.
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
    found = streaks(days, today, days_off)
    return Statistics(
        today=done.get(today, 0),
        week=sum(seconds for day, seconds in done.items() if monday <= day <= today),
        month=sum(seconds for day, seconds in done.items() if first <= day <= today),
        total=sum(done.values()),
        best=Day(best, done[best]) if best else None,
        streak=found.current,
        longest_streak=found.longest,
    )


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def by_day(slices: Iterable[Slice], zone: ZoneInfo) -> dict[date, int]:
    """Sum up the seconds of each day that has any."""
    days: Counter[date] = Counter()
    for piece in slices:
        days[piece.at.astimezone(zone).date()] += piece.seconds
    return dict(days)


def by_hour(slices: Iterable[Slice], zone: ZoneInfo) -> tuple[int, ...]:
    """Sum up the seconds of each of the 24 hours of the wall clock, over all days."""
    hours = [0] * 24
    for piece in slices:
        hours[piece.at.astimezone(zone).hour] += piece.seconds
    return tuple(hours)


def by_task(slices: Iterable[Slice], zone: ZoneInfo, monday: date) -> list[TaskWeek]:
    """Sum up the week that begins on a Monday by task and day, the task with the most first.

    Spellings that are the same to a person (``name.same``) are one task, by the first of them in time. Slices of
    other weeks are passed over.
    """
    weeks: dict[str | None, list[int]] = {}
    spelt: dict[str | None, str | None] = {}
    numbered = ((piece, (piece.at.astimezone(zone).date() - monday).days) for piece in slices)
    inside = [(piece, number) for piece, number in numbered if 0 <= number < 7]
    for piece, number in sorted(inside, key=lambda numbered: numbered[0].at):
        key = None if piece.task is None else folded(piece.task)
        spelt.setdefault(key, piece.task)
        weeks.setdefault(key, [0] * 7)[number] += piece.seconds
    rows = [TaskWeek(spelt[key], tuple(seconds)) for key, seconds in weeks.items()]
    # Sorting keeps the order of what is alike, which is that in time.
    return sorted(rows, key=lambda row: -row.total)
