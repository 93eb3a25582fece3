"""Statements on the rules of servers."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus.plan import parse
from bot.domain.rules import Rules, counts_from, prefix
from bot.store.damage import DamagedRow, read_fields, report
from bot.store.tables import rules

_COLUMNS = [column for column in rules.c if column.name != "guild_id"]


async def of(connection: AsyncConnection, guild_id: int) -> Rules:
    """Return a server's rules; empty if it set none."""
    row = (await connection.execute(select(rules).where(rules.c.guild_id == guild_id))).mappings().one_or_none()
    if row is None:
        return Rules()
    kept, damaged = rules_of(row)
    for damage in damaged:
        report(connection, damage, (guild_id,))
    return kept


async def save(connection: AsyncConnection, guild_id: int, old: Rules, new: Rules) -> None:
    """Replace a server's rules. Unchanged columns are not written, even damaged ones."""
    before, values = _values(old), _values(new)
    changed = {name: value for name, value in values.items() if value != before[name]}
    known = select(rules.c.guild_id).where(rules.c.guild_id == guild_id)
    if (await connection.execute(known)).one_or_none() is None:
        await connection.execute(insert(rules).values(guild_id=guild_id, **values))
    elif changed:
        await connection.execute(update(rules).where(rules.c.guild_id == guild_id).values(changed))


def rules_of(row: RowMapping) -> tuple[Rules, list[DamagedRow]]:
    """Read a server's rules; damaged fields are omitted and returned beside."""
    values, damaged = read_fields(_COLUMNS, row, _READ)
    return Rules(**values), damaged


def _values(kept: Rules) -> dict[str, Any]:
    values = {column.name: getattr(kept, column.name) for column in _COLUMNS}
    return values | {
        "plan": str(kept.plan) if kept.plan else None,
        "channels": ",".join(map(str, sorted(kept.channels))),
        "zone": kept.zone.key if kept.zone else None,
    }


def _most_timers(number: int) -> int:
    if number < 1:
        raise ValueError(number)
    return number


# A rule is stored as it is, unless it has an entry here.
_READ: dict[str, Callable[[Any], Any]] = {
    "prefix": prefix,
    "plan": parse,
    "channels": lambda text: frozenset(int(channel) for channel in text.split(",") if channel),
    "most_timers": _most_timers,
    "zone": ZoneInfo,
    "counts_from": counts_from,
}
