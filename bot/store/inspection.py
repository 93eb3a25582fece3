"""The inspection: damaged rows of any table, overdue timers, and how many there are."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.timers.timer import LIVE
from bot.store import (
    due_timers,
    entries,
    leases,
    outbox,
    preferences,
    presets,
    questions,
    reminders,
    rules,
    sessions,
    tables as t,
    timers,
    unconfirmed,
)
from bot.store.damage import Check, DamagedRow, name_row

_BATCH = 2_000

# Readers of rows, which raise for what the types do not cover; those of _READ_IN_PARTS return all errors.
_READ: dict[Table, Callable[[RowMapping], Any]] = {
    t.timers: timers.timer_of,
    t.outbox: outbox.check_row,
    t.sessions: sessions.own_of,
    t.participants: sessions.person_of,
    t.efforts: sessions.effort_of,
    t.unconfirmed: unconfirmed.entry_of,
    t.reminders: reminders.own_of,
    t.focus_log: entries.entry_of,
    t.presets: presets.preset_of,
    t.questions: questions.question_of,
    t.leases: leases.check,
}
_READ_IN_PARTS: dict[Table, Callable[[RowMapping], tuple[Any, list[DamagedRow]]]] = {
    t.preferences: preferences.preference_of,
    t.rules: rules.rules_of,
}


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged row: its table, the integers of its key, and the damaged column."""

    table: str
    row: str
    column: str


async def damaged_rows(connection: AsyncConnection) -> AsyncIterator[Damaged]:
    """Yield the damaged rows of all tables, in a snapshot; this takes some seconds per 100,000 rows."""
    for table in t.metadata.sorted_tables:
        is_sound = Check(table.c)
        statement = select(table, _is_orphan(table).label("is_orphan"))
        rows = await connection.stream(statement.execution_options(yield_per=_BATCH))
        async for batch in rows.mappings().partitions():
            for row in batch:
                for damage in _damage(table, is_sound, row):
                    key = name_row(row[column.name] for column in table.primary_key)
                    yield Damaged(table.name, key, damage.column.name)


async def overdue(connection: AsyncConnection, now: datetime) -> list[int]:
    """Return the ids of timers that should have ended by now; none if no bot was running to end them."""
    runs = select(t.leases.c.block).where(leases.lasting(connection.dialect.name))
    if (await connection.execute(runs)).first() is None:
        return []
    late = select(t.timers.c.id).where(*due_timers.is_overdue(now))
    return list((await connection.execute(late.order_by(t.timers.c.due_at))).scalars())


async def count_timers(connection: AsyncConnection) -> dict[str, int]:
    """Count the timers of each live state in the whole database."""
    counted = select(t.timers.c.state, func.count()).where(t.timers.c.state.in_(LIVE)).group_by(t.timers.c.state)
    counts = {row[0]: row[1] for row in await connection.execute(counted)}
    return {state.value: counts.get(state.value, 0) for state in LIVE}


async def ping(connection: AsyncConnection) -> bool:
    """Return True if the database answers and has the tables; raise otherwise."""
    await connection.execute(select(t.timers.c.id).limit(1))
    return True


def _damage(table: Table, is_sound: Check, row: RowMapping) -> Iterable[DamagedRow]:
    try:
        is_sound(row)
        if read := _READ.get(table):
            read(row)
    except DamagedRow as damage:
        return [damage]
    if row["is_orphan"]:
        return [DamagedRow(column) for column in table.c if column.foreign_keys]
    read_in_parts = _READ_IN_PARTS.get(table)
    return read_in_parts(row)[1] if read_in_parts else []


def _is_orphan(table: Table) -> Any:
    """Match rows whose parent row is missing."""
    missing = [
        ~select(key.column).where(key.column == column).correlate(table).exists()
        for column in table.c
        for key in column.foreign_keys
    ]
    return or_(false(), *missing)
