"""What somebody can ask for of their own data, and its parser."""

from enum import StrEnum

from bot.domain.invocation import Invocation
from bot.domain.question import Choice, Question
from bot.messages.catalogue import N_


class PrivacyVerb(StrEnum):
    """The commands, none of which has arguments."""

    SHOW = "show"
    SHARE = "share"
    UNSHARE = "unshare"
    EXPORT = "export"
    DELETE = "delete"


def parse(asked: Invocation) -> PrivacyVerb:
    """Return the verb of ``privacy``. Raises ``Question`` where something follows it."""
    if asked.words:
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
