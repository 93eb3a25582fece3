"""How often a reminder repeats: as people type it, and as the bot words it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from bot.domain.errors import BadRecurrence, UserError
from bot.domain.time import abbreviation, schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.recurrence import WORKING_DAY, Recurrence, Unit, coming
from bot.domain.time.recurrence_text import spoken
from tests.unit.recurrences import WEEKDAYS, days, minutes, months, rules, weeks

NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
EIGHT, NINE, EVENING = time(8), time(9), time(20)
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
    "mon and mon": weeks(1, 0), "mo, we": weeks(1, 0, 2), "mo and fr": weeks(1, 0, 4), "th": weeks(1, 3),
    "mon-fri": weeks(1, *WEEKDAYS), "monday to wednesday": weeks(1, 0, 1, 2), "sat - mon": weeks(1, 0, 5, 6),
    "mon\N{EN DASH}tue, sat": weeks(1, 0, 1, 5), "other monday": weeks(2, 0), "other tue and thu": weeks(2, 1, 3),
    "2 mondays": weeks(2, 0),
    "week": weeks(1), "weekly": weeks(1), "2 weeks": weeks(2), "2w": weeks(2), "other week": weeks(2),
    "fortnight": weeks(2), "week on monday": weeks(1, 0), "2 weeks on mon and wed": weeks(2, 0, 2),
    "2 weeks mon-wed": weeks(2, 0, 1, 2), "week on weekdays": weeks(1, *WEEKDAYS), "260 weeks": weeks(260),

    "month": months(1), "monthly": months(1), "3 months": months(3), "6mo": months(6), "other month": months(2),
    "month on the 31st": months(1, 31), "month on the 1st": months(1, 1),
    "month on the last day": months(1, 31), "last day of the month": months(1, 31), "31st": months(1, 31),
    "the 15th": months(1, 15), "15th of the month": months(1, 15), "15 of each month": months(1, 15),
    "first day of the month": months(1, 1),
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
RICH = {
    "day at 8:00 and 20:00": Recurrence(Unit.DAY, clocks=(EIGHT, EVENING)),
    "day 8am/8pm": Recurrence(Unit.DAY, clocks=(EIGHT, EVENING)),
    "weekday at 8 and 20": Recurrence(Unit.WEEK, weekdays=WEEKDAYS, clocks=(EIGHT, EVENING)),
    "day except sunday": weeks(1, 0, 1, 2, 3, 4, 5),
    "day but weekends": weeks(1, *WEEKDAYS),
    "weekday except fri": weeks(1, 0, 1, 2, 3),
    "mon at 8:00 and wed at 9:00": Recurrence(Unit.WEEK, 1, (0, 2), slots=((0, EIGHT), (2, NINE))),
    "1st and 15th": Recurrence(Unit.MONTH, monthdays=(1, 15)),
    "15th and last day of the month": Recurrence(Unit.MONTH, monthdays=(15, 31)),
    "first monday of the month": Recurrence(Unit.MONTH, weekdays=(0,), positions=(1,)),
    "2nd and 4th thursday": Recurrence(Unit.MONTH, weekdays=(3,), positions=(2, 4)),
    "last friday": Recurrence(Unit.MONTH, weekdays=(4,), positions=(-1,)),
    "month on the last working day": Recurrence(Unit.MONTH, weekdays=(WORKING_DAY,), positions=(-1,)),
    "first business day of the month": Recurrence(Unit.MONTH, weekdays=(WORKING_DAY,), positions=(1,)),
    "1st and last workday of the month": Recurrence(Unit.MONTH, weekdays=(WORKING_DAY,), positions=(1, -1)),
    "alternate monday": weeks(2, 0),
    "day at 8am, weekends off": weeks(1, *WEEKDAYS),
    "day without sunday": weeks(1, 0, 1, 2, 3, 4, 5),
    "day 8am on mondays and 9am on fridays": Recurrence(Unit.WEEK, 1, (0, 4), slots=((0, EIGHT), (4, NINE))),
    "day 8am and 8pm on mondays": Recurrence(Unit.WEEK, 1, (0,), clocks=(EIGHT, EVENING)),
    "day at 8am on weekdays and 8pm": Recurrence(Unit.WEEK, 1, WEEKDAYS, clocks=(EIGHT, EVENING)),
    "3 months on the last day": months(3, 31),
    "2nd day of the month": months(1, 2),
    "year on 24 dec": Recurrence(Unit.MONTH, 12, monthdays=(24,), month=12),
    "25 dec": Recurrence(Unit.MONTH, 12, monthdays=(25,), month=12),
    "year on the last sunday of october": Recurrence(Unit.MONTH, 12, (6,), positions=(-1,), month=10),
    "hour from 9 to 17": Recurrence(Unit.MINUTE, 60, window=(NINE, time(17))),
    "hour from 9 to 5": Recurrence(Unit.MINUTE, 60, window=(NINE, time(17))),
    "45 min 9am-5pm on weekdays": Recurrence(Unit.MINUTE, 45, WEEKDAYS, window=(NINE, time(17))),
    "hour between 22:00 and 2:00": Recurrence(Unit.MINUTE, 60, window=(time(22), time(2))),
    "morning": days(), "noon": days(), "monday morning": weeks(1, 0),
    "day for a week": days(times=7), "monday for 6 weeks": weeks(1, 0, times=6), "day for 10 days": days(times=10),
}  # fmt: skip
BAD = [
    "", " ", "every", "sometimes", "blue moon", "10", "15", "now", "weekday-mon", "mon-wed-fri", "monday to funday",
    "9 minutes", "1 minute", "minute", "second", "599s", "10.5 minutes", "-10 minutes", "1e3 minutes", "0 hours",
    "0 days", "0 weeks", "-5 days", "99999999999 days", "1827 days", "261 weeks", "61 months", "6 years",
    "43825 hours", "mo", "we", "moon", "and", "mon and", "month on monday", ",", "-",
    "32nd", "0th", "month on the 32nd", "month on 0", "month on the", "day for 0 times", "5 times", "for 5 times",
    "day for times", "day -5 times", "day 5 times until 24 Dec", "until 24 Dec", "day until", "day until soon",
    "every every day", "daydream", "nan", "inf", "\N{SUPERSCRIPT TWO} days", "day except", "day except every day",
    "mon at 8:00 and month at 9:00", "2 days on monday", "monday except monday", "9" * 5000, "mon " * 2000 + "x",
    "day, " * 2000,
]  # fmt: skip
ASKED = {
    "2nd monday": ["every other Monday at 9:00", "every month on the 2nd Monday at 9:00"],
    "day at 9": ["every day at 9:00", "every day at 21:00"],
    "third friday 15:00": ["every 3 weeks on Friday at 15:00", "every month on the 3rd Friday at 15:00"],
    "hour from 1 to 5": ["every hour from 1:00 to 5:00", "every hour from 13:00 to 17:00"],
}
VOCABULARY = [
    "every", "other", "2", "0", "10", "31st", "day", "mon", "-", "week", "month", "on", "the", "until", "24 dec",
    "for", "times", "min", "except", "and", "at", "9:00", "20:00", "from", "to", "last", "first",
]  # fmt: skip


def read(text: str) -> Recurrence | None:
    return schedule.read("", text, NOW, BERLIN).rule


@pytest.mark.parametrize(("text", "rule"), (GOOD | RICH).items())
def test_reads(text: str, rule: Recurrence) -> None:
    """A rule is read in every common wording."""
    assert read(text) == rule
    if text in RICH:
        assert schedule.read(f"every {text}", "", NOW, BERLIN).rule == rule


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:30])
def test_refuses(text: str) -> None:
    """An unreadable rule, or one that comes too often, too rarely or never, is refused in a short sentence."""
    with pytest.raises(UserError) as refused:
        read(text)
    assert refused.value.example is None
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(("text", "options"), ASKED.items())
def test_asks(text: str, options: list[str]) -> None:
    """An ambiguous rule is asked about, in unambiguous words."""
    with pytest.raises(Doubt) as raised:
        read(text)
    assert [option.partition(" starting")[0] for option in raised.value.options] == options


@pytest.mark.parametrize("text", ["day until 24 Dec", "day till 24 dec", "day, until 24 Dec.", "day up to 24 dec"])
def test_until(text: str) -> None:
    """An end date includes all of that day, in the person's zone."""
    rule = read(text)
    assert rule
    assert rule.until == datetime(2026, 12, 24, 22, 59, 59, tzinfo=UTC)


SPOKEN = {
    days(): "every day",
    days(2, times=5): "every 2 days, 5 times",
    days(times=1): "every day, 1 time",
    weeks(1): "every week",
    weeks(1, *WEEKDAYS): "every weekday",
    weeks(1, 0, 1, 2, 3, 4, 5): "every day except Sunday",
    weeks(1, 5, 6): "every Saturday and Sunday",
    weeks(2, 0, 2, 4): "every 2 weeks on Monday, Wednesday and Friday",
    months(1, 22): "every month on the 22nd",
    months(3, 13): "every 3 months on the 13th",
    months(12): "every year",
    months(12, 1): "every 12 months on the 1st",
    minutes(10): "every 10 minutes",
    minutes(60): "every hour",
    minutes(90): "every 90 minutes",
    RICH["day at 8:00 and 20:00"]: "every day at 8:00 and 20:00",
    RICH["mon at 8:00 and wed at 9:00"]: "every Monday at 8:00 and Wednesday at 9:00",
    RICH["15th and last day of the month"]: "every month on the 15th and 31st",
    RICH["2nd and 4th thursday"]: "every month on the 2nd and 4th Thursday",
    RICH["25 dec"]: "every year on 25 December",
    RICH["year on the last sunday of october"]: "every year on the last Sunday of October",
    RICH["45 min 9am-5pm on weekdays"]: "every 45 minutes from 9:00 to 17:00 on weekdays",
}


@pytest.mark.parametrize(("rule", "words"), SPOKEN.items())
def test_spoken(rule: Recurrence, words: str) -> None:
    """A rule is worded as a person would say it."""
    assert spoken(rule) == words


@settings(deadline=None)
@given(rule=rules, until=st.none() | st.integers(1, 10**7))
@example(rule=minutes(2153487), until=1)
@example(rule=RICH["mon at 8:00 and wed at 9:00"], until=None)
def test_understood_again(rule: Recurrence, until: int | None) -> None:
    """The words of a rule can be typed again, and mean the same."""
    if until and not rule.times:
        rule = replace(rule, until=datetime(2031, 1, 1, tzinfo=UTC) + until * timedelta(seconds=1))
    text = spoken(rule, BERLIN)
    try:
        again = schedule.read(text, "", NOW, BERLIN).rule
    except BadRecurrence as refused:  # there is no such day, or not soon
        assert re.search("never|5 years|end before|more in it", str(refused)), (text, str(refused))
        return
    assert again == rule, text


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(VOCABULARY)).map(" ".join))
def test_any_text(text: str) -> None:
    """Any text is a rule that can be worded and typed again, or a refusal."""
    try:
        meant = schedule.read("", text, NOW, BERLIN)
    except UserError as refused:
        assert len(str(refused)) < 250
        return
    if meant.rule is None:
        assert text.strip(" ,.!").casefold() in {"", *schedule.NEVER}
        return
    words = schedule.spelled(meant, NOW, BERLIN)
    again = schedule.read(words, "", NOW, BERLIN)
    assert again.first_at == meant.first_at, words
    assert again.rule
    assert coming(again.rule, again.first_at, BERLIN, 5) == coming(meant.rule, meant.first_at, BERLIN, 5), words


@pytest.mark.parametrize(
    "phrase",
    [
        "every day 8am America/New_York",
        "every weekday at 8:00 and 20:00 America/New_York",
        "every mon at 8:00 and wed at 9:30 America/New_York",
        "every day 8am America/New_York until 1 may",
        "every day 8am America/New_York until 1 may 2027 9am",
        "every monday 8am UTC+2 starting 2027-01-04",
    ],
)
def test_another_zone_is_named(phrase: str) -> None:
    """A rule in another zone is offered with that zone, not converted to today's local time."""
    meant = schedule.read(phrase, "", NOW, BERLIN)
    words = schedule.spelled(meant, NOW, BERLIN)
    again = schedule.read(words, "", NOW, BERLIN)
    assert (again.first_at, again.rule, again.zone) == (meant.first_at, meant.rule, meant.zone), words
    assert meant.zone
    assert abbreviation.spelled(meant.zone.key) in schedule.summary(meant, BERLIN)
