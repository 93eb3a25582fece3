"""Parser of when a session begins: ``in 10m``, ``at 14:00``, ``14:00``, ``at 9:00 tomorrow``."""

import contextlib
import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadDuration, UserError
from bot.domain.focus import rounds
from bot.domain.focus.command import At, In, StartSession
from bot.domain.question import Choice, Question, set_my_zone
from bot.domain.time import duration, time_of_day
from bot.domain.time.plain import with_digits
from bot.domain.time.zone import UTC
from bot.messages import dates
from bot.messages.catalogue import N_

_LEAD = re.compile(r"^(?:(?:start(?:s|ing)?|begin(?:s|ning)?) )?(?:(?:today|tonight) )?", re.IGNORECASE)
_AT = re.compile(r"^(?:at (?:@ ?)?|@ ?)", re.IGNORECASE)
_DAY = re.compile(r" (today|tonight|tomorrow)$", re.IGNORECASE)
# *In 1:30* may be hours and minutes, or minutes and seconds.
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_OPEN = re.compile(r"[1-9]:[0-5]\d")
# A longer wait is unlikely if the same time after noon comes sooner.
_LIKELY_WAIT = timedelta(hours=8)
# The longest wait before a session begins, unless a day was named.
_LONGEST_WAIT = timedelta(hours=16)


def read(text: str) -> tuple[In | At, ...]:
    """Parse when to begin; a bare number is minutes. Two results where it may be a.m. or p.m.

    Raises ``BadDuration``.
    """
    typed = text
    text = _LEAD.sub("", " ".join(text.split()), count=1)
    clock = _AT.sub("", text, count=1)
    is_at = clock != text
    day = _DAY.search(clock)
    times = time_of_day.read(clock[: day.start()] if day else clock)
    if is_at and not times:
        raise BadDuration(N_("I can't read “{quote}” as a time of day. Try 14:00 or 2:30pm."), quote=clock[:40])
    if is_at or len(times) == 1:
        if "tonight" in typed.casefold():
            times = times[-1:]
        is_tomorrow = day is not None and day[1].casefold() == "tomorrow"
        is_open = len(times) == 1 and _OPEN.fullmatch(clock[: day.start()] if day else clock) is not None
        return tuple(At(time, tomorrow=is_tomorrow, is_open=is_open) for time in times)
    first, _, rest = text.partition(" ")
    if clock_in := _CLOCK.fullmatch(rest if first.casefold() == "in" else ""):
        hours, minutes = map(int, clock_in.groups())
        return In(timedelta(hours=hours, minutes=minutes)), In(timedelta(minutes=hours, seconds=minutes))
    return (In(duration.parse(rest if first.casefold() == "in" else text, bare="m")),)


def unreadable(start: StartSession, text: str, refused: UserError) -> Question:
    """Return the question about a start with an unreadable beginning, which can begin now."""
    meant: tuple[In | At, ...] = ()
    with contextlib.suppress(BadDuration):
        meant = read(with_digits(text))
    return Question(refused.template, *(choice(start, at) for at in (*meant, None)), **refused.arguments)


def choice(start: StartSession, begin: In | At | None) -> Choice:
    """Offer a start at another moment."""
    asked = replace(start, begin=begin).line
    match begin:
        case At(time, tomorrow):
            label = N_("At {time} tomorrow") if tomorrow else N_("At {time}")
            return Choice(label, asked, {"time": dates.clock(time)})
        case In(delay):
            return Choice(N_("In {length}"), asked, {"length": duration.spoken(delay)})
    return Choice(N_("Now"), asked)


def by_utc(start: StartSession, now: datetime) -> Question:
    """Return the question about a start at a time of day, or until one, of somebody whose time zone is unknown."""
    named = start.begin.time if isinstance(start.begin, At) else start.until
    begins_at = moment(start, now, UTC) or now
    if isinstance(start.begin, At):
        start = replace(start, begin=In(begins_at - now))
    if start.until:
        plan = rounds.until(start, begins_at, UTC)
        start = replace(start, until=None, plan=plan)
    return Question(
        N_("I don't know your time zone. It's {now} in UTC now – is {time} in UTC, too?"),
        Choice(N_("Yes"), start.line),
        set_my_zone(),
        time=dates.clock(named) if named else "",
        now=dates.clock(now.astimezone(UTC)),
    )


def moment(start: StartSession, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when a session begins, None for now.

    Raises ``Question`` if the time has passed today, and *tomorrow* was not typed.
    """
    match start.begin:
        case None:
            return None
        case In(delay):
            return now + delay
        case At(clock, tomorrow):
            wait = time_of_day.until(clock, now, zone)
            is_today = (now + wait).astimezone(zone).date() == now.astimezone(zone).date()
            if tomorrow and is_today:
                return now + wait + timedelta(days=1)
            if start.begin.is_open and not tomorrow and wait > _LIKELY_WAIT:
                _ask_which_half(start, clock, now, zone)
            if tomorrow or wait <= _LONGEST_WAIT:
                return now + wait
    raise Question(
        N_("{time} has already passed today. Do you mean tomorrow?"),
        choice(start, replace(start.begin, tomorrow=True)),
        choice(start, None),
        time=dates.clock(start.begin.time),
    )


def _ask_which_half(start: StartSession, clock: time, now: datetime, zone: ZoneInfo) -> None:
    """Raise ``Question`` if a time before noon is far away, and the same time after noon comes first: *at 2:30*."""
    later = clock.replace(hour=clock.hour % 12 + 12)
    if later != clock and time_of_day.until(later, now, zone) < time_of_day.until(clock, now, zone):
        raise Question(
            N_("“{quote}” – morning or afternoon?"),
            choice(start, At(later)),
            choice(start, At(clock, tomorrow=True)),
            quote=dates.clock(clock),
        )
