"""Courtesy: polite words around a request that add nothing to it: *hey, can you … please*."""

import re

PLEASE = "(?:please|pls|plz|kindly)"
# What people say to somebody before they ask for something.
BEFORE = re.compile(
    rf"(?:(?:{PLEASE}|hey|hi|ok|okay|now|just|bot)(?:, ?| )"
    rf"|(?:can|could|would|will) (?:you|u|we|i) (?:{PLEASE} )?|let'?s )+(?=\S)",
    re.IGNORECASE,
)
_PLEASE = re.compile(rf"(?<=\S)(?:,? {PLEASE})+[ .!]*\Z", re.IGNORECASE)
_NOW = "(?:starting )?(?:right )?now"
_IN_FRONT = re.compile(rf"\A{PLEASE},? ", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:(?:\A|,? )(?:{PLEASE}|thanks|thank you|thx|ty|{_NOW}))+[.!]*\Z", re.IGNORECASE)
# The most characters at the end of a text that are searched.
_SEARCHED = 40


def without_please(text: str) -> str:
    """Return a text without *please* behind it."""
    return text[:-_SEARCHED] + _PLEASE.sub("", text[-_SEARCHED:])


def bare(words: str) -> str:
    """Return words without *please*, *thanks* and *now* at either end."""
    words = _IN_FRONT.sub("", words)
    return words[:-_SEARCHED] + _BEHIND.sub("", words[-_SEARCHED:])
