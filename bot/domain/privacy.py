"""What somebody can ask for of their own data, and its parser."""

from enum import StrEnum

from bot.domain.invocation import Invocation
from bot.domain.question import Choice, Question
from bot.messages.catalogue import N_

# What may stand behind a verb and says no more than it does.
_ALL = {"all", "all of it", "everything", "it", "me", "data", "my data", "all my data", "my time", "my focus time"}


class PrivacyVerb(StrEnum):
    """The commands, none of which has arguments."""

    SHOW = "show"
    SHARE = "share"
    UNSHARE = "unshare"
    EXPORT = "export"
    DELETE = "delete"


def is_own_data(asked: Invocation) -> bool:
    """Return whether the words behind a verb, if any, say no more than it does."""
    return not asked.words or (asked.words != asked.text and asked.words.casefold() in _ALL)


def parse(asked: Invocation) -> PrivacyVerb:
    """Return the verb of ``privacy``. Raises ``Question`` if something follows it."""
    if not is_own_data(asked):
        raise Question(
            N_("I don't know “{quote}”. What would you like to do?"),
            Choice(N_("See what's stored"), "privacy show", alone=True),
            Choice(N_("Share my focus time"), "privacy share", alone=True),
            Choice(N_("Keep it private"), "privacy unshare", alone=True),
            Choice(N_("Get all of it"), "privacy export", alone=True),
            Choice(N_("Delete all of it"), "privacy delete", alone=True),
            quote=asked.text[:40],
        )
    return PrivacyVerb(asked.verb)
