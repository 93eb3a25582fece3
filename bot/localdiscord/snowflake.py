"""Snowflakes: Discord's ids, which carry the time of their making."""

from __future__ import annotations

import re
import time

EPOCH_MS = 1_420_070_400_000  # the first second of 2015
_SEQUENCE_BITS = 22
_DIGITS = re.compile(r"[0-9]{1,19}")


def is_snowflake(text: str) -> bool:
    """Return whether a text is an id: a decimal number of 63 bits."""
    return bool(_DIGITS.fullmatch(text)) and int(text) < 1 << 63


def time_of(snowflake: str | int) -> float:
    """Return the Unix time in seconds at which a snowflake was made."""
    return ((int(snowflake) >> _SEQUENCE_BITS) + EPOCH_MS) / 1000


def at_time(at: float) -> int:
    """Return the smallest snowflake of the Unix time `at`, as used to page through messages."""
    return (int(at * 1000) - EPOCH_MS) << _SEQUENCE_BITS


class Snowflakes:
    """Makes ids that grow strictly, so that the order of ids is the order of events, over restarts too."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Return a new id that is larger than every earlier one."""
        self._last = max(at_time(time.time()), self._last + 1)
        return str(self._last)
