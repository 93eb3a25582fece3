"""Statements on presets: named plans of a person or a server."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus.plan import parse
from bot.store import damage
from bot.store.damage import Check, parsed
from bot.store.tables import presets
from bot.store.upsert import upsert

_check = Check(presets.c)


async def save(connection: AsyncConnection, owner_id: int, name: str, plan: str) -> None:
    """Save a plan under a name, replacing any earlier one."""
    row = {"owner_id": owner_id, "name": name, "plan": plan}
    await connection.execute(upsert(presets, connection.dialect.name).values(row))


async def forget(connection: AsyncConnection, owner_id: int, name: str) -> bool:
    """Delete the plan of that name; return whether there was one."""
    key = (presets.c.owner_id == owner_id, presets.c.name == name)
    return (await connection.execute(delete(presets).where(*key))).rowcount == 1


async def of(connection: AsyncConnection, owner_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the plans by name of each of these owners."""
    by_owner: dict[int, dict[str, str]] = {owner_id: {} for owner_id in owner_ids}
    rows = await connection.execute(
        select(presets).where(presets.c.owner_id.in_(owner_ids)).order_by(presets.c.name)
    )
    for owner_id, name, plan in damage.readable(connection, rows.mappings(), preset_of, ("owner_id", "name")):
        by_owner[owner_id][name] = plan
    return by_owner


def preset_of(row: RowMapping) -> tuple[int, str, str]:
    """Read the owner, name and plan. Raises ``DamagedRow``."""
    _check(row)
    parsed(parse, row, presets.c.plan)
    return row["owner_id"], row["name"], row["plan"]
