"""Statements on servers: which the bot has left, and to let go of what is kept of one."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timer import LIVE
from bot.store.tables import focus_log, focus_sums, left_guilds, presets, reminders, rules, timers

# Stands for a channel that is not kept any more.
_NOWHERE = 0


async def left(connection: AsyncConnection, guild_id: int, now: datetime) -> None:
    """Note that the bot has left a server, unless that is known."""
    known = select(left_guilds.c.guild_id).where(left_guilds.c.guild_id == guild_id)
    if (await connection.execute(known)).one_or_none() is None:
        await connection.execute(insert(left_guilds).values(guild_id=guild_id, left_at=now))


async def joined(connection: AsyncConnection, guild_id: int) -> None:
    """Note that the bot is in a server."""
    await connection.execute(delete(left_guilds).where(left_guilds.c.guild_id == guild_id))


async def marked(connection: AsyncConnection) -> list[int]:
    """Give the servers that are known to be left."""
    return list((await connection.execute(select(left_guilds.c.guild_id))).scalars())


async def left_before(connection: AsyncConnection, moment: datetime) -> list[int]:
    """Give the servers that were left before a moment."""
    rows = await connection.execute(select(left_guilds.c.guild_id).where(left_guilds.c.left_at < moment))
    return list(rows.scalars())


async def known(connection: AsyncConnection) -> set[int]:
    """Give the servers of which anything is kept."""
    found: set[int] = set()
    for table in (timers, focus_log, focus_sums, rules):
        rows = await connection.execute(select(table.c.guild_id).where(table.c.guild_id.is_not(None)).distinct())
        found.update(rows.scalars())
    return found


async def forget(connection: AsyncConnection, guild_id: int) -> list[int]:
    """Delete all that is kept of a server; give the numbers of its timers.

    What is a person's own goes on without the server: what they have focused there, and what they are still to be
    reminded of directly.
    """
    direct = select(reminders.c.timer_id).where(reminders.c.direct)
    own = (timers.c.guild_id == guild_id, timers.c.id.in_(direct), timers.c.state.in_(LIVE))
    pending = update(reminders).where(reminders.c.timer_id.in_(select(timers.c.id).where(*own)))
    await connection.execute(pending.values(about_id=None))
    await connection.execute(update(timers).where(*own).values(guild_id=None, channel_id=_NOWHERE))
    done = update(focus_log).where(focus_log.c.guild_id == guild_id)
    await connection.execute(done.values(guild_id=None, channel_id=_NOWHERE))
    gone = select(timers.c.id).where(timers.c.guild_id == guild_id)
    ids = list((await connection.execute(gone)).scalars())
    await connection.execute(delete(presets).where(presets.c.owner_id == guild_id))
    for table in (timers, focus_sums, rules, left_guilds):
        await connection.execute(delete(table).where(table.c.guild_id == guild_id))
    return ids
