"""Statements on leases: which process may run which block of shards, and until when by the database's clock.

A lease is a row. Each time it is taken its ``fence`` goes up by one, and a process that has lost it without knowing
is told so by its next write, which names the number it had. The statements block: a thread of their own makes them.
"""

import os
import socket
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    cast,
    extract,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.lease import Lease, LeaseLost
from bot.store.tables import leases


def take(connection: Connection, block: int, of: int, holder: str, seconds: float) -> Lease | None:
    """Take a block if it is free: its lease has ended, was given back, or its holder was a process that is gone.

    ``of`` is how many shards there are in all: while others hold blocks of another number, none is free.
    """
    now = database_clock(connection.dialect.name)
    others = select(leases.c.block).where(leases.c.ends_at > now, leases.c.shard_count != of)
    if connection.execute(others.limit(1)).first():
        return None
    row = connection.execute(select(leases.c.fence, leases.c.holder).where(leases.c.block == block)).first()
    values = {"holder": holder, "shard_count": of, "ends_at": now + round(seconds * 1000)}
    if row is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(leases).values(block=block, fence=1, **values))
        except IntegrityError:  # another was faster
            return None
        return Lease(block, 1)
    is_free = leases.c.ends_at <= now
    if _is_gone(row.holder, holder):
        is_free = or_(is_free, leases.c.holder == row.holder)
    same = (leases.c.block == block, leases.c.fence == row.fence, is_free)
    taken = connection.execute(update(leases).where(*same).values(fence=row.fence + 1, **values))
    return Lease(block, row.fence + 1) if taken.rowcount else None


def renew(connection: Connection, lease: Lease, seconds: float) -> bool:
    """Let a lease go on for so long from now; tell whether it was still held."""
    later = (
        update(leases)
        .where(*_held(lease))
        .values(ends_at=database_clock(connection.dialect.name) + round(seconds * 1000))
    )
    return connection.execute(later).rowcount == 1


def give_back(connection: Connection, lease: Lease) -> None:
    """Let another take it at once."""
    connection.execute(update(leases).where(*_held(lease)).values(ends_at=0))


async def must_hold(connection: AsyncConnection, lease: Lease) -> None:
    """Raise ``LeaseLost`` where somebody else has taken it; nobody can until this transaction is over."""
    held = select(leases.c.block).where(*_held(lease)).with_for_update(read=True)
    if (await connection.execute(held)).first() is None:
        raise LeaseLost


def holder_here() -> str:
    """Name this process so that another on the same machine can tell whether it is still there."""
    return "|".join((*_machine(), str(os.getpid()), _started(os.getpid())))


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return leases.c.block == lease.block, leases.c.fence == lease.fence


def _is_gone(other: str, here: str) -> bool:
    """Tell whether a process is known to have ended: it was on this machine, and is there no more."""
    *machine, pid, started = other.split("|")
    if machine != here.split("|")[:-2] or not pid.isdecimal() or not started:
        return False
    return _started(int(pid)) != started


def _machine() -> tuple[str, str]:
    """Name this machine since it was started, and the space in which process numbers mean something on it."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return socket.gethostname(), ""
    return f"{socket.gethostname()}/{boot}", space


def _started(pid: int) -> str:
    """Say when a process was started, in ticks since the machine was; nothing where that is not to be had."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def database_clock(dialect: str) -> ColumnElement[int]:
    """Read the database's clock, in milliseconds since 1970."""
    if dialect == "sqlite":
        return literal_column("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)
