"""Amounts of time as people write them: ``1h 30m``, ``1,5 h``, ``an hour and a half``, ``forty-five minutes``.

    length  =  amount, amount and amount …       from the larger unit to the smaller
    amount  =  number unit  |  half an hour  |  an hour and a half

The caller decides how long a unit is: days may be 24 hours, or a calendar's.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.time.plain import plain, starts

# Units from the largest to the smallest: years, months, weeks, days, hours, minutes, seconds.
UNITS = ("y", "mo", "w", "d", "h", "m", "s")
# The most amounts in a length, and the most words at the end of a text that are tried as a length.
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
_MANY = {"dozen": 12, "hundred": 100}
WORDS = dict(zip((*_ONES, *_TENS), (*range(1, 20), *range(20, 100, 10)), strict=True))
WORDS |= {f"{article}{word}": number for article in ("", "a ", "one ") for word, number in _MANY.items()}
WORDS |= {f"{ten} {unit}": WORDS[ten] + WORDS[unit] for ten in _TENS for unit in _ONES[:9]}
# Numbers in letters, as a pattern: the tens once each, since it stands in many that every start compiles.
_BELOW_HUNDRED = f"(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))}"
IN_LETTERS = f"{_BELOW_HUNDRED}|(?:a |one )?(?:dozen|hundred)"
# Hundreds with what follows them: two hundred, a hundred and twenty.
_HUNDREDS = rf"(?:(?:a|{'|'.join(_ONES[:9])})[ -])?hundred(?:[ -](?:and )?(?:{_BELOW_HUNDRED}))?"
_NUMBER = re.compile(rf"{_HUNDREDS}|{IN_LETTERS}")
# Multiplication signs, as a pattern: 4x25.
TIMES = "[x*\N{MULTIPLICATION SIGN}]"
_FRACTIONS = {
    sign: Decimal(quarters) / 4
    for quarters, signs in ((1, ("quarter", "¼")), (2, ("half", "½")), (3, ("three quarters", "¾")))
    for sign in signs
}
_SMALLER = {"d": ("h", 24), "h": ("m", 60), "m": ("s", 60)}
_UNIT = (
    r"(?:(?P<y>y(?:(?:ea)?rs?)?)|(?P<mo>mo(?:s|nths?)?)|(?P<w>w(?:(?:ee)?ks?)?)|(?P<f>fortnights?)|(?P<d>d(?:ays?)?)"
    r"|(?P<h>h(?:(?:ou)?rs?)?)|(?P<m>m(?:in(?:ute)?s?|ns?)?)|(?P<s>s(?:ec(?:ond)?s?)?))(?![^\W\d_])"
)
# A full stop belongs to an abbreviation, and ends a sentence otherwise.
_STOP = r"(?:(?<=hr|in|ec|rs|ns|cs|wk|ks)\.(?=\s|$))?"
_SIGN = r"[½¼¾]|[1-9]/[234](?!\d)"
_AMOUNT = re.compile(
    rf"(?:(?:(?P<number>\d{{1,9}}(?:[.,]\d{{1,9}})?|[.,]\d{{1,9}})(?: ?(?P<and_sign>{_SIGN}))?"
    rf"|(?P<sign>{_SIGN})(?:(?: of)?(?: an?)?(?= ))?"
    rf"|(?P<word>{_HUNDREDS}|{IN_LETTERS})|(?P<couple>(?:a )?couple(?: of)?))"
    r"(?P<more> (?:and|n|&) (?:an? )?(?:half|quarter))?(?: more(?= ))?[ -]?"
    r"|(?P<part>(?:a )?half|(?:a )?quarter|three[ -]quarters)(?: of)?(?:[ -]?an?| n)?[ -]"
    r"|(?P<an>an? (?=\w\w\w|(?:hr|wk|yr)\b)(?!sec(?:ond)?\b)|(?=(?:hour|day|week|month|year) and a half)))"
    rf"{_UNIT}{_STOP}"
    r"(?P<rest> (?:and|n|&) (?:an? |(?<=hour and ))(?:half|quarter)\b)?"
)
_BETWEEN = re.compile(r" ?,? ?and |, ?| ?")
_ATTACHED = re.compile(r"(\d{1,2})(?![\w:/%-]|[.,]\d)")
_APART = re.compile(rf" (?:and )?(?:(\d{{1,2}})|({IN_LETTERS}))$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of units."""

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


def length(*amounts: tuple[int, str]) -> Length:
    """Return the length of these amounts, from the largest unit to the smallest."""
    return Length(tuple(Amount(Decimal(number), unit) for number, unit in amounts), 0, 0)


def in_letters(text: str) -> int | None:
    """Return the number that a plain text is in letters: *twenty-five*, *a hundred and five*; None for others."""
    if not _NUMBER.fullmatch(text):
        return None
    number = 0
    for word in text.replace("-", " ").split():
        number = max(number, 1) * _MANY[word] if word in _MANY else number + WORDS.get(word, 0)
    return number


def at(text: str, start: int) -> Length | None:
    """Parse the longest length at a place of a plain text; None if there is none."""
    amounts: list[Amount] = []
    end = place = start
    is_vague = False
    while len(amounts) < _MOST_AMOUNTS and (match := _AMOUNT.match(text, place)):
        amount = _amount(match)
        if amounts and (
            UNITS.index(amount.unit) <= UNITS.index(amounts[-1].unit)
            or _is_text(match, text[end:place])
            or text[place] in ".,"  # 1h.30m
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


def number(text: str) -> int:
    """Return a whole number in digits or letters; 0 of anything else."""
    return in_letters(text) or (int(text) if text.isdigit() else 0)


def whole(text: str) -> Length | None:
    """Parse all of a text as a length; None if it is none."""
    length = at(text, 0)
    if length and length.end == len(text):
        return length
    last = length.amounts[-1] if length else None
    if length and last and last.unit in _NEXT and (trailing := _APART.fullmatch(text, length.end)):
        more = Amount(Decimal(trailing[1] or in_letters(trailing[2]) or 0), _NEXT[last.unit])
        return Length((*length.amounts, more), 0, len(text), length.is_vague)
    return None


def at_front(text: str) -> Length | None:
    """Parse the length at the front of what somebody typed; None if there is none."""
    return at(plain(text[:_LONGEST]), 0) if text else None


def at_end(text: str) -> Length | None:
    """Parse the length at the end of what somebody typed; None if there is none."""
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
    if (match["sign"] or "").endswith("/3") and unit in _SMALLER:  # so that it comes out even
        unit, times = _SMALLER[unit]
        return Amount((number * times).quantize(1), unit)
    for more in (match["more"], match["rest"]):
        if more:
            number += _FRACTIONS[more.rpartition(" ")[2]]
    if unit == "y" and number % 1 and not match["number"]:  # half a year
        return Amount(number * 12, "mo")
    return Amount(number * 2, "w") if unit == "f" else Amount(number, unit)


def _fraction(sign: str) -> Decimal:
    above, _, below = sign.partition("/")
    return Decimal(above) / Decimal(below) if below else _FRACTIONS[sign]


def _number(match: re.Match[str]) -> Decimal:
    if match["number"]:
        sign = match["and_sign"]
        return Decimal(match["number"].replace(",", ".")) + (_fraction(sign) if sign else 0)
    if match["sign"]:
        return _fraction(match["sign"])
    if match["word"]:
        return Decimal(in_letters(match["word"]) or 0)
    if match["couple"]:
        return Decimal(2)
    if match["part"]:
        return _FRACTIONS[match["part"].removeprefix("a ").replace("-", " ")]
    return Decimal(1)
