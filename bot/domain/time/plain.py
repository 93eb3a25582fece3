"""The plain form of a text: small letters, digits 0 to 9, and quotation marks, dashes and spaces of a keyboard.

It has the same length, so that positions in one hold in the other.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping

_SAME = str.maketrans(
    {
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{DOUBLE LOW-9 QUOTATION MARK}": '"',
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{PRIME}": "'",
        "\N{DOUBLE PRIME}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{IDEOGRAPHIC SPACE}": " ",
        "\t": " ",
        "\n": " ",
    }
)
# Invisible characters, which come with text copied from web pages and typed on some keyboards.
INVISIBLE = "\u00ad\u180e\u200b\u200e\u200f\u2060\ufeff"
_SAME |= dict.fromkeys(map(ord, INVISIBLE), " ")
# The wide forms of ! to ~ on East Asian keyboards, and how far they are from these.
_SAME |= {wide: chr(wide - 0xFEE0).lower() for wide in range(0xFF01, 0xFF5F)}
# Letters that look like digits, in a number: 2o, l0.
_LOOKALIKE = re.compile(r"(?<!\w)(?=[oil|]{0,3}\d|[il|]o)[\doil|]{1,4}(?![^\W\d_hms])", re.IGNORECASE)
_DIGIT_OF = str.maketrans("oOiIlL|", "0011111")
# Beyond the last block that has digits.
_LAST_DIGIT = 0x20000


@functools.cache
def _digits() -> Mapping[int, str]:
    """Return 0 to 9 by the code points of the digits of every script, and of those in circles."""
    others = filter(str.isdecimal, map(chr, range(128, _LAST_DIGIT)))
    circled = {0x245F + number: str(number) for number in range(1, 10)}
    return {ord(digit): str(unicodedata.decimal(digit)) for digit in others} | circled


@functools.cache
def _signs() -> Mapping[int, str]:
    return {**_SAME, **_digits()}


def plain(text: str) -> str:
    """Return the plain form of a text."""
    if text.isascii():
        return text.lower().translate(_SAME)
    small = text.lower()
    if len(small) != len(text):  # a few letters are two when they are small
        small = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return small.translate(_signs())


def with_digits(text: str) -> str:
    """Return a text with digits for the letters that look like them in a number: *2o min*."""
    return _LOOKALIKE.sub(lambda match: match[0].translate(_DIGIT_OF), text)


def starts(text: str, most: int) -> list[int]:
    """Return where the last words of a text start, at most ``most`` of them, in order."""
    places: list[int] = []
    end = len(text.rstrip())
    while end > 0 and len(places) < most:
        start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end), text.rfind("\t", 0, end)) + 1
        places.append(start)
        end = len(text[:start].rstrip()) if start else 0
    return places[::-1]
