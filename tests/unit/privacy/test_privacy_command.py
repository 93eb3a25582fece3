import pytest

from bot.chat.privacy.commands import TOPIC
from bot.chat.text import command
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.privacy import Command, Delete, Export, Share, Show, parse


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Show()),
        ("show", Show()),
        (" Share ", Share(shares=True)),
        ("unshare", Share(shares=False)),
        ("export", Export()),
        ("DELETE", Delete()),
    ],
)
def test_meaning(words: str, meant: Command) -> None:
    """Each verb stands alone, typed or as a slash command; without one, what is kept is shown."""
    assert parse(TOPIC.read(words)) == meant
    assert parse(Invocation.of(words.strip().casefold() or "show")) == meant


def test_every_verb() -> None:
    """Each slash command there is has a meaning."""
    for verb in TOPIC.verbs:
        parse(Invocation.of(verb))


@pytest.mark.parametrize("words", ["everything", "delete now", "show all", "help", "share: yes"])
def test_refusal(words: str) -> None:
    """A word that is no verb, or that follows one, is refused whole, with an example."""
    with pytest.raises(UserError, match=f"“{words}” is nothing I know") as refused:
        parse(TOPIC.read(words))
    assert refused.value.example == "privacy export"


def test_spelling() -> None:
    """Examples are spelled with the verb that is meant."""
    assert command("privacy", "/") == "/privacy show"
    assert command("privacy share", "/") == "/privacy share"
    assert command("privacy", "!") == "!privacy"
