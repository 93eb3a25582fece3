import time as hands
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadMoment
from bot.domain.time import when_phrase
from bot.domain.time.when import HORIZON, parse

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
UNKNOWN = "“{}” is not a time I know; 20m, tomorrow 9am and 24 Dec 18:00 are."
ALONE = "“{}” may be minutes, an hour or a day; say 10m, 10:00 or 10 Dec."
HALF = "“{}” may be morning or evening, or no time at all; say 9am, 9pm or 21:00."
MIDNIGHT = "“{}” may be where that day begins or where it ends; say 0:00 or 23:59."
VAGUE = "“{}” may be any day of it; name the day, or say in 7 days."
MONTH = "“{}” names a month and no day; say which day of it."
NO_DAY = "“{}” names a day that no calendar has."
NO_CLOCK = "“{}” names a time that no clock shows; 0:00 to 23:59 and 1am to 12pm are times."
ORDER = "“{}” may have its day or its month first; write the month in letters, as in 1 Feb."
ZONE = "“{}” names a time zone; leave it out, and I take the time in yours."
PARTS = "“{}” has a part of a day, a month or a year; say it in hours or whole days."
AGO = "“{}” is in the past, and a reminder needs a time to come."
TOO_FAR = "“{}” is more than 5 years away, which is the most."
# At FRIDAY in Berlin.
BAD = {
    "": "Say when, such as 20m, tomorrow 9am or 24 Dec 18:00.",
    "   ": "Say when, such as 20m, tomorrow 9am or 24 Dec 18:00.",
    **dict.fromkeys(["soon", "now", "later", "stretch", "second", "a", "at", "on", "-5m", "every day"], UNKNOWN),
    **dict.fromkeys(
        ["tomorrow 9am and friday", "friday last week", "5 minuets", "eggs", "marching", "noonish"], UNKNOWN
    ),
    **dict.fromkeys(["10", "in 10", "2027", "0900", "-5", "+5", "1.5", "9.30"], ALONE),
    **dict.fromkeys(
        ["tomorrow 9", "tomorrow at 9", "friday 13", "at 9.30", "on friday at 9.30", "9 o'clock", "24 dec 6"], HALF
    ),
    **dict.fromkeys(["tomorrow midnight", "friday at midnight", "midnight 24 dec"], MIDNIGHT),
    **dict.fromkeys(["next week", "in the next month", "this year", "the weekend"], VAGUE),
    **dict.fromkeys(["may", "in march", "Dec"], MONTH),
    **dict.fromkeys(
        ["31 feb", "29 feb 2027", "32 dec", "0 may", "31 apr 9:00", "2026-13-01", "31.4.2027", "13/13"], NO_DAY
    ),
    **dict.fromkeys(["25:00", "24:00", "9:75", "13pm", "0am", "tomorrow 17:61"], NO_CLOCK),
    **dict.fromkeys(["1/2", "1/2/2027", "11/12/2027 18:00"], ORDER),
    **dict.fromkeys(["tomorrow 9am EST", "17:30 UTC", "2026-12-24 18:00 gmt+2", "at 9am z"], ZONE),
    **dict.fromkeys(["1.5 days", "2.5 months", "in 0.5 years"], PARTS),
    **dict.fromkeys(["2 hours ago", "a week ago"], AGO),
    **dict.fromkeys(["999999999 days", "999999999 years", "in 999999999h", "999999999y 999999999y"], TOO_FAR),
    "today": "“{}” has many hours; say one of them too, such as today 18:00.",
    "in the morning": "“{}” names no day; say of which.",
    "7:5": "“{}” is no time on the clock; those run from 0:00 to 23:59, with two digits for the minutes.",
    "in 2 hours at 9am": "“{}” says how long from now and a time of day too; say one of them.",
    "tonight at 2:00": "“{}” is no time of tonight; say the day too, such as tomorrow 1:00.",
    "2026-02-30T10:00": "“{}” is on no calendar and clock; 2027-01-05T08:00 is.",
    "0m": "“{}” is Fri 27 Nov 2026, 10:00 (Europe/Berlin), which has passed.",
    "today 9:00": "“{}” is Fri 27 Nov 2026, 09:00 (Europe/Berlin), which has passed.",
    "this morning": "“{}” is Fri 27 Nov 2026, 09:00 (Europe/Berlin), which has passed.",
    "this friday": "“{}” is Fri 27 Nov 2026, 09:00 (Europe/Berlin), which has passed.",
    "yesterday 18:00": "“{}” is Thu 26 Nov 2026, 18:00 (Europe/Berlin), which has passed.",
    "the day before yesterday": "“{}” is Wed 25 Nov 2026, 09:00 (Europe/Berlin), which has passed.",
    "last friday": "“{}” is Fri 20 Nov 2026, 09:00 (Europe/Berlin), which has passed.",
    "24 Dec 2025 18:00": "“{}” is Wed 24 Dec 2025, 18:00 (Europe/Berlin), which has passed.",
    "0001-01-01": "“{}” is Mon 1 Jan 1, 09:00 (Europe/Berlin), which has passed.",
    "0001-01-01T00:00+14:00": "“{}” is Mon 1 Jan 1, 00:00 (Europe/Berlin), which has passed.",
    "2026-11-27T09:00Z": "“{}” is Fri 27 Nov 2026, 10:00 (Europe/Berlin), which has passed.",
    "1 jan 2038": "“{}” is Fri 1 Jan 2038, 09:00 (Europe/Berlin), more than 5 years away, which is the most.",
    "9999-12-31": "“{}” is Fri 31 Dec 9999, 09:00 (Europe/Berlin), more than 5 years away, which is the most.",
    "in 61 months": "“{}” is Sat 27 Dec 2031, 10:00 (Europe/Berlin), more than 5 years away, which is the most.",
    "50000 hours": "“{}” is Tue 10 Aug 2032, 19:00 (Europe/Berlin), more than 5 years away, which is the most.",
}
SPLIT = {
    "20m stretch": ("20m", "stretch"),
    "20m": ("20m", ""),
    "20m\nstretch\nand breathe": ("20m", "stretch\nand breathe"),
    "20m - stretch": ("20m", "stretch"),
    "20 min tea": ("20 min", "tea"),
    "tomorrow 9am call mum": ("tomorrow 9am", "call mum"),
    "at 17:30 to leave": ("at 17:30", "leave"),
    "in 2 hours, stretch": ("in 2 hours", "stretch"),
    "in 2 hours 3 eggs": ("in 2 hours", "3 eggs"),
    "on friday at 9pm: party": ("on friday at 9pm", "party"),
    "2027-01-05 08:00 pay": ("2027-01-05 08:00", "pay"),
    "24 Dec 18:00 wrap gifts": ("24 Dec 18:00", "wrap gifts"),
    "next friday 14:00 review": ("next friday 14:00", "review"),
    "tomorrow morning run": ("tomorrow morning", "run"),
    "half an hour nap": ("half an hour", "nap"),
    '"buy milk" tomorrow': ("tomorrow", "buy milk"),
    '"tomorrow 9am" 20m': ("20m", "tomorrow 9am"),
    '20m "in 5 minutes"': ("20m", "in 5 minutes"),
    "20m check the oven at 18:00": ("20m", "check the oven at 18:00"),
    "call mum tomorrow at 9am": ("tomorrow at 9am", "call mum"),
    "to call mum in 20m.": ("in 20m", "call mum"),
    "tomorrow call mum at 9am": ("tomorrow at 9am", "call mum"),
    "at 9am call mum tomorrow": ("at 9am tomorrow", "call mum"),
    "10 pushups in 20m": ("in 20m", "10 pushups"),
    "fri 9am stand-up": ("fri 9am", "stand-up"),
    # What says too little is given on, for parse() to say what.
    "10 eggs": ("10", "eggs"),
    "tomorrow 9 call mum": ("tomorrow 9", "call mum"),
    "next week call mum": ("next week", "call mum"),
    "25:00 call mum": ("25:00", "call mum"),
    "yesterday 9am call mum": ("yesterday 9am", "call mum"),
    "tomorrow 9am EST call mum": ("tomorrow 9am EST", "call mum"),
}
NO_TIME = [
    "stretch", "sun cream", "enjoy the sun", "feed sat", "an apple a day", "get ready for friday",
    "finish it by 17:30", '"buy milk"', "soon call mum", "water every monday", "1st aid kit", "problems " * 500,
]  # fmt: skip

ROWS = [(zone, now, text, meant) for (zone, now), rows in GOOD.items() for text, meant in rows.items()]
ZONES = st.sampled_from(["UTC", *sorted({zone for zone, _ in GOOD}), "Africa/Casablanca", "America/St_Johns"])
NOWS = st.integers(1_577_836_800_000, 2_840_140_800_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
# Sentences of the words that a time is made of, most of which make no sense.
PIECES = """
    in at on next last the a an half from now ago and , this tonight tomorrow today friday wed call mum
    0 1 2 5 0.5 24th 29 31 999999999 s m min hours d weeks mo months y
    9.30 12 17:30 25:00 9am 13pm noon midnight evening night o'clock z
    dec february 2027 9999 31/12 1.2. 2028-02-29 2027-03-28T02:30
"""
PHRASES = st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join)
ENDLESS = st.sampled_from(
    ["1h ", "1 ", "in a ", "tomorrow ", "9", "a", " ", "1d, ", "\N{SUPERSCRIPT TWO}", "at 9am "]
)


def quoted(sentence: str, text: str) -> str:
    return sentence.replace("{}", " ".join(text.split()))


def test_the_tables_are_long_enough() -> None:
    """At least 120 phrases are held to their meaning, and 40 to their refusal."""
    assert len(ROWS) >= 120
    assert len(BAD) >= 40


@pytest.mark.parametrize(("zone", "now", "text", "meant"), ROWS)
def test_means(zone: str, now: str, text: str, meant: str) -> None:
    """A phrase means that moment to somebody whose clocks are in that zone."""
    when = parse(text, datetime.fromisoformat(now), ZoneInfo(zone))
    assert when.moment == datetime.fromisoformat(meant)
    assert when.moment.tzinfo is UTC
    assert when.words == text


@pytest.mark.parametrize(("text", "sentence"), BAD.items())
def test_refuses(text: str, sentence: str) -> None:
    """What is no time, may be several, has passed or is too far is refused with what was understood of it."""
    with pytest.raises(BadMoment) as refused:
        parse(text, FRIDAY, BERLIN)
    assert str(refused.value) == quoted(sentence, text)
    assert refused.value.example


def test_a_phrase_is_read_to_its_end() -> None:
    """A phrase that is too long is refused, be the part of it that counts a time or not."""
    long = " and ".join(["000000001 second"] * 4 + ["000000001 minutes of rest"])
    with pytest.raises(BadMoment, match="is not a time I know"):
        parse(long, FRIDAY, BERLIN)


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
    """The first and the last hours that Python's calendar has are refused as any others that far away."""
    with pytest.raises(BadMoment, match="which has passed|which is the most"):
        parse(text, FRIDAY, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "now", "text", "moved", "wall"),
    [
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "tomorrow 2:30", True, "2027-03-28 02:30"),
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "tomorrow 3:30", False, "2027-03-28 03:30"),
        ("Australia/Lord_Howe", "2027-10-02 12:00+10:30", "tomorrow 2:15", True, "2027-10-03 02:15"),
        ("Europe/Berlin", "2027-10-31 02:40+02:00", "at 2:30", False, "2027-10-31 02:30"),
        ("Europe/Berlin", "2027-03-27 12:00+01:00", "in 15 hours", False, "2027-03-28 04:00"),
    ],
)
def test_tells_the_wall_clock_time_that_was_said(zone: str, now: str, text: str, moved: bool, wall: str) -> None:
    """The time on the wall clock stays as it was said, and it is told where the clocks leave it out."""
    when = parse(text, datetime.fromisoformat(now), ZoneInfo(zone))
    assert (when.moved, when.wall) == (moved, datetime.fromisoformat(wall))


@pytest.mark.skipif(not hasattr(hands, "tzset"), reason="the zone of a process cannot be changed on Windows")
def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person's clocks count, not those of the machine that the bot runs on."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    hands.tzset()
    try:
        for text, meant in GOOD["Europe/Berlin", "2026-11-27 10:00+01:00"].items():
            assert parse(text, FRIDAY, BERLIN).moment == datetime.fromisoformat(meant), text
    finally:
        monkeypatch.undo()
        hands.tzset()


@given(st.dates(FRIDAY.date() + timedelta(days=1), (FRIDAY + HORIZON).date() - timedelta(days=1)), st.times())
def test_reads_every_day(day: date, clock: time) -> None:
    """Every day within the horizon is understood in each of its spellings."""
    for form in ("%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y"):
        when = parse(f"{day:{form}} {clock:%H:%M:%S}", FRIDAY, ZoneInfo("Asia/Kathmandu"))
        assert when.wall == datetime.combine(day, clock.replace(microsecond=0))


@given(st.one_of(st.text(), PHRASES, st.sampled_from([text for _, _, text, _ in ROWS])), NOWS, ZONES)
def test_never_fails(text: str, now: datetime, zone: str) -> None:
    """Whatever is typed is a moment to come, to the second, within five years, or refused with a short sentence."""
    try:
        when = parse(text, now, ZoneInfo(zone))
    except BadMoment as refused:
        assert len(str(refused)) < 200
    else:
        assert now < when.moment <= now + HORIZON
        assert when.moment.microsecond == 0


@given(st.one_of(st.text(), PHRASES), NOWS, ZONES)
def test_splitting_never_fails(text: str, now: datetime, zone: str) -> None:
    """Whatever is typed is parted into words about time and others, all of which were typed, or refused."""
    try:
        found = when_phrase.split(text)
    except BadMoment as refused:
        assert len(str(refused)) < 200
    else:
        assert all(word in text for word in [*found.when.split(), *found.what.split()])
        try:
            parse(found.when, now, ZoneInfo(zone))
        except BadMoment:
            assert found.when


@given(st.one_of(ENDLESS, PHRASES, st.text(max_size=5)), st.integers(100, 4000))
def test_long_texts_take_no_longer(piece: str, times: int) -> None:
    """A text of any length is answered within Hypothesis' deadline, a fifth of a second."""
    text = (piece * times)[:20_000]
    for read in (when_phrase.split, lambda text: parse(text, FRIDAY, BERLIN)):
        try:
            read(text)
        except BadMoment:
            continue


@pytest.mark.parametrize(("text", "parts"), SPLIT.items())
def test_splits(text: str, parts: tuple[str, str]) -> None:
    """The words about time stand first or last, and the rest is what to say."""
    found = when_phrase.split(text)
    assert (found.when, found.what, found.me) == (*parts, False)


@pytest.mark.parametrize(("text", "parts"), list(SPLIT.items())[:20])
def test_me_goes_first(text: str, parts: tuple[str, str]) -> None:
    """*me* may stand in front of it all."""
    found = when_phrase.split(f"Me {text}")
    assert (found.when, found.what, found.me) == (*parts, True)


@pytest.mark.parametrize("text", NO_TIME)
def test_everyday_words_are_no_time(text: str) -> None:
    """A text without a time, or with a word that only might be one, is refused instead of guessed at."""
    with pytest.raises(BadMoment, match="says no time; put one first"):
        when_phrase.split(text)


@pytest.mark.parametrize("text", ["", " ", "me", "me  "])
def test_nothing_is_said(text: str) -> None:
    """Who says nothing is asked when."""
    with pytest.raises(BadMoment, match="Say when"):
        when_phrase.split(text)
