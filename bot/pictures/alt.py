"""The alt text of a picture: what it shows, in plain words with its figures."""

import unicodedata

from bot.domain.time.period import MONTHS
from bot.domain.timers import name
from bot.pictures.amount import spoken
from bot.pictures.dates import WEEKDAYS, full, span
from bot.pictures.subject import Hours, Subject, Week, Year
from bot.pictures.tasks import Share, shares

LONGEST = 1024
# The longest task name: six of them, in characters that count twice, leave room for the figures.
_NAME = 40


def describe(subject: Subject) -> str:
    """Describe a picture in at most ``LONGEST`` characters."""
    match subject:
        case Week():
            text = _week(subject)
        case Year():
            text = _year(subject)
        case Hours():
            text = _hours(subject)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _week(week: Week) -> str:
    title = f"{week.title}, {span(week.monday, 6)}"
    if not any(week.days):
        return f"{title}: nothing yet."
    days = ", ".join(f"{day} {spoken(seconds)}" for day, seconds in zip(WEEKDAYS, week.days, strict=True))
    shared = shares(week.rows) if week.names_tasks else []
    tasks = ", ".join(f"{_named(share)} {spoken(share.total)}" for share in shared)
    by_task = f" By task: {tasks}." if tasks else ""
    goal = f" The goal is {spoken(week.goal)} a day." if week.goal else ""
    return f"{title}: {spoken(sum(week.days))} in all. {days}.{by_task}{goal}"


def _year(year: Year) -> str:
    title = f"Focus a day, {full(year.first)} to {full(year.last)}"
    best = max(year.days, default=0)
    if not best:
        return f"{title}: nothing yet."
    months: dict[str, int] = {}
    for day, seconds in year.dated:
        month = f"{MONTHS[day.month - 1][:3]} {day.year}"
        months[month] = months.get(month, 0) + seconds
    listed = ", ".join(f"{month} {spoken(seconds)}" for month, seconds in months.items())
    best_day = next(day for day, seconds in year.dated if seconds == best)
    number = sum(1 for seconds in year.days if seconds)
    return (
        f"{title}: {spoken(sum(year.days))} in all, on {number} {'day' if number == 1 else 'days'}; "
        f"the most on {full(best_day)}, {spoken(best)}. By month: {listed}."
    )


def _hours(hours: Hours) -> str:
    title = f"Focus by hour of day, {hours.period}"
    if not any(hours.seconds):
        return f"{title}: nothing yet."
    most = max(hours.seconds)
    peak = hours.seconds.index(most)
    listed = ", ".join(f"{hour}:00 {spoken(seconds)}" for hour, seconds in enumerate(hours.seconds) if seconds)
    return (
        f"{title}: {spoken(sum(hours.seconds))} in all, the most from {peak}:00 to {peak + 1}:00. "
        f"From each hour on: {listed}."
    )


def _named(share: Share) -> str:
    """Return a task's name in quotes, isolated from the text around it if it is right-to-left."""
    if share.label:
        return share.label
    text = name.visible(share.task or "")
    text = text if len(text) <= _NAME else f"{text[: _NAME - 1]}…"
    turns = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)
    isolated = f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turns else text
    return f"“{isolated}”"
