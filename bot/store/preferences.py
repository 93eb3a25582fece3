"""Statements on preferences: what people have said about themselves."""

from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import preferences


async def zone_of(connection: AsyncConnection, user_id: int) -> tuple[ZoneInfo | None, bool]:
    """Give a person's time zone, if they have said it, and whether they were asked for it."""
    mine = select(preferences.c.zone, preferences.c.zone_asked).where(preferences.c.user_id == user_id)
    row = (await connection.execute(mine)).one_or_none()
    if row is None:
        return None, False
    return ZoneInfo(row.zone) if row.zone else None, row.zone_asked


async def keep(connection: AsyncConnection, user_id: int, **values: object) -> None:
    """Keep something that a person has said, beside what they said before."""
    mine = preferences.c.user_id == user_id
    if (await connection.execute(update(preferences).where(mine).values(values))).rowcount == 0:
        await connection.execute(insert(preferences).values({"zone_asked": False, **values, "user_id": user_id}))
