import pytest
from hypothesis import example, given

from bot.domain.time.recurrence import Recurrence
from bot.domain.time.recurrence_text import in_words, spoken
from tests.unit.recurrences import WEEKDAYS, days, minutes, months, rules, weeks


@given(rule=rules)
@example(rule=minutes(60))
@example(rule=days())
@example(rule=weeks(1, *WEEKDAYS))
@example(rule=months(12))
def test_shown_as_typed(rule: Recurrence) -> None:
    """In English a rule is worded as one types it, so that it can be typed again."""
    assert in_words(rule) == spoken(rule)


@pytest.mark.parametrize("day", range(1, 32))
def test_each_day_of_a_month(day: int) -> None:
    """Every day of a month has its own ordinal."""
    assert in_words(months(1, day)) == spoken(months(1, day))


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    "rule",
    [
        minutes(10), minutes(60), minutes(120), days(), days(2, times=5), weeks(1), weeks(3), weeks(1, *WEEKDAYS),
        weeks(1, 0, 5), weeks(2, 0, 2, 4, times=1), months(1), months(1, 22), months(2, 1), months(12), months(24),
    ],
    ids=spoken,
)  # fmt: skip
def test_translated(rule: Recurrence) -> None:
    """In another language no word of it is left in English."""
    assert not any(letter.isascii() and letter.isalpha() for letter in in_words(rule))
