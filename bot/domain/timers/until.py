"""Parser of a timer that ends at a time of day: ``tea until 14:00``, ``until 5pm essay``."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.question import Question, set_my_zone
from bot.domain.time import duration, time_of_day, zone
from bot.domain.time.duration import spoken
from bot.domain.time.plain import plain
from bot.domain.timers import choices, name
from bot.domain.timers.command import StartUntil
from bot.messages import dates
from bot.messages.catalogue import N_

_UNTIL = {"until", "till", "til", "'til"}
# Clocks that are a length in minutes and seconds, or an hour of the afternoon.
_TOMORROW = re.compile(r"\Atomorrow (?:at )?|[ ,]+tomorrow\Z", re.IGNORECASE)
# A second end behind the first: until 5 or 6.
_OR = re.compile(r"(?:or|and|to|-) ?(\d\S{0,6})\Z", re.IGNORECASE)
_NOON = time(12)
# The longest wait, unless a day was named.
_LONGEST_WAIT = timedelta(hours=12)
# *Until 5* means the next 5 o'clock if that is no further away.
_CLEARLY_MEANT = timedelta(hours=6)
_AFTERNOON = re.compile(r"(?:1[3-9]|2[0-3]):[0-5]\d")


def is_time_of_day(word: str) -> bool:
    """Return whether a length such as 14:00 may also be a time of day: 13:00 to 23:59."""
    return _AFTERNOON.fullmatch(plain(word[:8])) is not None


def read_until(words: str, topic: str, called: str = "") -> StartUntil | None:
    """Parse a name with an end before or behind it; ``called`` is the name if it is given separately.

    None if the words give no end. Raises ``Question`` if am or pm is missing on a day other than today.
    """
    tail, head = words.rsplit(" ", 5), words.split(" ", 5)
    for size in (4, 3, 2, 1):
        if len(tail) > size and tail[-size - 1].casefold() in _UNTIL:
            before = " ".join(tail[: -size - 1])
            if (not called or not before) and (end := _end(" ".join(tail[-size:]), called or before, topic)):
                return end
        if head[0].casefold() in _UNTIL and len(head) > size + 1 and not called:
            behind = " ".join(head[size + 1 :])
            if (other := _OR.match(behind)) and time_of_day.read(head[1]):
                raise _two_ends(head[1], other[1], topic)
            if end := _end(" ".join(head[1 : size + 1]), behind, topic):
                return end
    return None


def _two_ends(first: str, second: str, topic: str) -> Question:
    """Ask which of two ends is meant; in the afternoon unless they say so."""
    ends = [time_of_day.read(word)[-1:] for word in (first, second)]
    asked = (choices.until(topic, topic, end) for each in ends for end in each)
    return Question(N_("“{quote}” – which of these?"), *asked, quote=f"{first} – {second}")


def _end(text: str, called: str, topic: str) -> StartUntil | None:
    text = text.strip(" ,").rstrip(":")
    clock = _TOMORROW.sub("", text, count=1)
    times = time_of_day.read(clock)
    clean = name.clean(called.strip(" ,")) if called.strip(" ,") else topic
    if len(times) > 1 and clock != text:
        raise Question(
            N_("“{quote}” – morning or evening?"),
            *(choices.until(topic, clean, end, tomorrow=True) for end in times[::-1]),
            quote=text,
        )
    return StartUntil(clean, times[0], clock != text, *times[1:]) if times else None


def length(start: StartUntil, now: datetime, own: ZoneInfo | None, topic: str) -> timedelta:
    """Return how long a timer runs that ends at a time of day in the person's ``own`` zone.

    Raises ``Question`` if they have none, or where the time is over for today and tomorrow was not said, and
    ``BadDuration``.
    """
    here = own or zone.UTC
    if start.other:
        start = _settled(start, now, here, topic)
    left = time_of_day.until(start.end, now, here)
    is_today = (now + left).astimezone(here).date() == now.astimezone(here).date()
    if start.tomorrow and is_today:
        left += timedelta(days=1)
    if own is None:
        raise Question(
            N_("I don't know your time zone. In UTC, {time} is {left} from now. Is that what you mean?"),
            choices.start(topic, start.name, left),
            set_my_zone(),
            time=dates.clock(start.end),
            left=spoken(left),
        )
    if not start.tomorrow and not is_today and left > _LONGEST_WAIT:
        evening = [] if start.end >= _NOON else [start.end.replace(hour=start.end.hour + 12)]
        raise Question(
            N_("{time} has already passed today. Until when, then?"),
            *(choices.until(topic, start.name, end) for end in evening if _is_ahead(end, now, here)),
            choices.until(topic, start.name, start.end, tomorrow=True),
            time=dates.clock(start.end),
        )
    duration.check(left, example=choices.start(topic, start.name).line)
    return left


def _settled(start: StartUntil, now: datetime, here: ZoneInfo, topic: str) -> StartUntil:
    """Return the start with the nearer of its two ends; one is always less than 12 hours away.

    Raises ``Question`` if even that is far away.
    """
    ends = [end for end in (start.end, start.other) if end is not None]
    nearest = min(ends, key=lambda end: time_of_day.until(end, now, here))
    if (left := time_of_day.until(nearest, now, here)) > _CLEARLY_MEANT:
        raise Question(
            N_("{time} is {left} from now. Is that what you mean?"),
            choices.until(topic, start.name, nearest),
            time=f"{nearest:%H:%M}",
            left=spoken(left),
        )
    return StartUntil(start.name, nearest)


def _is_ahead(end: time, now: datetime, here: ZoneInfo) -> bool:
    """Return whether a time of day is still to come today."""
    return now.astimezone(here).time() < end
