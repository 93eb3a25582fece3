"""Statements on IDENTIFYs: Discord takes one in five seconds of each group of shards, over all processes."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.leases import database_clock
from bot.store.tables import identifies

# Discord's five seconds, and a little for the way there.
APART = 5.25


async def turn(connection: AsyncConnection, bucket: int, most: float) -> tuple[bool, float]:
    """Take the next turn of a group if it comes within ``most`` seconds; tell whether, and when it comes.

    A turn that is farther off is left to be asked for again: whoever waits may have given up by then.
    """
    now = database_clock(connection.dialect.name)
    mine = identifies.c.bucket == bucket
    row = (
        await connection.execute(select(identifies.c.next_at, now.label("now")).where(mine).with_for_update())
    ).one_or_none()
    if row is None:
        await connection.execute(insert(identifies).values(bucket=bucket, next_at=now + _milliseconds(APART)))
        return True, 0.0
    at = max(row.next_at, row.now)
    wait = (at - row.now) / 1000
    if wait > most:
        return False, wait
    await connection.execute(update(identifies).where(mine).values(next_at=at + _milliseconds(APART)))
    return True, wait


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
