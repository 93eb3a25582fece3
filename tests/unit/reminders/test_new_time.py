"""A new time for a series: kept as one of its own, or asked about."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.question import Question
from bot.domain.reminders import new_time, reminder
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import schedule
from bot.domain.timers.timer import Actor

# A Friday.
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def series(every: str) -> Reminder:
    """Return reminder 3 with this recurrence."""
    meant = schedule.read("", every, NOON, UTC_ZONE)
    made = reminder.new(Actor(7, 3, 30), 30, "tea", meant, UTC_ZONE, NOON)
    return replace(made, timer=replace(made.timer, id=3))


def retimed(every: str, words: str) -> schedule.Schedule:
    """Reschedule a series by such a text."""
    return new_time.series(series(every), schedule.read(words, "", NOON, UTC_ZONE), words, NOON, UTC_ZONE)


@pytest.mark.parametrize(
    ("every", "words", "day", "clock"),
    [
        ("day at 9:00", "10:00", 28, (10, 0)),
        ("day at 9:00", "20m", 27, (12, 20)),
        ("day at 9:00", "sunday 10:00", 29, (10, 0)),
        ("monday at 9:00", "10:00", 30, (10, 0)),
        ("monday at 9:00", "in the evening", 30, (18, 0)),
        ("monday at 9:00", "monday 10:00", 30, (10, 0)),
        ("weekday at 9:00", "half past 5pm", 27, (17, 30)),
        ("weekday at 9:00", "tuesday 10am", 1, (10, 0)),
        ("hour from 9 to 17", "14:00", 27, (14, 0)),
        ("day at 8:00 and 20:00", "20:00", 27, (20, 0)),
        ("2 hours", "90s", 27, (12, 1)),
    ],
)
def test_its_own(every: str, words: str, day: int, clock: tuple[int, int]) -> None:
    """A time that fits the series is its next; a time of day alone applies to all its days."""
    at = retimed(every, words).first_at
    assert (at.day, (at.hour, at.minute)) == (day, clock)


@pytest.mark.parametrize(
    ("every", "words", "lines"),
    [
        ("hour from 9 to 17", "90s", ["when: 2026-11-27 12:01:30 every: never"]),
        ("hour from 9 to 17", "10:30", ["when: 2026-11-28 10:30 every: never"]),
        ("day at 8:00 and 20:00", "10:00", ["every day at 10:00", "when: 2026-11-28 10:00 every: never"]),
        ("monday at 9:00", "20m", ["when: 2026-11-27 12:20 every: never"]),
        ("monday at 9:00", "tuesday 10am", ["every Tuesday at 10:00", "when: 2026-12-01 10:00 every: never"]),
        ("weekday at 9:00", "sunday 10:00", ["when: 2026-11-29 10:00 every: never"]),
        ("1st monday of the month at 9:00", "tomorrow 10:00", ["when: 2026-11-28 10:00 every: never"]),
    ],
)
def test_none_of_its_own(every: str, words: str, lines: list[str]) -> None:
    """A time that would be dropped or moved is asked about; each choice has the reminder and its full schedule."""
    with pytest.raises(Question) as asked:
        retimed(every, words)
    assert [choice.line for choice in asked.value.choices] == [f"remind edit #3 {line}" for line in lines]
