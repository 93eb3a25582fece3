"""Counts of all running and paused timers."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timers.timer import LIVE
from bot.store.tables import timers


async def count_timers(connection: AsyncConnection) -> dict[str, int]:
    """Count the timers of each live state in the whole database."""
    counted = select(timers.c.state, func.count()).where(timers.c.state.in_(LIVE)).group_by(timers.c.state)
    counts = {state: count for state, count in await connection.execute(counted)}  # noqa: C416 - rows are no pairs
    return {state.value: counts.get(state.value, 0) for state in LIVE}


async def answers(connection: AsyncConnection) -> bool:
    """Return True if the database answers and has the tables; raise otherwise."""
    await connection.execute(select(timers.c.id).limit(1))
    return True
