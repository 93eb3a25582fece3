"""The focus log: what people have done, in sums, and set right by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import UnknownEntry
from bot.domain.focus_log import Entry
from bot.domain.goal import Progress
from bot.domain.leaderboard import Leaderboard, leaderboard
from bot.domain.period import Period
from bot.domain.preference import Preference
from bot.domain.statistics import Statistics, TaskWeek, by_day, by_task, monday_of, statistics
from bot.domain.stretch import Stretch, stretches
from bot.engine.clock import Clock
from bot.service.saving import reading, saving
from bot.store import focus_log as rows
from bot.store import preferences as preference_rows
from bot.store import sums
from bot.store.database import Database

_log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
# How many entries are shown to be set right, and people on a leaderboard.
LATEST, SHOWN = 10, 10


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody's own focus: ``period`` is the sum of the one asked for, in seconds, and ``days`` has every day."""

    today: date
    days: dict[date, int]
    statistics: Statistics
    progress: Progress | None
    preference: Preference


@dataclass(frozen=True, slots=True)
class Server:
    """A server's focus, of those who share it: seconds by person, and of those whose data was deleted."""

    week: Leaderboard
    total: int
    people: int
    anonymous: int


class FocusLog:
    """Sums up the log; every day and hour is one of the person's time zone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def mine(self, user_id: int) -> Mine:
        """Sum up all that somebody has done. Raises ``NotSaved``."""
        now = self._clock.now()
        async with reading(self._database) as connection:
            preference = await preference_rows.of(connection, user_id)
            days = await sums.by_day(
                connection, user_id, await self._stretches(connection, user_id, preference, now)
            )
        today = now.astimezone(preference.clock).date()
        progress = Progress(preference.goal, days.get(today, 0)) if preference.goal else None
        return Mine(today, days, statistics(days, today, preference.days_off), progress, preference)

    async def progress(self, user_ids: list[int]) -> dict[int, Progress]:
        """Say how far those have come today who share their focus and have set themselves a goal."""
        now, found = self._clock.now(), {}
        async with reading(self._database) as connection:
            for user_id, preference in (await preference_rows.of_all(connection, user_ids)).items():
                if not (preference.shares and preference.goal):
                    continue
                today = now.astimezone(preference.clock).date()
                days = await sums.by_day(connection, user_id, _day(today, preference.clock))
                found[user_id] = Progress(preference.goal, days.get(today, 0))
        return found

    async def week(self, user_id: int, day: date, zone: ZoneInfo) -> tuple[date, list[TaskWeek]]:
        """Sum up the week of a day by task; give its Monday too. Raises ``NotSaved``."""
        monday = monday_of(day)
        begins, ends = Period("", monday, monday + 6 * _DAY).bounds(zone)
        async with reading(self._database) as connection:
            slices = await sums.slices(connection, user_id, begins or ends, ends)
        return monday, by_task(slices, zone, monday)

    async def hours(self, user_id: int, preference: Preference) -> tuple[int, ...]:
        """Sum up all that somebody has done by the hour of the day. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            pieces = await self._stretches(connection, user_id, preference, self._clock.now())
            return await sums.by_hour(connection, user_id, pieces)

    async def leaders(self, guild_id: int, own_id: int, period: Period) -> Leaderboard:
        """Rank those of a server who share their focus, by what they have done in a period of UTC's calendar."""
        begins, ends = period.bounds(ZoneInfo("UTC"))
        async with reading(self._database) as connection:
            totals = await sums.shared(connection, guild_id, begins, ends)
        return leaderboard(totals, SHOWN, own_id)

    async def server(self, guild_id: int, own_id: int) -> Server:
        """Sum up what those of a server have done who share it, this week and in all. Raises ``NotSaved``."""
        now = self._clock.now().astimezone(UTC)
        monday = monday_of(now.date())
        begins, ends = Period("", monday, monday + 6 * _DAY).bounds(ZoneInfo("UTC"))
        async with reading(self._database) as connection:
            week = await sums.shared(connection, guild_id, begins, ends)
            ever = await sums.shared(connection, guild_id, None, ends)
            anonymous = await sums.anonymous(connection, guild_id)
        return Server(leaderboard(week, SHOWN, own_id), sum(ever.values()), len(ever), anonymous)

    async def server_days(self, guild_id: int, monday: date) -> tuple[int, ...]:
        """Sum up each day of a week of UTC's calendar, of those who share it. Raises ``NotSaved``."""
        begins, ends = Period("", monday, monday + 6 * _DAY).bounds(ZoneInfo("UTC"))
        async with reading(self._database) as connection:
            slices = await sums.shared_slices(connection, guild_id, begins or ends, ends)
        days = by_day(slices, ZoneInfo("UTC"))
        return tuple(days.get(monday + number * _DAY, 0) for number in range(7))

    async def latest(self, user_id: int) -> list[tuple[int, Entry]]:
        """Give somebody's last entries with their numbers, the newest first. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            return await rows.latest(connection, user_id, LATEST)

    async def by_id(self, user_id: int, entry_id: int) -> Entry:
        """Find one of somebody's own entries. Raises ``UnknownEntry``."""
        async with reading(self._database) as connection:
            return _own(await rows.by_id(connection, entry_id), user_id)

    async def shorten(self, user_id: int, entry_id: int, to: timedelta) -> Entry:
        """Let one of somebody's own entries count less. Raises ``UnknownEntry``, ``BadCorrection``."""
        return await self._correct(user_id, entry_id, lambda entry: entry.shorten(to))

    async def remove(self, user_id: int, entry_id: int) -> Entry:
        """Take one of somebody's own entries away. Raises ``UnknownEntry`` and ``NotSaved``."""
        return await self._correct(user_id, entry_id, None)

    async def _correct(self, user_id: int, entry_id: int, change: Callable[[Entry], Entry] | None) -> Entry:
        async with saving(self._database, "nothing was changed") as connection:
            entry = _own(await rows.by_id(connection, entry_id), user_id)
            if change is None:
                await rows.remove(connection, entry_id)
            else:
                entry = change(entry)
                await rows.put(connection, entry_id, entry)
        _log.info("entry_corrected", entry_id=entry_id, removed=change is None)
        return entry

    async def _stretches(
        self, connection: AsyncConnection, user_id: int, preference: Preference, now: datetime
    ) -> list[Stretch]:
        """Part all the time that somebody's log covers where the clocks of their zone are changed."""
        begins = await rows.first_at(connection, user_id)
        return list(stretches(preference.clock, begins, now + _DAY)) if begins else []


def _day(day: date, zone: ZoneInfo) -> list[Stretch]:
    begins, ends = Period("", day, day).bounds(zone)
    return list(stretches(zone, begins or ends, ends))


def _own(entry: Entry | None, user_id: int) -> Entry:
    if entry is None or entry.user_id != user_id:
        raise UnknownEntry("I know no such entry of yours.", "stats edit")
    return entry
