from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.question import Question
from bot.domain.time.time_of_day import read, until
from bot.domain.timers.command import StartUntil
from bot.domain.timers.until import length

BERLIN = ZoneInfo("Europe/Berlin")
H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("14:00", [time(14)]),
        ("2pm", [time(14)]),
        ("2:30 p.m.", [time(14, 30)]),
        ("12am", [time(0)]),
        ("12 PM", [time(12)]),
        ("noon", [time(12)]),
        ("0:05", [time(0, 5)]),
        ("17", [time(17)]),
        ("2", [time(2), time(14)]),
        ("12", [time(0), time(12)]),
        ("5 o'clock", [time(5), time(17)]),
        ("25:00", []),
        ("14:60", []),
        ("13pm", []),
        ("0am", []),
        ("soon", []),
        ("1" * 50, []),
    ],
)
def test_times_of_day(text: str, times: list[time]) -> None:
    """A time of day is read in every common form; if only the half of the day is missing, it is either."""
    assert list(read(text)) == times


def test_until() -> None:
    """It is the next such time in the person's zone, also across a clock change."""
    noon = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
    assert until(time(14), noon, BERLIN) == timedelta(minutes=26)
    assert until(time(13, 34), noon, BERLIN) == 24 * H
    before = datetime(2026, 3, 28, 22, tzinfo=UTC)  # 23:00; clocks go from 2:00 to 3:00
    assert until(time(5), before, BERLIN) == 5 * H
    assert until(time(2, 30), before, BERLIN) == 3.5 * H


def test_the_nearer_half_of_the_day_is_meant() -> None:
    """*Until 5* is the next 5 o'clock; if that is hours away, it is asked about, with unambiguous choices."""
    start = StartUntil("tea", time(5), other=time(17))
    assert length(start, datetime(2026, 11, 27, 12, 34, tzinfo=UTC), BERLIN, "pomodoro") == timedelta(
        hours=3, minutes=26
    )
    evening = datetime(2026, 11, 27, 16, 34, tzinfo=UTC)
    with pytest.raises(Question) as asked:
        length(start, evening, BERLIN, "pomodoro")
    [choice] = asked.value.choices
    assert choice.line == 'pomodoro "tea" until 05:00'
    assert length(StartUntil("tea", time(5)), evening, BERLIN, "pomodoro") == timedelta(hours=11, minutes=26)
