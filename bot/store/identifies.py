"""Statements on IDENTIFYs: Discord takes one in five seconds of each group of shards, over all processes."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.leases import database_clock
from bot.store.tables import identifies

# Discord's five seconds, and a little for the way there.
_APART = 5_250


async def turn(connection: AsyncConnection, bucket: int) -> int:
    """Take the next turn of a group; give the milliseconds until it comes."""
    now = database_clock(connection.dialect.name)
    mine = identifies.c.bucket == bucket
    row = (
        await connection.execute(select(identifies.c.next_at, now.label("now")).where(mine).with_for_update())
    ).one_or_none()
    if row is None:
        await connection.execute(insert(identifies).values(bucket=bucket, next_at=now + _APART))
        return 0
    at = max(row.next_at, row.now)
    await connection.execute(update(identifies).where(mine).values(next_at=at + _APART))
    return int(at - row.now)
