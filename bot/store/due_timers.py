"""Statements on timers to count down, due timers, and overdue ones."""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, RowMapping, Select, and_, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Due, Purpose, State, Timer
from bot.store import damage
from bot.store.columns import EPOCH
from bot.store.damage import Check, DamagedRow
from bot.store.tables import timers
from bot.store.timers import COLUMNS, KNOWN, LostRace, matching, on_shards, readable

# While a bot is running, no running timer is overdue by more than this.
_OVERDUE = timedelta(minutes=5)
# The highest version, which is not incremented.
_HIGHEST = 2**31 - 1
_DUE = [timers.c.id, timers.c.version, timers.c.due_at, timers.c.guild_id]
_check = Check(_DUE)
# Running timers in these versions, which have one state each. The ids are also matched alone, and ``concat`` hides
# the state from its index: SQLite would otherwise scan every running timer.
_SAME = and_(
    timers.c.id.in_(bindparam("timer_ids", expanding=True)),
    tuple_(timers.c.id, timers.c.version).in_(bindparam("versions", expanding=True)),
    timers.c.state.concat("") == State.RUNNING,
)
_STILL_RUNNING = select(*COLUMNS).where(_SAME, KNOWN).order_by(timers.c.due_at, timers.c.id).with_for_update()
_FINISH = update(timers).where(_SAME).values(version=timers.c.version + 1)


async def running(connection: AsyncConnection, dues: Sequence[Due]) -> tuple[list[Timer], set[int]]:
    """Return the due timers that still run in the version that was counted down, locked.

    Also returns the ids of those with damaged rows, which stay as they are.
    """
    result = await connection.execute(_STILL_RUNNING, _same([(due.timer_id, due.version) for due in dues]))
    rows = result.mappings().all()
    still = readable(connection, rows)
    return still, {row["id"] for row in rows} - {timer.id for timer in still}


async def finish(connection: AsyncConnection, old: Sequence[Timer], now: datetime) -> list[Timer]:
    """Finish all of them in one statement. Raises ``LostRace`` if one had changed."""
    new = {"state": State.DONE, "ended_at": now}
    result = await connection.execute(_FINISH, new | _same([(timer.id, timer.version) for timer in old]))
    if result.rowcount != len(old):
        raise LostRace
    return [timer.finish(now) for timer in old]


async def overdue(
    connection: AsyncConnection, now: datetime, owner_id: int, purposes: Sequence[Purpose], limit: int
) -> list[Timer]:
    """Return a person's overdue timers, most overdue first."""
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose.in_(purposes), *is_overdue(now))
    return await matching(connection, *theirs, order=(timers.c.due_at,), limit=limit)


async def renew_overdue(
    connection: AsyncConnection, now: datetime, owner_id: int, purposes: Sequence[Purpose]
) -> int:
    """Bump the versions of overdue timers, so that a scheduler that gave up on them retries; return how many."""
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose.in_(purposes), *is_overdue(now))
    renewable = (*theirs, timers.c.version < _HIGHEST)
    result = await connection.execute(update(timers).where(*renewable).values(version=timers.c.version + 1))
    return result.rowcount


def is_overdue(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Match timers that a running bot should have ended by now."""
    return timers.c.state == State.RUNNING, KNOWN, timers.c.due_at.between(EPOCH, now - _OVERDUE)


async def soonest(connection: AsyncConnection, limit: int, shards: ShardRange = WHOLE) -> list[Due]:
    """Return the running timers of these shards that are due first, soonest first."""
    size = limit
    while True:
        rows = (await connection.execute(_soonest(shards), {"most": size})).mappings().all()
        dues = damage.readable(connection, rows, _due_of, ("id",))
        if len(dues) >= limit or len(rows) < size:
            return dues[:limit]
        size = limit + len(rows) - len(dues)  # damaged rows must not displace sound ones


@functools.cache
def _soonest(shards: ShardRange) -> Select[Any]:
    running = select(*_DUE).where(timers.c.state == State.RUNNING, KNOWN, on_shards(shards))
    return running.order_by(timers.c.due_at).limit(bindparam("most", type_=Integer))


async def owners_due(
    connection: AsyncConnection, until: datetime, limit: int, shards: ShardRange
) -> list[tuple[int, int]]:
    """Return the servers and owners of pomodoros of these shards that end until a moment, soonest first."""
    rows = (await connection.execute(_owners_due(shards), {"until": until, "most": limit})).all()
    return [(guild_id, owner_id) for guild_id, owner_id in rows if type(guild_id) is type(owner_id) is int]


@functools.cache
def _owners_due(shards: ShardRange) -> Select[Any]:
    soon = (
        timers.c.state == State.RUNNING,
        timers.c.purpose == Purpose.POMODORO,
        timers.c.due_at <= bindparam("until"),
        timers.c.guild_id.is_not(None),
        on_shards(shards),
    )
    owners = select(timers.c.guild_id, timers.c.owner_id).where(*soon)
    return owners.order_by(timers.c.due_at).limit(bindparam("most", type_=Integer))


def _due_of(row: RowMapping) -> Due:
    _check(row)
    if row["due_at"] is None:
        raise DamagedRow(timers.c.due_at)
    return Due(row["id"], row["version"], row["due_at"], row["guild_id"])


def _same(versions: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {"timer_ids": [timer_id for timer_id, _ in versions], "versions": versions}
