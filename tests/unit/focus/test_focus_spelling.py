import pytest

from bot.chat.focus.commands import TOPIC
from bot.domain.focus import parser
from bot.domain.focus.command import Command


def parse(words: str) -> Command:
    return parser.parse(TOPIC.read(words.replace("@Sam", "<@12>")), TOPIC)


@pytest.mark.parametrize(
    "words",
    [
        *(example for verb in TOPIC.verbs.values() for example in verb.examples),
        "deep warn manual at 14:00",
        "50 short 10",
        '3 rounds voice "Study Room"',
        "25m focus",
        "edit plan 25m, 5m break",
        "save mine 50 short 10 server",
        "forget mine server",
    ],
)
def test_spelling(words: str) -> None:
    """A typed command is spelled as the slash command with the same meaning."""
    spelled = TOPIC.spell(words)
    assert parse(spelled.removeprefix("focus ")) == parse(words)
    assert len(spelled.split()) == 2 or ": " in spelled


def test_spelling_of_nonsense() -> None:
    """Words that match no options are spelled as they are."""
    assert TOPIC.spell("edit rounds 3 rounds 4") == "focus edit rounds 3 rounds 4"
