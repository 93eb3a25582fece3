"""Parser of the words after ``!stats``, ``!leaderboard``, ``!goal`` and ``!privacy``."""

import re
from datetime import date, timedelta

from bot.domain.errors import BadDuration, BadPeriod, BadRecurrence
from bot.domain.stats.command import (
    Command,
    Correct,
    DaysOff,
    Delete,
    Digest,
    Export,
    Goal,
    Help,
    Leaders,
    Mine,
    Privacy,
    Server,
    Share,
    Span,
    View,
)
from bot.domain.time import duration, period, recurrence_parser
from bot.messages.catalogue import N_

LONGEST_GOAL = timedelta(hours=24)
VERBS = frozenset({"me", "server", "edit", "digest", "daysoff", "help"})
_ALONE: dict[str, Command] = {"server": Server(), "help": Help()}
_CHANNEL = re.compile(r"<#(\d{1,19})>")
_SPANS = {"": Span.WEEK, "week": Span.WEEK, "month": Span.MONTH, "all": Span.ALL, "all time": Span.ALL}
_OFF = {"off", "none", "no", "never", "stop"}
_WEEKEND = frozenset({5, 6})
_PER_DAY = re.compile(r"\s+(?:a|per|each|every) day$")


def stats(text: str, today: date) -> Command:
    """Parse the words after ``!stats``. Raises ``BadPeriod`` and ``BadRecurrence``."""
    plain = " ".join(text.split()).casefold()
    first, _, rest = plain.partition(" ")
    if alone := _ALONE.get(plain):
        return alone
    match first:
        case "edit":  # whatever follows: the entry is chosen from a list
            return Correct()
        case "digest":
            return _digest(rest)
        case "daysoff":
            return DaysOff(_weekdays(rest))
        case "days" if rest.startswith("off"):
            return DaysOff(_weekdays(rest.removeprefix("off").strip()))
    return mine(plain.removeprefix("me").strip() if first == "me" else plain, today)


def mine(text: str, today: date) -> Mine:
    """Parse the period of one's own statistics, which decides how they are drawn. Raises ``BadPeriod``."""
    plain = " ".join(text.split()).casefold()
    if plain == View.HOURS:
        return Mine(View.HOURS, period.parse("all", today))
    chosen = period.parse(plain, today)
    is_short = chosen.first is not None and (chosen.last - chosen.first).days < 7
    return Mine(View.WEEK if is_short else View.YEAR, chosen)


def leaderboard(text: str) -> Leaders:
    """Parse the words after ``!leaderboard``. Raises ``BadPeriod``."""
    plain = " ".join(text.split()).casefold().removeprefix("this ")
    if plain not in _SPANS:
        raise BadPeriod(
            N_("“{quote}” has no leaderboard; week, month and all have."), "leaderboard month", quote=text[:40]
        )
    return Leaders(_SPANS[plain])


def goal(text: str) -> Goal:
    """Parse the words after ``!goal``. Raises ``BadDuration``."""
    plain = _PER_DAY.sub("", " ".join(text.split()).casefold())
    if not plain:
        return Goal(None)
    if plain in _OFF:
        return Goal(timedelta())
    length = duration.read(plain.replace(" ", ""), bare="m")
    if length is None:
        raise BadDuration(
            N_("“{quote}” is no goal I know; say how long a day, or off."), "goal 2h a day", quote=text[:40]
        )
    if not timedelta(minutes=1) <= length <= LONGEST_GOAL:
        raise BadDuration(N_("A goal is from 1 minute to 24 hours a day."), "goal 2h a day")
    return Goal(length)


def privacy(text: str) -> Command:
    """Parse the words after ``!privacy``. Raises ``BadPeriod``."""
    plain = " ".join(text.split()).casefold()
    known: dict[str, Command] = {
        "": Privacy(),
        "share": Share(shares=True),
        "unshare": Share(shares=False),
        "export": Export(),
        "delete": Delete(),
    }
    if plain not in known:
        raise BadPeriod(
            N_("“{quote}” is nothing I know; share, unshare, export and delete are."),
            "privacy export",
            quote=text[:40],
        )
    return known[plain]


def _digest(rest: str) -> Digest:
    if rest in _OFF:
        return Digest(None)
    if rest in {"", "here"}:
        return Digest(0)
    if match := _CHANNEL.fullmatch(rest):
        return Digest(int(match[1]))
    raise BadPeriod(N_("“{quote}” is no channel I know."), "stats digest", quote=rest[:40])


def _weekdays(rest: str) -> frozenset[int]:
    """Parse a list of weekdays, or *none*."""
    if rest in _OFF:
        return frozenset()
    if rest in {"", "weekend", "weekends"}:
        return _WEEKEND
    days = recurrence_parser.weekdays(rest)
    if not days or len(days) == 7:
        raise BadRecurrence(
            N_("“{quote}” are no days off I know; weekend, mon and fri, or none."),
            "stats daysoff weekend",
            quote=rest[:40],
        )
    return frozenset(days)
