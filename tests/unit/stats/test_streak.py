from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.stats.goal import Progress
from bot.domain.stats.log import Entry
from bot.domain.stats.statistics import LEAST, by_day, statistics, streaks
from tests.unit.histories import ZONES, days_of, entry, even_entries
from tests.unit.stats.test_statistics import cut

WEEKEND = (5, 6)
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def counted(days: dict[date, int], today: date, days_off: frozenset[int]) -> tuple[int, int]:
    """Count over the calendar day by day, as a person would."""
    current = longest = 0
    day = min(days, default=today)
    while day <= today:
        if days.get(day, 0) >= 60:
            current += 1
        elif day.weekday() not in days_off and day != today:
            current = 0
        longest = max(longest, current)
        day += DAY
    return current, longest


@given(
    st.dictionaries(st.dates(date(2026, 10, 1), MONDAY + 3 * DAY), st.sampled_from([0, 1, 59, 60, 61, 9000])),
    st.frozensets(st.integers(0, 6)),
)
def test_against_walking(days: dict[date, int], days_off: frozenset[int]) -> None:
    """The streaks match a walk over the calendar, whatever days are off."""
    assert streaks(days, MONDAY, days_off) == counted(days, MONDAY, days_off)


def test_against_walking_over_every_gap() -> None:
    """Days off bridge a gap of any length if all its days are off, and none otherwise."""
    for chosen in product((False, True), repeat=7):
        days_off = frozenset(weekday for weekday, off in enumerate(chosen) if off)
        for gap in range(1, 17):
            days = {MONDAY - gap * DAY: 60, MONDAY: 60}
            assert streaks(days, MONDAY, days_off) == counted(days, MONDAY, days_off)


@given(
    st.lists(even_entries(), max_size=6),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.frozensets(st.integers(0, 6)),
)
def test_over_a_change_of_zone(
    entries: list[Entry], home: ZoneInfo, away: ZoneInfo, days_off: frozenset[int]
) -> None:
    """The streaks in any zone's calendar equal those counted by the minute."""
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for zone in (home, away):
        days = by_day(cut(entries), zone)
        today = now.astimezone(zone).date()
        actual = statistics(days, today, days_off)
        expected = counted(days_of(entries, zone), today, days_off)
        assert (actual.streak, actual.longest_streak) == expected


def test_a_weekend_off_breaks_nothing() -> None:
    """A planned weekend between Friday and Monday neither breaks the streak nor makes it longer."""
    days = {FRIDAY: 3600, MONDAY: 3600}
    assert streaks(days, MONDAY, WEEKEND) == (2, 2)
    assert streaks(days, MONDAY) == (1, 1)


def test_work_on_a_day_off_counts() -> None:
    """Focus on a day off counts like on any other day."""
    days = {FRIDAY: 3600, FRIDAY + DAY: 3600, MONDAY: 3600}
    assert streaks(days, MONDAY, WEEKEND) == (3, 3)


def test_today_is_not_lost_yet() -> None:
    """A streak up to yesterday continues while today may still count, and is broken the day after."""
    days = {FRIDAY - DAY: 3600, FRIDAY: 3600}
    assert streaks(days, FRIDAY + DAY) == (2, 2)
    assert streaks(days, FRIDAY + 2 * DAY) == (0, 2)


def test_a_minute_counts() -> None:
    """A minute makes a day count, a second less does not."""
    assert streaks({FRIDAY: LEAST}, FRIDAY) == (1, 1)
    assert streaks({FRIDAY: LEAST - 1}, FRIDAY) == (0, 0)


def test_clocks_going_forward_break_nothing() -> None:
    """Minutes just before and after a night that is an hour short are on two successive days."""
    zone = ZoneInfo("Europe/Berlin")
    late = entry(datetime(2026, 3, 28, 22, 50, tzinfo=UTC), 10, 600)
    early = entry(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 10, 600)
    days = by_day(cut([late, early]), zone)
    assert streaks(days, date(2026, 3, 29)) == (2, 2)


@pytest.mark.parametrize(
    ("done", "reached", "left", "percent"),
    [(0, False, 7200, 0), (7199, False, 1, 99), (7200, True, 0, 100), (10_800, True, 0, 150)],
)
def test_progress(done: int, reached: bool, left: int, percent: int) -> None:
    """A goal is reached at 100 percent and not a second sooner; progress beyond it shows."""
    progress = Progress(7200, done)
    assert (progress.reached, progress.left, progress.percent) == (reached, left, percent)
