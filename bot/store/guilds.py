"""Statements on servers: which ones the bot left, and deleting a server's data."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timers.timer import LIVE
from bot.store.columns import EPOCH
from bot.store.tables import focus_log, focus_sums, left_guilds, presets, questions, reminders, rules, timers

# Stands for a channel whose id was deleted.
_NOWHERE = 0


async def left(connection: AsyncConnection, guild_id: int, now: datetime) -> None:
    """Record that the bot left a server, unless that is recorded already."""
    known = select(left_guilds.c.guild_id).where(left_guilds.c.guild_id == guild_id)
    if (await connection.execute(known)).one_or_none() is None:
        await connection.execute(insert(left_guilds).values(guild_id=guild_id, left_at=now))


async def joined(connection: AsyncConnection, guild_id: int) -> None:
    """Record that the bot is in a server."""
    await connection.execute(delete(left_guilds).where(left_guilds.c.guild_id == guild_id))


async def marked(connection: AsyncConnection) -> list[int]:
    """Return the servers recorded as left."""
    return _ids((await connection.execute(select(left_guilds.c.guild_id))).scalars())


async def left_before(connection: AsyncConnection, moment: datetime) -> list[int]:
    """Return the servers that were left before a moment."""
    rows = await connection.execute(
        select(left_guilds.c.guild_id).where(and_(left_guilds.c.left_at >= EPOCH, left_guilds.c.left_at < moment))
    )
    return _ids(rows.scalars())


async def known(connection: AsyncConnection) -> set[int]:
    """Return the servers that have any data."""
    ids: set[int] = set()
    for table in (timers, focus_log, focus_sums, rules):
        rows = await connection.execute(select(table.c.guild_id).where(table.c.guild_id.is_not(None)).distinct())
        ids.update(_ids(rows.scalars()))
    return ids


async def forget_entries(connection: AsyncConnection, guild_id: int, count: int) -> int:
    """Remove a server from at most ``count`` focus log entries; return how many; fewer means that it is done."""
    # Entries of about the same time are stored side by side.
    oldest = (
        select(focus_log.c.id).where(focus_log.c.guild_id == guild_id).order_by(focus_log.c.ended_at).limit(count)
    )
    done = update(focus_log).where(focus_log.c.id.in_(oldest)).values(guild_id=None, channel_id=_NOWHERE)
    return (await connection.execute(done)).rowcount


async def forget(connection: AsyncConnection, guild_id: int) -> list[int]:
    """Delete all data of a server except focus log entries; return the ids of its timers.

    Pending direct reminders belong to their owners, and continue without the server.
    """
    direct = select(reminders.c.timer_id).where(reminders.c.direct)
    own = (timers.c.guild_id == guild_id, timers.c.id.in_(direct), timers.c.state.in_(LIVE))
    pending = update(reminders).where(reminders.c.timer_id.in_(select(timers.c.id).where(*own)))
    await connection.execute(pending.values(about_id=None))
    await connection.execute(update(timers).where(*own).values(guild_id=None, channel_id=_NOWHERE))
    gone = select(timers.c.id).where(timers.c.guild_id == guild_id)
    ids = list((await connection.execute(gone)).scalars())
    await connection.execute(delete(presets).where(presets.c.owner_id == guild_id))
    for table in (timers, focus_sums, questions, rules, left_guilds):
        await connection.execute(delete(table).where(table.c.guild_id == guild_id))
    return ids


def _ids(values: Iterable[object]) -> list[int]:
    return [value for value in values if type(value) is int and value >= 0]
