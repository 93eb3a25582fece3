import unicodedata

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import BadName
from bot.domain.timers import name


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("tea", "tea"),
        ("  green \t tea\n", "green tea"),
        ("te\x00a\x07", "tea"),
        ("ev\N{RIGHT-TO-LEFT OVERRIDE}il", "evil"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "café"),
        ("👩\N{ZERO WIDTH JOINER}💻 code", "👩\N{ZERO WIDTH JOINER}💻 code"),
        ("x" * 80, "x" * 80),
        ("x" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}" * 99, "x" + "\u0323" * 15 + "\u0301" * 15),
        ("@everyone <@1> **x**", "@everyone <@1> **x**"),
    ],
)
def test_clean(raw: str, clean: str) -> None:
    """A name keeps its meaning, without invisible characters or those that would reverse the line."""
    assert name.clean(raw) == clean


@pytest.mark.parametrize(
    "raw", ["\x00", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH JOINER}", "\N{HANGUL FILLER}", "\ufe0f", "x" * 81]
)
def test_refused(raw: str) -> None:
    """An invisible name, or one of more than 80 characters, is refused."""
    with pytest.raises(BadName):
        name.clean(raw)


def test_too_long_to_be_cleaned() -> None:
    """A text longer than eighty letters with thirty marks each is refused as it was typed."""
    marked = "x" + "\N{COMBINING ACUTE ACCENT}" * 30
    assert name.clean(marked * 2) == marked * 2
    with pytest.raises(BadName) as refused:
        name.clean("\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}" * 3_000)
    assert refused.value.arguments["length"] == 6_000


@given(st.text(max_size=100))
def test_any_text(raw: str) -> None:
    """A cleaned name is short, one line, and stays the same when cleaned again."""
    try:
        clean = name.clean(raw)
    except BadName:
        return
    assert 0 < len(clean) <= name.LONGEST
    assert not any(unicodedata.category(c) == "Cc" for c in clean)
    assert name.clean(clean) == clean


def test_same() -> None:
    """Case, composition and invisible characters make no difference between names."""
    assert name.folded("Café") == name.folded("CAFE\N{COMBINING ACUTE ACCENT}")
    assert name.folded("te\N{ZERO WIDTH SPACE}a") == name.folded("tea")
    assert name.folded("tea") != name.folded("tee")
