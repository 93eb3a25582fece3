"""The focus log: its sums."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot.domain.errors import NotSaved
from bot.domain.preference import Preference
from bot.domain.rules import Rules
from bot.domain.stats.goal import Progress
from bot.domain.stats.leaderboard import Leaderboard, leaderboard
from bot.domain.stats.statistics import Statistics, TaskWeek, by_day, by_task, monday_of, statistics
from bot.domain.time.period import Period, week_of
from bot.domain.timers import name
from bot.domain.timers.timer import Timer
from bot.engine.clock import Clock
from bot.service.members import AHEAD, CONNECTING, NOBODY_KNOWN, Members
from bot.service.saving import reading, saving
from bot.store import counted_time, preferences as preference_rows, sums
from bot.store.database import Database

_log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)
# The number of people on a leaderboard.
SHOWN = 10
# How many people of a server are checked for membership at least, those with the most focus first; the others
# count as members, except on a leaderboard.
_ASKED = 2_000
# The most tasks of a week that are kept apart; a picture names the first few.
_TASKS = 100
# People whose time is derived at a time.
_PEOPLE = 20
_USUAL = Rules()
# Timeout in seconds: an announcement waits for its owner's day.
_TIMEOUT = 2.0


@dataclass(frozen=True, slots=True)
class OwnFocus:
    """Somebody's own focus; ``days`` has the seconds of each day that has any."""

    today: date
    days: dict[date, int]
    statistics: Statistics
    progress: Progress | None
    preference: Preference


@dataclass(frozen=True, slots=True)
class Today:
    """Somebody's focus today, in seconds; ``streak`` is how many days in a row it has just become, else 0."""

    total: int
    streak: int


@dataclass(frozen=True, slots=True)
class ServerFocus:
    """A server's shared focus: seconds by person, and those of people whose data was deleted."""

    week: Leaderboard
    total: int
    people: int
    anonymous: int


class FocusLog:
    """Sums up the log; a person's days and hours are those of where they were."""

    def __init__(self, database: Database, clock: Clock, members: Members = NOBODY_KNOWN) -> None:
        self._database = database
        self._members = members
        self._clock = clock

    async def mine(self, user_id: int) -> OwnFocus:
        """Return all of somebody's statistics. Raises ``NotSaved``."""
        await self._derive_stale(user_id)
        async with reading(self._database) as connection:
            preference = await preference_rows.of(connection, user_id)
            days = await sums.by_day(connection, user_id, preference.day_starts)
        today = preference.today(self._clock.now())
        progress = Progress(preference.goal, days.get(today, 0)) if preference.goal else None
        return OwnFocus(today, days, statistics(days, today, preference.days_off), progress, preference)

    async def day_after(self, over: Timer) -> Today | None:
        """Return the day of a finished pomodoro's owner; None if it is private, or not known in time."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                return await self._day_after(over)
        except Exception as error:  # noqa: BLE001 - logged; the announcement goes without
            _log.warning("day_unknown", timer_id=over.id, error=type(error).__name__)
            return None

    async def _day_after(self, over: Timer) -> Today | None:
        if over.name == name.BREAK:
            return None
        if over.guild_id is not None:
            async with reading(self._database) as connection:
                if not (await preference_rows.of(connection, over.owner_id)).shares:
                    return None
        own = (await self.mine(over.owner_id)).statistics
        if not own.today:
            return None
        is_first_today = own.today <= (over.length + over.extended) // timedelta(seconds=1)
        return Today(own.today, own.streak if is_first_today and own.streak > 1 else 0)

    async def progress(self, guild_id: int | None, user_ids: list[int]) -> dict[int, Progress]:
        """Return today's progress of those of a server who share their focus and have a goal."""
        now, by_user = self._clock.now(), {}
        async with reading(self._database) as connection:
            for user_id, preference in (await preference_rows.of_all(connection, user_ids)).items():
                if not (preference.shares and preference.goal):
                    continue
                done = await sums.of_day(connection, user_id, preference.today(now), preference.day_starts)
                by_user[user_id] = Progress(preference.goal, done)
        present = await self._members.present(guild_id, by_user, AHEAD) if guild_id else {}
        return {user_id: progress for user_id, progress in by_user.items() if present.get(user_id, True)}

    async def week(self, user_id: int, day: date, preference: Preference) -> tuple[date, list[TaskWeek]]:
        """Return the Monday of a day's week, and its sums by task. Raises ``NotSaved``."""
        monday = monday_of(day)
        await self._derive_stale(user_id)
        async with reading(self._database) as connection:
            return monday, by_task(await sums.by_task(connection, user_id, monday, preference.day_starts, _TASKS))

    async def hours(self, user_id: int) -> tuple[int, ...]:
        """Return somebody's seconds by hour of the day. Raises ``NotSaved``."""
        await self._derive_stale(user_id)
        async with reading(self._database) as connection:
            return await sums.by_hour(connection, user_id)

    async def leaders(self, guild_id: int, own_id: int, period: Period, rules: Rules = _USUAL) -> Leaderboard:
        """Rank those of a server who share their focus, over a period of its calendar."""
        begins, ends = period.bounds(rules.zone_or_utc)
        async with reading(self._database) as connection:
            totals = await sums.shared(connection, guild_id, begins, ends, has_added=rules.has_added)
        gone = await self._gone(guild_id, totals)
        return leaderboard(_without(gone, totals), SHOWN, own_id)

    async def server(self, guild_id: int, own_id: int, rules: Rules = _USUAL) -> ServerFocus:
        """Return a server's shared focus, this week of its calendar and in all. Raises ``NotSaved``."""
        monday = monday_of(self._clock.now().astimezone(rules.zone_or_utc).date())
        begins, ends = week_of(monday).bounds(rules.zone_or_utc)
        async with reading(self._database) as connection:
            week = await sums.shared(connection, guild_id, begins, ends, has_added=rules.has_added)
            all_time = await sums.shared(connection, guild_id, None, ends, has_added=rules.has_added)
            anonymous = await sums.anonymous(connection, guild_id)
        gone = await self._gone(guild_id, all_time) | await self._gone(guild_id, week)
        week, all_time = _without(gone, week), _without(gone, all_time)
        return ServerFocus(leaderboard(week, SHOWN, own_id), sum(all_time.values()), len(all_time), anonymous)

    async def server_days(self, guild_id: int, monday: date, rules: Rules = _USUAL) -> tuple[int, ...]:
        """Return a server's shared seconds on each day of a week of its calendar. Raises ``NotSaved``."""
        begins, ends = week_of(monday).bounds(rules.zone_or_utc)
        async with reading(self._database) as connection:
            totals = await sums.shared(connection, guild_id, begins, ends, has_added=rules.has_added)
        gone = await self._gone(guild_id, totals)
        async with reading(self._database) as connection:
            quarters = await sums.shared_slices(
                connection, guild_id, begins or ends, ends, has_added=rules.has_added, without=gone
            )
        days = by_day(quarters, rules.zone_or_utc)
        return tuple(days.get(monday + number * _DAY, 0) for number in range(7))

    async def _gone(self, guild_id: int, totals: Mapping[int, int]) -> set[int]:
        """Return who of these people has left the server: sums are of the members of today."""
        gone: set[int] = set()
        most = sorted(totals, key=lambda user_id: (-totals[user_id], user_id))  # as on a board
        for first in range(0, len(most), _ASKED):
            if first - len(gone) >= SHOWN:
                break
            present = await self._members.present(guild_id, most[first : first + _ASKED], AHEAD, CONNECTING)
            gone |= {user_id for user_id, is_there in present.items() if not is_there}
        return gone

    async def derive_stale(self) -> None:
        """Derive the counted time of all entries of an older version. Raises ``NotSaved``."""
        people = 0
        while True:
            async with reading(self._database) as connection:
                stale = await counted_time.stale_people(connection, _PEOPLE)
            if not stale:
                break
            for user_id in stale:
                await self._derive(user_id)
            people += len(stale)
        if people:
            _log.info("counted_time_derived", people=people)

    async def _derive_stale(self, user_id: int) -> None:
        """Derive somebody's entries of an older version; where nothing can be saved, count what is there."""
        async with reading(self._database) as connection:
            if not await counted_time.is_stale(connection, user_id):
                return
        with contextlib.suppress(NotSaved):
            await self._derive(user_id)

    async def _derive(self, user_id: int) -> None:
        has_more = True
        while has_more:
            async with saving(self._database) as connection:
                has_more = await counted_time.derive_stale(connection, user_id)


def _without(gone: Collection[int], totals: Mapping[int, int]) -> dict[int, int]:
    return {user_id: seconds for user_id, seconds in totals.items() if user_id not in gone}
