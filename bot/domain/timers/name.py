"""A timer's name: what a person typed, made safe to store and to show on one line."""

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.errors import BadName
from bot.messages.catalogue import N_

LONGEST = 80
DEFAULT = "pomodoro"
# A timer of this name doesn't count as focus.
BREAK = "break"
_EXAMPLE = "pomodoro green tea 5m"
# Quotation marks, each with those that may close it.
QUOTES = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{DOUBLE LOW-9 QUOTATION MARK}": "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}",
}
# Controls, format characters (bidirectional overrides, zero-width marks) and lone surrogates.
# The zero-width joiners stay: emoji and several scripts need them.
_STRIPPED = {"Cc", "Cf", "Cs"}
_KEPT = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
# The most marks on one letter, as in Unicode's stream-safe text: normalising more takes quadratic time.
_MOST_MARKS = 30
_INVISIBLE = re.compile(rf"[\s{_KEPT}\ufe00-\ufe0f\u115f\u1160\u3164\uffa0\u2800]*")


def visible(raw: str) -> str:
    """Return a text without control characters, in NFC, on one line with single spaces."""
    text = " ".join(raw.split())
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    return " ".join(unicodedata.normalize("NFC", "".join(_kept(text))).split())


def cut(raw: str) -> str:
    """Return as much of the ``visible`` part of a text as a name may hold."""
    return visible(raw)[:LONGEST].strip()


def _kept(text: str) -> Iterator[str]:
    marks = 0
    for c in text:
        if c in _KEPT or unicodedata.category(c) not in _STRIPPED:
            marks = marks + 1 if unicodedata.combining(c) else 0
            if marks <= _MOST_MARKS:
                yield c


def is_blank(text: str) -> bool:
    """Return whether nothing in a text is visible."""
    return _INVISIBLE.fullmatch(text) is not None


def clean(raw: str, *, longest: int = LONGEST, example: str | None = _EXAMPLE) -> str:
    """Return the ``visible`` part of a name.

    Raises ``BadName``, with ``example``, if nothing is left of it, or more than ``longest`` characters.
    """
    # Longer than if every letter had all its marks: cleaning what cannot fit takes too long.
    name = " ".join(raw.split())
    if len(name) <= longest * (1 + _MOST_MARKS):
        name = visible(name)
        if is_blank(name):
            raise BadName(N_("That name looks empty."), example)
    if len(name) > longest:
        raise BadName(
            N_("That name is {length} characters long. Please keep it to {most}."),
            example,
            length=len(name),
            most=longest,
        )
    return name


def folded(name: str) -> str:
    """Return a key that is equal for spellings that a person takes for the same name; not for display.

    It ignores case, compatibility forms and invisible characters.
    """
    return unicodedata.normalize("NFKC", visible(name)).casefold()


def unquoted(text: str) -> str:
    """Take the quotes off a text that is all in quotes."""
    closing = QUOTES.get(text[:1], "")
    if len(text) > 2 and text.endswith(tuple(closing)) and not any(mark in text[1:-1] for mark in closing):
        return text[1:-1]
    return text
