"""Statements on IDENTIFYs: Discord takes one in five seconds of each group of shards, over all processes."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.leases import database_clock
from bot.store.tables import identifies

# Discord's five seconds, and a little for the way there.
APART = 5.5


async def turn(connection: AsyncConnection, bucket: int, most: float | None) -> float:
    """Give the seconds until the next turn of a group; it is taken if they are no more than ``most``.

    A turn that is farther off is left to be asked for again: whoever waits may have given up by then.
    """
    now = database_clock(connection.dialect.name)
    mine = identifies.c.bucket == bucket
    asked = select(identifies.c.next_at, now.label("now")).where(mine).with_for_update()
    row = (await connection.execute(asked)).one_or_none()
    wait = max(0, row.next_at - row.now) if row else 0
    if most is None or wait > _milliseconds(most):
        return wait / 1000
    if row is None:
        await connection.execute(insert(identifies).values(bucket=bucket, next_at=now + _milliseconds(APART)))
    else:
        values = {"next_at": row.now + wait + _milliseconds(APART)}
        await connection.execute(update(identifies).where(mine).values(values))
    return wait / 1000


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
