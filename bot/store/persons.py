"""Statements on all that is kept of one person: to give it to them, and to delete it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import plan
from bot.domain.errors import Refusal
from bot.domain.reminder import DEFAULT
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

# Stands for a person who wants nothing kept of them.
NOBODY = 0

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

    What they have focused in servers, if they shared it, stays in sums that do not tell whose it was. Sessions that
    they hosted go for all who were in them, who keep what they have done in their own log. Words that may be theirs
    in what belongs to others are taken out of it. A digest that they set is the server's, and goes on.
    """
    digests = (timers.c.owner_id == user_id, timers.c.purpose == Purpose.DIGEST)
    await connection.execute(update(timers).where(*digests).values(owner_id=NOBODY))
    whose = _whose(user_id)
    was_in = select(participants.c.timer_id).where(participants.c.user_id == user_id)
    # Nothing of this comes to its end meanwhile by another process, which would write anew what is deleted here.
    every = select(timers.c.id, timers.c.owner_id).where(or_(whose[timers], timers.c.id.in_(was_in)))
    locked = (await connection.execute(every.order_by(timers.c.id).with_for_update())).all()
    timer_ids = [timer_id for timer_id, owner_id in locked if owner_id == user_id]
    await _keep_sums(connection, user_id)
    await _unsay_reminders(connection, user_id)
    await _unsay_sessions(connection, [timer_id for timer_id, owner_id in locked if owner_id != user_id])
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
        outbox: or_(outbox.c.place_id == user_id, outbox.c.timer_id.in_(own)),
        focus_log: focus_log.c.user_id == user_id,
        focus_slices: focus_slices.c.user_id == user_id,
        presets: presets.c.owner_id == user_id,
        preferences: preferences.c.user_id == user_id,
    }


async def _unsay_reminders(connection: AsyncConnection, user_id: int) -> None:
    """Take somebody's words out of reminders that others have snoozed, which came from theirs."""
    own = select(timers.c.id).where(timers.c.owner_id == user_id, timers.c.purpose == Purpose.REMINDER)
    copies = select(reminders.c.timer_id).where(reminders.c.origin_id.in_(own)).cte(recursive=True)
    copies = copies.union(select(reminders.c.timer_id).join(copies, reminders.c.origin_id == copies.c.timer_id))
    others = (timers.c.id.in_(select(copies.c.timer_id)), timers.c.owner_id != user_id)
    await connection.execute(update(timers).where(*others).values(name=DEFAULT))


async def _unsay_sessions(connection: AsyncConnection, timer_ids: Sequence[int]) -> None:
    """Leave nothing but lengths of the plans of these sessions: who named a phase, is not known."""
    rows = await connection.execute(
        select(sessions.c.timer_id, sessions.c.plan).where(sessions.c.timer_id.in_(timer_ids))
    )
    for timer_id, written in rows.all():
        try:
            bare = str(plan.parse(written).plain)
        except Refusal:  # a damaged row, which nobody reads any more
            bare = ""
        await connection.execute(update(sessions).where(sessions.c.timer_id == timer_id).values(plan=bare))
        await connection.execute(update(timers).where(timers.c.id == timer_id).values(name=plan.UNNAMED))


async def _keep_sums(connection: AsyncConnection, user_id: int) -> None:
    """Keep what a server was shown of them: nothing of those who never shared it."""
    sharing = select(preferences.c.user_id).where(preferences.c.user_id == user_id, preferences.c.shares)
    rows = await connection.execute(
        select(focus_log.c.guild_id, focus_log.c.ended_at, focus_log.c.focused).where(
            focus_log.c.user_id.in_(sharing), focus_log.c.guild_id.is_not(None)
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
