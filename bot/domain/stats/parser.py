"""Parser of what is asked for with ``stats``, ``leaderboard`` and ``goal``, typed or by slash command."""

import re
from datetime import date, timedelta

from bot.domain.errors import BadDuration, BadPeriod, BadRecurrence
from bot.domain.invocation import Invocation, flag
from bot.domain.stats.command import Command, Correct, DaysOff, Digest, Goal, Leaders, Mine, Server, Span, View
from bot.domain.time import duration, period, recurrence_parser
from bot.messages.catalogue import N_

LONGEST_GOAL = timedelta(hours=24)
_CHANNEL = re.compile(r"<#(\d{1,19})>")
_SPANS = {"": Span.WEEK, "week": Span.WEEK, "month": Span.MONTH, "all": Span.ALL, "all time": Span.ALL}
_OFF = {"off", "none", "no", "never", "stop"}
_WEEKEND = frozenset({5, 6})
_PER_DAY = re.compile(r"\s+(?:a|per|each|every) day$")


def parse(asked: Invocation, today: date) -> Command:
    """Parse what was asked for with a verb of ``stats``. Raises ``UserError`` with a working example."""
    match asked.verb:
        case "me":
            return _mine(asked.options.get("period", asked.words), today)
        case "daysoff":
            return DaysOff(_weekdays(_plain(asked.options.get("days", asked.words))))
        case "digest":
            return _digest(asked)
        case "edit":  # whatever follows: the entry is chosen from a list
            return Correct()
        case "server" if not asked.words:
            return Server()
        case "server" | "help":
            return _mine(asked.text, today)
    raise ValueError(asked.verb)


def leaderboard(asked: Invocation) -> Leaders:
    """Parse which time a leaderboard is to count. Raises ``BadPeriod``."""
    span = asked.options.get("span", asked.words)
    plain = _plain(span).removeprefix("this ")
    if plain not in _SPANS:
        raise BadPeriod(
            N_("“{quote}” has no leaderboard; week, month and all have."), "leaderboard month", quote=span[:40]
        )
    return Leaders(_SPANS[plain])


def goal(asked: Invocation) -> Goal:
    """Parse a goal, or that there is to be none. Raises ``BadDuration``."""
    day = asked.options.get("day", asked.words)
    plain = _PER_DAY.sub("", _plain(day))
    if not plain:
        return Goal(None)
    if plain in _OFF:
        return Goal(timedelta())
    length = duration.read(plain.replace(" ", ""), bare="m")
    if length is None:
        raise BadDuration(
            N_("“{quote}” is no goal I know; say how long a day, or off."), "goal 2h a day", quote=day[:40]
        )
    if not timedelta(minutes=1) <= length <= LONGEST_GOAL:
        raise BadDuration(N_("A goal is from 1 minute to 24 hours a day."), "goal 2h a day")
    return Goal(length)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _mine(text: str, today: date) -> Mine:
    """Parse the period of one's own statistics, which decides how they are drawn."""
    plain = _plain(text)
    if plain == View.HOURS:
        return Mine(View.HOURS, period.parse("all", today))
    chosen = period.parse(plain, today)
    is_short = chosen.first is not None and (chosen.last - chosen.first).days < 7
    return Mine(View.WEEK if is_short else View.YEAR, chosen)


def _digest(asked: Invocation) -> Digest:
    if options := asked.options:
        return Digest(
            None
            if flag(options.get("off", False), "stats digest off: yes")
            else _channel(options.get("channel", 0))
        )
    words = _plain(asked.words)
    return Digest(None if words in _OFF else _channel(words))


def _channel(value: str | int) -> int:
    """Parse a channel by its id or mention; 0 is the current one."""
    if isinstance(value, int):
        return value
    plain = _plain(value)
    if plain in {"", "here"}:
        return 0
    if match := _CHANNEL.fullmatch(plain):
        return int(match[1])
    raise BadPeriod(N_("“{quote}” is no channel I know."), "stats digest", quote=plain[:40])


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
