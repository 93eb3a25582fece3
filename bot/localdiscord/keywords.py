"""Keyword rules: which words a guild's AutoMod blocks.

Source: https://discord.com/developers/docs/resources/auto-moderation
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class KeywordRule:
    """Keywords that are blocked.

    `cat` is a whole word, `cat*` begins one, `*cat` ends one, `*cat*` may be within one; case does not matter.
    """

    keywords: tuple[str, ...]
    exempt_roles: frozenset[str] = frozenset()
    exempt_channels: frozenset[str] = frozenset()
    spares_bots: bool = False

    def matches(self, text: str) -> bool:
        """Return whether a text has one of the keywords."""
        return any(re.search(_pattern(keyword), text, re.IGNORECASE) for keyword in self.keywords)


def _pattern(keyword: str) -> str:
    start = "" if keyword.startswith("*") else r"(?<!\w)"
    end = "" if keyword.endswith("*") else r"(?!\w)"
    return start + re.escape(keyword.strip("*")) + end
