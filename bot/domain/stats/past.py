"""Parser of a moment that has passed: ``14:00``, ``yesterday 2pm``, ``mon 9:30``, ``24 Nov 14:00``, ``2h ago``."""

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ellipsis import truncated
from bot.domain.errors import BadMoment
from bot.domain.question import Choice, Question
from bot.domain.stats.command import Add
from bot.domain.time import duration
from bot.domain.time.duration import written
from bot.domain.time.names import MONTHS, WEEKDAYS
from bot.messages import dates
from bot.messages.catalogue import N_

_START = N_("What time did it start?")
LONGEST_AGO = timedelta(days=366)
_DAY = timedelta(days=1)
_WEEKDAY = rf"(?:last )?(?P<weekday>{'|'.join(WEEKDAYS)})[a-z]{{0,6}}"
_DATE = rf"(?P<day>\d{{1,2}})\.? (?P<month>{'|'.join(MONTHS)})[a-z]{{0,6}}"
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"
_TIME = r"(?:at )?(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?: ?(?P<half>[ap])m)?"
_ON_CLOCK = re.compile(
    rf"(?:(?P<near>yesterday|today|tomorrow)|{_WEEKDAY}|{_DATE}|{_ISO})?(?: ?{_TIME})?", re.ASCII
)
_AGO = re.compile(r"(\S{1,20}) ago")
# What speaks of time, though it does not say when something began; the most of a text that is searched.
_CLOCK = r"\d{1,2}(?::\d{2}(?: ?[ap]m)?| ?[ap]m)"
_SWAPPED = re.compile(rf"\A(?:at )?({_CLOCK}) ((?:last |on )?[a-z0-9].*)\Z")
_RANGE = re.compile(
    rf"(?:\A|[ ,])(?:from )?(?P<start>(?:(?:yesterday|today|{_WEEKDAY}) )?(?:at )?{_CLOCK})"
    rf" ?(?:to|-|until|till) ?{_CLOCK}\Z"
    rf"|(?:\A|[ ,])(?:since|from) (?P<since>(?:(?:yesterday|today) )?(?:at )?{_CLOCK})\Z"
    rf"|(?:\A|[ ,])(?:until|till?|ended|ending|finished|done|by) (?:at )?(?P<end>{_CLOCK})\Z"
)
_PART = re.compile(
    rf"(?:\A|[ ,])(?:(?P<day>yesterday|today|this|last|(?:{'|'.join(WEEKDAYS)})[a-z]{{0,6}}) |in the |at )"
    r"(?P<part>morning|noon|afternoon|evening|night)\Z"
)
_HINT = re.compile(r"(?:\A|[ ,])(?:earlier(?: today)?|(?:since|from|until|till) \d\S*|\S{1,9} ago)\Z")
_SEARCHED, _LABEL = 400, 40
_NEAR = {"today", "yesterday"}
# When the parts of a day begin, and times that are offered for a day.
_HOURS = {
    "morning": ("8:00", "9:00", "10:00"),
    "noon": ("12:00", "13:00"),
    "afternoon": ("14:00", "15:00", "16:00"),
    "evening": ("18:00", "19:00", "20:00"),
    "night": ("20:00", "21:00", "22:00"),
}
_CLOCKS = ("9:00", "14:00", "19:00")
# The most words of a moment: 24 november at 2 pm.
_MOST_WORDS = 5


def split(words: str) -> tuple[str, str]:
    """Split a task from the moment behind it; either may be empty."""
    parts = words.split()
    for count in range(min(_MOST_WORDS, len(parts)), 0, -1):
        tail = " ".join(parts[-count:])
        if _is_moment(tail.casefold()):
            return " ".join(parts[:-count]), tail
    return " ".join(parts), ""


def split_front(words: str) -> tuple[str, str]:
    """Split a moment with its time of day from what was done behind it; either may be empty."""
    parts = words.split()
    for count in range(min(_MOST_WORDS, len(parts)), 0, -1):
        head = " ".join(parts[:count])
        if (match := _ON_CLOCK.fullmatch(head.casefold())) and match["hour"] and _is_moment(head.casefold()):
            return " ".join(parts[count:]), head
    return " ".join(parts), ""


def unclear(length: timedelta, words: str, when: str) -> Question | None:
    """Ask when it was where words speak of time though not of a moment: *this morning*, *14:00 to 15:00*.

    ``when`` is the moment that was read at their end, if any.
    """
    words = f"{words} {when}".strip()
    plain = words.casefold()[:_SEARCHED]
    if match := _RANGE.search(plain):
        starts = [(match["start"] or match["since"]).strip()] if not match["end"] else _before(match["end"], length)
    elif when and when.casefold() not in _NEAR:
        return None
    elif match := _PART.search(plain):
        starts = [f"{_day_of(match['day'] or 'this', match['part'])} {clock}" for clock in _HOURS[match["part"]]]
    elif match := _HINT.search(plain):
        starts = []
    else:
        return None
    task = words[: match.start()].rstrip(" ,")
    return Question(
        _START,
        *(Choice(N_("{moment}"), line(length, task, start), {"moment": start}) for start in starts),
        Choice(N_("It's just ended"), line(length, task, "")),
        Choice(N_("“{name}”"), line(length, words, ""), {"name": truncated(words, _LABEL)}),
    )


def _before(end: str, length: timedelta) -> list[str]:
    """Return when something began that took so long and ended then; nothing where it was the day before."""
    with contextlib.suppress(ValueError):
        match = _ON_CLOCK.fullmatch(end)
        ended = _time(match) if match else time()
        began = timedelta(hours=ended.hour, minutes=ended.minute) - length
        if began >= timedelta():
            return [dates.clock((datetime(2000, 1, 1, tzinfo=UTC) + began).time())]
    return []


def _day_of(day: str, part: str) -> str:
    """Return the day of a part of it; *last night* was yesterday's."""
    if day == "last" or (day == "this" and part == "night"):
        return "yesterday"
    return "today" if day == "this" else day


def parse(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Parse a moment before ``now`` on the wall clock of ``zone``, in UTC; a time without a day is the latest.

    Raises ``BadMoment``.
    """
    plain = " ".join(text.split()).casefold()
    if not plain:
        raise BadMoment(_START)
    if not _is_moment(plain):
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
    if match and not match["hour"] and command.when:
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
    """Put the day before the time of day: *15:00 yesterday*."""
    return _SWAPPED.sub(r"\2 \1", plain)


def _is_moment(plain: str) -> bool:
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
    if match is None or match["hour"] is None:
        raise BadMoment(_START)
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


def _time(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (match["half"] == "p")
    return time(hour, int(match["minute"] or 0))


def _day(match: re.Match[str], today: date) -> date | None:
    """Return the day that is named, the latest of its name; None where none is."""
    if match["near"]:
        return today + _DAY * ("yesterday", "today", "tomorrow").index(match["near"]) - _DAY
    if match["weekday"]:
        back = (today.weekday() - WEEKDAYS.index(match["weekday"])) % 7
        return today - _DAY * (back or 7)
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["month"]:
        month, day = 1 + MONTHS.index(match["month"]), int(match["day"])
        return date(today.year - ((month, day) > (today.month, today.day)), month, day)
    return None
