"""Commands on the focus log, as values; ``stats.parser`` reads them from what is asked for."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.time.period import Period

# How long an entry may be that is added afterwards.
SHORTEST_ADDED, LONGEST_ADDED = timedelta(minutes=1), timedelta(hours=24)


class View(StrEnum):
    """How one's own statistics are drawn."""

    WEEK = "week"
    YEAR = "year"
    HOURS = "hours"


class BoardSpan(StrEnum):
    """What a leaderboard counts."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Mine:
    """Show one's own statistics of a period, as one kind of picture.

    ``words`` are those that say so, and ``here``: to all who read along, though the person shares nothing.
    """

    view: View
    period: Period
    words: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """Show the focus of those in this server who share it."""


@dataclass(frozen=True, slots=True)
class Leaders:
    """Show this server's leaderboard."""

    span: BoardSpan


@dataclass(frozen=True, slots=True)
class Goal:
    """Set a daily goal; None shows it, zero removes it."""

    goal: timedelta | None


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Set the weekdays that do not break a streak; Monday is 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class DayStarts:
    """Let one's days begin so long after midnight."""

    after_midnight: timedelta


@dataclass(frozen=True, slots=True)
class Correct:
    """List one's latest entries, to shorten or remove one."""


@dataclass(frozen=True, slots=True)
class Add:
    """Add an entry afterwards; ``when`` it began, empty if it has just ended, is read by ``past.parse``."""

    length: timedelta
    task: str | None
    when: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Post a server's weekly digest in a channel; None ends it, 0 means the current channel."""

    channel_id: int | None


Command = Mine | Server | Leaders | Goal | DaysOff | DayStarts | Correct | Add | Digest
