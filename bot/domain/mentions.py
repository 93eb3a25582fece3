"""Mentions in what somebody typed, as Discord writes them: ``<@12>``, ``<@&12>``, ``@everyone``, ``<#12>``."""

import re

from bot.domain.errors import UserError
from bot.messages.catalogue import N_

# Discord's ids, and the database's numbers, have 63 bits.
LARGEST_ID = (1 << 63) - 1
PERSON, ROLE, CHANNEL = (re.compile(rf"<{sign}(\d{{1,19}})>") for sign in ("@!?", "@&", "#"))
# A quoted text is a name, whatever it looks like.
_PEOPLE = re.compile(
    r"(\"[^\"]*\"|“[^“”]*”)"
    r"|(?:\b(?:with|and|for) )?(?:<@[!&]?\d{1,20}>|(?<!\w)@(?:everyone|here)\b)[ ,]*",
    re.IGNORECASE,
)
# The most characters of a wrong option that are quoted.
LONGEST_QUOTE = 40
# The most characters that are searched.
_SEARCHED = 400


def channel_id(text: str, example: str | None = None) -> int:
    """Return the id of a mentioned channel. Raises ``UserError`` if it is none."""
    if (match := CHANNEL.fullmatch(text)) and int(match[1]) <= LARGEST_ID:
        return int(match[1])
    raise UserError(
        N_("I don't know the channel “{quote}”. Mention it with #."), example, quote=text[:LONGEST_QUOTE]
    )


def no_role(text: str) -> UserError:
    """Return the error for a text that mentions no role."""
    return UserError(N_("I don't know the role “{quote}”. Mention it with @."), quote=text[:LONGEST_QUOTE])


def without_people(words: str) -> str | None:
    """Return words without the people in them; None if there are none."""
    searched = words[:_SEARCHED]
    if all(match[1] for match in _PEOPLE.finditer(searched)):
        return None
    return (_PEOPLE.sub(lambda match: match[1] or "", searched) + words[_SEARCHED:]).strip(" ,")
