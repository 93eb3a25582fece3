"""Dates as pictures show them, in English whatever the machine's locale."""

from datetime import date, timedelta

from bot.domain.time.period import MONTHS

DASH = "\N{EN DASH}"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def full(day: date) -> str:
    """Format a day: ``3 Mar 2026``."""
    return f"{short(day)} {day.year}"


def short(day: date) -> str:
    """Format a day without its year: ``3 Mar``."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def span(first: date, days: int) -> str:
    """Format a span to ``days`` later: ``16-22 Nov 2026``, ``30 Nov - 6 Dec 2026``, with dashes."""
    last = first + timedelta(days=days)
    if first.year != last.year:
        return f"{full(first)} {DASH} {full(last)}"
    if first.month != last.month:
        return f"{short(first)} {DASH} {full(last)}"
    return f"{first.day}{DASH}{full(last)}"
