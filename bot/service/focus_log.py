"""The focus log: sums of it, and people's own corrections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import UnknownEntry
from bot.domain.preference import Preference
from bot.domain.stats.goal import Progress
from bot.domain.stats.leaderboard import Leaderboard, leaderboard
from bot.domain.stats.log import Entry
from bot.domain.stats.statistics import Statistics, TaskWeek, by_day, by_task, monday_of, statistics
from bot.domain.time.offset_period import OffsetPeriod, offset_periods
from bot.domain.time.period import Period
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.store import focus_log as rows
from bot.store import preferences as preference_rows
from bot.store import sums
from bot.store.database import Database

_log = structlog.get_logger(__name__)

# The default calendar of a server's sums.
UTC = ZoneInfo("UTC")
_DAY = timedelta(days=1)
# The number of entries offered for correction, and of people on a leaderboard.
LATEST, SHOWN = 10, 10
# The most tasks of a week that are kept apart; a picture names the first few.
_TASKS = 100


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody's own focus; ``days`` has the seconds of each day that has any."""

    today: date
    days: dict[date, int]
    statistics: Statistics
    progress: Progress | None
    preference: Preference


@dataclass(frozen=True, slots=True)
class Server:
    """A server's shared focus: seconds by person, and those of people whose data was deleted."""

    week: Leaderboard
    total: int
    people: int
    anonymous: int


class FocusLog:
    """Sums up the log; days and hours are in the person's time zone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def mine(self, user_id: int) -> Mine:
        """Return all of somebody's statistics. Raises ``NotSaved``."""
        now = self._clock.now()
        async with reading(self._database) as connection:
            preference = await preference_rows.of(connection, user_id)
            days = await sums.by_day(
                connection, user_id, await self._offset_periods(connection, user_id, preference, now)
            )
        today = now.astimezone(preference.clock).date()
        progress = Progress(preference.goal, days.get(today, 0)) if preference.goal else None
        return Mine(today, days, statistics(days, today, preference.days_off), progress, preference)

    async def progress(self, user_ids: list[int]) -> dict[int, Progress]:
        """Return today's progress of those who share their focus and have a goal."""
        now, by_user = self._clock.now(), {}
        async with reading(self._database) as connection:
            for user_id, preference in (await preference_rows.of_all(connection, user_ids)).items():
                if not (preference.shares and preference.goal):
                    continue
                today = now.astimezone(preference.clock).date()
                days = await sums.by_day(connection, user_id, _day(today, preference.clock))
                by_user[user_id] = Progress(preference.goal, days.get(today, 0))
        return by_user

    async def week(self, user_id: int, day: date, zone: ZoneInfo) -> tuple[date, list[TaskWeek]]:
        """Return the Monday of a day's week, and its sums by task. Raises ``NotSaved``."""
        monday = monday_of(day)
        midnights = [Period("", None, monday + number * _DAY).bounds(zone)[1] for number in range(-1, 7)]
        async with reading(self._database) as connection:
            return monday, by_task(await sums.by_task(connection, user_id, midnights, _TASKS))

    async def hours(self, user_id: int, preference: Preference) -> tuple[int, ...]:
        """Return somebody's seconds by hour of the day. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            pieces = await self._offset_periods(connection, user_id, preference, self._clock.now())
            return await sums.by_hour(connection, user_id, pieces)

    async def leaders(self, guild_id: int, own_id: int, period: Period, zone: ZoneInfo = UTC) -> Leaderboard:
        """Rank those of a server who share their focus, over a period of a zone's calendar."""
        begins, ends = period.bounds(zone)
        async with reading(self._database) as connection:
            totals = await sums.shared(connection, guild_id, begins, ends)
        return leaderboard(totals, SHOWN, own_id)

    async def server(self, guild_id: int, own_id: int) -> Server:
        """Return a server's shared focus, this week and in all. Raises ``NotSaved``."""
        monday = monday_of(self._clock.now().astimezone(UTC).date())
        begins, ends = Period("", monday, monday + 6 * _DAY).bounds(UTC)
        async with reading(self._database) as connection:
            week = await sums.shared(connection, guild_id, begins, ends)
            ever = await sums.shared(connection, guild_id, None, ends)
            anonymous = await sums.anonymous(connection, guild_id)
        return Server(leaderboard(week, SHOWN, own_id), sum(ever.values()), len(ever), anonymous)

    async def server_days(self, guild_id: int, monday: date, zone: ZoneInfo = UTC) -> tuple[int, ...]:
        """Return a server's shared seconds on each day of a week in a zone. Raises ``NotSaved``."""
        begins, ends = Period("", monday, monday + 6 * _DAY).bounds(zone)
        async with reading(self._database) as connection:
            quarters = await sums.shared_slices(connection, guild_id, begins or ends, ends)
        days = by_day(quarters, zone)
        return tuple(days.get(monday + number * _DAY, 0) for number in range(7))

    async def latest(self, user_id: int) -> list[tuple[int, Entry]]:
        """Return somebody's latest entries with their numbers, newest first. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            return await rows.latest(connection, user_id, LATEST)

    async def by_id(self, user_id: int, entry_id: int) -> Entry:
        """Return one of somebody's own entries. Raises ``UnknownEntry``."""
        async with reading(self._database) as connection:
            return _own(await rows.by_id(connection, entry_id), user_id)

    async def shorten(self, user_id: int, entry_id: int, to: timedelta) -> Entry:
        """Shorten one of somebody's own entries. Raises ``UnknownEntry`` and ``BadCorrection``."""
        return await self._correct(user_id, entry_id, lambda entry: entry.shorten(to))

    async def remove(self, user_id: int, entry_id: int) -> Entry:
        """Remove one of somebody's own entries. Raises ``UnknownEntry`` and ``NotSaved``."""
        return await self._correct(user_id, entry_id, None)

    async def _correct(self, user_id: int, entry_id: int, change: Callable[[Entry], Entry] | None) -> Entry:
        async with saving(self._database) as connection:
            entry = _own(await rows.by_id(connection, entry_id), user_id)
            if change is None:
                await rows.remove(connection, entry_id)
            else:
                entry = change(entry)
                await rows.put(connection, entry_id, entry)
        _log.info("entry_corrected", entry_id=entry_id, removed=change is None)
        return entry

    async def _offset_periods(
        self, connection: AsyncConnection, user_id: int, preference: Preference, now: datetime
    ) -> list[OffsetPeriod]:
        """Split the time that somebody's log covers where the clocks of their zone change."""
        begins = await rows.first_at(connection, user_id)
        return list(offset_periods(preference.clock, begins, now + _DAY)) if begins else []


def _day(day: date, zone: ZoneInfo) -> list[OffsetPeriod]:
    begins, ends = Period("", day, day).bounds(zone)
    return list(offset_periods(zone, begins or ends, ends))


def _own(entry: Entry | None, user_id: int) -> Entry:
    if entry is None or entry.user_id != user_id:
        raise UnknownEntry(N_("I know no such entry of yours."), "stats edit")
    return entry
