"""The tally: how many timers there are to be counted down, or paused, whoever's they are."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timer import LIVE
from bot.store.tables import timers


async def tally(connection: AsyncConnection) -> dict[str, int]:
    """Count the timers of each live state, in all of the database."""
    counted = select(timers.c.state, func.count()).where(timers.c.state.in_(LIVE)).group_by(timers.c.state)
    found = {state: count for state, count in await connection.execute(counted)}  # noqa: C416 - rows are no pairs
    return {state.value: found.get(state.value, 0) for state in LIVE}


async def answers(connection: AsyncConnection) -> bool:
    """Tell that the database answers, and has the tables."""
    await connection.execute(select(timers.c.id).limit(1))
    return True
