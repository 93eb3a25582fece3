"""Durations as people write them: ``5``, ``90s``, ``25m``, ``1h30m``, ``1.5h``, ``25:00``, ``1:30:00``."""

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from bot.domain.errors import BadDuration
from bot.messages.catalogue import N_

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=24)
DEFAULT = timedelta(minutes=25)

_UNIT_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Beyond every limit, but within the range of timedelta.
_ENDLESS = Decimal(10**9)
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_BARE = re.compile(rf"\+?({_NUMBER}|\.\d{{1,9}})")
_UNITS = re.compile(
    rf"\+?(?:({_NUMBER})d(?:ays?)?)?(?:({_NUMBER})h(?:ours?|rs?)?)?"
    rf"(?:({_NUMBER})m(?:in(?:ute)?s?)?)?(?:({_NUMBER})s(?:ec(?:ond)?s?)?)?"
)
_SPACED = re.compile(
    rf"\+?{_NUMBER} (?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?!\S)", re.IGNORECASE
)
_CLOCK = re.compile(r"\+?(?:(\d{1,3}):)?(\d{1,4}):(\d{2})")
_BELOW_ZERO = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_NOT_FINITE = {"nan", "inf", "infinity"}
_EXAMPLE = "pomodoro tea 25m"
_NO_DURATION = {
    "s": N_("“{quote}” is not a duration I know; seconds (90), units (1h30m) or a clock (25:00) are."),
    "m": N_("“{quote}” is not a duration I know; minutes (25), units (1h30m) or a clock (25:00) are."),
}


def plain_digits(text: str) -> str:
    """Convert the digits of every script to 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def is_meant_as_duration(word: str) -> bool:
    """Return whether the last word of a request is meant as a duration, valid or not.

    It is where it begins with a digit of any script or a sign (or a decimal point before a digit), or is ``nan`` or
    ``inf``; any other word belongs to the timer's name.
    """
    if word.casefold() in _NOT_FINITE:
        return True
    return word.lstrip(".")[:1].isdigit() or word.startswith(("+", *_BELOW_ZERO))


def read(word: str, *, bare: Literal["s", "m"] = "s") -> timedelta | None:
    """Parse one word as a duration, to the millisecond and without range checks; None where it is none.

    A bare number is seconds, or minutes where ``bare`` says so. Digits of every script are accepted.
    """
    seconds = _seconds(plain_digits(word).casefold(), bare)
    if seconds is None:
        return None
    return timedelta(milliseconds=int(min(seconds, _ENDLESS) * 1000))


def parse(word: str, *, example: str = _EXAMPLE, bare: Literal["s", "m"] = "s") -> timedelta:
    """Parse one word as a timer's length, as ``read`` does.

    Raises ``BadDuration``, with ``example``, where it is not a duration or is outside ``SHORTEST`` to ``LONGEST``.
    """
    length = read(word, bare=bare)
    if length is None:
        shown = word if len(word) <= 20 else f"{word[:19]}…"
        if word.startswith(_BELOW_ZERO):
            raise BadDuration(N_("“{quote}” is below zero; a timer needs at least 1 second."), example, quote=shown)
        raise BadDuration(_NO_DURATION[bare], example, quote=shown)
    check(length, example=example)
    return length


def split(text: str) -> tuple[str, str]:
    """Split a text after its first word, which may be a duration.

    A number and its unit are one word, even with a space between: ``25 min tea`` gives ``25min`` and ``tea``.
    """
    if match := _SPACED.match(text):
        return match[0].replace(" ", ""), text[match.end() :].lstrip()
    word, _, rest = text.partition(" ")
    return word, rest


def check(length: timedelta, *, example: str = _EXAMPLE) -> None:
    """Raise ``BadDuration`` where a length is outside ``SHORTEST`` to ``LONGEST``."""
    if length < SHORTEST:
        raise BadDuration(N_("That is too short; a timer runs for at least 1 second."), example)
    if length > LONGEST:
        raise BadDuration(N_("That is too long; a timer runs for at most 24 hours."), example)


def spoken(length: timedelta) -> str:
    """Format a length in its two largest units, rounded down: ``1 h 30 min``, ``3 min``, ``45 s``, ``0 s``."""
    left = max(0, int(length.total_seconds()))
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def written(length: timedelta) -> str:
    """Format a length so that ``read`` returns the same again, to the millisecond: ``1h30m``, ``45s``, ``1.5s``."""
    seconds, milliseconds = divmod(length // timedelta(milliseconds=1), 1000)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    amounts = ((f"{hours}", "h"), (f"{minutes}", "m"), (f"{seconds + milliseconds / 1000:g}", "s"))
    return "".join(amount + unit for amount, unit in amounts if amount != "0") or "0s"


def _seconds(word: str, bare: Literal["s", "m"]) -> Decimal | None:
    if match := _BARE.fullmatch(word):
        return Decimal(match[1]) * _UNIT_SECONDS[bare]
    if match := _CLOCK.fullmatch(word):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if seconds >= 60 or (match[1] and minutes >= 60):
            return None
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    match = _UNITS.fullmatch(word)
    if match and any(match.groups()):
        amounts = zip(match.groups(), _UNIT_SECONDS.values(), strict=True)
        return sum((Decimal(amount) * size for amount, size in amounts if amount), Decimal(0))
    return None
