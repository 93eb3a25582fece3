"""A timer's name: what a person typed, kept as they meant it and safe to store and show on one line."""

import re
import unicodedata

from bot.domain.errors import BadName

LONGEST = 80
DEFAULT = "pomodoro"
_EXAMPLE = "pomodoro green tea 5m"
# Controls, format characters (bidirectional overrides, zero-width marks) and lone surrogates.
# The zero-width joiners stay: emoji and several scripts are written with them.
_STRIPPED = {"Cc", "Cf", "Cs"}
_KEPT = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_INVISIBLE = re.compile(rf"[\s{_KEPT}\ufe00-\ufe0f\u115f\u1160\u3164\uffa0\u2800]*")


def visible(raw: str) -> str:
    """Give a text without control characters, in Unicode's composed form, on one line with single spaces."""
    spaced = " ".join(raw.split())
    kept = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _STRIPPED)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def is_blank(text: str) -> bool:
    """Tell whether there is nothing in a text that can be seen."""
    return _INVISIBLE.fullmatch(text) is not None


def clean(raw: str, *, longest: int = LONGEST, example: str = _EXAMPLE) -> str:
    """Give what is ``visible`` of a name.

    Raises ``BadName``, with ``example`` shown, where nothing is left of it or more than ``longest`` characters are.
    """
    name = visible(raw)
    if is_blank(name):
        raise BadName("That name has nothing in it that can be seen.", example)
    if len(name) > longest:
        raise BadName(f"That name is {len(name)} characters long; {longest} is the most.", example)
    return name


def same(one: str, other: str) -> bool:
    """Tell whether two names are the same to a person: capitals, composed forms and what is unseen do not count."""
    return folded(one) == folded(other)


def begins(name: str, beginning: str) -> bool:
    """Tell whether a name begins with something, compared as ``same`` does."""
    return folded(name).startswith(folded(beginning))


def folded(name: str) -> str:
    """Give what is ``same`` for all spellings of a name that are the same, to group by; not to be shown."""
    return unicodedata.normalize("NFKC", visible(name)).casefold()
