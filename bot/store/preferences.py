"""Statements on people's preferences."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.preference import LATEST_START, Preference
from bot.store.damage import DamagedRow, read_fields, report
from bot.store.tables import preferences
from bot.store.upsert import upsert

_COLUMNS = [column for column in preferences.c if column.name not in {"user_id", "zone_asked"}]
_DAY = 86_400
# Built once: building a statement takes longer than running most of them.
_OF_ALL = select(preferences).where(preferences.c.user_id.in_(bindparam("user_ids", expanding=True)))


async def of(connection: AsyncConnection, user_id: int) -> Preference:
    """Return a person's preferences, or the defaults."""
    return (await of_all(connection, [user_id])).get(user_id, Preference())


async def of_all(connection: AsyncConnection, user_ids: Collection[int]) -> dict[int, Preference]:
    """Return the preferences of those people who have any."""
    rows = await connection.execute(_OF_ALL, {"user_ids": list(user_ids)})
    by_user = {}
    for row in rows.mappings():
        by_user[row["user_id"]], damaged = preference_of(row)
        for damage in damaged:
            report(connection, damage, (row["user_id"],))
    return by_user


async def was_asked(connection: AsyncConnection, user_id: int) -> bool:
    """Return whether a person was asked for their time zone."""
    query = select(preferences.c.zone_asked).where(preferences.c.user_id == user_id)
    return bool((await connection.execute(query)).scalar_one_or_none())


async def save(connection: AsyncConnection, user_id: int, **values: object) -> None:
    """Update some of a person's preferences; the others stay."""
    values = {name: _WRITE[name](value) if name in _WRITE else value for name, value in values.items()}
    new = upsert(preferences, connection.dialect.name, values)
    await connection.execute(new.values({"zone_asked": False, **values, "user_id": user_id}))


def preference_of(row: RowMapping) -> tuple[Preference, list[DamagedRow]]:
    """Read somebody's preferences; damaged fields are omitted and returned beside."""
    values, damaged = read_fields(_COLUMNS, row, _READ)
    return Preference(**values), damaged


def _goal(seconds: int) -> int:
    if not 1 <= seconds <= _DAY:
        raise ValueError(seconds)
    return seconds


def _days_off(digits: str) -> frozenset[int]:
    days = frozenset(map(int, digits))
    if not days <= frozenset(range(7)):
        raise ValueError(digits)
    return days


def _day_starts(minutes: int) -> timedelta:
    if minutes % 15 or not 0 <= minutes <= LATEST_START:
        raise ValueError(minutes)
    return timedelta(minutes=minutes)


# A preference is stored as it is, unless it has an entry here.
_WRITE: dict[str, Callable[[Any], Any]] = {
    "days_off": lambda days: "".join(map(str, sorted(days))),
    "day_starts": lambda after_midnight: after_midnight // timedelta(minutes=1),
}
_READ: dict[str, Callable[[Any], Any]] = {
    "zone": ZoneInfo,
    "goal": _goal,
    "days_off": _days_off,
    "day_starts": _day_starts,
}
