import time as hands
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from bot.domain.errors import BadMoment, UserError
from bot.domain.time import schedule
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.moment import HORIZON
from bot.domain.time.schedule import Schedule

# Each with the time on its clocks, and what is meant then; times have their offset, which is half of the matter.
GOOD = {
    # A Friday in winter.
    ("Europe/Berlin", "2026-11-27 10:00+01:00"): {
        "20m": "2026-11-27 10:20+01:00",
        "20 min": "2026-11-27 10:20+01:00",
        "90s": "2026-11-27 10:01:30+01:00",
        "1.5s": "2026-11-27 10:00:01+01:00",
        "1h30m": "2026-11-27 11:30+01:00",
        "1H 30M": "2026-11-27 11:30+01:00",
        "1.5h": "2026-11-27 11:30+01:00",
        "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT SEVEN}:30": "2026-11-27 17:30+01:00",
        "in 2 hours": "2026-11-27 12:00+01:00",
        "in 2 hours and 15 minutes": "2026-11-27 12:15+01:00",
        "1 hour, 30 minutes": "2026-11-27 11:30+01:00",
        "in an hour": "2026-11-27 11:00+01:00",
        "in a minute": "2026-11-27 10:01+01:00",
        "half an hour": "2026-11-27 10:30+01:00",
        "in half an hour": "2026-11-27 10:30+01:00",
        "45 minutes from now": "2026-11-27 10:45+01:00",
        "\N{ARABIC-INDIC DIGIT FIVE}m": "2026-11-27 10:05+01:00",
        "2 days": "2026-11-29 10:00+01:00",
        "1d2h": "2026-11-28 12:00+01:00",
        "1w": "2026-12-04 10:00+01:00",
        "in 2 weeks": "2026-12-11 10:00+01:00",
        "in 2 weeks 3 days": "2026-12-14 10:00+01:00",
        "in 1 month": "2026-12-27 10:00+01:00",
        "in 3 months": "2027-02-27 10:00+01:00",
        "in a year": "2027-11-27 10:00+01:00",
        "5 years": "2031-11-27 10:00+01:00",
        "in 3 days at 9am": "2026-11-30 09:00+01:00",
        "9am in 3 days": "2026-11-30 09:00+01:00",
        "at 17:30": "2026-11-27 17:30+01:00",
        "17:30": "2026-11-27 17:30+01:00",
        "17:30:15": "2026-11-27 17:30:15+01:00",
        "at 17": "2026-11-27 17:00+01:00",
        "5pm": "2026-11-27 17:00+01:00",
        "5:30 p.m.": "2026-11-27 17:30+01:00",
        "5.30pm": "2026-11-27 17:30+01:00",
        "9 am": "2026-11-28 09:00+01:00",
        "9:00": "2026-11-28 09:00+01:00",
        "10:00": "2026-11-28 10:00+01:00",
        "10:01": "2026-11-27 10:01+01:00",
        "12am": "2026-11-28 00:00+01:00",
        "12pm": "2026-11-27 12:00+01:00",
        "0:30": "2026-11-28 00:30+01:00",
        "noon": "2026-11-27 12:00+01:00",
        "midnight": "2026-11-28 00:00+01:00",
        "today 18:00": "2026-11-27 18:00+01:00",
        "today at 6pm": "2026-11-27 18:00+01:00",
        "this evening": "2026-11-27 18:00+01:00",
        "tonight": "2026-11-27 20:00+01:00",
        "tonight at 8": "2026-11-27 20:00+01:00",
        "tonight 9:30": "2026-11-27 21:30+01:00",
        "tomorrow": "2026-11-28 09:00+01:00",
        "tomorrow 9am": "2026-11-28 09:00+01:00",
        "Tomorrow, 9:15": "2026-11-28 09:15+01:00",
        "tomorrow at 9:30 pm": "2026-11-28 21:30+01:00",
        "tomorrow at noon": "2026-11-28 12:00+01:00",
        "tomorrow afternoon": "2026-11-28 15:00+01:00",
        "tomorrow in the morning": "2026-11-28 09:00+01:00",
        "noon tomorrow": "2026-11-28 12:00+01:00",
        "tmrw 8pm": "2026-11-28 20:00+01:00",
        "day after tomorrow": "2026-11-29 09:00+01:00",
        "the day after tomorrow 7:00": "2026-11-29 07:00+01:00",
        "friday": "2026-12-04 09:00+01:00",
        "friday 14:00": "2026-11-27 14:00+01:00",
        "friday evening": "2026-11-27 18:00+01:00",
        "friday 9am": "2026-12-04 09:00+01:00",
        "this friday 14:00": "2026-11-27 14:00+01:00",
        "next friday 14:00": "2026-12-04 14:00+01:00",
        "next thursday": "2026-12-03 09:00+01:00",
        "on monday at 8am": "2026-11-30 08:00+01:00",
        "8am on monday": "2026-11-30 08:00+01:00",
        "wed": "2026-12-02 09:00+01:00",
        "thurs 9:00": "2026-12-03 09:00+01:00",
        "24 Dec 18:00": "2026-12-24 18:00+01:00",
        "Dec 24th 6pm": "2026-12-24 18:00+01:00",
        "24 december": "2026-12-24 09:00+01:00",
        "24dec 9:00": "2026-12-24 09:00+01:00",
        "5 sept. 9:00": "2027-09-05 09:00+02:00",
        "on the 24th of December at 6 pm": "2026-12-24 18:00+01:00",
        "december 24, 2027 18:00": "2027-12-24 18:00+01:00",
        "24.12. 18:00": "2026-12-24 18:00+01:00",
        "1.2.2027": "2027-02-01 09:00+01:00",
        "24/12": "2026-12-24 09:00+01:00",
        "12/24/2026 6pm": "2026-12-24 18:00+01:00",
        "5/5/2027": "2027-05-05 09:00+02:00",
        "18:00 24.12.2026": "2026-12-24 18:00+01:00",
        "27 nov 14:00": "2026-11-27 14:00+01:00",
        "27 nov 9:00": "2027-11-27 09:00+01:00",
        "1 aug": "2027-08-01 09:00+02:00",
        "1 may 12:00": "2027-05-01 12:00+02:00",
        "29 feb": "2028-02-29 09:00+01:00",
        "2027-01-05 08:00": "2027-01-05 08:00+01:00",
        "2027-01-05": "2027-01-05 09:00+01:00",
        "2027-01-05T08:00": "2027-01-05 08:00+01:00",
        "2027-01-05T08:00:00Z": "2027-01-05 09:00+01:00",
        "2027-01-05T08:00-05:00": "2027-01-05 14:00+01:00",
    },
    ("Europe/Berlin", "2027-01-31 12:00+01:00"): {
        "in 1 month": "2027-02-28 12:00+01:00",
        "in 13 months": "2028-02-29 12:00+01:00",
        "sunday": "2027-02-07 09:00+01:00",
        "sunday 13:00": "2027-01-31 13:00+01:00",
        "31 jan": "2028-01-31 09:00+01:00",
    },
    # 02:00 to 03:00 does not exist on 28 March 2027.
    ("Europe/Berlin", "2027-03-27 12:00+01:00"): {
        "tomorrow 1:59": "2027-03-28 01:59+01:00",
        "tomorrow 2:00": "2027-03-28 03:00+02:00",
        "tomorrow 2:30": "2027-03-28 03:30+02:00",
        "tomorrow 3:00": "2027-03-28 03:00+02:00",
        "at 2:30": "2027-03-28 03:30+02:00",
        "in 24 hours": "2027-03-28 13:00+02:00",
        "in 1 day": "2027-03-28 12:00+02:00",
        "in 1 day and 1 hour": "2027-03-28 13:00+02:00",
        "in 14 hours": "2027-03-28 03:00+02:00",
        "sunday 02:30": "2027-03-28 03:30+02:00",
        "28 mar 02:30": "2027-03-28 03:30+02:00",
    },
    # 02:00 to 03:00 comes twice on 31 October 2027.
    ("Europe/Berlin", "2027-10-30 12:00+02:00"): {
        "tomorrow 1:59": "2027-10-31 01:59+02:00",
        "tomorrow 2:30": "2027-10-31 02:30+02:00",
        "tomorrow 3:00": "2027-10-31 03:00+01:00",
        "in 24 hours": "2027-10-31 11:00+01:00",
        "in 1 day": "2027-10-31 12:00+01:00",
        "2027-10-31T02:30": "2027-10-31 02:30+02:00",
    },
    # Between the two, and after the second.
    ("Europe/Berlin", "2027-10-31 02:40+02:00"): {
        "at 2:30": "2027-10-31 02:30+01:00",
        "at 2:50": "2027-10-31 02:50+02:00",
        "in 30m": "2027-10-31 02:10+01:00",
    },
    ("Europe/Berlin", "2027-10-31 02:40+01:00"): {
        "at 2:50": "2027-10-31 02:50+01:00",
        "at 2:30": "2027-11-01 02:30+01:00",
    },
    ("America/New_York", "2027-03-13 20:00-05:00"): {
        "tomorrow 2:30am": "2027-03-14 03:30-04:00",
        "tomorrow 1:30am": "2027-03-14 01:30-05:00",
        "tomorrow": "2027-03-14 09:00-04:00",
        "in 24h": "2027-03-14 21:00-04:00",
        "in 1d": "2027-03-14 20:00-04:00",
        "3/14/2027 2am": "2027-03-14 03:00-04:00",
    },
    ("America/New_York", "2027-11-06 20:00-04:00"): {
        "tomorrow 1:30am": "2027-11-07 01:30-04:00",
        "tomorrow 2am": "2027-11-07 02:00-05:00",
        "in 6 hours": "2027-11-07 01:00-05:00",
        "in 1 day": "2027-11-07 20:00-05:00",
    },
    # Its clocks move by half an hour: 02:00 to 02:30 is left out, and 01:30 to 02:00 comes twice.
    ("Australia/Lord_Howe", "2027-10-02 12:00+10:30"): {
        "tomorrow 2:00": "2027-10-03 02:30+11:00",
        "tomorrow 2:15": "2027-10-03 02:45+11:00",
        "tomorrow 2:30": "2027-10-03 02:30+11:00",
        "in 24 hours": "2027-10-03 12:30+11:00",
        "in 1 day": "2027-10-03 12:00+11:00",
    },
    ("Australia/Lord_Howe", "2027-04-03 12:00+11:00"): {
        "tomorrow 1:45": "2027-04-04 01:45+11:00",
        "tomorrow 2:00": "2027-04-04 02:00+10:30",
        "in 24 hours": "2027-04-04 11:30+10:30",
    },
    ("Asia/Kathmandu", "2027-03-28 00:10+05:45"): {
        "at 6am": "2027-03-28 06:00+05:45",
        "tomorrow 2:30": "2027-03-29 02:30+05:45",
        "sunday 8:00": "2027-03-28 08:00+05:45",
        "2027-03-28T00:00Z": "2027-03-28 05:45+05:45",
    },
    # It is another day there already.
    ("Pacific/Kiritimati", "2027-01-01 00:30+14:00"): {
        "tomorrow": "2027-01-02 09:00+14:00",
        "1 jan 9am": "2027-01-01 09:00+14:00",
        "friday 8am": "2027-01-01 08:00+14:00",
    },
    ("UTC", "2026-12-31 23:59:59+00:00"): {
        "1s": "2027-01-01 00:00+00:00",
        "midnight": "2027-01-01 00:00+00:00",
        "31 dec 23:59": "2027-12-31 23:59+00:00",
        "tomorrow 0:00": "2027-01-01 00:00+00:00",
    },
}
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
# At FRIDAY in Berlin: the question, and its choices.
ASKED = {
    "tomorrow at 9": ["2026-11-28 09:00", "2026-11-28 21:00"],
    "tomorrow 9": ["2026-11-28 09:00", "2026-11-28 21:00"],
    "9 o'clock": ["2026-11-27 21:00", "2026-11-28 09:00"],
    "at 9.30": ["2026-11-27 21:30", "2026-11-28 09:30"],
    "half past 5": ["2026-11-27 17:30", "2026-11-28 05:30"],
    "24 dec 6": ["2026-12-24 06:00", "2026-12-24 18:00"],
    "tomorrow midnight": ["2026-11-28 00:00", "2026-11-29 00:00"],
    "midnight 24 dec": ["2026-12-24 00:00", "2026-12-25 00:00"],
    "10": ["2026-11-27 10:10", "2026-11-28 10:00"],
    "in 10": ["2026-11-27 10:10", "2026-11-27 20:00"],
    "next week": ["2026-11-30 09:00", "2026-12-02 09:00", "2026-12-04 09:00"],
    "this weekend": ["2026-11-28 09:00", "2026-11-29 09:00"],
    "in march": ["2027-03-01 09:00", "2027-03-15 09:00"],
    "soon": ["2026-11-27 10:10", "2026-11-27 11:00", "2026-11-27 13:00", "2026-11-28 10:00"],
    "in a few minutes": ["2026-11-27 10:05", "2026-11-27 10:10", "2026-11-27 10:15"],
    "eod": ["2026-11-27 17:00", "2026-11-27 18:00", "2026-11-27 23:59"],
    "after work": ["2026-11-27 17:00", "2026-11-27 18:00"],
    "today": [f"2026-11-27 {hour}:00" for hour in (12, 15, 18, 20, 22)],
    "tomorrow by 9am": ["2026-11-28 09:00"],
    "by friday 5pm": ["2026-11-27 17:00"],
    "tomorrow between 9am and 11am": ["2026-11-28 09:00", "2026-11-28 11:00"],
    "monday 2 december 10am": ["2026-12-02 10:00", "2026-11-30 10:00"],
    "friday the 12th 9am": ["2027-02-12 09:00", "2026-12-12 09:00"],
    "tuesday in a week": ["2026-12-01 09:00", "2026-12-08 09:00"],
    "9pm IST": ["2026-11-27 16:30", "2026-11-27 22:00", "2026-11-27 20:00"],
    "15 jul 9am EST": ["2027-07-15 15:00", "2027-07-15 16:00"],
    "until friday": ["2026-12-04 09:00"],
    "from friday 5pm": ["2026-11-27 17:00"],
    "1-5 dec": ["2026-12-01 09:00", "2026-12-05 09:00"],
    "in 5-10 min": ["2026-11-27 10:05", "2026-11-27 10:10"],
    "half five": ["2026-11-27 17:30", "2026-11-27 16:30"],
}
UNKNOWN = "I can't read “{}” as a time."
NO_DAY = "There's no such day as “{}”."
NO_CLOCK = "There's no such time as “{}”."
PARTS = "I can only count whole months and years, not “{}”."
AGO = "“{}” is already over. When should I remind you instead?"
TOO_FAR = "“{}” is more than 5 years away, which is my limit."
BAD = {
    "": "When should I remind you?",
    "   ": "When should I remind you?",
    **dict.fromkeys(
        ["now", "stretch", "second", "a", "at", "on", "-5m", "may", "Dec", "7:5", "1.5", "-5"], UNKNOWN
    ),
    **dict.fromkeys(["tomorrow 9am and friday", "friday last week", "5 minuets", "eggs", "marching"], UNKNOWN),
    **dict.fromkeys(["in 2 hours at 9am", "20m 20m", "tomorrow friday 9am monday", "9am 10am"], UNKNOWN),
    **dict.fromkeys(["31 feb", "29 feb 2027", "32 dec", "0 may", "31 apr 9:00", "2026-13-01", "31.4.2027"], NO_DAY),
    **dict.fromkeys(
        ["25:00", "24:30", "tomorrow 24:00", "9:75", "13pm", "0am", "tomorrow 17:61", "13/13 9:75"], NO_CLOCK
    ),
    **dict.fromkeys(["2.5 months", "in 0.5 years"], PARTS),
    **dict.fromkeys(["2 hours ago", "a week ago"], AGO),
    **dict.fromkeys(["999999999 days", "999999999 years", "in 999999999h"], TOO_FAR),
    "tonight at 2:00": "“{}” isn't tonight. Add the day, such as tomorrow 1:00.",
    "0m": "“{}” was at 10:00 today (Europe/Berlin) – that's already over.",
    "today 9:00": "“{}” was at 9:00 today (Europe/Berlin) – that's already over.",
    "this morning": "“{}” was at 9:00 today (Europe/Berlin) – that's already over.",
    "this friday": "“{}” was at 9:00 today (Europe/Berlin) – that's already over.",
    "yesterday 18:00": "“{}” was Thu 26 Nov 2026, 18:00 (Europe/Berlin) – that's already over.",
    "the day before yesterday": "“{}” was Wed 25 Nov 2026, 9:00 (Europe/Berlin) – that's already over.",
    "last friday": "“{}” was Fri 20 Nov 2026, 9:00 (Europe/Berlin) – that's already over.",
    "24 Dec 2025 18:00": "“{}” was Wed 24 Dec 2025, 18:00 (Europe/Berlin) – that's already over.",
    "0001-01-01": "“{}” was Mon 1 Jan 1, 9:00 (Europe/Berlin) – that's already over.",
    "2026-11-27T09:00Z": "“{}” was at 10:00 today (Europe/Berlin) – that's already over.",
    "1 jan 2038": "“{}” is Fri 1 Jan 2038, 9:00 (Europe/Berlin) – more than 5 years away, which is my limit.",
    "9999-12-31": "“{}” is Fri 31 Dec 9999, 9:00 (Europe/Berlin) – more than 5 years away, which is my limit.",
    "in 61 months": "“{}” is Sat 27 Dec 2031, 10:00 (Europe/Berlin) – more than 5 years away, which is my limit.",
    "50000 hours": "“{}” is Tue 10 Aug 2032, 19:00 (Europe/Berlin) – more than 5 years away, which is my limit.",
}

ROWS = [(zone, now, text, meant) for (zone, now), rows in GOOD.items() for text, meant in rows.items()]
ZONES = st.sampled_from(["UTC", *sorted({zone for zone, _ in GOOD}), "Africa/Casablanca", "America/St_Johns"])
NOWS = st.integers(1_577_836_800_000, 2_840_140_800_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
# Sentences of words about time, most of them nonsense.
PIECES = """
    in at on next last the a an half from now ago and , this tonight tomorrow today friday wed call mum
    0 1 2 5 0.5 24th 29 31 999999999 s m min hours d weeks mo months y
    9.30 12 17:30 25:00 9am 13pm noon midnight evening night o'clock z
    dec february 2027 9999 31/12 1.2. 2028-02-29 2027-03-28T02:30
"""
PHRASES = st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join)


def parse(text: str, now: datetime, zone: ZoneInfo) -> Schedule:
    return schedule.read(text, "", now, zone)


def quoted(sentence: str, text: str) -> str:
    return sentence.replace("{}", " ".join(text.split()))


@pytest.mark.parametrize(("zone", "now", "text", "meant"), ROWS)
def test_means(zone: str, now: str, text: str, meant: str) -> None:
    """A phrase means that moment to a person in that zone."""
    when = parse(text, datetime.fromisoformat(now), ZoneInfo(zone))
    assert when.first_at == datetime.fromisoformat(meant)
    assert when.first_at.tzinfo is UTC


@pytest.mark.parametrize(("text", "options"), ASKED.items())
def test_asks(text: str, options: list[str]) -> None:
    """An ambiguous moment is asked about, with unambiguous choices."""
    with pytest.raises(Doubt) as raised:
        parse(text, FRIDAY, BERLIN)
    assert list(raised.value.options) == options
    assert len({parse(option, FRIDAY, BERLIN).first_at for option in options}) == len(options)


@pytest.mark.parametrize(("text", "sentence"), BAD.items())
def test_refuses(text: str, sentence: str) -> None:
    """An unreadable, past or too distant time is refused, quoting what was understood of it."""
    with pytest.raises(BadMoment) as refused:
        parse(text, FRIDAY, BERLIN)
    assert str(refused.value) == quoted(sentence, text)
    assert refused.value.example is None


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("Europe/Berlin", "2027-04-03"),
        ("America/New_York", "2027-03-04"),
        ("America/Toronto", None),
        ("UTC", None),
    ],
)
def test_the_order_of_day_and_month(key: str, day: str | None) -> None:
    """Whether the day or the month comes first depends on the zone, and is asked if that does not decide it."""
    if day:
        assert parse("3/4/27", FRIDAY, ZoneInfo(key)).first_at.date() == date.fromisoformat(day)
        return
    with pytest.raises(Doubt) as raised:
        parse("3/4/27", FRIDAY, ZoneInfo(key))
    assert raised.value.options == ("2027-04-03 09:00", "2027-03-04 09:00")


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01 0:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31 23:59",
        "9999-12-31T23:59-12:00",
        "69890702 hours",
        "2912111 days 1h",
        "2912111 days",
    ],
)
def test_the_ends_of_the_calendar(text: str, zone: str) -> None:
    """The first and last hours of Python's calendar are refused like any others that far away."""
    with pytest.raises(BadMoment, match="that's already over|which is my limit"):
        parse(text, FRIDAY, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "now", "text", "moved"),
    [
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "tomorrow 2:30", 60),
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "tomorrow 3:30", 0),
        ("Australia/Lord_Howe", "2027-10-02 12:00+10:30", "tomorrow 2:15", 30),
        ("Europe/Berlin", "2027-10-31 02:40+02:00", "at 2:30", 0),
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "in 15 hours", 0),
    ],
)
def test_a_time_that_the_clocks_skip(zone: str, now: str, text: str, moved: int) -> None:
    """The result says by how many minutes a skipped time is moved."""
    read = parse(text, datetime.fromisoformat(now), ZoneInfo(zone))
    assert read.moved == timedelta(minutes=moved)


@pytest.mark.skipif(not hasattr(hands, "tzset"), reason="the zone of a process cannot be changed on Windows")
def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person's zone counts, not the machine's."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    hands.tzset()
    try:
        for text, meant in GOOD["Europe/Berlin", "2026-11-27 10:00+01:00"].items():
            assert parse(text, FRIDAY, BERLIN).first_at == datetime.fromisoformat(meant), text
    finally:
        monkeypatch.undo()
        hands.tzset()


@given(st.dates(FRIDAY.date() + timedelta(days=1), (FRIDAY + HORIZON).date() - timedelta(days=1)), st.times())
def test_reads_every_day(day: date, clock: time) -> None:
    """Every day within the horizon is understood in each of its spellings."""
    zone = ZoneInfo("Asia/Kathmandu")
    for form in ("%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y", "%Y/%m/%d"):
        when = parse(f"{day:{form}} {clock:%H:%M:%S}", FRIDAY, zone)
        assert when.first_at == datetime.combine(day, clock.replace(microsecond=0), zone)


@settings(deadline=None)
@given(st.integers(1, int(HORIZON.total_seconds()) - 1), ZONES)
@example(30 * 86_400, "Europe/Berlin")
def test_every_moment_is_understood_again(seconds: int, key: str) -> None:
    """The text of a moment can be typed again and means that moment, even if clocks show it twice."""
    moment, zone = FRIDAY + timedelta(seconds=seconds), ZoneInfo(key)
    text = schedule.spelled(Schedule(moment, None, on_clock=True), FRIDAY, zone)
    assert parse(text, FRIDAY, zone).first_at == moment


@settings(deadline=None)
@given(st.one_of(st.text(), PHRASES, st.sampled_from([text for _, _, text, _ in ROWS])), NOWS, ZONES)
def test_never_fails(text: str, now: datetime, zone: str) -> None:
    """Any text is a future moment within five years, to the second, or refused with a short sentence."""
    try:
        when = parse(text, now, ZoneInfo(zone))
    except UserError as refused:
        assert len(str(refused)) < 220
    else:
        assert now < when.first_at <= now + HORIZON
        assert when.first_at.microsecond == 0
