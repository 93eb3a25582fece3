from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.stats.log import Entry
from bot.domain.stats.statistics import Day, TaskWeek, by_day, by_task, monday_of, statistics
from bot.domain.stats.union import union
from bot.domain.time.quarter_hour import QuarterHour, quarter_hours
from bot.domain.timers.name import folded
from tests.unit.histories import MINUTE, ZONES, days_of, entry, even_entries, minutes_of

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 25)  # a Wednesday
histories = st.lists(even_entries(), max_size=6)
zones = st.sampled_from(ZONES)


def divided(entries: list[Entry]) -> list[tuple[QuarterHour, str | None]]:
    """Divide their time among entries, and return each quarter hour with its task, in order of time."""
    rising = sorted(entries, key=lambda entry: entry.rank)
    won = zip(rising, union([entry.seconds for entry in rising]), strict=True)
    pieces = [(piece, entry.task) for entry, spans in won for piece in quarter_hours(spans)]
    return sorted(pieces, key=lambda pair: pair[0].at)


def cut(entries: list[Entry]) -> list[QuarterHour]:
    return [piece for piece, _ in divided(entries)]


def rows_of(entries: list[Entry], zone: ZoneInfo, monday: date) -> list[TaskWeek]:
    """Return each quarter hour of a week as a row, in order of time."""
    numbered = [
        ((piece.moment.astimezone(zone).date() - monday).days, piece, task) for piece, task in divided(entries)
    ]
    return [
        TaskWeek(task, tuple(piece.seconds * (day == number) for day in range(7)))
        for number, piece, task in numbered
        if 0 <= number < 7
    ]


@given(histories, zones)
def test_days_against_minutes(entries: list[Entry], zone: ZoneInfo) -> None:
    """The sum of each day equals its minutes, in every zone and over every change of clocks."""
    assert by_day(cut(entries), zone) == days_of(entries, zone)


@given(histories, zones, st.integers(0, 40))
def test_tasks_against_minutes(entries: list[Entry], zone: ZoneInfo, weeks: int) -> None:
    """The sums of a week by task and day equal its minutes; equal spellings are one task."""
    monday = date(2026, 3, 2) + timedelta(weeks=weeks)
    task_weeks = by_task(rows_of(entries, zone, monday))
    counted: Counter[tuple[str, int]] = Counter()
    for at, seconds, task in minutes_of(entries):
        number = (at.astimezone(zone).date() - monday).days
        if 0 <= number < 7:
            counted[(task or "").lower(), number] += seconds
    assert {
        ((row.task or "").lower(), number): seconds
        for row in task_weeks
        for number, seconds in enumerate(row.seconds)
        if seconds
    } == dict(counted)
    assert [row.total for row in task_weeks] == sorted((row.total for row in task_weeks), reverse=True)
    names = [row.task for row in task_weeks if row.task is not None]
    assert len({folded(name) for name in names}) == len(names)


@given(histories)
def test_slices_may_be_added_up(entries: list[Entry]) -> None:
    """Slices of the same quarter may be pre-aggregated, and come in any order."""
    sums: Counter[int] = Counter()
    for piece in cut(entries):
        sums[piece.at] += piece.seconds
    added = [QuarterHour(at, seconds) for at, seconds in reversed(sums.items())]
    assert by_day(added, BERLIN) == by_day(cut(entries), BERLIN)


def test_midnight_shares_out() -> None:
    """An entry across midnight counts for both days, for each as long as it lasted there."""
    night = entry(datetime(2026, 11, 24, 22, 45, tzinfo=UTC), 60, 1800)
    assert by_day(quarter_hours(night.seconds), BERLIN) == {date(2026, 11, 24): 900, date(2026, 11, 25): 900}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24)])
def test_days_of_23_and_25_hours(day: date, hours: int) -> None:
    """The day when clocks go forward has 23 hours; the day when they go back has 25, one of them twice."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    whole = entry(start, hours * 60, hours * 3600)
    assert by_day(quarter_hours(whole.seconds), BERLIN) == {day: hours * 3600}


def test_the_first_spelling_of_a_task_is_shown() -> None:
    """Tea and tea are one task, spelled as it was first; entries without a task are one of their own."""
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    entries = [entry(monday + 60 * MINUTE, 10, 600, "TEA"), entry(monday, 10, 600, "Tea")]
    entries.append(entry(monday + 20 * MINUTE, 30, 1500))
    assert [(row.task, row.seconds[0]) for row in by_task(rows_of(entries, BERLIN, monday.date()))] == [
        (None, 1500),
        ("Tea", 1200),
    ]


@given(st.dictionaries(st.dates(date(2026, 9, 1), TODAY), st.integers(0, 90_000)))
def test_sums_against_counting(days: dict[date, int]) -> None:
    """Today, this week, this month and the best day match counting day by day."""
    actual = statistics(days, TODAY)
    day, week, month = TODAY, 0, 0
    while day >= date(2026, 11, 1):
        month += days.get(day, 0)
        week += days.get(day, 0) if day >= date(2026, 11, 23) else 0
        day -= timedelta(days=1)
    assert (actual.today, actual.week, actual.month) == (days.get(TODAY, 0), week, month)
    assert actual.total == sum(days.values())
    best = None
    for day in sorted(days):
        if days[day] > (best.seconds if best else 0):
            best = Day(day, days[day])
    assert actual.best == best


def test_nothing_yet() -> None:
    """A person without focus has zeros, no best day and no streak."""
    nothing = statistics({}, TODAY)
    assert (nothing.today, nothing.week, nothing.month, nothing.total, nothing.best) == (0, 0, 0, 0, None)
    assert (nothing.streak, nothing.longest_streak) == (0, 0)
    assert by_task([]) == []


def test_a_week_begins_on_monday() -> None:
    """Monday is the first day of its own week, and Sunday the last."""
    monday = date(2026, 11, 23)
    assert {monday_of(monday + timedelta(days=number)) for number in range(7)} == {monday}
