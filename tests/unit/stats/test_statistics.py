from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.stats.log import Entry
from bot.domain.stats.statistics import Day, TaskWeek, by_day, by_hour, by_task, monday_of, statistics
from bot.domain.time.offset_period import offset_periods
from bot.domain.time.quarter_hour import QuarterHour, quarter_hours
from bot.domain.timers.name import folded
from tests.unit.histories import MINUTE, ZONES, days_of, entry, even_entries, minutes_of

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 25)  # a Wednesday
histories = st.lists(even_entries(), max_size=6)
zones = st.sampled_from(ZONES)


def cut(entries: list[Entry]) -> list[QuarterHour]:
    return [piece for one in entries for piece in quarter_hours(one)]


def rows_of(entries: list[Entry], zone: ZoneInfo, monday: date) -> list[TaskWeek]:
    """Give a row of its own to each quarter hour that lies in a week, in order of time."""
    pieces = sorted(cut(entries), key=lambda piece: piece.at)
    numbered = [((piece.at.astimezone(zone).date() - monday).days, piece) for piece in pieces]
    return [
        TaskWeek(piece.task, tuple(piece.seconds * (day == number) for day in range(7)))
        for number, piece in numbered
        if 0 <= number < 7
    ]


@given(histories, zones)
def test_days_against_minutes(entries: list[Entry], zone: ZoneInfo) -> None:
    """The sum of each day is that of its minutes, in every zone and over every change of clocks."""
    assert by_day(cut(entries), zone) == days_of(entries, zone)


@given(histories, zones)
def test_hours_against_minutes(entries: list[Entry], zone: ZoneInfo) -> None:
    """The sum of each hour of the day is that of its minutes, in every zone and over every change of clocks."""
    hours = [0] * 24
    for at, seconds, _ in minutes_of(entries):
        hours[at.astimezone(zone).hour] += seconds
    assert by_hour(cut(entries), zone) == tuple(hours)


@given(histories, zones, st.integers(0, 40))
def test_tasks_against_minutes(entries: list[Entry], zone: ZoneInfo, weeks: int) -> None:
    """The sums of a week by task and day are those of its minutes; spellings that are the same are one task."""
    monday = date(2026, 3, 2) + timedelta(weeks=weeks)
    found = by_task(rows_of(entries, zone, monday))
    counted: Counter[tuple[str, int]] = Counter()
    for at, seconds, task in minutes_of(entries):
        number = (at.astimezone(zone).date() - monday).days
        if 0 <= number < 7:
            counted[(task or "").lower(), number] += seconds
    assert {
        ((row.task or "").lower(), number): seconds
        for row in found
        for number, seconds in enumerate(row.seconds)
        if seconds
    } == dict(counted)
    assert [row.total for row in found] == sorted((row.total for row in found), reverse=True)
    names = [row.task for row in found if row.task is not None]
    assert len({folded(name) for name in names}) == len(names)


@given(histories, zones)
def test_a_database_may_add_up(entries: list[Entry], zone: ZoneInfo) -> None:
    """Adding up by the arithmetic of a database, period by period, gives the same days and hours."""
    pieces = cut(entries)
    begins, ends = datetime(2011, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    days: Counter[date] = Counter()
    hours = [0] * 24
    for offset_period in offset_periods(zone, begins, ends):
        for piece in pieces:
            if offset_period.begins <= piece.at < offset_period.ends:
                local = int(piece.at.timestamp()) + int(offset_period.offset.total_seconds())
                days[date(1970, 1, 1) + timedelta(days=local // 86_400)] += piece.seconds
                hours[local // 3600 % 24] += piece.seconds
    assert dict(days) == by_day(pieces, zone)
    assert tuple(hours) == by_hour(pieces, zone)


@given(histories)
def test_slices_may_be_added_up(entries: list[Entry]) -> None:
    """Slices of the same quarter may be added up beforehand, and come in any order."""
    sums: Counter[datetime] = Counter()
    for piece in cut(entries):
        sums[piece.at] += piece.seconds
    added = [QuarterHour(at, seconds) for at, seconds in reversed(sums.items())]
    assert by_day(added, BERLIN) == by_day(cut(entries), BERLIN)


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Europe/Berlin", ["2026-03-29T01:00", "2026-10-25T01:00"]),
        ("America/New_York", ["2026-03-08T07:00", "2026-11-01T06:00"]),
        ("Australia/Lord_Howe", ["2026-04-04T15:00", "2026-10-03T15:30"]),
        ("Asia/Kathmandu", []),
    ],
)
def test_offset_periods_part_at_the_changes(zone: str, changes: list[str]) -> None:
    """A year is parted where its clocks are changed, and nowhere else."""
    begins, ends = datetime(2026, 1, 1, 0, 7, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = list(offset_periods(ZoneInfo(zone), begins, ends))
    marks = [begins, *(datetime.fromisoformat(change).replace(tzinfo=UTC) for change in changes), ends]
    assert [(one.begins, one.ends) for one in found] == list(pairwise(marks))
    assert list(offset_periods(ZoneInfo(zone), ends, begins)) == []


def test_midnight_shares_out() -> None:
    """An entry that crosses midnight counts for both days, in proportion of what was focused to what passed."""
    night = entry(datetime(2026, 11, 24, 22, 30, tzinfo=UTC), 60, 1800)
    assert by_day(quarter_hours(night), BERLIN) == {date(2026, 11, 24): 900, date(2026, 11, 25): 900}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24)])
def test_days_of_23_and_25_hours(day: date, hours: int) -> None:
    """The day on which clocks go forward has 23 hours; that on which they go back has 25, one of them twice."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    whole = entry(start, hours * 60, hours * 3600)
    assert by_day(quarter_hours(whole), BERLIN) == {day: hours * 3600}
    assert by_hour(quarter_hours(whole), BERLIN)[2] == {23: 0, 24: 3600, 25: 7200}[hours]


def test_another_zone_is_another_calendar() -> None:
    """A person who moves sees all their history by the calendar of where they are now."""
    early = list(quarter_hours(entry(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), 20, 1200)))
    assert by_day(early, BERLIN) == {date(2026, 11, 25): 1200}
    assert by_day(early, ZoneInfo("America/New_York")) == {date(2026, 11, 24): 1200}


def test_the_first_spelling_of_a_task_is_shown() -> None:
    """Tea and tea are one task, which is spelt as it was first; what has no task stands for itself."""
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    entries = [entry(monday + 60 * MINUTE, 10, 600, "TEA"), entry(monday, 10, 600, "Tea"), entry(monday, 30, 1500)]
    assert [(row.task, row.seconds[0]) for row in by_task(rows_of(entries, BERLIN, monday.date()))] == [
        (None, 1500),
        ("Tea", 1200),
    ]


@given(st.dictionaries(st.dates(date(2026, 9, 1), TODAY), st.integers(0, 90_000)))
def test_sums_against_counting(days: dict[date, int]) -> None:
    """Today, this week from Monday on, this month and the best day are those that counting day by day finds."""
    found = statistics(days, TODAY)
    day, week, month = TODAY, 0, 0
    while day >= date(2026, 11, 1):
        month += days.get(day, 0)
        week += days.get(day, 0) if day >= date(2026, 11, 23) else 0
        day -= timedelta(days=1)
    assert (found.today, found.week, found.month) == (days.get(TODAY, 0), week, month)
    assert found.total == sum(days.values())
    best = None
    for day in sorted(days):
        if days[day] > (best.seconds if best else 0):
            best = Day(day, days[day])
    assert found.best == best


def test_nothing_yet() -> None:
    """Somebody who has done nothing yet has zeros, no best day and no streak."""
    nothing = statistics({}, TODAY)
    assert (nothing.today, nothing.week, nothing.month, nothing.total, nothing.best) == (0, 0, 0, 0, None)
    assert (nothing.streak, nothing.longest_streak) == (0, 0)
    assert by_task([]) == []
    assert by_hour([], BERLIN) == (0,) * 24


def test_a_week_begins_on_monday() -> None:
    """Monday is the first day of its own week, and Sunday the last."""
    monday = date(2026, 11, 23)
    assert {monday_of(monday + timedelta(days=number)) for number in range(7)} == {monday}
