"""Statements that sum up the counted time: by a person's days and hours, by task, and by person of a server.

A person's days and hours are those of the zone in which each entry happened; sums are whole seconds. A server's
periods are moments. Where nothing was derived yet of an entry, all of its focus counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, or_, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.statistics import TaskWeek
from bot.domain.time.quarter_hour import QuarterHour
from bot.store.entries import SOUND_LENGTH, SOUND_SLICE
from bot.store.tables import focus_log, focus_slices, focus_sums, preferences

_EPOCH = date(1970, 1, 1)
_DAY, _HOUR = 86_400, 3_600
_MS = 1_000
# More than all people of a server can focus in a day: rows above are damaged.
_MOST_SECONDS = 2**40
SOUND_SUM = focus_sums.c.seconds.between(0, _MOST_SECONDS)
# A moment on the entry's own clock, as if that were UTC.
_LOCAL: ColumnElement[int] = focus_slices.c.at + func.coalesce(focus_slices.c.ahead, 0)
# The seconds that count for an entry.
COUNTED: ColumnElement[int] = func.coalesce(
    focus_log.c.counted, type_coerce(focus_log.c.focused, BigInteger) // _MS, type_=BigInteger
)


async def by_day(connection: AsyncConnection, user_id: int, day_starts: timedelta) -> dict[date, int]:
    """Sum up somebody's seconds of each day; a day begins that long after midnight."""
    rows = await _grouped(connection, user_id, (_LOCAL - _seconds(day_starts)) // _DAY)
    return {_EPOCH + timedelta(days=number): seconds for number, seconds in rows}


async def of_day(connection: AsyncConnection, user_id: int, day: date, day_starts: timedelta) -> int:
    """Sum up somebody's seconds of one day."""
    total = select(func.coalesce(func.sum(focus_slices.c.seconds), 0)).where(
        focus_slices.c.user_id == user_id, SOUND_SLICE, *_days(day, 1, day_starts)
    )
    return int((await connection.execute(total)).scalar_one())


async def by_hour(connection: AsyncConnection, user_id: int) -> tuple[int, ...]:
    """Sum up somebody's seconds of each of the 24 hours of the wall clock."""
    hours = [0] * 24
    for number, seconds in await _grouped(connection, user_id, _LOCAL // _HOUR % 24):
        hours[number] += seconds
    return tuple(hours)


async def by_task(
    connection: AsyncConnection, user_id: int, monday: date, day_starts: timedelta, most: int
) -> list[TaskWeek]:
    """Sum up somebody's seconds of each day of a week by task, in order of time.

    Beyond ``most`` spellings, the smallest are summed up in one last row.
    """
    days = [
        func.coalesce(
            func.sum(focus_slices.c.seconds).filter(*_days(monday + timedelta(days=number), 1, day_starts)), 0
        )
        for number in range(7)
    ]
    joined = focus_slices.join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
    inside = (focus_slices.c.user_id == user_id, SOUND_SLICE, *_days(monday, 7, day_starts))
    task, first = focus_log.c.task, func.min(focus_slices.c.at)
    spelt = select(task, first, *days).select_from(joined).where(*inside).group_by(task)
    largest = spelt.order_by(func.sum(focus_slices.c.seconds).desc(), first, task).limit(most)
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
    connection: AsyncConnection, guild_id: int, begins: datetime | None, ends: datetime, *, has_added: bool = True
) -> dict[int, int]:
    """Sum up the shared seconds of each person in a server, in a period; without a beginning, of all time.

    ``has_added``: including what people added afterwards.
    """
    totals = (
        select(focus_log.c.user_id, func.sum(COUNTED))
        .where(*_shared(guild_id, has_added=has_added), SOUND_LENGTH)
        .group_by(focus_log.c.user_id)
    )
    if begins is None:
        return _by_person(await connection.execute(totals))
    # Most entries lie within the period; of those across its edges only the quarter hours within it count.
    whole = totals.where(focus_log.c.ended_at.between(begins, ends), focus_log.c.began_at >= begins)
    edges = (
        select(focus_log.c.user_id, func.sum(focus_slices.c.seconds))
        .join(focus_slices, focus_slices.c.entry_id == focus_log.c.id)
        .where(*_shared(guild_id, has_added=has_added), SOUND_SLICE, *_between(begins, ends))
        .where(focus_log.c.ended_at > begins, or_(focus_log.c.began_at < begins, focus_log.c.ended_at > ends))
        .where(focus_log.c.began_at < ends)
        .group_by(focus_log.c.user_id)
    )
    return _by_person(await connection.execute(union_all(whole, edges)))


async def shared_slices(
    connection: AsyncConnection,
    guild_id: int,
    begins: datetime,
    ends: datetime,
    *,
    has_added: bool = True,
    without: Collection[int] = (),
) -> list[QuarterHour]:
    """Return a server's shared focus by quarter hour, in a period, without some people's; oldest first."""
    rows = await connection.execute(
        select(focus_slices.c.at, func.sum(focus_slices.c.seconds))
        .join(focus_log, focus_log.c.id == focus_slices.c.entry_id)
        .where(*_shared(guild_id, has_added=has_added), SOUND_SLICE, *_between(begins, ends))
        .where(focus_log.c.ended_at > begins, focus_log.c.began_at < ends)
        .where(focus_log.c.user_id.not_in(without))
        .group_by(focus_slices.c.at)
        .order_by(focus_slices.c.at)
    )
    return [QuarterHour(at, int(seconds)) for at, seconds in rows]


async def anonymous(connection: AsyncConnection, guild_id: int) -> int:
    """Return a server's seconds of people whose data was deleted."""
    own = (focus_sums.c.guild_id == guild_id, SOUND_SUM)
    total = select(func.coalesce(func.sum(focus_sums.c.seconds), 0)).where(*own)
    return int((await connection.execute(total)).scalar_one())


async def _grouped(connection: AsyncConnection, user_id: int, group: ColumnElement[int]) -> list[tuple[int, int]]:
    number = group.label("number")
    rows = await connection.execute(
        select(number, func.sum(focus_slices.c.seconds))
        .where(focus_slices.c.user_id == user_id, SOUND_SLICE)
        .group_by(number)
    )
    return [(int(value), int(seconds)) for value, seconds in rows]


def _shared(guild_id: int, *, has_added: bool) -> tuple[ColumnElement[bool], ...]:
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    ours = (focus_log.c.guild_id == guild_id, focus_log.c.user_id.in_(sharing))
    return ours if has_added else (*ours, ~focus_log.c.added)


def _by_person(rows: Iterable[Any]) -> dict[int, int]:
    people = Counter[int]()
    for user_id, seconds in rows:
        if isinstance(user_id, int) and seconds:
            people[user_id] += int(seconds)
    return dict(people)


def _days(first: date, count: int, day_starts: timedelta) -> tuple[ColumnElement[bool], ...]:
    """Match the quarter hours of a person's days; the bounds in UTC are for the index."""
    begins = (first - _EPOCH).days * _DAY + _seconds(day_starts)
    ends = begins + count * _DAY
    near = (focus_slices.c.at >= begins - _DAY, focus_slices.c.at < ends + _DAY)
    return *near, begins <= _LOCAL, ends > _LOCAL


def _between(begins: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    at = focus_slices.c.at
    return at >= int(begins.timestamp()), at < int(ends.timestamp())


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)
