"""What a person has said about themself: where they live by the clock, their aim, and what others may see."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.zone import UTC


@dataclass(frozen=True, slots=True)
class Preference:
    """``zone`` is None until it is said. ``goal`` is in seconds of focus a day; ``days_off`` weekdays, Monday is 0.

    Only who ``shares`` is in a server's sums and leaderboard.
    """

    zone: ZoneInfo | None = None
    shares: bool = False
    goal: int | None = None
    days_off: frozenset[int] = frozenset()

    @property
    def clock(self) -> ZoneInfo:
        """The zone to take their times in."""
        return self.zone or UTC
