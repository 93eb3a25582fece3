"""What a person can ask of their focus log, as values; ``stats_words`` reads them from what is typed."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.period import Period


class View(StrEnum):
    """How one's own statistics are drawn."""

    WEEK = "week"
    YEAR = "year"
    HOURS = "hours"


class Span(StrEnum):
    """What a leaderboard counts."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Mine:
    """Show one's own statistics: those of a period in words, drawn in one way."""

    view: View
    period: Period


@dataclass(frozen=True, slots=True)
class Server:
    """Show what those who share have done in this server."""


@dataclass(frozen=True, slots=True)
class Leaders:
    """Show who of this server has focused most."""

    span: Span


@dataclass(frozen=True, slots=True)
class Goal:
    """Set a goal a day; None where it is only asked for, zero to have none."""

    goal: timedelta | None


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Set on which weekdays a streak asks for nothing; Monday is 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Correct:
    """Show one's last entries, to shorten one or take it away."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Let a server have its week told in a channel; None ends that, 0 stands for where it is asked."""

    channel_id: int | None


@dataclass(frozen=True, slots=True)
class Privacy:
    """Say what is kept."""


@dataclass(frozen=True, slots=True)
class Share:
    """Let others of a server see one's sums, or not."""

    shares: bool


@dataclass(frozen=True, slots=True)
class Export:
    """Give all that is kept of a person."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Ask whether to delete all that is kept of a person."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be asked."""


Request = Mine | Server | Leaders | Goal | DaysOff | Correct | Digest | Privacy | Share | Export | Delete | Help
