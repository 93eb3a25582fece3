from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import BadDuration
from bot.domain.time import duration

GOOD = {
    "5": 5,
    "2.5": 2.5,
    "1.25": 1.25,
    "+90": 90,
    "90s": 90,
    "25m": 1500,
    "25min": 1500,
    "1h30m": 5400,
    "1H30M": 5400,
    "1.5h": 5400,
    "1h2m3s": 3723,
    "25:00": 1500,
    "90:00": 5400,
    "1:30:00": 5400,
    "0:00:05": 5,
    "24h": 86_400,
    "1d": 86_400,
    "86400": 86_400,
    "5 min": 300,
    "1h 30m": 5400,
    "1 h, 30 m": 5400,
    "1 hour and 30 minutes": 5400,
    "1h30": 5400,
    "5m5": 305,
    "2 min 30": 150,
    "1,5h": 5400,
    "1.5 hours": 5400,
    "0.5 days": 43_200,
    "30 sec.": 30,
    "1½ hours": 5400,
    "1 1/2 h": 5400,
    "half an hour": 1800,
    "half-hour": 1800,
    "half a day": 43_200,
    "an hour and a half": 5400,
    "Two and a Half Hours": 9000,
    "three quarters of an hour": 2700,
    "twenty minutes": 1200,
    "forty-five minutes": 2700,
    "a couple of hours": 7200,
    "an hour": 3600,
    "\N{ARABIC-INDIC DIGIT FIVE}": 5,
    "\N{DEVANAGARI DIGIT TWO}\N{DEVANAGARI DIGIT FIVE}m": 1500,
    "\N{FULLWIDTH DIGIT NINE}\N{FULLWIDTH DIGIT ZERO}s": 90,
}
BAD = [
    "0", "0s", "0:00", "0.5", "0.999", "-5", "-1h", "\N{MINUS SIGN}5", "nan", "NaN", "inf", "-inf", "+inf",
    "1e9", "1e1", "25h", "86401", "24:00:01", "99999999999999999999", "9" * 5000, "999999999d999999999h",
    "5x", "m5", "1h 30 eggs", "30m 1h", "an", "a m", "half", "an hour and",
    "1:60:00", "1:2:3:4", "5:5", ":30", "5.", "5..5", "1,5", "--5", "+-5", "0x10", "1_000",
    "infinity", "25:60", "\N{SUPERSCRIPT TWO}",
    "\N{VULGAR FRACTION ONE HALF}", "5️⃣", "m", "h", "", ".",
]  # fmt: skip


@pytest.mark.parametrize(("word", "seconds"), GOOD.items())
def test_reads(word: str, seconds: float) -> None:
    """A duration is read in every common spelling, in the digits of every script."""
    assert duration.parse(word) == timedelta(seconds=seconds)


@pytest.mark.parametrize("word", BAD)
def test_refuses(word: str) -> None:
    """An unreadable duration, or one outside 1 s to 24 h, is refused with a valid example."""
    with pytest.raises(BadDuration) as refused:
        duration.parse(word)
    assert refused.value.example
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "word", ["5", "5x", "+5", "-5", "nan", "INF", ".5", "\N{ARABIC-INDIC DIGIT FIVE}", "\N{MINUS SIGN}1"]
)
def test_is_meant(word: str) -> None:
    """A word that begins with a digit or a sign, or reads nan or inf, is meant as a duration."""
    assert duration.is_meant_as_duration(word)


@pytest.mark.parametrize("word", ["soon", "m5", "(5)", "infinite", "nano", ".", "", "…", "½"])
def test_is_not_meant(word: str) -> None:
    """Any other word belongs to the name."""
    assert not duration.is_meant_as_duration(word)


@given(st.integers(min_value=1, max_value=86_400))
def test_every_length_in_every_spelling(seconds: int) -> None:
    """Each whole second from 1 s to 24 h means the same as a number, in units and on a clock."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    spellings = (f"{seconds}", f"{hours}h{minutes}m{rest}s", f"{hours}:{minutes:02}:{rest:02}")
    assert {duration.parse(word) for word in spellings} == {timedelta(seconds=seconds)}


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    """Any text is either a length within the limits or refused, never a failure."""
    try:
        length = duration.parse(text)
    except BadDuration:
        return
    assert duration.SHORTEST <= length <= duration.LONGEST


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [(0, "0 s"), (0.9, "0 s"), (59, "59 s"), (90, "1 min 30 s"), (5400, "1 h 30 min"), (90061, "1 d 1 h")],
)
def test_spoken(seconds: float, spoken: str) -> None:
    """A length is written in its two largest units."""
    assert duration.spoken(timedelta(seconds=seconds)) == spoken


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("25m tea", ("25m", "tea")),
        ("25 min tea", ("25min", "tea")),
        ("1.5 H", ("1.5H", "")),
        ("25 mint tea", ("25", "mint tea")),
        ("25m min", ("25m", "min")),
        ("tea 25 m", ("tea", "25 m")),
        ("", ("", "")),
    ],
)
def test_split(text: str, parted: tuple[str, str]) -> None:
    """A number and its unit are one word, despite a space between them."""
    assert duration.split(text) == parted


def test_bare_minutes() -> None:
    """A bare number is minutes where the caller says so, and only a bare number."""
    assert duration.parse("1.5", bare="m") == timedelta(seconds=90)
    assert duration.parse("90s", bare="m") == timedelta(seconds=90)
    with pytest.raises(BadDuration, match=r"Try 25, 90s or 1h30m"):
        duration.parse("soon", bare="m")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5400, "1h30m"), (45, "45s"), (1.5, "1.5s"), (59.999, "59.999s"), (86_400, "24h"), (3601, "1h1s"), (0, "0s")],
)
def test_written(seconds: float, text: str) -> None:
    """A length is written short, in hours, minutes and seconds."""
    assert duration.written(timedelta(seconds=seconds)) == text


@given(st.integers(min_value=0, max_value=100_000_000))
def test_written_is_read(milliseconds: int) -> None:
    """The written form of a length is read as that length, to the millisecond."""
    length = timedelta(milliseconds=milliseconds)
    assert duration.read(duration.written(length)) == length


@pytest.mark.parametrize(
    ("text", "minutes", "rest"),
    [
        ("5m tea", 5, "tea"),
        ("5 min green tea", 5, "green tea"),
        ("1h 30m deep work", 90, "deep work"),
        ("1 h, 20 m bread", 80, "bread"),
        ("an hour and a half, the essay", 90, "the essay"),
        ("10m second draft", 10, "second draft"),
        ("10m a second draft", 10, "a second draft"),
        ("45m 3 eggs", 45, "3 eggs"),
        ("20m -5 points for Ben", 20, "-5 points for Ben"),
        ("2h 1:1 with Ana", 120, "1:1 with Ana"),
    ],
)
def test_at_front(text: str, minutes: int, rest: str) -> None:
    """A length in front ends where the text begins, even if the text begins with a number."""
    assert duration.at_front(text) == (timedelta(minutes=minutes), rest)


@pytest.mark.parametrize(
    ("text", "seconds", "rest"),
    [
        ("tea 1h 30m", 5400, "tea"),
        ("essay half an hour", 1800, "essay"),
        ("tea 2 min 30 s", 150, "tea"),
        ("lab 2 report, 40 min!", 2400, "lab 2 report"),
    ],
)
def test_at_end(text: str, seconds: int, rest: str) -> None:
    """A length at the end begins with its first amount, not with its last."""
    assert duration.at_end(text) == (timedelta(seconds=seconds), rest)


@pytest.mark.parametrize("text", ["25 essay", "tea 5", "10k run", "5 mangoes", "room 12", "may", "", "a m"])
def test_no_length(text: str) -> None:
    """A number without a unit, and a word that merely begins like a unit, are no length."""
    assert duration.at_front(text) is None
    assert duration.at_end(text) is None


@given(st.integers(min_value=1, max_value=100_000_000))
def test_spoken_is_read(seconds: int) -> None:
    """A written length is parsed as the same length."""
    spoken = duration.spoken(timedelta(seconds=seconds))
    length = duration.read(spoken)
    assert length is not None
    assert duration.spoken(length) == spoken
