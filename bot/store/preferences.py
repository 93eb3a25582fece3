"""Statements on preferences: what people have said about themselves."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.preference import Preference
from bot.store.tables import preferences

_log = structlog.get_logger(__name__)


async def of(connection: AsyncConnection, user_id: int) -> Preference:
    """Give what a person has said of themself; who has said nothing, has said what is usual."""
    return (await of_all(connection, [user_id])).get(user_id, Preference())


async def of_all(connection: AsyncConnection, user_ids: Collection[int]) -> dict[int, Preference]:
    """Give what those of these people have said who have said anything."""
    rows = await connection.execute(select(preferences).where(preferences.c.user_id.in_(user_ids)))
    return {row["user_id"]: _preference(row) for row in rows.mappings()}


async def was_asked(connection: AsyncConnection, user_id: int) -> bool:
    """Tell whether a person was asked for their time zone."""
    asked = select(preferences.c.zone_asked).where(preferences.c.user_id == user_id)
    return bool((await connection.execute(asked)).scalar_one_or_none())


async def keep(connection: AsyncConnection, user_id: int, **values: object) -> None:
    """Keep something that a person has said, beside what they said before."""
    mine = preferences.c.user_id == user_id
    if (await connection.execute(update(preferences).where(mine).values(values))).rowcount == 0:
        await connection.execute(insert(preferences).values({"zone_asked": False, **values, "user_id": user_id}))


def _preference(row: RowMapping) -> Preference:
    zone = None
    try:
        zone = ZoneInfo(row["zone"]) if row["zone"] else None
    except (ValueError, LookupError, OSError):  # one that this machine has not, or none at all
        _log.error("row_damaged", user_id=row["user_id"])
    return Preference(zone, row["shares"], row["goal"], frozenset(map(int, row["days_off"])))
