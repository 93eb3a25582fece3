"""People in what somebody typed, as Discord writes a mention: ``<@12>``, ``<@&12>``, ``@everyone``."""

import re

# A quoted text is a name, whatever it looks like.
_PEOPLE = re.compile(
    r"(\"[^\"]*\"|“[^“”]*”)"
    r"|(?:\b(?:with|and|for) )?(?:<@[!&]?\d{1,20}>|(?<!\w)@(?:everyone|here)\b)[ ,]*",
    re.IGNORECASE,
)
# The most characters that are searched.
_SEARCHED = 400


def without(words: str) -> str | None:
    """Return words without the people in them; None where there are none."""
    searched = words[:_SEARCHED]
    if all(match[1] for match in _PEOPLE.finditer(searched)):
        return None
    return (_PEOPLE.sub(lambda match: match[1] or "", searched) + words[_SEARCHED:]).strip(" ,")
