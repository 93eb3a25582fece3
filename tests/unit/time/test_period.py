from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.chat.stats.text import named
from bot.domain.errors import BadPeriod
from bot.domain.time.period import Period, parse, possible
from tests.unit.histories import ZONES

TODAY = date(2026, 11, 25)  # a Wednesday
GOOD = {
    "": ("this week", "2026-11-23", "2026-11-29"),
    "today": ("today", "2026-11-25", "2026-11-25"),
    "yesterday": ("yesterday", "2026-11-24", "2026-11-24"),
    "week": ("this week", "2026-11-23", "2026-11-29"),
    " This  WEEK ": ("this week", "2026-11-23", "2026-11-29"),
    "last week": ("last week", "2026-11-16", "2026-11-22"),
    "month": ("this month", "2026-11-01", "2026-11-30"),
    "last month": ("last month", "2026-10-01", "2026-10-31"),
    "year": ("this year", "2026-01-01", "2026-12-31"),
    "last year": ("last year", "2025-01-01", "2025-12-31"),
    "2026-10": ("October 2026", "2026-10-01", "2026-10-31"),
    "2024-2": ("February 2024", "2024-02-01", "2024-02-29"),
    "2026": ("2026", "2026-01-01", "2026-12-31"),
    "october": ("October 2026", "2026-10-01", "2026-10-31"),
    "Oct.": ("October 2026", "2026-10-01", "2026-10-31"),
    "november": ("November 2026", "2026-11-01", "2026-11-30"),
    "december": ("December 2025", "2025-12-01", "2025-12-31"),
    "sept 2024": ("September 2024", "2024-09-01", "2024-09-30"),
    "30d": ("since 27 October 2026", "2026-10-27", "2026-11-25"),
    "last 12 months": ("since 26 November 2025", "2025-11-26", "2026-11-25"),
    "since monday": ("since 23 November 2026", "2026-11-23", "2026-11-25"),
    "since october": ("since 1 October 2026", "2026-10-01", "2026-11-25"),
    "month to date": ("this month", "2026-11-01", "2026-11-30"),
    "24 nov": ("24 November 2026", "2026-11-24", "2026-11-24"),
    "nov 26th": ("26 November 2025", "2025-11-26", "2025-11-26"),
    "24.11.": ("24 November 2026", "2026-11-24", "2026-11-24"),
    "last wednesday": ("18 November 2026", "2026-11-18", "2026-11-18"),
    "wednesday": ("25 November 2026", "2026-11-25", "2026-11-25"),
    "two days ago": ("23 November 2026", "2026-11-23", "2026-11-23"),
    "a week ago": ("18 November 2026", "2026-11-18", "2026-11-18"),
    "day before yesterday": ("23 November 2026", "2026-11-23", "2026-11-23"),
    "yday": ("yesterday", "2026-11-24", "2026-11-24"),
    "last november": ("November 2025", "2025-11-01", "2025-11-30"),
    "last october": ("October 2026", "2026-10-01", "2026-10-31"),
    "10/2026": ("October 2026", "2026-10-01", "2026-10-31"),
    "11/24": ("24 November 2026", "2026-11-24", "2026-11-24"),
    "26/11": ("26 November 2025", "2025-11-26", "2025-11-26"),
    "kw47": ("week from 16 November 2026", "2026-11-16", "2026-11-22"),
    "week 50": ("week from 8 December 2025", "2025-12-08", "2025-12-14"),
    "2026-W01": ("week from 29 December 2025", "2025-12-29", "2026-01-04"),
    "week of 20 nov": ("week from 16 November 2026", "2026-11-16", "2026-11-22"),
    "week before last": ("week from 9 November 2026", "2026-11-09", "2026-11-15"),
    "last weekend": ("21 November 2026 to 22 November 2026", "2026-11-21", "2026-11-22"),
    "quarter": ("1 October 2026 to 31 December 2026", "2026-10-01", "2026-12-31"),
    "last quarter": ("1 July 2026 to 30 September 2026", "2026-07-01", "2026-09-30"),
    "q4": ("1 October 2026 to 31 December 2026", "2026-10-01", "2026-12-31"),
    "Q1 2025": ("1 January 2025 to 31 March 2025", "2025-01-01", "2025-03-31"),
    "mon-wed": ("23 November 2026 to 25 November 2026", "2026-11-23", "2026-11-25"),
    "from monday to wednesday": ("23 November 2026 to 25 November 2026", "2026-11-23", "2026-11-25"),
    "thursday to sunday": ("19 November 2026 to 22 November 2026", "2026-11-19", "2026-11-22"),
    "1-15 november": ("1 November 2026 to 15 November 2026", "2026-11-01", "2026-11-15"),
    "nov 1 to 15": ("1 November 2026 to 15 November 2026", "2026-11-01", "2026-11-15"),
    "dec 1-15": ("1 December 2025 to 15 December 2025", "2025-12-01", "2025-12-15"),
    "20 dec - 3 jan": ("20 December 2025 to 3 January 2026", "2025-12-20", "2026-01-03"),
    "oct-nov": ("1 October 2026 to 30 November 2026", "2026-10-01", "2026-11-30"),
    "september and october": ("1 September 2026 to 31 October 2026", "2026-09-01", "2026-10-31"),
    "may to july 2025": ("1 May 2025 to 31 July 2025", "2025-05-01", "2025-07-31"),
    "2024-2025": ("1 January 2024 to 31 December 2025", "2024-01-01", "2025-12-31"),
    "2026-11-01..2026-11-10": ("1 November 2026 to 10 November 2026", "2026-11-01", "2026-11-10"),
    "1 nov to now": ("1 November 2026 to 25 November 2026", "2026-11-01", "2026-11-25"),
    "\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT ZERO}26-10": ("October 2026", "2026-10-01", "2026-10-31"),
}


@pytest.mark.parametrize(("words", "meant"), GOOD.items())
def test_reads(words: str, meant: tuple[str, str, str]) -> None:
    """A period is parsed in all common forms."""
    name, first, last = meant
    period = parse(words, TODAY)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert named(period) == name


@pytest.mark.parametrize("words", ["all", "All time", "ever"])
def test_all_time(words: str) -> None:
    """All time has no first day, and ends today."""
    assert parse(words, TODAY) == Period("all time", None, TODAY)
    assert named(parse(words, TODAY)) == "all time"


@pytest.mark.parametrize("words", ["2026-12", "2027", "2027-01", "december 2026", "9999-12"])
def test_refuses_the_future(words: str) -> None:
    """A period that has not begun yet is refused, with a valid example."""
    with pytest.raises(BadPeriod, match="hasn't come yet") as refused:
        parse(words, TODAY)
    assert refused.value.example == "stats 2026-11"


@pytest.mark.parametrize(
    "words",
    [
        *("october to february", "tuesday to monday", "monday and wednesday", "1 to 3", "3/4", "week 99"),
        *("31 feb", "q5", "kw0"),
        *(
            "soon",
            "2026-13",
            "2026-00",
            "0000",
            "0000-01",
            "october 0000",
            "ju ly",
            "oc",
            "26-10",
            "next week",
            "1",
        ),
    ],
)
def test_refuses_nonsense(words: str) -> None:
    """An unreadable period is refused and quoted, with a valid example."""
    with pytest.raises(BadPeriod, match="as a period") as refused:
        parse(words, TODAY, command="leaderboard")
    assert refused.value.arguments["quote"] == words
    assert refused.value.example == "leaderboard 2026-11"
    parse(refused.value.example.removeprefix("leaderboard "), TODAY)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("october to february", ["since 2026-10-01", "2025-10-01 to 2026-02-28"]),
        ("tuesday to monday", ["since 2026-11-24", "2026-11-17 to 2026-11-23"]),
        ("monday and wednesday", []),
        ("soon", []),
    ],
)
def test_a_range_that_goes_on_may_be_the_one_before(words: str, meant: list[str]) -> None:
    """What has begun, and ends by a name that has passed, may be going on or be a year ago; both can be read."""
    assert possible(words, TODAY) == meant
    assert all(parse(each, TODAY) for each in meant)


@given(
    st.text(max_size=12) | st.from_regex(r"(\d{4}(-\d\d?)?|[a-z]{3,9}( \d{4})?)", fullmatch=True),
    st.dates(date(2015, 1, 1), date(2100, 1, 1)),
)
def test_any_text(words: str, today: date) -> None:
    """Any text on any day is a period that has begun or is refused, never a failure."""
    try:
        period = parse(words, today)
    except BadPeriod as refusal:
        assert len(str(refusal)) < 200
        return
    assert (period.first or date.min) <= min(today, period.last)


@given(st.sampled_from(ZONES), st.dates(date(2011, 1, 2), date(2027, 1, 1)))
def test_bounds_are_where_the_date_changes(zone: ZoneInfo, day: date) -> None:
    """A day begins at the first moment that has its date in the zone, and ends where the next begins."""
    begins, ends = Period("", day, day).bounds(zone)
    assert begins is not None
    if day == date(2011, 12, 30) and zone.key == "Pacific/Apia":
        assert begins == ends
        return
    assert begins.astimezone(zone).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() < day
    assert (ends - timedelta(seconds=1)).astimezone(zone).date() == day
    assert ends.astimezone(zone).date() > day


def test_a_day_without_midnight() -> None:
    """If the clocks skip midnight, the day begins at the change; if they repeat it, at the first."""
    cairo, havana = ZoneInfo("Africa/Cairo"), ZoneInfo("America/Havana")
    day = date(2024, 4, 26)  # of the past: no government can change what its clocks did then
    assert Period("", day, day).bounds(cairo)[0] == datetime(2024, 4, 25, 22, tzinfo=UTC)
    day = date(2020, 11, 1)
    assert Period("", day, day).bounds(havana) == (
        datetime(2020, 11, 1, 4, tzinfo=UTC),
        datetime(2020, 11, 2, 5, tzinfo=UTC),
    )


def test_all_time_has_no_beginning() -> None:
    """The bounds of all time are open towards the past."""
    begins, ends = parse("all", TODAY).bounds(ZoneInfo("UTC"))
    assert (begins, ends) == (None, datetime(2026, 11, 26, tzinfo=UTC))
