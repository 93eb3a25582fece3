"""Spelling: the ways to write a time of day, each with only one meaning."""

import random
from datetime import time

_PAST = {5: "five past", 10: "ten past", 15: "quarter past", 20: "twenty past", 30: "half past"}
_TO = {45: "quarter to", 50: "ten to", 55: "five to"}


def of(at: time, chance: random.Random) -> str:
    """Put a time of day into words or digits."""
    ways = [f"{at:%H:%M}", f"{_twelve(at.hour)}:{at:%M}{_half(at.hour)}", f"{at:%H:%M}"]
    if at.minute in _PAST:
        ways += [f"{_PAST[at.minute]} {_twelve(at.hour)}{_half(at.hour)}"] * 2
    if at.minute in _TO:
        following = (at.hour + 1) % 24
        ways += [f"{_TO[at.minute]} {_twelve(following)}{_half(following)}"] * 2
    if at.minute == 0:
        ways += [f"{_twelve(at.hour)}{_half(at.hour)}", f"{_twelve(at.hour)} {_half(at.hour)}"]
    if at == time(12):
        ways.append("noon")
    return chance.choice(ways)


def _twelve(hour: int) -> int:
    return (hour - 1) % 12 + 1


def _half(hour: int) -> str:
    return "am" if hour < 12 else "pm"
