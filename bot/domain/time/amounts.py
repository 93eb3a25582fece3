"""Amounts of time as people write them: ``1h 30m``, ``1,5 h``, ``an hour and a half``, ``forty-five minutes``.

    length  =  amount, amount and amount …       from the larger unit to the smaller
    amount  =  number unit  |  half an hour  |  an hour and a half

What an amount is worth is for the caller to say: days may be 24 hours, or a calendar's.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.time.plain import plain, starts

# Units from the largest to the smallest: years, months, weeks, days, hours, minutes, seconds.
UNITS = ("y", "mo", "w", "d", "h", "m", "s")
# The most amounts in a length, and the most words, from the end, that are tried as one.
_MOST_AMOUNTS, _MOST_WORDS = 7, 12
# The most characters that a length may have.
_LONGEST = 200
# The unit of a number that follows another unit without one of its own: 1h30, 2 min 30.
_NEXT = {"h": "m", "m": "s"}
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = dict(zip((*_ONES, *_TENS), (*range(1, 20), *range(20, 100, 10)), strict=True))
WORDS |= {f"{ten} {unit}": WORDS[ten] + WORDS[unit] for ten in _TENS for unit in _ONES[:9]}
# Numbers in letters, as a pattern.
IN_LETTERS = "|".join(sorted(WORDS, key=len, reverse=True)).replace(" ", "[ -]")
_FRACTIONS = {
    sign: Decimal(quarters) / 4
    for quarters, signs in (
        (1, ("quarter", "¼", "1/4")),
        (2, ("half", "½", "1/2")),
        (3, ("three quarters", "¾", "3/4")),
    )
    for sign in signs
}
_UNIT = (
    r"(?:(?P<y>y(?:(?:ea)?rs?)?)|(?P<mo>mo(?:s|nths?)?)|(?P<w>w(?:(?:ee)?ks?)?)|(?P<f>fortnights?)|(?P<d>d(?:ays?)?)"
    r"|(?P<h>h(?:(?:ou)?rs?)?)|(?P<m>m(?:in(?:ute)?s?)?)|(?P<s>s(?:ec(?:ond)?s?)?))(?![^\W\d_])"
)
# A full stop belongs to an abbreviation, and ends a sentence otherwise.
_STOP = r"(?:(?<=hr|in|ec|rs|ns|cs|wk|ks)\.(?=\s|$))?"
_SIGN = r"[½¼¾]|[13]/[24](?!\d)"
_AMOUNT = re.compile(
    rf"(?:(?:(?P<number>\d{{1,9}}(?:[.,]\d{{1,9}})?|[.,]\d{{1,9}})(?: ?(?P<and_sign>{_SIGN}))?|(?P<sign>{_SIGN})"
    rf"|(?P<word>{IN_LETTERS})|(?P<couple>(?:a )?couple(?: of)?))(?P<more> (?:and|n|&) an? (?:half|quarter))?[ -]?"
    r"|(?P<part>(?:a )?half|(?:a )?quarter|three[ -]quarters)(?: of)?(?:[ -]an?)?[ -]"
    rf"|(?P<an>an? (?=\w\w\w|(?:hr|wk|yr)\b)|(?=(?:hour|day|week|month|year) and a half))){_UNIT}{_STOP}"
    r"(?P<rest> (?:and|n|&) an? (?:half|quarter)\b)?"
)
_BETWEEN = re.compile(r" ?,? ?and |, ?| ?")
_ATTACHED = re.compile(r"(\d{1,2})(?![\w:/%-]|[.,]\d)")
_APART = re.compile(r" (\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Length:
    """Amounts from the largest to the smallest unit, and where in a text they start and end.

    ``is_vague`` tells that it begins with *a*, as a text may: *a week of rain*.
    """

    amounts: tuple[Amount, ...]
    start: int
    end: int
    is_vague: bool = False


def at(text: str, start: int) -> Length | None:
    """Parse the longest length at a place of a plain text; None where there is none."""
    amounts: list[Amount] = []
    end = place = start
    is_vague = False
    while len(amounts) < _MOST_AMOUNTS and (match := _AMOUNT.match(text, place)):
        amount = _amount(match)
        if amounts and (
            UNITS.index(amount.unit) <= UNITS.index(amounts[-1].unit) or _is_text(match, text[end:place])
        ):
            break
        is_vague = is_vague or (not amounts and bool(match["an"]))
        amounts.append(amount)
        end = match.end()
        if attached := _ATTACHED.match(text, end):
            if amount.unit in _NEXT and not match["rest"]:
                amounts.append(Amount(Decimal(attached[1]), _NEXT[amount.unit]))
                end = attached.end()
            break
        between = _BETWEEN.match(text, end)
        place = between.end() if between else end
    if not amounts or (end < len(text) and (text[end].isalnum() or text[end] == "_")):
        return None
    return Length(tuple(amounts), start, end, is_vague)


def whole(text: str) -> Length | None:
    """Parse all of a text as a length; None where it is none."""
    length = at(text, 0)
    if length and length.end == len(text):
        return length
    last = length.amounts[-1] if length else None
    if length and last and last.unit in _NEXT and (trailing := _APART.fullmatch(text, length.end)):
        more = Amount(Decimal(trailing[1]), _NEXT[last.unit])
        return Length((*length.amounts, more), 0, len(text), length.is_vague)
    return None


def at_front(text: str) -> Length | None:
    """Parse the length at the front of what somebody typed; None where there is none."""
    return at(plain(text[:_LONGEST]), 0) if text else None


def at_end(text: str) -> Length | None:
    """Parse the length at the end of what somebody typed; None where there is none."""
    small = plain(text.rstrip(" .!,"))
    for start in starts(small, _MOST_WORDS):
        if length := whole(small[start:]):
            return Length(length.amounts, start, start + length.end, length.is_vague)
    return None


def _is_text(match: re.Match[str], between: str) -> bool:
    """Return whether an amount behind another begins a text: *10m a second draft*."""
    return bool(match["an"]) and "and" not in between


def _amount(match: re.Match[str]) -> Amount:
    unit = next(name for name in (*UNITS, "f") if match[name])
    number = _number(match)
    for more in (match["more"], match["rest"]):
        if more:
            number += _FRACTIONS[more.rpartition(" ")[2]]
    return Amount(number * 2, "w") if unit == "f" else Amount(number, unit)


def _number(match: re.Match[str]) -> Decimal:
    if match["number"]:
        sign = match["and_sign"]
        return Decimal(match["number"].replace(",", ".")) + (_FRACTIONS[sign] if sign else 0)
    if match["sign"]:
        return _FRACTIONS[match["sign"]]
    if match["word"]:
        return Decimal(WORDS[match["word"].replace("-", " ")])
    if match["couple"]:
        return Decimal(2)
    if match["part"]:
        return _FRACTIONS[match["part"].removeprefix("a ").replace("-", " ")]
    return Decimal(1)
