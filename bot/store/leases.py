"""Statements on leases: which process may run which block of shards, and until when by the database's clock.

A lease is a row. Each time it is taken its ``fence`` goes up, and a process that has lost it without knowing is
told so by its next write, which names the number it had. The statements block: a thread of their own makes them.

Where rows are locked (PostgreSQL), a write holds the lease's row ``FOR KEY SHARE``: that keeps others from taking
it, who ask for the row ``FOR UPDATE``, and does not hold up its renewal, which changes no key. A process that is
stopped in the middle of a transaction would hold its locks for as long as it sleeps; the server ends such a
transaction before the lease ends. Nothing is left behind on a connection, which a pooler may give to others.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
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
from bot.domain.shard import Share
from bot.store.holder import is_gone
from bot.store.tables import leases

# Of the seconds of a lease, those for which a transaction of its holder may be without a word from it. After any
# word of a process that keeps its lease up, that goes on for four fifths of its time at least.
_SILENCE = 2 / 3
# Whoever takes a lease has this lock to the end of the transaction, so that two cannot part the shards differently.
_TAKING = 7_049_001


class OtherwiseParted(Exception):
    """Processes that are running part the shards in another way: a server would belong to two of them."""


def take(connection: Connection, shares: Sequence[Share], holder: str, seconds: float) -> Lease | None:
    """Take the first block that is free: its lease has ended, was given back, or its holder is known to be gone.

    Raises ``OtherwiseParted`` while one is held by a process that parts the shards in another way.
    """
    now = database_clock(connection.dialect.name)
    if connection.dialect.name != "sqlite":  # there a transaction that writes is alone
        _end_if_silent(connection, seconds)
        connection.execute(select(func.pg_advisory_xact_lock(_TAKING)))
    parted = {"shard_count": shares[0].count, "shards_each": len(shares[0].ids)}
    columns = (leases.c.block, leases.c.fence, leases.c.holder, leases.c.shard_count, leases.c.shards_each)
    found = connection.execute(select(*columns, (leases.c.ends_at > now).label("lasts"))).all()
    rows = {row.block: row for row in found}
    held = {block for block, row in rows.items() if row.lasts and not is_gone(row.holder, holder)}
    if any((rows[block].shard_count, rows[block].shards_each) != tuple(parted.values()) for block in held):
        raise OtherwiseParted
    values = {"holder": holder, "ends_at": now + _milliseconds(seconds), **parted}
    for block in range(len(shares)):
        if block not in rows:
            connection.execute(insert(leases).values(block=block, fence=1, **values))
            return Lease(block, 1, seconds)
        if block not in held and (lease := _take_over(connection, rows[block], values, seconds)):
            return lease
    return None


def soonest_end(connection: Connection) -> float:
    """Give the seconds until the first lease ends that lasts; infinity where none does."""
    now = database_clock(connection.dialect.name)
    ends = select(func.min(leases.c.ends_at - now)).where(leases.c.ends_at > now)
    left: int | None = connection.execute(ends).scalar_one()
    return math.inf if left is None else left / 1000


def renew(connection: Connection, lease: Lease) -> bool:
    """Let a lease go on from now; tell whether it was still held."""
    _end_if_silent(connection, lease.seconds)
    ends_at = database_clock(connection.dialect.name) + _milliseconds(lease.seconds)
    return connection.execute(update(leases).where(*_held(lease)).values(ends_at=ends_at)).rowcount == 1


def give_back(connection: Connection, lease: Lease) -> None:
    """Let another take it at once; a renewal that is on its way comes too late."""
    _end_if_silent(connection, lease.seconds)
    connection.execute(update(leases).where(*_held(lease)).values(ends_at=0, fence=lease.fence + 1))


async def must_hold(connection: AsyncConnection, lease: Lease) -> None:
    """Raise ``LeaseLost`` where somebody else has taken it; nobody can until this transaction is over."""
    held = select(leases.c.block).where(*_held(lease))
    if connection.dialect.name != "sqlite":
        held = held.add_columns(_silence(lease.seconds)).with_for_update(read=True, key_share=True)
    if (await connection.execute(held)).first() is None:
        raise LeaseLost


def database_clock(dialect: str) -> ColumnElement[int]:
    """Read the database's clock, in milliseconds since 1970."""
    if dialect == "sqlite":
        return literal_column("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)


def _take_over(connection: Connection, row: Row[Any], values: Mapping[str, Any], seconds: float) -> Lease | None:
    """Take a block whose lease has ended, or whose holder is gone although it lasts."""
    same = (leases.c.block == row.block, leases.c.fence == row.fence)
    # One of which a write is on its way keeps it for now.
    unlocked = select(leases.c.block).where(*same).with_for_update(skip_locked=True)
    if connection.execute(unlocked).first() is None:
        return None
    ended = () if row.lasts else (leases.c.ends_at <= database_clock(connection.dialect.name),)
    taken = connection.execute(update(leases).where(*same, *ended).values(fence=row.fence + 1, **values))
    return Lease(row.block, row.fence + 1, seconds) if taken.rowcount else None


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return leases.c.block == lease.block, leases.c.fence == lease.fence


def _silence(seconds: float) -> ColumnElement[str]:
    """Let the server end this transaction where it hears nothing of it for too long."""
    milliseconds = str(_milliseconds(seconds * _SILENCE))
    return func.set_config("idle_in_transaction_session_timeout", milliseconds, True)


def _end_if_silent(connection: Connection, seconds: float) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(select(_silence(seconds)))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
