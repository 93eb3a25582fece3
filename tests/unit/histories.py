"""Random histories of focus, and what they come to by a second computation, which counts minute by minute."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.stats.log import Entry, Outcome

MINUTE = timedelta(minutes=1)
ZONES = [
    ZoneInfo(key)
    for key in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia")
]
# Near the days on which the clocks are changed in one of them, and the one that Samoa left out.
_CHANGES = (
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 10, 3, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
)
TASKS = (None, "tea", "Tea", "write tests", "עברית")


def entry(began_at: datetime, minutes: int, focused: int, task: str | None = None) -> Entry:
    """Make an entry of so many minutes, with so many seconds of focus."""
    return Entry(
        user_id=1,
        guild_id=None,
        channel_id=1,
        timer_id=1,
        phase=None,
        began_at=began_at,
        ended_at=began_at + minutes * MINUTE,
        focused=timedelta(seconds=focused),
        task=task,
        outcome=Outcome.FINISHED,
    )


@st.composite
def even_entries(draw: st.DrawFn) -> Entry:
    """Draw an entry of whole minutes, with the same number of whole seconds in each."""
    minutes = draw(st.integers(1, 60) | st.integers(1, 27 * 60))
    began_at = draw(st.sampled_from(_CHANGES)) + draw(st.integers(-3 * 1440, 3 * 1440)) * MINUTE
    return entry(began_at, minutes, minutes * draw(st.integers(0, 60)), draw(st.sampled_from(TASKS)))


def minutes_of(entries: list[Entry]) -> list[tuple[datetime, int, str | None]]:
    """Count out even entries: the moment of each minute, its seconds of focus and its task."""
    counted = []
    for one in entries:
        length = (one.ended_at - one.began_at) // MINUTE
        each = int(one.focused.total_seconds()) // length
        counted += [(one.began_at + number * MINUTE, each, one.task) for number in range(length) if each]
    return counted


def days_of(entries: list[Entry], zone: ZoneInfo) -> dict[date, int]:
    """Sum up even entries by day."""
    days: Counter[date] = Counter()
    for at, seconds, _ in minutes_of(entries):
        days[at.astimezone(zone).date()] += seconds
    return dict(days)
