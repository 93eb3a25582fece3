"""Durations as people write them: ``5``, ``90s``, ``25m``, ``1h30m``, ``1.5h``, ``25:00``, ``1:30:00``."""

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal

from bot.domain.errors import BadDuration

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=24)
DEFAULT = timedelta(minutes=25)

_UNIT_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_BARE = re.compile(rf"\+?({_NUMBER}|\.\d{{1,9}})")
_UNITS = re.compile(
    rf"\+?(?:({_NUMBER})d(?:ays?)?)?(?:({_NUMBER})h(?:ours?|rs?)?)?"
    rf"(?:({_NUMBER})m(?:in(?:ute)?s?)?)?(?:({_NUMBER})s(?:ec(?:ond)?s?)?)?"
)
_CLOCK = re.compile(r"\+?(?:(\d{1,3}):)?(\d{1,4}):(\d{2})")
_BELOW_ZERO = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_NOT_FINITE = {"nan", "inf", "infinity"}
_EXAMPLE = "pomodoro tea 25m"


def is_meant_as_duration(word: str) -> bool:
    """Tell whether a word that ends a request is meant as its duration, right or wrong.

    It is when it begins with a digit of any script or with a sign (or a decimal point before a digit),
    or when it reads ``nan`` or ``inf``; any other word belongs to the timer's name.
    """
    if word.casefold() in _NOT_FINITE:
        return True
    return word.lstrip(".")[:1].isdigit() or word.startswith(("+", *_BELOW_ZERO))


def parse(word: str, *, example: str = _EXAMPLE) -> timedelta:
    """Read one word as a length of time, to the millisecond.

    A bare number is seconds. Digits of every script count. Raises ``BadDuration``, with ``example``
    shown, where the word is no duration or lies outside ``SHORTEST`` to ``LONGEST``.
    """
    seconds = _seconds(_plain_digits(word).casefold())
    if seconds is None:
        shown = word if len(word) <= 20 else f"{word[:19]}…"
        if word.startswith(_BELOW_ZERO):
            raise BadDuration("“{}” is below zero; a timer needs at least 1 second.", example, shown)
        raise BadDuration(
            "“{}” is not a duration I know; seconds (90), units (1h30m) or a clock (25:00) are.", example, shown
        )
    length = timedelta(milliseconds=int(seconds * 1000))
    check(length, example=example)
    return length


def check(length: timedelta, *, example: str = _EXAMPLE) -> None:
    """Raise ``BadDuration`` where a length lies outside ``SHORTEST`` to ``LONGEST``."""
    if length < SHORTEST:
        raise BadDuration("That is too short; a timer runs for at least 1 second.", example)
    if length > LONGEST:
        raise BadDuration("That is too long; a timer runs for at most 24 hours.", example)


def spoken(length: timedelta) -> str:
    """Say a length in its two largest units, rounded down: ``1 h 30 min``, ``3 min``, ``45 s``, ``0 s``."""
    left = max(0, int(length.total_seconds()))
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _plain_digits(word: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in word)


def _seconds(word: str) -> Decimal | None:
    if match := _BARE.fullmatch(word):
        return Decimal(match[1])
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
