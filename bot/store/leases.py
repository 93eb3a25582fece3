"""Statements on leases: which process may run which block of shards, and until when by the database's clock.

A lease is a row. Its ``fence``, a fencing token, increases each time it is taken; a process that lost the lease
without knowing finds out at its next write, which checks the token. The statements block: a dedicated thread runs
them.

Where rows are locked (PostgreSQL), a write locks the lease's row ``FOR KEY SHARE``: that blocks taking it over,
which locks the row ``FOR UPDATE``, but not its renewal, which changes no key. A process suspended in the middle of
a transaction would hold its locks while it sleeps; the server ends such a transaction before the lease ends. No
session state is left on a connection, which a pooler may hand to others.
"""

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    cast,
    extract,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.lease import Lease, LeaseLost
from bot.domain.shard import ShardRange
from bot.store.damage import Check, DamagedRow, report
from bot.store.process_id import is_gone
from bot.store.tables import leases

# The part of a lease's time for which a transaction of its holder may be idle. After any statement of a process
# that keeps renewing, the lease lasts for at least four fifths of its time.
_IDLE = 2 / 3
# Taking a lease holds this lock to the end of the transaction, so that two cannot split the shards differently.
_TAKING = 7_049_001
# The most milliseconds of a lease, and the bounds above which values are damaged.
_LONGEST = 86_400_000
_MOST = {"length": _LONGEST, "fence": 2**61, "shard_count": 2**30, "shards_each": 2**30}
_CHECKS = {column.name: Check([column]) for column in leases.c}


class SplitDifferently(Exception):
    """Running processes split the shards differently: a server would belong to two of them."""


def take(connection: Connection, blocks: Sequence[ShardRange], holder: str, seconds: float) -> Lease | None:
    """Take the first free block: its lease expired, was given back, or its holder is known to be gone.

    Raises ``SplitDifferently`` while a process that splits the shards differently holds a block.
    """
    now = database_clock(connection.dialect.name)
    if connection.dialect.name != "sqlite":  # where write transactions are exclusive
        _limit_idling(connection, seconds)
        connection.execute(select(func.pg_advisory_xact_lock(_TAKING)))
    split = {"shard_count": blocks[0].count, "shards_each": len(blocks[0].ids)}
    _repair(connection, {**split, "holder": "", "fence": now, **_ends(connection, seconds)})
    _cap_ends(connection, seconds)
    columns = (leases.c.block, leases.c.fence, leases.c.holder, leases.c.shard_count, leases.c.shards_each)
    current = connection.execute(select(*columns, (leases.c.ends_at > now).label("lasts"))).all()
    rows = {row.block: row for row in current}
    held = {block for block, row in rows.items() if row.lasts and not is_gone(row.holder, holder)}
    if any((rows[block].shard_count, rows[block].shards_each) != tuple(split.values()) for block in held):
        raise SplitDifferently
    values = {"holder": holder, **_ends(connection, seconds), **split}
    for block in range(len(blocks)):
        if block not in rows:
            connection.execute(insert(leases).values(block=block, fence=1, **values))
            return Lease(block, 1, seconds)
        if block not in held and (lease := _take_over(connection, rows[block], values, seconds)):
            return lease
    return None


def wait(connection: Connection, blocks: Sequence[ShardRange], holder: str, seconds: float) -> float | None:
    """Return the seconds until the first lease ends; None where ``take`` has something to take, repair or refuse.

    A standby asks this every second: one read, which keeps no writer waiting.
    """
    split = blocks[0].count, len(blocks[0].ids)
    ends: dict[int, int] = {}
    for row in connection.execute(_with_time_left(connection.dialect.name)).mappings():
        try:
            check(row)
        except DamagedRow:
            return None
        is_held = row["left"] > 0 and not is_gone(row["holder"], holder)
        ends_late = row["left"] > (milliseconds(seconds) if row["length"] is None else row["length"])
        if ends_late or (is_held and (row["shard_count"], row["shards_each"]) != split):
            return None
        if is_held:
            ends[row["block"]] = row["left"]
    return min(ends.values()) / 1000 if ends.keys() >= set(range(len(blocks))) else None


@functools.cache
def _with_time_left(dialect: str) -> Select[Any]:
    return select(leases, (leases.c.ends_at - database_clock(dialect)).label("left"))


def check(row: RowMapping, columns: Iterable[Column[Any]] = leases.c) -> None:
    """Raise ``DamagedRow`` for the first of these columns of a lease with an unusable value."""
    for column in columns:
        _CHECKS[column.name](row)
        most = _MOST.get(column.name)
        if most and (row[column.name] or 0) > most:
            raise DamagedRow(column)


def lasting(dialect: str) -> ColumnElement[bool]:
    """Match the leases that somebody holds, as far as their rows show."""
    now = database_clock(dialect)
    return leases.c.ends_at.between(now + 1, now + _LONGEST)


def soonest_end(connection: Connection) -> float:
    """Return the seconds until the first current lease expires; infinity where there is none."""
    now = database_clock(connection.dialect.name)
    ends = select(func.min(leases.c.ends_at - now)).where(leases.c.ends_at > now)
    left: int | None = connection.execute(ends).scalar_one()
    return math.inf if left is None else left / 1000


def renew(connection: Connection, lease: Lease) -> bool:
    """Renew a lease from now; return whether it was still held."""
    _limit_idling(connection, lease.seconds)
    ends = _ends(connection, lease.seconds)
    return connection.execute(update(leases).where(*_held(lease)).values(ends)).rowcount == 1


def give_back(connection: Connection, lease: Lease) -> None:
    """Free the lease at once; a renewal in flight comes too late."""
    _limit_idling(connection, lease.seconds)
    connection.execute(update(leases).where(*_held(lease)).values(ends_at=0, fence=lease.fence + 1))


async def must_hold(connection: AsyncConnection, lease: Lease) -> None:
    """Raise ``LeaseLost`` if somebody else has taken it; nobody can before this transaction ends."""
    if (await connection.execute(_holding(lease, connection.dialect.name))).first() is None:
        raise LeaseLost


@functools.lru_cache(maxsize=32)
def _holding(lease: Lease, dialect: str) -> Select[Any]:
    """Return what every transaction begins with: building it takes longer than running it."""
    held = select(leases.c.block).where(*_held(lease))
    if dialect == "sqlite":
        return held
    return held.add_columns(_idle_timeout(lease.seconds)).with_for_update(read=True, key_share=True)


def database_clock(dialect: str) -> ColumnElement[int]:
    """Read the database's clock, in milliseconds since 1970."""
    if dialect == "sqlite":
        return literal_column("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)


def milliseconds(seconds: float) -> int:
    """Return seconds as the database counts them."""
    return round(seconds * 1000)


def _cap_ends(connection: Connection, seconds: float) -> None:
    """Cap every lease at its own length from now: it may have been taken while the database's clock was ahead.

    A living holder has renewed it by now, so that it relies on no more. An older version of the bot does not store
    the length: ``seconds`` is this process's.
    """
    latest = database_clock(connection.dialect.name) + func.coalesce(leases.c.length, milliseconds(seconds))
    connection.execute(update(leases).where(leases.c.ends_at > latest).values(ends_at=latest))


def _repair(connection: Connection, sound: Mapping[str, Any]) -> None:
    """Repair unreadable values of leases, which nobody could take ever again otherwise.

    A possible holder keeps it for its length. Where the fence was unreadable, no holder can write.
    """
    fields = [column for column in leases.c if not column.primary_key]
    for row in connection.execute(select(leases)).mappings().all():
        repaired = {}
        for column in fields:
            try:
                check(row, [column])
            except DamagedRow as damage:
                report(connection, damage, [row["block"]])
                repaired[column.name] = sound[column.name]
        if repaired:
            connection.execute(update(leases).where(leases.c.block == row["block"]).values(repaired))


def _take_over(connection: Connection, row: Row[Any], values: Mapping[str, Any], seconds: float) -> Lease | None:
    """Take a block whose lease has expired, or whose holder is gone before it expires."""
    same = (leases.c.block == row.block, leases.c.fence == row.fence)
    # A holder with a write in flight keeps it for now.
    unlocked = select(leases.c.block).where(*same).with_for_update(skip_locked=True)
    if connection.execute(unlocked).first() is None:
        return None
    ended = () if row.lasts else (leases.c.ends_at <= database_clock(connection.dialect.name),)
    taken = connection.execute(update(leases).where(*same, *ended).values(fence=row.fence + 1, **values))
    return Lease(row.block, row.fence + 1, seconds) if taken.rowcount else None


def _ends(connection: Connection, seconds: float) -> dict[str, Any]:
    """Return the values of a lease's row for its end, when it is taken or renewed now."""
    length = milliseconds(seconds)
    return {"ends_at": database_clock(connection.dialect.name) + length, "length": length}


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return leases.c.block == lease.block, leases.c.fence == lease.fence


def _idle_timeout(seconds: float) -> ColumnElement[str]:
    """Make the server end this transaction where it is idle for too long."""
    return func.set_config("idle_in_transaction_session_timeout", str(milliseconds(seconds * _IDLE)), True)


def _limit_idling(connection: Connection, seconds: float) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(select(_idle_timeout(seconds)))
