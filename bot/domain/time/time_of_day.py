"""Times of day as people write them: ``14:00``, ``2pm``, ``half past 2pm``, ``noon``; ``2`` is in either half."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.time import amounts
from bot.domain.time.plain import plain

_HOUR = rf"(?:\d{{1,2}}|{'|'.join(word for word, number in amounts.WORDS.items() if number <= 12)})"
_TIME = re.compile(rf"({_HOUR})(?:[:.](\d{{2}}))?(?: ?([ap])\.?m\.?| ?o'?clock)?(?: ?h)?")
# Four digits, which are no year: 1400.
_WITHOUT_COLON = re.compile(r"(?!202)([01]\d|2[0-3])([0-5]\d) ?(?:h|hours|hrs)?")
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time()}
_PAST = re.compile(rf"(half past|quarter past|quarter to) (?={_HOUR}(?![\w:.]))")
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15}
_DAY = 24 * 60
# The most characters of a time of day.
_LONGEST = 24


def read(text: str) -> tuple[time, ...]:
    """Parse a time of day: none if it is none, and two where only the half of the day tells them apart."""
    text = plain(text.strip()) if len(text) <= _LONGEST else ""
    if text in _NAMED:
        return (_NAMED[text],)
    if past := _PAST.match(text):
        return tuple(_moved(at, _MINUTES[past[1]]) for at in read(text[past.end() :]))
    match = _TIME.fullmatch(_WITHOUT_COLON.sub(r"\1:\2", text, count=1))
    return _times(match) if match else ()


def _times(match: re.Match[str]) -> tuple[time, ...]:
    hour, minute, half = amounts.WORDS.get(match[1]) or int(match[1]), int(match[2] or 0), match[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return ()
    if half:
        return (time(hour % 12 + 12 * (half == "p"), minute),)
    if 1 <= hour <= 12 and not match[2]:
        return time(hour % 12, minute), time(hour % 12 + 12, minute)
    return (time(hour, minute),)


def _moved(at: time, minutes: int) -> time:
    hour, minute = divmod((at.hour * 60 + at.minute + minutes) % _DAY, 60)
    return time(hour, minute)


def until(at: time, now: datetime, zone: ZoneInfo) -> timedelta:
    """Return how long it is until the next such time by the clocks of a zone, or as much later if they skip it."""
    here = now.astimezone(zone)
    day = here.date() if here.time() < at else here.date() + timedelta(days=1)
    return datetime.combine(day, at, zone).astimezone(now.tzinfo) - now
