"""The alt text of a picture: what it shows, in plain words with its figures."""

import unicodedata

from bot.domain.ellipsis import truncated
from bot.domain.stats.statistics import TaskWeek
from bot.domain.timers import name
from bot.messages.catalogue import gettext, ngettext
from bot.messages.dates import full, short_month, short_weekday, span
from bot.pictures.amount import spoken
from bot.pictures.subject import Hours, Recap, Subject, Week, Year
from bot.pictures.tasks import amounts, label, shares

LONGEST = 1024
# The longest task name: six of them, in characters that count twice, leave room for the figures.
_NAME = 40
# The same for the people of a session, each with a task.
_SHORT = 18


def describe(subject: Subject) -> str:
    """Describe a picture in at most ``LONGEST`` characters."""
    match subject:
        case Week():
            text = _week(subject)
        case Year():
            text = _year(subject)
        case Hours():
            text = _hours(subject)
        case Recap():
            text = _recap(subject)
    return truncated(text, LONGEST)


def _week(week: Week) -> str:
    title = gettext("{title}, {dates}", title=week.title, dates=span(week.monday, 6))
    if not any(week.days):
        return _nothing(title)
    days = ", ".join(f"{short_weekday(number)} {spoken(seconds)}" for number, seconds in enumerate(week.days))
    sentences = [
        gettext("{title}: {total} in total. {days}.", title=title, total=spoken(sum(week.days)), days=days)
    ]
    if shared := shares(week.rows) if week.names_tasks else []:
        listed = zip(shared, amounts(shared, in_full=True), strict=True)
        tasks = ", ".join(f"{_named(share)} {amount}" for share, amount in listed)
        sentences.append(gettext("By task: {tasks}.", tasks=tasks))
    if week.goal:
        sentences.append(gettext("The goal is {amount} a day.", amount=spoken(week.goal)))
    return " ".join(sentences)


def _year(year: Year) -> str:
    title = gettext("Focus a day, {first} to {last}", first=full(year.first), last=full(year.last))
    best = max(year.days, default=0)
    if not best:
        return _nothing(title)
    months: dict[tuple[int, int], int] = {}
    for day, seconds in year.dated:
        month = day.year, day.month
        months[month] = months.get(month, 0) + seconds
    listed = ", ".join(
        gettext("{month} {year} {amount}", month=short_month(number), year=of_year, amount=spoken(seconds))
        for (of_year, number), seconds in months.items()
    )
    best_day = next(day for day, seconds in year.dated if seconds == best)
    return ngettext(
        "{title}: {total} in total, on {number} day; the most on {day}, {best}. By month: {months}.",
        "{title}: {total} in total, on {number} days; the most on {day}, {best}. By month: {months}.",
        sum(1 for seconds in year.days if seconds),
        title=title,
        total=spoken(sum(year.days)),
        day=full(best_day),
        best=spoken(best),
        months=listed,
    )


def _hours(hours: Hours) -> str:
    title = gettext("Focus by hour of day, {period}", period=hours.period)
    if not any(hours.seconds):
        return _nothing(title)
    peak = hours.seconds.index(max(hours.seconds))
    listed = ", ".join(f"{hour}:00 {spoken(seconds)}" for hour, seconds in enumerate(hours.seconds) if seconds)
    return gettext(
        "{title}: {total} in total, the most from {start}:00 to {end}:00. From each hour on: {hours}.",
        title=title,
        total=spoken(sum(hours.seconds)),
        start=peak,
        end=peak + 1,
        hours=listed,
    )


def _recap(recap: Recap) -> str:
    people = ", ".join(
        gettext("{name} {amount}", name=_quoted(share.name, _SHORT), amount=spoken(share.seconds))
        if share.task is None
        else gettext(
            "{name} {amount} on {task}",
            name=_quoted(share.name, _SHORT),
            amount=spoken(share.seconds),
            task=_quoted(share.task, _SHORT),
        )
        for share in recap.shares
    )
    return ngettext(
        "Who focused on what: {total} in total by {number} person. {people}.",
        "Who focused on what: {total} in total by {number} people. {people}.",
        recap.people,
        total=spoken(recap.total),
        people=people,
    )


def _nothing(title: str) -> str:
    return gettext("{title}: nothing yet.", title=title)


def _named(share: TaskWeek) -> str:
    return label(share) or _quoted(share.task or "")


def _quoted(raw: str, most: int = _NAME) -> str:
    """Quote what people typed, isolated from the text around it if it is right-to-left."""
    text = truncated(name.visible(raw), most)
    turns = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)
    isolated = f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turns else text
    return f"“{isolated}”"
