"""Statements on rounds that people have yet to confirm, since there was no sign of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.log import Entry, EntryOutcome
from bot.store import damage
from bot.store.damage import Check, parsed
from bot.store.tables import unconfirmed

_check = Check(unconfirmed.c)
_NAMES = unconfirmed.c.keys()


async def add(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Write log entries that do not count yet."""
    if entries:
        values = [{name: getattr(entry, name) for name in _NAMES} for entry in entries]
        await connection.execute(insert(unconfirmed), values)


async def of_session(connection: AsyncConnection, timer_id: int, since: datetime) -> list[Entry]:
    """Return the unconfirmed entries of a session's rounds that ended since a moment, in order."""
    query = select(unconfirmed).where(unconfirmed.c.timer_id == timer_id)
    rows = (await connection.execute(query.order_by(unconfirmed.c.phase, unconfirmed.c.user_id))).mappings()
    entries = damage.readable(connection, rows, entry_of, ("timer_id", "phase", "user_id"))
    return [entry for entry in entries if entry.ended_at >= since]


async def remove(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Delete these, which were answered."""
    for entry in entries:
        key = {name: getattr(entry, name) for name in ("timer_id", "phase", "user_id")}
        await connection.execute(delete(unconfirmed).filter_by(**key))


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete those of rounds that ended before a moment; return how many."""
    return (await connection.execute(delete(unconfirmed).where(unconfirmed.c.ended_at < before))).rowcount


def entry_of(row: RowMapping) -> Entry:
    """Read an entry. Raises ``DamagedRow``."""
    _check(row)
    values = {name: row[name] for name in _NAMES}
    return Entry(**values | {"outcome": parsed(EntryOutcome, row, unconfirmed.c.outcome)})
