"""Dates and lengths in words: names of days and months, and their order, come from the catalogue."""

from collections.abc import Sequence
from datetime import date, datetime, time as time_of_day, timedelta

from bot.messages.catalogue import N_, gettext

DASH = "\N{EN DASH}"
_WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
_SHORT_WEEKDAYS = N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def weekday(number: int) -> str:
    """Name a day of the week; Monday is 0."""
    return gettext(_WEEKDAYS[number])


def short_weekday(number: int) -> str:
    """Name a day of the week in a few letters; Monday is 0."""
    return gettext(_SHORT_WEEKDAYS[number])


def month(number: int) -> str:
    """Name a month, 1 to 12."""
    return gettext(_MONTHS[number - 1])


def short_month(number: int) -> str:
    """Name a month, 1 to 12, in a few letters."""
    return gettext(_SHORT_MONTHS[number - 1])


def full(day: date) -> str:
    """Format a day: ``3 Mar 2026``."""
    return gettext("{day} {month} {year}", day=day.day, month=short_month(day.month), year=day.year)


def short(day: date) -> str:
    """Format a day without its year: ``3 Mar``."""
    return gettext("{day} {month}", day=day.day, month=short_month(day.month))


def span(first: date, days: int) -> str:
    """Format a span to ``days`` later: ``16-22 Nov 2026``, ``30 Nov - 6 Dec 2026``, with dashes."""
    last = first + timedelta(days=days)
    if first.year != last.year:
        return f"{full(first)} {DASH} {full(last)}"
    if first.month != last.month:
        return f"{short(first)} {DASH} {full(last)}"
    return f"{first.day}{DASH}{full(last)}"


def clock(time: datetime | time_of_day) -> str:
    """Format a time of day without its seconds: ``9:00``."""
    return f"{time.hour}:{time:%M}"


def apart(walls: Sequence[datetime], *, by_time: bool) -> Sequence[str]:
    """Format wall-clock times that somebody chooses from, without what they have in common: the year, and the day.

    ``by_time``: all are choices, so those of one day differ by their time alone.
    """
    if by_time and len({wall.date() for wall in walls}) == 1 < len(walls):
        return [clock(wall) for wall in walls]
    if len({wall.year for wall in walls}) > 1:
        return [wall_time(wall) for wall in walls]
    return [
        gettext(
            "{weekday} {date}, {time}", weekday=short_weekday(wall.weekday()), date=short(wall), time=clock(wall)
        )
        for wall in walls
    ]


def wall_time(wall: datetime) -> str:
    """Format a wall-clock time in full: ``Sun 22 Nov 2026, 9:00``."""
    weekday = short_weekday(wall.weekday())
    return gettext("{weekday} {date}, {time}", weekday=weekday, date=full(wall), time=clock(wall))
