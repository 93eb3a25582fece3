"""Words about lengths from now: ``in 20m``, ``20m ago``; some may be another length, or a time of day: ``in 5``."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.domain.time import amounts
from bot.domain.time.amounts import IN_LETTERS, Amount, Length
from bot.domain.time.names import END
from bot.domain.time.tokens import FromNow, Vague, Value

# *In about 20 minutes* has one meaning: a reminder cannot be vague, and its answer says when it comes.
_LEAD = re.compile(
    r"(?P<sure>in(?: +(?:(?:exactly|just|about|abt|around|roughly|like|approx(?:\.|imately)?|circa|ca\.?) )?"
    r"|(?=\d))"
    r"|after +|\+(?=\d))?(?:another )?"
)
# A week's time, two weeks' time, in 3 days time; but not: in 10 minutes time the eggs.
_BEHIND = re.compile(
    r"(?: (?P<way>from now|from today|ago|later)|(?P<time>'s? time)"
    r"|(?<=ys|rs|es|ks|hs) (?P<bare>time)(?! (?:the|my|your|our|a|an|it)\b))(?!\w)"
)
_ONE_BESIDE = re.compile(r"(?:(?:the )?(?P<d>day)|(?P<w>week)) (?=(?:after|before) (?!next|last))")
_FEW = re.compile(rf"(?:in )?(?:a )?(?:few|several|some) (?P<unit>minutes|mins|hours|days|weeks){END}")
_BARE_IN = re.compile(rf"in (?P<number>\d{{1,3}}|{IN_LETTERS}){END}(?![.,:/]\d|%)")
# *In 20 to call mum* is hardly a number of hours.
_MINUTES_IN = re.compile(
    r"in (?P<number>15|20|25|30|35|40|45|50|55|fifteen|twenty|twenty-five|thirty|forty|forty-five|fifty)"
    r"(?= to \D|[ .!]*\Z)"
)
_RANGE_IN = re.compile(
    rf"in (?:a |an )?(?P<low>\d{{1,3}}|{IN_LETTERS})(?: ?- ?| to | or )(?P<high>\d{{1,3}}|{IN_LETTERS}) "
    rf"?(?P<unit>h|m|d|w|hours|hrs|minutes|mins?|days|weeks){END}"
)
_ONE_OR_TWO = re.compile(rf"in (?:an?|one) (?P<unit>minute|hour|day|week) or (?:two|2){END}")
_CLOCK_IN = re.compile(
    rf"(?:(?P<in>in )|(?=\d:[0-5]\d ?h(?:ou)?rs?\b))(?P<hours>\d{{1,2}}):(?P<minutes>[0-5]\d)"
    rf"(?P<unit>:(?P<seconds>[0-5]\d)| ?h(?:(?:ou)?rs?)?)?{END}(?!:\d)"
)
_NEXT_ONE = re.compile(rf"(?<=for the next )(?P<unit>hour|day|week|month|year){END}")
_LETTERS = {"hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"}
# The afternoon's hours as the French and Germans write them, or a length.
_CLOCK_H = re.compile(rf"(?P<hours>1[3-9]|2[0-3])h(?P<minutes>[0-5]\d){END}(?![.,:]\d)")


def read(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield the lengths that begin at a place of a plain text, each with its end."""
    yield from _in_doubt(text, at) if _CLOCK_H.match(text, at) else _lengths(text, at)


def _lengths(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _NEXT_ONE.match(text, at):
        unit = _LETTERS[match["unit"]]
        yield FromNow(Length((Amount(Decimal(1), unit),), at, match.end())), match.end()
    lead = _LEAD.match(text, at)
    start = lead.end() if lead else at
    if length := amounts.at(text, start):
        behind = _BEHIND.match(text, length.end)
        is_sure = bool(lead and lead["sure"])
        if behind and behind["bare"] and not is_sure:
            behind = None
        is_ago = bool(behind and behind["way"] == "ago")
        if is_sure or not text.startswith(" of ", length.end):  # 20 minutes of yoga
            yield FromNow(length, is_sure or bool(behind), is_ago), behind.end() if behind else length.end
    if match := _ONE_BESIDE.match(text, at):
        amount = Amount(Decimal(1), match.lastgroup or "d")
        yield FromNow(Length((amount,), at, match.end(), is_vague=True)), match.end() - 1
    if match := _FEW.match(text, at):
        yield Vague(f"few {match['unit']}"), match.end()
    yield from _in_doubt(text, at)


def _in_doubt(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield lengths that may be another one, or a time of day: *in 5*, *in 5-10 minutes*, *18h30*."""
    if match := _CLOCK_H.match(text, at):
        yield Vague(f"in {match['hours']}:{match['minutes']}"), match.end()
    if match := _CLOCK_IN.match(text, at):
        numbers = zip("hms", (match["hours"], match["minutes"], match["seconds"] or "0"), strict=True)
        length = Length(tuple(Amount(Decimal(number), unit) for unit, number in numbers), at, match.end())
        vague = f"in {match['hours']}:{match['minutes']}"
        yield FromNow(length, is_sure=True) if match["in"] and match["unit"] else Vague(vague), match.end()
    if match := _RANGE_IN.match(text, at):
        yield (
            Vague(f"in {amounts.number(match['low'])} {amounts.number(match['high'])} {match['unit'][0]}"),
            match.end(),
        )
    if match := _ONE_OR_TWO.match(text, at):
        yield Vague(f"in 1 2 {match['unit'][0]}"), match.end()
    if match := _MINUTES_IN.match(text, at):
        length = Length((Amount(Decimal(amounts.number(match["number"])), "m"),), at, match.end())
        yield FromNow(length, is_sure=True), match.end()
    elif match := _BARE_IN.match(text, at):
        yield Vague(f"in {amounts.number(match['number'])}"), match.end()
