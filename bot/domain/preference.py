"""A person's preferences: time zone, goal, and what others may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.time.zone import UTC

# In minutes after midnight.
LATEST_START = 12 * 60


@dataclass(frozen=True, slots=True)
class Preference:
    """``zone`` is None until set. ``goal`` is in seconds of focus a day; ``days_off`` are weekdays, Monday is 0.

    Only people who set ``shares`` are in a server's sums and leaderboard. Their days begin ``day_starts`` after
    midnight, which is a whole number of quarter hours. Only people who set ``voice_auto`` are let into a session by
    sitting in its voice channel; others join it.
    """

    zone: ZoneInfo | None = None
    shares: bool = False
    goal: int | None = None
    days_off: frozenset[int] = frozenset()
    day_starts: timedelta = timedelta()
    voice_auto: bool = False

    @property
    def zone_or_utc(self) -> ZoneInfo:
        """The zone to read their times in: UTC until they set one."""
        return self.zone or UTC

    def today(self, now: datetime) -> date:
        """Return the date of the day that a moment belongs to."""
        return (now.astimezone(self.zone_or_utc).replace(tzinfo=None) - self.day_starts).date()
