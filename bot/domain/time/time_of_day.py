"""Times of day as people write them: ``14:00``, ``2pm``, ``half past 2pm``, ``noon``; ``2`` is in either half."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.time.plain import plain

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?| ?o'?clock)?(?: ?h)?")
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time()}
_PAST = re.compile(r"(half past|quarter past|quarter to) (?=\d{1,2}(?![\d:.]))")
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15}
_DAY = 24 * 60
# The most characters of a time of day.
_LONGEST = 24


def read(text: str) -> tuple[time, ...]:
    """Parse a time of day: none where it is none, and two where only the half of the day tells them apart."""
    text = plain(text.strip()) if len(text) <= _LONGEST else ""
    if text in _NAMED:
        return (_NAMED[text],)
    if past := _PAST.match(text):
        return tuple(_moved(at, _MINUTES[past[1]]) for at in read(text[past.end() :]))
    match = _TIME.fullmatch(text)
    return _times(match) if match else ()


def _times(match: re.Match[str]) -> tuple[time, ...]:
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return ()
    if half:
        return (time(hour % 12 + 12 * (half == "p"), minute),)
    if 1 <= hour <= 12 and not match[2]:
        return time(hour % 12, minute), time(hour % 12 + 12, minute)
    return (time(hour, minute),)


def _moved(at: time, minutes: int) -> time:
    """Return a time of day so many minutes later."""
    hour, minute = divmod((at.hour * 60 + at.minute + minutes) % _DAY, 60)
    return time(hour, minute)


def until(at: time, now: datetime, zone: ZoneInfo) -> timedelta:
    """Return how long it is until the next such time by the clocks of a zone, or as much later if they skip it."""
    here = now.astimezone(zone)
    day = here.date() if here.time() < at else here.date() + timedelta(days=1)
    return datetime.combine(day, at, zone).astimezone(now.tzinfo) - now
