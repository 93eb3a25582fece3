"""Dates as a picture says them, in English whatever the language of the machine."""

from datetime import date, timedelta

from bot.domain.period import MONTHS

DASH = "\N{EN DASH}"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def full(day: date) -> str:
    """Say a day: ``3 Mar 2026``."""
    return f"{short(day)} {day.year}"


def short(day: date) -> str:
    """Say a day of a year that is known: ``3 Mar``."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def span(first: date, days: int) -> str:
    """Say from which day to which, so many days later: ``16-22 Nov 2026``, ``30 Nov - 6 Dec 2026``, with dashes."""
    last = first + timedelta(days=days)
    if first.year != last.year:
        return f"{full(first)} {DASH} {full(last)}"
    if first.month != last.month:
        return f"{short(first)} {DASH} {full(last)}"
    return f"{first.day}{DASH}{full(last)}"
