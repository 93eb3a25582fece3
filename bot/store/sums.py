"""Statements that sum up the focus log: by day and hour of a zone, by task, and by person of a server.

The database knows no zones. It gets each period in which a zone's offset is constant, see
``bot.domain.time.offset_period``; sums are whole seconds.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import BigInteger, ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.statistics import TaskWeek
from bot.domain.time.offset_period import OffsetPeriod
from bot.domain.time.quarter_hour import QuarterHour
from bot.store.focus_log import SOUND_LENGTH, SOUND_SLICE
from bot.store.tables import focus_log, focus_slices, focus_sums, preferences

_EPOCH = date(1970, 1, 1)
_DAY, _HOUR = 86_400, 3_600
_MS = 1_000
# More than all people of a server can focus in a day: rows above are damaged.
_MOST_SECONDS = 2**40


async def by_day(connection: AsyncConnection, user_id: int, periods: Sequence[OffsetPeriod]) -> dict[date, int]:
    """Sum up somebody's seconds of each day."""
    days: Counter[date] = Counter()
    for period in periods:
        day = (focus_slices.c.at + _seconds(period.offset)) // _DAY
        for number, seconds in await _grouped(connection, user_id, period, day):
            days[_EPOCH + timedelta(days=number)] += seconds
    return dict(days)


async def by_hour(connection: AsyncConnection, user_id: int, periods: Sequence[OffsetPeriod]) -> tuple[int, ...]:
    """Sum up somebody's seconds of each of the 24 hours of the wall clock."""
    hours = [0] * 24
    for period in periods:
        hour = (focus_slices.c.at + _seconds(period.offset)) // _HOUR % 24
        for number, seconds in await _grouped(connection, user_id, period, hour):
            hours[number] += seconds
    return tuple(hours)


async def by_task(
    connection: AsyncConnection, user_id: int, midnights: Sequence[datetime], most: int
) -> list[TaskWeek]:
    """Sum up somebody's seconds of each day by task, in order of time; a day ends where the next begins.

    Beyond ``most`` spellings, the smallest are summed up in one last row.
    """
    days = [
        func.coalesce(func.sum(focus_slices.c.seconds).filter(*_between(begins, ends)), 0)
        for begins, ends in pairwise(midnights)
    ]
    joined = focus_slices.join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
    inside = (focus_slices.c.user_id == user_id, SOUND_SLICE, *_between(midnights[0], midnights[-1]))
    task, first = focus_log.c.task, func.min(focus_slices.c.at)
    spelt = select(task, first, *days).select_from(joined).where(*inside).group_by(task)
    largest = spelt.order_by(func.sum(focus_slices.c.seconds).desc(), first).limit(most)
    rows = sorted((await connection.execute(largest)).all(), key=lambda row: row[1])
    tasks = [TaskWeek(row[0] if isinstance(row[0], str) else None, tuple(map(int, row[2:]))) for row in rows]
    others = 0
    if len(tasks) == most:
        others = (await connection.execute(select(func.count()).select_from(spelt.subquery()))).scalar_one() - most
    if others > 0:
        whole = (await connection.execute(select(*days).select_from(joined).where(*inside))).one()
        rest = (int(day) - sum(row.seconds[number] for row in tasks) for number, day in enumerate(whole))
        tasks.append(TaskWeek(None, tuple(max(0, seconds) for seconds in rest), others))
    return tasks


async def shared(
    connection: AsyncConnection, guild_id: int, begins: datetime | None, ends: datetime
) -> dict[int, int]:
    """Sum up the shared seconds of each person in a server, of entries that ended in that time; None: of all."""
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    totals = (
        select(focus_log.c.user_id, func.sum(focus_log.c.focused, type_=BigInteger))
        .where(focus_log.c.guild_id == guild_id, focus_log.c.user_id.in_(sharing))
        .where(SOUND_LENGTH)
        .group_by(focus_log.c.user_id)
    )
    if begins is not None:
        totals = totals.where(focus_log.c.ended_at >= begins, focus_log.c.ended_at < ends)
    rows = await connection.execute(totals)
    return {user_id: int(focused) // _MS for user_id, focused in rows if isinstance(user_id, int)}


async def shared_slices(
    connection: AsyncConnection, guild_id: int, begins: datetime, ends: datetime
) -> list[QuarterHour]:
    """Return a server's shared focus by quarter hour, of entries that ended in that time."""
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    rows = await connection.execute(
        select(focus_slices.c.at, func.sum(focus_slices.c.seconds))
        .join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
        .where(focus_log.c.guild_id == guild_id, SOUND_SLICE, focus_log.c.user_id.in_(sharing))
        .where(focus_log.c.ended_at >= begins, focus_log.c.ended_at < ends)
        .group_by(focus_slices.c.at)
    )
    return [QuarterHour(datetime.fromtimestamp(at, UTC), int(seconds)) for at, seconds in rows]


async def anonymous(connection: AsyncConnection, guild_id: int) -> int:
    """Return a server's seconds of people whose data was deleted."""
    sound = focus_sums.c.seconds.between(0, _MOST_SECONDS)
    total = select(func.coalesce(func.sum(focus_sums.c.seconds), 0)).where(focus_sums.c.guild_id == guild_id, sound)
    return int((await connection.execute(total)).scalar_one())


async def _grouped(
    connection: AsyncConnection, user_id: int, period: OffsetPeriod, group: ColumnElement[int]
) -> list[tuple[int, int]]:
    number = group.label("number")
    rows = await connection.execute(
        select(number, func.sum(focus_slices.c.seconds))
        .where(focus_slices.c.user_id == user_id, SOUND_SLICE, *_between(period.begins, period.ends))
        .group_by(number)
    )
    return [(int(value), int(seconds)) for value, seconds in rows]


def _between(begins: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    at = focus_slices.c.at
    return at >= int(begins.timestamp()), at < int(ends.timestamp())


def _seconds(offset: timedelta) -> int:
    return offset // timedelta(seconds=1)
