"""Statements on all that is kept of one person: to give it to them, and to delete it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timer import LIVE, Purpose
from bot.store.tables import (
    efforts,
    focus_log,
    focus_slices,
    focus_sums,
    outbox,
    participants,
    preferences,
    presets,
    reminders,
    sessions,
    timers,
)

_DAY = 86_400

Rows = list[dict[str, Any]]


async def export(connection: AsyncConnection, user_id: int) -> dict[str, Rows]:
    """Give every row that holds the person, by table, with each column by name."""
    found: dict[str, Rows] = {}
    for table, where in _whose(user_id).items():
        rows = await connection.execute(select(table).where(where).order_by(*table.primary_key.columns))
        found[table.name] = [dict(row) for row in rows.mappings()]
    return found


async def live_sessions(connection: AsyncConnection, user_id: int) -> list[int]:
    """Give the live sessions that a person hosts or is in."""
    is_in = select(participants.c.timer_id).where(
        participants.c.user_id == user_id, participants.c.left_at.is_(None)
    )
    rows = await connection.execute(
        select(timers.c.id).where(
            timers.c.purpose == Purpose.SESSION,
            timers.c.state.in_(LIVE),
            or_(timers.c.owner_id == user_id, timers.c.id.in_(is_in)),
        )
    )
    return list(rows.scalars())


async def forget(connection: AsyncConnection, user_id: int) -> tuple[dict[str, int], list[int]]:
    """Delete all rows of a person; give how many that were by table, and the numbers of the timers among them.

    What they have focused in servers stays in sums that do not tell whose it was. Sessions that they hosted go for
    all who were in them, who keep what they have done in their own log.
    """
    await _keep_sums(connection, user_id)
    whose = _whose(user_id)
    timer_ids = list((await connection.execute(select(timers.c.id).where(whose[timers]))).scalars())
    gone = {
        table.name: (await connection.execute(delete(table).where(where))).rowcount
        for table, where in reversed(whose.items())
    }
    return gone, timer_ids


def _whose(user_id: int) -> dict[Table, ColumnElement[bool]]:
    """Say which rows of each table hold a person; those that hang on others stand behind them."""
    own = select(timers.c.id).where(timers.c.owner_id == user_id)
    return {
        timers: timers.c.owner_id == user_id,
        reminders: reminders.c.timer_id.in_(own),
        sessions: sessions.c.timer_id.in_(own),
        participants: participants.c.user_id == user_id,
        efforts: efforts.c.user_id == user_id,
        outbox: outbox.c.place_id == user_id,
        focus_log: focus_log.c.user_id == user_id,
        focus_slices: focus_slices.c.user_id == user_id,
        presets: presets.c.owner_id == user_id,
        preferences: preferences.c.user_id == user_id,
    }


async def _keep_sums(connection: AsyncConnection, user_id: int) -> None:
    rows = await connection.execute(
        select(focus_log.c.guild_id, focus_log.c.ended_at, focus_log.c.focused).where(
            focus_log.c.user_id == user_id, focus_log.c.guild_id.is_not(None)
        )
    )
    sums: Counter[tuple[int, int]] = Counter()
    for guild_id, ended_at, focused in rows:
        sums[guild_id, _day(ended_at)] += focused // timedelta(seconds=1)
    for (guild_id, day), seconds in sums.items():
        key = (focus_sums.c.guild_id == guild_id, focus_sums.c.day == day)
        added = update(focus_sums).where(*key).values(seconds=focus_sums.c.seconds + seconds)
        if (await connection.execute(added)).rowcount == 0:
            await connection.execute(insert(focus_sums).values(guild_id=guild_id, day=day, seconds=seconds))


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // _DAY
