import pytest

from bot.chat.focus.commands import TOPIC
from bot.domain.spelling import LONGEST, is_slip, nearest

KNOWN = ["classic", "deep", "My-Plan", *TOPIC.verbs]


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("clasic", "classic"), ("DEEP", "deep"), ("my plan", "My-Plan"), ("stpo", "stop"), ("xyz", None), ("", None)],
)
def test_nearest(wrong: str, near: str | None) -> None:
    """A misspelt name is near its correct one."""
    assert nearest(wrong, KNOWN) == near


@pytest.mark.parametrize(
    ("wrong", "right", "slips"),
    [
        ("cancell", "cancel", True),
        ("paus", "pause", True),
        ("stauts", "status", True),
        ("Clasic", "classic", True),
        ("lsit", "list", True),
        ("stop", "stop", False),
        ("stp", "stoop", False),
        ("tea", "time", False),
        ("abdc", "abcd", True),
        ("bacd", "abdc", False),
        ("", "a", True),
    ],
)
def test_slip(wrong: str, right: str, slips: bool) -> None:
    """One letter too many, missing or wrong, or two neighbours swapped, is a slip; two of these are not."""
    assert is_slip(wrong, right) is slips
    assert is_slip(right, wrong) is slips


def test_same_letters() -> None:
    """Of names with the same letters, the one with nearly the same order is near."""
    assert nearest("abcdfe", [*("fedcba", "badcfe"), "abcdef"]) == "abcdef"


def test_longer_than_any_name() -> None:
    """A whole text is no misspelt name, nor is a person's name for a channel."""
    assert nearest("classic " * 10, KNOWN) is None
    assert nearest("x" * LONGEST, ["x" * (LONGEST + 1)]) is None
