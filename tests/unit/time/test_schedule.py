from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import BadMoment, BadRecurrence
from bot.domain.time import recurrence, rrule, schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.moment import HORIZON
from bot.domain.time.recurrence import Recurrence, Unit

# A Friday, 10:00 in Berlin, and half a second.
NOW = datetime(2026, 11, 27, 9, 0, 0, 500_000, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
# When, how often; the first time, the rule, and whether a time zone mattered.
MEANT = {
    ("20m", ""): ("2026-11-27 10:20+01:00", None, False),
    ("20m", "never"): ("2026-11-27 10:20+01:00", None, False),
    ("tomorrow 9:00", "once"): ("2026-11-28 09:00+01:00", None, True),
    ("in 2 days", ""): ("2026-11-29 10:00+01:00", None, True),
    ("", "day"): ("2026-11-28 09:00+01:00", "FREQ=DAILY;INTERVAL=1", True),
    ("", "weekday"): ("2026-11-30 09:00+01:00", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR", True),
    ("9am", "every mon and thu"): ("2026-11-30 09:00+01:00", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH", True),
    ("14:00", "friday"): ("2026-11-27 14:00+01:00", "FREQ=WEEKLY;INTERVAL=1;BYDAY=FR", True),
    ("24 dec 18:00", "year"): ("2026-12-24 18:00+01:00", "FREQ=MONTHLY;INTERVAL=12", True),
    ("", "31st"): ("2026-11-30 09:00+01:00", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", True),
    # a first time of its own, or after as many minutes
    ("", "90 minutes"): ("2026-11-27 11:30+01:00", "FREQ=MINUTELY;INTERVAL=90", False),
    ("20m", "2h"): ("2026-11-27 10:20+01:00", "FREQ=MINUTELY;INTERVAL=120", False),
    ("17:30", "2h"): ("2026-11-27 17:30+01:00", "FREQ=MINUTELY;INTERVAL=120", True),
    ("20m", "day"): ("2026-11-27 10:20+01:00", "FREQ=DAILY;INTERVAL=1", True),
    # an end is the end of its day, on the person's clocks, or a time
    ("", "day until 24 Dec"): (
        "2026-11-28 09:00+01:00",
        "FREQ=DAILY;INTERVAL=1;UNTIL=20261224T225959Z",
        True,
    ),
    ("", "2h until 18:00"): ("2026-11-27 12:00+01:00", "FREQ=MINUTELY;INTERVAL=120;UNTIL=20261127T170000Z", True),
    ("", "day until tomorrow"): (
        "2026-11-28 09:00+01:00",
        "FREQ=DAILY;INTERVAL=1;UNTIL=20261128T225959Z",
        True,
    ),
    ("", "day for 3 times"): ("2026-11-28 09:00+01:00", "FREQ=DAILY;INTERVAL=1;COUNT=3", True),
}
REFUSED = {
    ("", ""): (BadMoment, "When should I remind you"),
    ("", "never"): (BadMoment, "When should I remind you"),
    ("soon", ""): (Doubt, "which of these"),
    ("nonsense", "day"): (BadMoment, "” as a time"),
    ("20m", "sometimes"): (BadRecurrence, "I can't tell how often"),
    ("", "minute"): (BadRecurrence, "too often"),
    ("", "9 minutes"): (BadRecurrence, "too often"),
    ("", "6 years"): (BadRecurrence, "too rare"),
    ("", "day until soon"): (BadRecurrence, "I can't tell how often"),
    ("", "day until yesterday"): (BadRecurrence, "already over"),
    ("", "day until 11:00"): (Doubt, "at these times"),
    ("", "2h until 11:00"): (BadRecurrence, "would end before"),
    ("in 3 days", "2h until tomorrow"): (BadRecurrence, "would end before"),
    ("", "day until tonight"): (BadRecurrence, "would end before"),
    ("30 nov 2031 9:00", "day"): (BadMoment, "more than 5 years"),
    ("28 nov 2031 9:00", "thursday"): (BadRecurrence, "is more than 5 years away"),
}
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
NOWS = st.integers(1_767_225_600, 2_082_758_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SAID = st.sampled_from(["", "20m", "2:30", "tomorrow 2:15", "at 1:45", "sunday 2:00", "31 jan 9:00", "in 2 days"])
RULES = st.sampled_from(
    ["day", "2 days", "weekday", "other sunday", "3 weeks on mon and sun", "month", "31st", "year", "2h", "10m"]
)


@pytest.mark.parametrize(("phrase", "meant"), MEANT.items())
def test_means(phrase: tuple[str, str], meant: tuple[str, str | None, bool]) -> None:
    """A text about when and how often gives a first time and a rule."""
    read = schedule.read(*phrase, NOW, BERLIN)
    first_at, rule, on_clock = meant
    assert read.first_at == datetime.fromisoformat(first_at)
    assert (rrule.written(read.rule) if read.rule else None, read.on_clock) == (rule, on_clock)
    assert not read.moved


@pytest.mark.parametrize(("phrase", "refused"), REFUSED.items())
def test_refuses(phrase: tuple[str, str], refused: tuple[type[Exception], str]) -> None:
    """An unreadable time or repetition, or one that never comes, is refused with the reason."""
    kind, sentence = refused
    with pytest.raises(kind, match=sentence):
        schedule.read(*phrase, NOW, BERLIN)


@pytest.mark.parametrize(
    ("phrase", "every", "moved", "expected"),
    [
        ("2:30", "day", 60, ["03-28 03:30", "03-29 02:30", "03-30 02:30"]),
        ("2:30", "sunday", 60, ["03-28 03:30", "04-04 02:30", "04-11 02:30"]),
        ("2:30", "monday", 0, ["03-29 02:30", "04-05 02:30", "04-12 02:30"]),
        ("2:30", "2 weeks on tue", 0, ["03-30 02:30", "04-13 02:30", "04-27 02:30"]),
        ("2:30", "month", 60, ["03-28 03:30", "04-28 02:30", "05-28 02:30"]),
        ("2:30", "2h", 60, ["03-28 03:30", "03-28 05:30", "03-28 07:30"]),
        ("3:30", "day", 0, ["03-28 03:30", "03-29 03:30", "03-30 03:30"]),
    ],
)
def test_a_first_time_that_the_clocks_skip(phrase: str, every: str, moved: int, expected: list[str]) -> None:
    """If a clock change moves the very first time, those after it keep their time of day."""
    read = schedule.read(phrase, every, datetime(2027, 3, 27, 12, tzinfo=UTC), BERLIN)
    assert (read.moved, read.rule is not None) == (timedelta(minutes=moved), True)
    assert read.rule
    rule = rrule.parse(rrule.written(read.rule))
    actual = [read.first_at]
    while len(actual) < 3:
        actual.append(recurrence.next_after(rule, read.first_at, BERLIN, actual[-1], len(actual)) or read.first_at)
    assert [f"{moment.astimezone(BERLIN):%m-%d %H:%M}" for moment in actual] == expected


def test_another_time_for_the_same_rule() -> None:
    """A rule continues from a given time, on its own days, at that time of day."""
    before = schedule.read("2:30", "monday", datetime(2027, 3, 27, 12, tzinfo=UTC), BERLIN)
    later = schedule.again(datetime(2027, 4, 1, 12, tzinfo=UTC), before.rule, BERLIN)
    assert later.first_at == datetime(2027, 4, 5, 12, tzinfo=UTC)
    assert later.rule
    following = recurrence.next_after(later.rule, later.first_at, BERLIN, later.first_at, 1)
    assert following == datetime(2027, 4, 12, 12, tzinfo=UTC)
    assert schedule.again(NOW, None, BERLIN) == schedule.Schedule(NOW, None, on_clock=False)
    with pytest.raises(BadRecurrence, match="would end before"):
        schedule.again(NOW, Recurrence(Unit.DAY, until=NOW - timedelta(seconds=1)), BERLIN)


@given(SAID, RULES, NOWS, ZONES)
def test_what_comes_next(phrase: str, every: str, now: datetime, key: str) -> None:
    """Whatever the rule, the first time is in the future, the next one later, at the local time asked for."""
    zone = ZoneInfo(key)
    read = schedule.read(phrase, every, now, zone)
    assert read.rule
    assert now < read.first_at <= now + HORIZON
    assert read.first_at.tzinfo is UTC
    second = recurrence.next_after(read.rule, read.first_at, zone, read.first_at, 1)
    assert second
    assert second > read.first_at
    if read.rule.unit is not Unit.MINUTE:
        clocks = next(iter(read.rule.clocks), read.first_at.astimezone(zone).time())
        wall = datetime.combine(second.astimezone(zone).date(), clocks, zone)
        assert second == wall.astimezone(UTC)  # which is later where there is no such time on that day


def test_the_end_is_said_as_exactly_as_it_is_meant() -> None:
    """A repetition that ends at a time of day says that time, and one that ends with a day says the day alone."""
    until = [
        schedule.summary(schedule.read("", every, NOW, BERLIN), BERLIN).partition(" until ")[2]
        for every in ("2h until 18:00", "2h until 28 nov")
    ]
    assert until == ["Fri 27 Nov 2026, 18:00", "28 Nov 2026"]
