"""Statements that sum up the focus log: by day and hour of a zone, by task, and by person of a server.

The database knows no zones. It is given each stretch of time in which the clocks of one stand at the same offset,
see ``bot.domain.stretch``; sums are whole seconds.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.slice import Slice
from bot.domain.stretch import Stretch
from bot.store.tables import focus_log, focus_slices, focus_sums, preferences

_EPOCH = date(1970, 1, 1)
_DAY, _HOUR = 86_400, 3_600
_MS = 1_000


async def by_day(connection: AsyncConnection, user_id: int, stretches: Sequence[Stretch]) -> dict[date, int]:
    """Sum up somebody's seconds of each day."""
    days: Counter[date] = Counter()
    for stretch in stretches:
        day = (focus_slices.c.at + _seconds(stretch.offset)) // _DAY
        for number, seconds in await _grouped(connection, user_id, stretch, day):
            days[_EPOCH + timedelta(days=number)] += seconds
    return dict(days)


async def by_hour(connection: AsyncConnection, user_id: int, stretches: Sequence[Stretch]) -> tuple[int, ...]:
    """Sum up somebody's seconds of each of the 24 hours of the wall clock."""
    hours = [0] * 24
    for stretch in stretches:
        hour = (focus_slices.c.at + _seconds(stretch.offset)) // _HOUR % 24
        for number, seconds in await _grouped(connection, user_id, stretch, hour):
            hours[number] += seconds
    return tuple(hours)


async def slices(connection: AsyncConnection, user_id: int, begins: datetime, ends: datetime) -> list[Slice]:
    """Give somebody's focus from one moment to another, by quarter and task."""
    rows = await connection.execute(
        select(focus_slices.c.at, func.sum(focus_slices.c.seconds), focus_log.c.task)
        .join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
        .where(focus_slices.c.user_id == user_id, *_between(begins, ends))
        .group_by(focus_slices.c.at, focus_log.c.task)
        .order_by(focus_slices.c.at)
    )
    return [Slice(datetime.fromtimestamp(at, UTC), int(seconds), task) for at, seconds, task in rows]


async def shared(
    connection: AsyncConnection, guild_id: int, begins: datetime | None, ends: datetime
) -> dict[int, int]:
    """Sum up the seconds of everybody in a server who shares them, by what ended in that time; from None, all."""
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    totals = (
        select(focus_log.c.user_id, func.sum(focus_log.c.focused, type_=BigInteger))
        .where(focus_log.c.guild_id == guild_id, focus_log.c.user_id.in_(sharing))
        .group_by(focus_log.c.user_id)
    )
    if begins is not None:
        totals = totals.where(focus_log.c.ended_at >= begins, focus_log.c.ended_at < ends)
    rows = await connection.execute(totals)
    return {user_id: int(focused) // _MS for user_id, focused in rows}


async def shared_slices(
    connection: AsyncConnection, guild_id: int, begins: datetime, ends: datetime
) -> list[Slice]:
    """Give the focus of those of a server who share it, by quarter, of what ended in that time."""
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    rows = await connection.execute(
        select(focus_slices.c.at, func.sum(focus_slices.c.seconds))
        .join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
        .where(focus_log.c.guild_id == guild_id, focus_log.c.user_id.in_(sharing))
        .where(focus_log.c.ended_at >= begins, focus_log.c.ended_at < ends)
        .group_by(focus_slices.c.at)
    )
    return [Slice(datetime.fromtimestamp(at, UTC), int(seconds)) for at, seconds in rows]


async def anonymous(connection: AsyncConnection, guild_id: int) -> int:
    """Sum up the seconds in a server of those whose data was deleted."""
    total = select(func.coalesce(func.sum(focus_sums.c.seconds), 0)).where(focus_sums.c.guild_id == guild_id)
    return int((await connection.execute(total)).scalar_one())


async def _grouped(
    connection: AsyncConnection, user_id: int, stretch: Stretch, group: ColumnElement[int]
) -> list[tuple[int, int]]:
    number = group.label("number")
    rows = await connection.execute(
        select(number, func.sum(focus_slices.c.seconds))
        .where(focus_slices.c.user_id == user_id, *_between(stretch.begins, stretch.ends))
        .group_by(number)
    )
    return [(int(found), int(seconds)) for found, seconds in rows]


def _between(begins: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    at = focus_slices.c.at
    return at >= int(begins.timestamp()), at < int(ends.timestamp())


def _seconds(offset: timedelta) -> int:
    return offset // timedelta(seconds=1)
