import pytest

from bot.chat.focus.commands import TOPIC
from bot.domain.spelling import LONGEST, nearest

KNOWN = ["classic", "deep", "My-Plan", *TOPIC.verbs]


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("clasic", "classic"), ("DEEP", "deep"), ("my plan", "My-Plan"), ("stpo", "stop"), ("xyz", None), ("", None)],
)
def test_nearest(wrong: str, near: str | None) -> None:
    """A name that is nearly right has a right one near it."""
    assert nearest(wrong, KNOWN) == near


def test_same_letters() -> None:
    """Of names with the same letters, the one that has them in nearly the same order is near."""
    assert nearest("abcdfe", [*("fedcba", "badcfe"), "abcdef"]) == "abcdef"


def test_longer_than_any_name() -> None:
    """A text is no misspelt name, and nor is what somebody calls a channel."""
    assert nearest("classic " * 10, KNOWN) is None
    assert nearest("x" * LONGEST, ["x" * (LONGEST + 1)]) is None
