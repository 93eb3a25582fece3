"""Statements on IDENTIFYs: Discord allows one per five seconds and group of shards, over all processes."""

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.damage import Check, DamagedRow, report
from bot.store.leases import database_clock, milliseconds
from bot.store.tables import identifies

# Discord's five seconds, plus a margin for latency.
APART = 5.5
# The queues shared by all shards where few starts are left for the day: for starting processes, and for shards that
# lost their session. The other queues belong to one group each, numbered from 0.
STARTS, AGAIN = -1, -2
# How far off a turn can be, in milliseconds; one that is farther was taken by a clock that was ahead. Over all
# shards, a little over a day: the daily count of starts is reset by then. Of a group, whose turns are taken when
# they are near, far less.
_FARTHEST, _FARTHEST_OF_GROUP = 90_000_000, 120_000
_check = Check([identifies.c.next_at])


async def turn(connection: AsyncConnection, bucket: int, most: float | None, apart: float = APART) -> float:
    """Return the seconds until the next turn of a queue; the turn is taken if that is within ``most``.

    The following turn comes ``apart`` seconds later. A turn further off is not taken, since the waiter may have
    given up by then: ask again.
    """
    now = database_clock(connection.dialect.name)
    mine = identifies.c.bucket == bucket
    query = select(identifies.c.next_at, now.label("now")).where(mine).with_for_update()
    row = (await connection.execute(query)).mappings().one_or_none()
    try:
        wait = _wait(row, _FARTHEST if bucket in {STARTS, AGAIN} else _FARTHEST_OF_GROUP) if row else 0
    except DamagedRow as damage:  # it is ignored, and overwritten by the turn taken now
        report(connection, damage, [bucket])
        wait = 0
    if most is None or wait > milliseconds(most):
        return wait / 1000
    if row is None:
        await connection.execute(insert(identifies).values(bucket=bucket, next_at=now + milliseconds(apart)))
    else:
        values = {"next_at": row["now"] + wait + milliseconds(apart)}
        await connection.execute(update(identifies).where(mine).values(values))
    return wait / 1000


def _wait(row: RowMapping, farthest: int) -> int:
    """Return the milliseconds until the next turn. Raises ``DamagedRow`` if no turn can be so far off."""
    _check(row)
    wait: int = row["next_at"] - row["now"]
    if wait > farthest:
        raise DamagedRow(identifies.c.next_at)
    return max(0, wait)
