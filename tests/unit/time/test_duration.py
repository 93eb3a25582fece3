from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    "\N{ARABIC-INDIC DIGIT FIVE}": 5,
    "\N{DEVANAGARI DIGIT TWO}\N{DEVANAGARI DIGIT FIVE}m": 1500,
    "\N{FULLWIDTH DIGIT NINE}\N{FULLWIDTH DIGIT ZERO}s": 90,
}
BAD = [
    "0", "0s", "0:00", "0.5", "0.999", "-5", "-1h", "\N{MINUS SIGN}5", "nan", "NaN", "inf", "-inf", "+inf",
    "1e9", "1e1", "25h", "86401", "24:00:01", "99999999999999999999", "9" * 5000, "999999999d999999999h",
    "5x", "5m5", "m5", "1h30",
    "1:60:00", "1:2:3:4", "5:5", ":30", "5.", "5..5", "1,5", "5 m", "--5", "+-5", "0x10", "1_000",
    "infinity", "25:60", "\N{SUPERSCRIPT TWO}",
    "\N{VULGAR FRACTION ONE HALF}", "5️⃣", "m", "h", "", ".",
]  # fmt: skip


@pytest.mark.parametrize(("word", "seconds"), GOOD.items())
def test_reads(word: str, seconds: float) -> None:
    """A duration is read in each of the spellings that people use, in the digits of every script."""
    assert duration.parse(word) == timedelta(seconds=seconds)


@pytest.mark.parametrize("word", BAD)
def test_refuses(word: str) -> None:
    """What is no duration, or lies outside 1 s to 24 h, is refused with a right example."""
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
    """Whatever is typed is either a length within the limits or refused, never a failure."""
    try:
        length = duration.parse(text)
    except BadDuration:
        return
    assert duration.SHORTEST <= length <= duration.LONGEST


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (0.9, "0 s"), (59, "59 s"), (90, "1 min 30 s"), (5400, "1 h 30 min"), (90061, "1 d 1 h")],
)
def test_spoken(seconds: float, said: str) -> None:
    """A length is said in its two largest units."""
    assert duration.spoken(timedelta(seconds=seconds)) == said


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
    """A number and its unit are one word, though a space parts them."""
    assert duration.split(text) == parted


def test_bare_minutes() -> None:
    """A bare number is minutes where they are meant, and only a bare number."""
    assert duration.parse("1.5", bare="m") == timedelta(seconds=90)
    assert duration.parse("90s", bare="m") == timedelta(seconds=90)
    with pytest.raises(BadDuration, match=r"minutes \(25\), units"):
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
    """What is written of a length is read as that length, to the millisecond."""
    length = timedelta(milliseconds=milliseconds)
    assert duration.read(duration.written(length)) == length
