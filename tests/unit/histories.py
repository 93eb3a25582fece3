"""Random focus histories, and their sums by a second computation, minute by minute."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.stats.log import Entry, EntryOutcome

MINUTE = timedelta(minutes=1)
ZONES = [
    ZoneInfo(key)
    for key in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia")
]
# Near the days when clocks change in one of them, and the one that Samoa skipped.
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
    """Make an entry of a number of minutes, with a number of seconds of focus."""
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
        outcome=EntryOutcome.FINISHED,
    )


@st.composite
def even_entries(draw: st.DrawFn) -> Entry:
    """Draw an entry of whole minutes and pauses: of a session, a pomodoro, or added by hand."""
    at = draw(st.sampled_from(_CHANGES)) + draw(st.integers(-3 * 1440, 3 * 1440)) * MINUTE
    spans = []
    for length in draw(st.lists(st.integers(1, 60) | st.integers(1, 9 * 60), min_size=1, max_size=3)):
        spans.append((at, at + length * MINUTE))
        at = spans[-1][1] + draw(st.integers(0, 90)) * MINUTE
    drawn = entry(spans[0][0], 0, 0, draw(st.sampled_from(TASKS)))
    phase, added = draw(st.sampled_from(((None, False), (2, False), (None, True))))
    focused = sum((ends - begins for begins, ends in spans), timedelta())
    return replace(drawn, ended_at=at, focused=focused, spans=tuple(spans), phase=phase, added=added)


def painted(entries: Sequence[Entry]) -> dict[datetime, Entry]:
    """Assign each minute to the entry that it counts for: later ones cover earlier ones."""
    minutes: dict[datetime, Entry] = {}
    rising = sorted(entries, key=lambda entry: (entry.phase is not None, entry.began_at))
    for entry in sorted(rising, key=lambda entry: not entry.added):
        for begins, ends in entry.spans or ((entry.began_at, entry.began_at + entry.focused),):
            at = begins
            while at < ends:
                minutes[at] = entry
                at += MINUTE
    return minutes


def minutes_of(entries: Sequence[Entry]) -> list[tuple[datetime, int, str | None]]:
    """Expand even entries: each counted minute, its seconds and its task."""
    return [(at, 60, entry.task) for at, entry in sorted(painted(entries).items())]


def days_of(entries: Sequence[Entry], zone: ZoneInfo) -> dict[date, int]:
    """Sum up even entries by day."""
    days: Counter[date] = Counter()
    for at, seconds, _ in minutes_of(entries):
        days[at.astimezone(zone).date()] += seconds
    return dict(days)
