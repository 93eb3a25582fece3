"""Statements on presets: plans that are kept by a name, for a person or for a server."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import presets


async def keep(connection: AsyncConnection, owner_id: int, name: str, plan: str) -> None:
    """Keep a plan under a name, in the place of one that had it."""
    await forget(connection, owner_id, name)
    await connection.execute(insert(presets).values(owner_id=owner_id, name=name, plan=plan))


async def forget(connection: AsyncConnection, owner_id: int, name: str) -> bool:
    """Delete the plan of that name; tell whether there was one."""
    key = (presets.c.owner_id == owner_id, presets.c.name == name)
    return (await connection.execute(delete(presets).where(*key))).rowcount == 1


async def of(connection: AsyncConnection, owner_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Give what these owners have kept: plans by name, by owner."""
    found: dict[int, dict[str, str]] = {owner_id: {} for owner_id in owner_ids}
    rows = await connection.execute(
        select(presets).where(presets.c.owner_id.in_(owner_ids)).order_by(presets.c.name)
    )
    for row in rows.mappings():
        found[row["owner_id"]][row["name"]] = row["plan"]
    return found
