"""Statements on the rules of servers."""

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Refusal
from bot.domain.rules import Rules, stored_plan
from bot.store.tables import rules

_log = structlog.get_logger(__name__)


async def of(connection: AsyncConnection, guild_id: int) -> Rules:
    """Give a server's rules; one that has set none, has none."""
    row = (await connection.execute(select(rules).where(rules.c.guild_id == guild_id))).mappings().one_or_none()
    if row is None:
        return Rules()
    plan = None
    try:
        plan = stored_plan(row["plan"])
    except Refusal:
        _log.error("row_damaged", guild_id=guild_id)
    channels = frozenset(int(one) for one in row["channels"].split(",") if one)
    return Rules(row["prefix"], plan, channels, row["starter_role"], row["keeper_role"], row["most_timers"])


async def keep(connection: AsyncConnection, guild_id: int, new: Rules) -> None:
    """Put a server's rules in the place of those it had."""
    values = {
        "prefix": new.prefix,
        "plan": str(new.plan) if new.plan else None,
        "channels": ",".join(map(str, sorted(new.channels))),
        "starter_role": new.starter_role,
        "keeper_role": new.keeper_role,
        "most_timers": new.most_timers,
    }
    if (await connection.execute(update(rules).where(rules.c.guild_id == guild_id).values(values))).rowcount == 0:
        await connection.execute(insert(rules).values(guild_id=guild_id, **values))
