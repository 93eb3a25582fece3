import pytest

from bot.chat.privacy.commands import TOPIC
from bot.chat.text import command
from bot.domain.invocation import Invocation
from bot.domain.privacy import PrivacyVerb, parse
from bot.domain.question import Question


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", PrivacyVerb.SHOW),
        ("show", PrivacyVerb.SHOW),
        (" Share ", PrivacyVerb.SHARE),
        ("unshare", PrivacyVerb.UNSHARE),
        ("export", PrivacyVerb.EXPORT),
        ("DELETE", PrivacyVerb.DELETE),
    ],
)
def test_meaning(words: str, meant: PrivacyVerb) -> None:
    """Each verb is used alone, typed or as a slash command; without one, the overview is shown."""
    assert parse(TOPIC.read(words)) == meant
    assert parse(Invocation.of(words.strip().casefold() or "show")) == meant


@pytest.mark.parametrize("words", ["delete everything", "Delete my data", "delete me please", "delete: all"])
def test_words_that_say_no_more(words: str) -> None:
    """Words that merely say *all of it* after a verb change nothing."""
    assert parse(TOPIC.read(words)) == PrivacyVerb.DELETE


def test_every_verb() -> None:
    """Every slash command is understood."""
    for verb in TOPIC.verbs:
        parse(Invocation.of(verb))


@pytest.mark.parametrize("words", ["everything", "delete now", "show others", "share yes"])
def test_refusal(words: str) -> None:
    """An unknown word, or one after a verb, is refused as a whole, with every verb to press."""
    with pytest.raises(Question, match=f"I don't know “{words}”") as asked:
        parse(TOPIC.read(words))
    assert {choice.line.partition(" ")[2] for choice in asked.value.choices} == TOPIC.verbs.keys()
    assert all(choice.alone for choice in asked.value.choices)


def test_spelling() -> None:
    """Examples are spelled with their verb."""
    assert command("privacy", "/") == "/privacy show"
    assert command("privacy share", "/") == "/privacy share"
    assert command("privacy", "!") == "!privacy"
