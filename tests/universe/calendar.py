"""People's calendar: the times that their requests mean, computed independently of the bot."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(day: date, at: time, zone: ZoneInfo) -> float:
    """Return the Unix time of a time of day; one that the clocks skip comes as much later."""
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC).timestamp()


def next_time(now: float, at: time, zone: ZoneInfo) -> float:
    """Return the next occurrence of a time of day."""
    today = datetime.fromtimestamp(now, zone).date()
    moments = (instant(today + timedelta(days=ahead), at, zone) for ahead in range(3))
    return next(moment for moment in moments if moment > now)


def daily(now: float, until: float, at: time, zone: ZoneInfo, weekdays: frozenset[int]) -> list[float]:
    """Return each moment of a time of day on these weekdays (Monday is 0), after ``now`` up to ``until``."""
    day = datetime.fromtimestamp(now, zone).date()
    moments = []
    while (moment := instant(day, at, zone)) <= until:
        if moment > now and day.weekday() in weekdays:
            moments.append(moment)
        day += timedelta(days=1)
    return moments


def apart(now: float, until: float, at: time, zone: ZoneInfo, days: int) -> list[float]:
    """Return the next occurrence of a time of day, and that time every so many days later."""
    day = datetime.fromtimestamp(next_time(now, at, zone), zone).date()
    moments = []
    while (moment := instant(day, at, zone)) <= until:
        moments.append(moment)
        day += timedelta(days=days)
    return moments


def of_month(
    now: float, until: float, at: time, zone: ZoneInfo, weekdays: frozenset[int], number: int
) -> list[float]:
    """Return that time on one of such weekdays of each month: its first by 0, its last by -1."""
    moments = daily(now - 40 * 86_400, until + 40 * 86_400, at, zone, weekdays)
    months: dict[tuple[int, int], list[float]] = {}
    for moment in moments:
        day = datetime.fromtimestamp(moment, zone)
        months.setdefault((day.year, day.month), []).append(moment)
    return [moment for month in months.values() if now < (moment := month[number]) <= until]


def monthly(now: float, until: float, at: time, zone: ZoneInfo, number: int) -> list[float]:
    """Return that time on a day of each month, or on its last where it has no such day."""
    day = datetime.fromtimestamp(now, zone).date().replace(day=1)
    moments: list[float] = []
    while True:
        following = (day + timedelta(days=32)).replace(day=1)
        chosen = min(day + timedelta(days=number - 1), following - timedelta(days=1))
        moment = instant(chosen, at, zone)
        if moment > until:
            return moments
        if moment > now:
            moments.append(moment)
        day = following
