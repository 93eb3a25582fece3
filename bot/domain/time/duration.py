"""Durations as people write them: ``5``, ``25:00``, ``25'``, and what ``amounts`` reads, such as ``1h 30m``."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from bot.domain.ellipsis import truncated
from bot.domain.errors import BadDuration
from bot.domain.time import amounts
from bot.domain.time.plain import plain
from bot.messages.catalogue import N_, listed, ngettext

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=24)
DEFAULT = timedelta(minutes=25)

_UNIT_SECONDS = {"y": 31_536_000, "mo": 2_592_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Beyond every limit, but within the range of timedelta.
_ENDLESS = Decimal(10**9)
_BARE = re.compile(r"\+?(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})")
_SPACED = re.compile(
    r"\+?\d{1,9}(?:\.\d{1,9})? (?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?!\S)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\+?(?:(\d{1,3}):)?(\d{1,4}):(\d{2})")
# Minutes, and seconds: 25', 5'30".
_PRIMES = re.compile(r"\+?(\d{1,4})'(?:([0-5]?\d)(?:\"|'')?)?")
# As programs write it: PT1H30M.
_ISO = re.compile(r"p(?:0d)?t((?:\d{1,4}h)?(?:\d{1,4}m)?(?:\d{1,4}s)?)")
_BELOW_ZERO = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_IN_WORDS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (86_400, lambda days: ngettext("{number} day", "{number} days", days)),
    (3_600, lambda hours: ngettext("{number} hour", "{number} hours", hours)),
    (60, lambda minutes: ngettext("{number} minute", "{number} minutes", minutes)),
    (1, lambda seconds: ngettext("{number} second", "{number} seconds", seconds)),
)
_NOT_FINITE = {"nan", "inf", "infinity"}
_EXAMPLE = "pomodoro tea 25m"
# The most characters of a duration.
_LONGEST = 200
_NO_DURATION = {
    "s": N_("I can't read “{quote}” as a length. Try 90s, 25m or 1h30m."),
    "m": N_("I can't read “{quote}” as a length. Try 25, 90s or 1h30m."),
}


def is_meant_as_duration(word: str) -> bool:
    """Return whether the last word of a request is meant as a duration, valid or not.

    It is where it begins with a digit of any script or a sign (or a decimal point before a digit), or is ``nan`` or
    ``inf``; any other word belongs to the timer's name.
    """
    if word.casefold() in _NOT_FINITE:
        return True
    return word.lstrip(".")[:1].isdigit() or word.startswith(("+", *_BELOW_ZERO))


def is_possible(length: timedelta) -> bool:
    """Return whether a timer may be so long."""
    return SHORTEST <= length <= LONGEST


def is_below_zero(word: str) -> bool:
    """Return whether a word has a minus in front."""
    return word.startswith(_BELOW_ZERO)


def read(text: str, *, bare: Literal["s", "m"] = "s") -> timedelta | None:
    """Parse all of a text as a duration, to the millisecond and without range checks; None if it is none.

    A bare number is seconds, or minutes where ``bare`` says so. Digits of every script are accepted.
    """
    seconds = _seconds(plain(text), bare) if len(text) <= _LONGEST else None
    return None if seconds is None else _length(seconds)


def by_itself(text: str) -> timedelta | None:
    """Parse a text that is nothing but a duration; a bare number is minutes, also in letters, except *one*."""
    minutes = amounts.in_letters(plain(text)) if len(text) <= _LONGEST else None
    return timedelta(minutes=minutes) if minutes and minutes > 1 else read(text, bare="m")


def at_front(text: str) -> tuple[timedelta, str] | None:
    """Parse the length with its unit at the front of a text, and return the rest too; None if there is none.

    *25 min tea* and *an hour and a half tea* have one, *25 tea* has not: the caller decides what a bare number is.
    """
    length = amounts.at_front(text)
    if length is None:
        return None
    return _length(_sum(length)), text[length.end :].lstrip(" ,")


def at_end(text: str) -> tuple[timedelta, str] | None:
    """Parse the length with its unit at the end of a text, and return what is before it too, or None."""
    length = amounts.at_end(text)
    if length is None:
        return None
    return _length(_sum(length)), text[: length.start].rstrip(" ,")


def parse(word: str, *, example: str = _EXAMPLE, bare: Literal["s", "m"] = "s") -> timedelta:
    """Parse one word as a timer's length, as ``read`` does.

    Raises ``BadDuration``, with ``example``, if it is not a duration or is outside ``SHORTEST`` to ``LONGEST``.
    """
    length = read(word, bare=bare)
    if length is None:
        quote = truncated(word, 20)
        if is_below_zero(word):
            raise BadDuration(N_("“{quote}” is negative. A timer needs at least 1 second."), example, quote=quote)
        raise BadDuration(_NO_DURATION[bare], example, quote=quote)
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
    """Raise ``BadDuration`` if a length is outside ``SHORTEST`` to ``LONGEST``."""
    if length < SHORTEST:
        raise BadDuration(N_("That's too short – 1 second is the minimum."), example)
    if length > LONGEST:
        raise BadDuration(N_("That's too long – 24 hours is the limit."), example)


def spoken(length: timedelta) -> str:
    """Format a length in its two largest units, rounded down: ``1 h 30 min``, ``3 min``, ``45 s``, ``0 s``."""
    left = max(0, int(length.total_seconds()))
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def in_full(length: timedelta) -> str:
    """Format a length of a second or more in its two largest units, in words: ``1 hour and 30 minutes``."""
    left = int(length.total_seconds())
    parts = []
    for size, in_words in _IN_WORDS:
        count, left = divmod(left, size)
        if count:
            parts.append(in_words(count))
    return listed(parts[:2])


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
    if match := _PRIMES.fullmatch(word):
        return Decimal(int(match[1]) * 60 + int(match[2] or 0))
    iso = _ISO.fullmatch(word)
    length = amounts.whole(iso[1] if iso else word.removeprefix("+"))
    return _sum(length) if length else None


def _sum(length: amounts.Length) -> Decimal:
    return sum((amount.number * _UNIT_SECONDS[amount.unit] for amount in length.amounts), Decimal(0))


def _length(seconds: Decimal) -> timedelta:
    return timedelta(milliseconds=int(min(seconds, _ENDLESS) * 1000))
