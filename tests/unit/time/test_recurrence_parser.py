from datetime import UTC, datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadRecurrence, UserError
from bot.domain.time.recurrence import Recurrence
from bot.domain.time.recurrence_parser import parse, spoken
from bot.messages.catalogue import N_
from tests.unit.recurrences import WEEKDAYS, days, minutes, months, rules, weeks

LAST = datetime(2026, 12, 24, 22, 59, 59, tzinfo=UTC)
GOOD = {
    "day": days(), "Every Day": days(), "each day": days(), "daily": days(), "2 days": days(2), "two days": days(2),
    "other day": days(2), "second day": days(2), "3rd day": days(3), "10th day": days(10), "3d": days(3),
    "1826 days": days(1826),
    "\N{ARABIC-INDIC DIGIT TWO} days": days(2), "\N{FULLWIDTH DIGIT TWO} days": days(2), "  day . ": days(),

    "weekday": weeks(1, *WEEKDAYS), "weekdays": weeks(1, *WEEKDAYS), "workday": weeks(1, *WEEKDAYS),
    "weekend": weeks(1, 5, 6), "weekends": weeks(1, 5, 6), "weekend and friday": weeks(1, 4, 5, 6),
    "monday": weeks(1, 0), "Mondays": weeks(1, 0), "mon": weeks(1, 0), "tues": weeks(1, 1), "weds": weeks(1, 2),
    "thurs": weeks(1, 3), "thur": weeks(1, 3), "FRI": weeks(1, 4), "sat": weeks(1, 5), "sunday": weeks(1, 6),
    "mon, wed and fri": weeks(1, 0, 2, 4), "mon wed fri": weeks(1, 0, 2, 4), "mon, wed, and fri": weeks(1, 0, 2, 4),
    "fri+mon": weeks(1, 0, 4), "tues & thurs": weeks(1, 1, 3), "mon/thu": weeks(1, 0, 3),
    "mon and mon": weeks(1, 0),
    "mon-fri": weeks(1, *WEEKDAYS), "monday to wednesday": weeks(1, 0, 1, 2), "sat - mon": weeks(1, 0, 5, 6),
    "mon\N{EN DASH}tue, sat": weeks(1, 0, 1, 5), "other monday": weeks(2, 0), "other tue and thu": weeks(2, 1, 3),
    "week": weeks(1), "weekly": weeks(1), "2 weeks": weeks(2), "2w": weeks(2), "other week": weeks(2),
    "fortnight": weeks(2), "week on monday": weeks(1, 0), "2 weeks on mon and wed": weeks(2, 0, 2),
    "2 weeks mon-wed": weeks(2, 0, 1, 2), "week on weekdays": weeks(1, *WEEKDAYS), "260 weeks": weeks(260),

    "month": months(1), "monthly": months(1), "3 months": months(3), "6mo": months(6), "other month": months(2),
    "month on the 31st": months(1, 31), "month on 15": months(1, 15), "month on the 1st": months(1, 1),
    "month on the last day": months(1, 31), "last day of the month": months(1, 31), "31st": months(1, 31),
    "the 15th": months(1, 15), "15th of the month": months(1, 15), "15 of each month": months(1, 15),
    "first day of the month": months(1, 1), "2nd day of the month": months(1, 2),
    "3 months on the 30th": months(3, 30),
    "year": months(12), "yearly": months(12), "annually": months(12), "2 years": months(24), "5y": months(60),

    "10 minutes": minutes(10), "10m": minutes(10), "10min": minutes(10), "ten minutes": minutes(10),
    "600s": minutes(10),
    "90 min": minutes(90), "hour": minutes(60), "hourly": minutes(60), "an hour": minutes(60),
    "2 hours": minutes(120),
    "other hour": minutes(120), "half an hour": minutes(30), "half hour": minutes(30), "1h30m": minutes(90),
    "1.5 hours": minutes(90), "2 hours and 30 minutes": minutes(150), "24h": minutes(1440),
    "1.5 days": minutes(2160),

    "day for 5 times": days(times=5), "day 5 times": days(times=5), "day, 5 times": days(times=5),
    "day for five times": days(times=5), "day 5x": days(times=5), "2 days twice": days(2, times=2),
    "day once": days(times=1), "day 1 time": days(times=1),
}  # fmt: skip
BAD = [
    "", " ", "every", "sometimes", "blue moon", "10", "15", "9:00", "10:00:00", "day at 9", "weekday 9:00", "now",
    "9 minutes", "1 minute", "minute", "second", "599s", "10.5 minutes", "-10 minutes", "1e3 minutes", "0 hours",
    "0 days", "0 weeks", "-5 days", "99999999999 days", "1827 days", "261 weeks", "61 months", "6 years",
    "43825 hours",
    "weeks", "months", "mo", "mo, we", "moon", "day on monday", "monday to funday", "mon-wed-fri", "weekday-mon",
    "and",
    "mon and", "2 mondays", "2nd monday", "second monday", "first monday of the month", "month on monday", ",", "-",
    "32nd", "0th", "month on the 32nd", "month on 0", "month on the", "1st and 15th", "year on 24 dec", "24 dec",
    "day for 0 times", "5 times", "for 5 times", "day for times", "day -5 times", "day 5 times until 24 Dec",
    "until 24 Dec", "day until", "every every day", "daydream", "nan", "inf", "\N{SUPERSCRIPT TWO} days",
    "9" * 5000,
    "mon " * 2000 + "x", "day, " * 2000,
]  # fmt: skip


VOCABULARY = [
    "every", "other", "2", "0", "10", "31st", "day", "mon", "-", "week", "month", "on", "the", "until", "24 dec",
    "for", "times", "min",
]  # fmt: skip


def no_end(words: str) -> NoReturn:
    raise AssertionError(words)


def christmas(words: str) -> datetime:
    """Read one date, as whoever reads dates would."""
    if words != "24 dec":
        raise UserError(N_("“{quote}” is no date"), quote=words)
    return LAST.astimezone(ZoneInfo("Europe/Berlin")).replace(microsecond=5)


@pytest.mark.parametrize(("text", "rule"), GOOD.items())
def test_reads(text: str, rule: Recurrence) -> None:
    """A rule is read in each of the ways that people say it."""
    assert parse(text, no_end) == rule


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:30])
def test_refuses(text: str) -> None:
    """What is no rule, or comes too often, too seldom or never, is refused with a right example."""
    with pytest.raises(BadRecurrence) as refused:
        parse(text, christmas, example="remind every: day")
    assert refused.value.example == "remind every: day"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("text", "rule"),
    {
        "day until 24 Dec": days(),
        "weekday, until 24 Dec": weeks(1, *WEEKDAYS),
        "10 minutes till 24 Dec": minutes(10),
        "every month on the 31st til 24 dec.": months(1, 31),
    }.items(),
)
def test_until(text: str, rule: Recurrence) -> None:
    """An end date is read by whoever reads dates, and kept in UTC to the second."""
    found = parse(text, christmas)
    assert found.until == LAST
    assert found.until.utcoffset() == timedelta()
    assert found == Recurrence(rule.unit, rule.interval, rule.weekdays, rule.monthday, LAST)


def test_until_no_date() -> None:
    """An end that is no date is refused by whoever reads dates, in their words."""
    with pytest.raises(UserError, match="doomsday. is no date"):
        parse("day until doomsday", christmas)


SPOKEN = {
    days(): "every day",
    days(2, times=5): "every 2 days, 5 times",
    days(times=1): "every day, 1 time",
    weeks(1): "every week",
    weeks(1, *WEEKDAYS): "every weekday",
    weeks(1, 5, 6): "every Saturday and Sunday",
    weeks(2, 0, 2, 4): "every 2 weeks on Monday, Wednesday and Friday",
    weeks(2, *WEEKDAYS): "every 2 weeks on Monday, Tuesday, Wednesday, Thursday and Friday",
    months(1, 22): "every month on the 22nd",
    months(3, 13): "every 3 months on the 13th",
    months(12): "every year",
    months(12, 1): "every 12 months on the 1st",
    minutes(10): "every 10 minutes",
    minutes(60): "every hour",
    minutes(120): "every 2 hours",
    minutes(90): "every 90 minutes",
}


@pytest.mark.parametrize(("rule", "words"), SPOKEN.items())
def test_spoken(rule: Recurrence, words: str) -> None:
    """A rule is said as a person would say it."""
    assert spoken(rule) == words


@given(rule=rules)
def test_understood_again(rule: Recurrence) -> None:
    """What is shown back can be typed again, and means the same."""
    assert parse(spoken(rule), no_end) == rule


@given(st.text() | st.lists(st.sampled_from(VOCABULARY)).map(" ".join))
def test_any_text(text: str) -> None:
    """Whatever is typed, it is a rule or a refusal."""
    try:
        rule = parse(text, christmas)
    except UserError as refused:
        assert len(str(refused)) < 200
    else:
        assert parse(spoken(rule), no_end) == Recurrence(
            rule.unit, rule.interval, rule.weekdays, rule.monthday, times=rule.times
        )
