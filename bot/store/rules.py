"""Statements on the rules of servers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.rules import Rules, prefix, stored_plan
from bot.store.damage import DamagedRow, read_fields, report
from bot.store.tables import rules


async def of(connection: AsyncConnection, guild_id: int) -> Rules:
    """Return a server's rules; empty where it set none."""
    row = (await connection.execute(select(rules).where(rules.c.guild_id == guild_id))).mappings().one_or_none()
    if row is None:
        return Rules()
    kept, damaged = rules_of(row)
    for damage in damaged:
        report(connection.sync_engine, damage, (guild_id,))
    return kept


async def keep(connection: AsyncConnection, guild_id: int, old: Rules, new: Rules) -> None:
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
    values, damaged = read_fields(rules, row, _READ)
    return Rules(**values), damaged


def _values(kept: Rules) -> dict[str, Any]:
    return {
        "prefix": kept.prefix,
        "plan": str(kept.plan) if kept.plan else None,
        "channels": ",".join(map(str, sorted(kept.channels))),
        "starter_role": kept.starter_role,
        "keeper_role": kept.keeper_role,
        "most_timers": kept.most_timers,
    }


def _prefix(text: str | None) -> str | None:
    return None if text is None else prefix(text)


def _channels(text: str) -> frozenset[int]:
    return frozenset(int(channel) for channel in text.split(",") if channel)


def _most_timers(number: int | None) -> int | None:
    if number is not None and number < 1:
        raise ValueError(number)
    return number


def _as_it_is(value: Any) -> Any:
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    "prefix": _prefix,
    "plan": stored_plan,
    "channels": _channels,
    "starter_role": _as_it_is,
    "keeper_role": _as_it_is,
    "most_timers": _most_timers,
}
