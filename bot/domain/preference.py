"""A person's preferences: time zone, goal, and what others may see."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.time.zone import UTC


@dataclass(frozen=True, slots=True)
class Preference:
    """``zone`` is None until set. ``goal`` is in seconds of focus a day; ``days_off`` are weekdays, Monday is 0.

    Only people who set ``shares`` are in a server's sums and leaderboard.
    """

    zone: ZoneInfo | None = None
    shares: bool = False
    goal: int | None = None
    days_off: frozenset[int] = frozenset()

    @property
    def clock(self) -> ZoneInfo:
        """The zone to read their times in: UTC until they set one."""
        return self.zone or UTC
