"""Parser of a moment that has passed: ``14:00``, ``yesterday 2pm``, ``mon 9:30``, ``24 Nov 14:00``, ``2h ago``."""

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadMoment
from bot.domain.question import Choice, Question
from bot.domain.stats.command import Add
from bot.domain.time import duration, names
from bot.domain.time.duration import written
from bot.messages import dates
from bot.messages.catalogue import N_

START = N_("What time did it start?")
LONGEST_AGO = timedelta(days=366)
_DAY = timedelta(days=1)
WEEKDAY = rf"(?:last )?(?P<weekday>{names.WEEKDAY})(?![a-z])"
_DATE = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?P<month>{names.MONTH})(?![a-z])"
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"
_TIME = r"(?:at |@ ?)?(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?: ?(?P<half>[ap])m)?"
_ON_CLOCK = re.compile(rf"(?:(?P<near>yesterday|today|tomorrow)|{WEEKDAY}|{_DATE}|{_ISO})?(?: ?{_TIME})?", re.ASCII)
_AGO = re.compile(r"(\S{1,20}(?: (?!days?|weeks?)[a-z]{1,10}){0,3}) ago")
CLOCK = r"\d{1,2}(?::\d{2}(?: ?[ap]m)?| ?[ap]m)"
# A range of times of day, of which the first is in the same half as the last, or in the one before: 2-4pm, 11-1pm.
_SHARED_HALF = re.compile(
    r"(?<![\w:.-])(1[0-2]|[1-9])(:[0-5]\d)?( ?(?:-|\N{EN DASH}|to|until|till|and) ?)"
    r"(1[0-2]|[1-9])(:[0-5]\d)? ?([ap])m(?!\w)",
    re.IGNORECASE,
)
_SWAPPED = re.compile(rf"\A(?:at )?({CLOCK}) ((?:last |on )?[a-z0-9].*)\Z")
_MONTH_FIRST = re.compile(rf"\b({names.MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])")
NEAR = {"today", "yesterday"}
# Times that are offered for a day.
_CLOCKS = ("9:00", "14:00", "19:00")
# The most words of a moment: 24 november at 2 pm.
MOST_WORDS = 5


def with_halves(words: str) -> str:
    """Write the half of a day behind both ends of a range: *2pm-4pm* for *2-4pm*."""

    def ends(match: re.Match[str]) -> str:
        hour, minutes, between, last, last_minutes, half = (part or "" for part in match.groups())
        is_same = int(hour) % 12 < int(last) % 12 or (hour == last and minutes < last_minutes)
        first_half = half if is_same else "ap"[half.casefold() == "a"]
        return f"{hour}{minutes}{first_half}m{between}{last}{last_minutes}{half}m"

    return _SHARED_HALF.sub(ends, words)


def split(words: str) -> tuple[str, str]:
    """Split a task from the moment behind it; either may be empty."""
    parts = words.split()
    for count in range(min(MOST_WORDS, len(parts)), 0, -1):
        tail = " ".join(parts[-count:])
        if is_moment(tail.casefold()):
            return " ".join(parts[:-count]).removesuffix(" on").rstrip(" ,"), tail
    return " ".join(parts), ""


def split_front(words: str) -> tuple[str, str]:
    """Split a moment, with its time of day or near, from what was done behind it; either may be empty."""
    parts = words.split()
    for count in range(min(MOST_WORDS, len(parts)), 0, -1):
        head = " ".join(parts[:count])
        match = _ON_CLOCK.fullmatch(_ordered(head.casefold()))
        if match and match["hour"] and int(match["hour"]) < 24 and is_moment(head.casefold()):
            return " ".join(parts[count:]), head
    is_day = len(parts) > 1 and parts[0].casefold() in NEAR
    return (" ".join(parts[1:]), parts[0]) if is_day else (" ".join(parts), "")


def parse(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Parse a moment before ``now`` on the wall clock of ``zone``, in UTC; a time without a day is the latest.

    Raises ``BadMoment``.
    """
    plain = " ".join(text.split()).casefold()
    if not plain:
        raise BadMoment(START)
    if not is_moment(plain):
        raise BadMoment(
            N_("I can't read “{quote}” as a time. Try 14:00, yesterday 2pm or mon 9:30."), quote=text[:40]
        )
    moment = _ago(plain, now) or _on_clock(text, plain, now, zone)
    if moment >= now:
        raise BadMoment(N_("“{quote}” hasn't come yet."), quote=text[:40])
    if now - moment > LONGEST_AGO:
        raise BadMoment(N_("“{quote}” is more than a year ago."), quote=text[:40])
    return moment


def line(length: timedelta, task: str | None, when: str) -> str:
    """Write what is added so that the parser reads the same again."""
    words = [
        f"stats add length: {written(length)}",
        f"task: {task}" if task else "",
        f"when: {when}" if when else "",
    ]
    return " ".join(word for word in words if word)


def put_right(refused: BadMoment, command: Add) -> Question:
    """Ask when it was instead; ``refused`` says what is wrong with the moment of ``command``."""
    choices = []
    match = _ON_CLOCK.fullmatch(" ".join(command.when.split()).casefold())
    if match and not match["hour"] and command.when and match["near"] != "tomorrow":
        choices = [
            Choice(N_("At {time}"), line(command.length, command.task, f"{command.when} {clock}"), {"time": clock})
            for clock in _CLOCKS
        ]
    if match and match["hour"] and match["near"] in {"today", "tomorrow"}:
        with contextlib.suppress(ValueError):
            clock = dates.clock(_time(match))
            yesterday = line(command.length, command.task, f"yesterday {clock}")
            choices.append(Choice(N_("Yesterday at {time}"), yesterday, {"time": clock}))
    just_now = Choice(N_("It's just ended"), line(command.length, command.task, ""))
    return Question(refused.template, *choices, just_now, **refused.arguments)


def _ordered(plain: str) -> str:
    """Put the day before the time of day, and before its month: *15:00 yesterday*, *nov 26*."""
    return _MONTH_FIRST.sub(r"\2 \1", _SWAPPED.sub(r"\2 \1", plain))


def is_moment(plain: str) -> bool:
    """Return whether a text in small letters is a moment."""
    if match := _AGO.fullmatch(plain):
        return duration.read(match[1], bare="m") is not None
    match = _ON_CLOCK.fullmatch(_ordered(plain))
    if not plain or not match:
        return False
    # A number by itself belongs to the task, such as chapter 5.
    return any((match["near"], match["weekday"], match["month"], match["iso"], match["minute"], match["half"]))


def _ago(plain: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(plain)
    length = duration.read(match[1], bare="m") if match else None
    return now - length if length and length <= LONGEST_AGO + _DAY else None


def _on_clock(text: str, plain: str, now: datetime, zone: ZoneInfo) -> datetime:
    match = _ON_CLOCK.fullmatch(_ordered(plain))
    if match and match["near"] == "tomorrow":
        raise BadMoment(N_("“{quote}” hasn't come yet."), quote=text[:40])
    if match is None or match["hour"] is None:
        raise BadMoment(START)
    today = now.astimezone(zone).date()
    try:
        clock = _time(match)
        day = _day(match, today)
    except ValueError:
        raise BadMoment(N_("There's no such time as “{quote}”."), quote=text[:40]) from None
    moment = datetime.combine(day or today, clock, zone).astimezone(UTC)
    if day is None and moment >= now:
        moment = datetime.combine(today - _DAY, clock, zone).astimezone(UTC)
    return moment


def clock(text: str) -> time:
    """Return a time of day by itself. Raises ``ValueError`` if there is none such."""
    match = _ON_CLOCK.fullmatch(text)
    return _time(match) if match and match["hour"] else time()


def _time(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (match["half"] == "p")
    return time(hour, int(match["minute"] or 0))


def _day(match: re.Match[str], today: date) -> date | None:
    """Return the day that is named, the latest of its name; None if none is."""
    if match["near"]:
        return today + _DAY * ("yesterday", "today", "tomorrow").index(match["near"]) - _DAY
    if match["weekday"]:
        back = (today.weekday() - names.WEEKDAYS.index(match["weekday"][:3])) % 7
        return today - _DAY * (back or 7)
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["month"]:
        month, day = 1 + names.MONTHS.index(match["month"][:3]), int(match["day"])
        return date(today.year - ((month, day) > (today.month, today.day)), month, day)
    return None
