"""A reading of a sentence: the words that say when a reminder comes, and the text."""

import re
from dataclasses import dataclass

from bot.domain.time.plain import INVISIBLE
from bot.domain.time.statement import Statement

_LEAD_IN = re.compile(
    r"\A(?:(?:remind me\s+)?(?:to|that)\s+|remind me about\s+|about\s+(?=(?:the|my|our|your|his|her|their|an?)\s)"
    r"|(?:[-\u2013\u2014:,;|/]|[-=]{0,2}>{1,2}|\u2192|\.{2,9}|\u2026)(?:\s+|\Z))",
    re.IGNORECASE,
)
# What leads on to the time: call mum -> 6pm, call mum | 6pm.
_ARROW = re.compile(r"\s(?:[-=]{0,2}>{1,2}|[\u2192|/])\Z")
# Leftovers of brackets or emphasis that surrounded a time.
_BRACKETS = frozenset("()[]*~")
_EMPTY = re.compile(r"[(\[]\s*[)\]]|\*\*\s*\*\*|~~\s*~~|\A(?:[)\]]|\*\*|~~)+(?=\s)|(?<=\s)(?:[(\[]|\*\*|~~)+\Z")
_UNSEEN = re.compile(rf"(?<!\S)[{INVISIBLE}]{{1,9}}|[{INVISIBLE}]{{1,9}}(?!\S)")
# An emoji by its name, as in :smile:, without the last colon.
_EMOJI = re.compile(r":\w{2,32}\Z")
_BLANK_LINES = re.compile(r"\n{3,}")
# Opening quotation marks, each with its closing one.
OPENING = {'"': '"', "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence may say: its statement about time, the words of it, and its text."""

    statement: Statement
    words: str
    what: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was read: without a reading it says no time, and in doubt it is to be asked about."""

    readings: tuple[Reading, ...] = ()
    is_in_doubt: bool = False
    text: str = ""
    # What it says if a bare number behind its time belongs to the text: "every day 10 push-ups".
    spare: Reading | None = None
    # Words beside those about time that are about time too.
    doubtful: str = ""

    @property
    def has_one_meaning(self) -> bool:
        """Return whether it is understood without a question about its words."""
        return bool(self.readings) and not self.is_in_doubt


def cleaned(text: str) -> str:
    """Return a text without what leads in to it: *to*, a dash or a colon; and without quotation marks around it."""
    bare = text.strip(" \n,;")
    if not _BRACKETS.isdisjoint(bare):
        bare = _EMPTY.sub("", bare).strip(" \n,;").replace("  ", " ")
    text = _ARROW.sub("", _LEAD_IN.sub("", bare, count=1))
    bare = text.rstrip(" ,;:-\n")
    if text.startswith(":", len(bare)) and _EMOJI.search(bare, max(0, len(bare) - 33)):
        bare += ":"
    return unquoted(bare)


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around it."""
    closing = OPENING.get(text[:1])
    if closing and len(text) > 2 and text.endswith((closing, '"')):
        return text[1:-1].strip()
    return text


def evenly_spaced(text: str) -> str:
    """Collapse whitespace to single spaces and at most two line breaks: searching long runs is slow.

    Invisible characters at either end of a word are dropped.
    """
    text = _UNSEEN.sub("", text)
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in text.strip().splitlines())).strip()


def first_word(text: str) -> tuple[str, str]:
    """Split a text into its first word and what follows."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""
