import pytest

import bot.cogs  # noqa: F401 - it lists all topics
from bot.chat.runtime.topics import topics
from bot.domain.timers.parser import parse


@pytest.mark.parametrize(
    ("topic", "example"),
    [
        (name, example)
        for name in ("pomodoro", "timer")
        for verb in topics()[name].verbs.values()
        for example in (*verb.examples, "25m", "cancel #1 and #2")
    ],
)
def test_spelling(topic: str, example: str) -> None:
    """A typed command is spelled as the slash command with the same meaning."""
    described = topics()[topic]
    spelled = described.spell(example)
    assert parse(described.read(spelled.removeprefix(topic)), described) == parse(
        described.read(example), described
    )
    assert len(spelled.split()) == 2 or ": " in spelled
