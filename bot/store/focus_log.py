"""Statements on the focus log: it is added to, and set right by whoever did it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus_log import LEAST, Entry, Outcome
from bot.domain.slice import slices
from bot.store.tables import focus_log, focus_slices

_COLUMNS = [column for column in focus_log.c if column.name != "id"]


async def add(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Write what people have done; what is shorter than a second is none."""
    counted = [one for one in entries if one.focused >= LEAST]
    if not counted:
        return
    inserted = insert(focus_log).returning(focus_log.c.id, sort_by_parameter_order=True)
    ids = (await connection.execute(inserted, [asdict(one) for one in counted])).scalars().all()
    pieces = [piece for number, one in zip(ids, counted, strict=True) for piece in _slices(number, one)]
    await connection.execute(insert(focus_slices), pieces)


async def latest(connection: AsyncConnection, user_id: int, limit: int) -> list[tuple[int, Entry]]:
    """Give somebody's last entries with their numbers, the newest first."""
    rows = await connection.execute(
        select(focus_log)
        .where(focus_log.c.user_id == user_id)
        .order_by(focus_log.c.ended_at.desc(), focus_log.c.id.desc())
        .limit(limit)
    )
    return [(row["id"], _entry(row)) for row in rows.mappings()]


async def by_id(connection: AsyncConnection, entry_id: int) -> Entry | None:
    """Find an entry by its number."""
    row = (await connection.execute(select(focus_log).where(focus_log.c.id == entry_id))).mappings().one_or_none()
    return _entry(row) if row else None


async def put(connection: AsyncConnection, entry_id: int, entry: Entry) -> None:
    """Write a corrected entry in the place of the one with that number."""
    values = {"ended_at": entry.ended_at, "focused": entry.focused}
    await connection.execute(update(focus_log).where(focus_log.c.id == entry_id).values(values))
    await connection.execute(delete(focus_slices).where(focus_slices.c.entry_id == entry_id))
    await connection.execute(insert(focus_slices), _slices(entry_id, entry))


async def remove(connection: AsyncConnection, entry_id: int) -> None:
    """Take an entry away."""
    await connection.execute(delete(focus_log).where(focus_log.c.id == entry_id))


async def first_at(connection: AsyncConnection, user_id: int) -> datetime | None:
    """Say when somebody's log begins: with the first quarter of an hour in it."""
    first = select(func.min(focus_slices.c.at)).where(focus_slices.c.user_id == user_id)
    seconds = (await connection.execute(first)).scalar_one()
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _entry(row: RowMapping) -> Entry:
    values = {column.name: row[column.name] for column in _COLUMNS}
    return Entry(**{**values, "outcome": Outcome(values["outcome"])})


def _slices(entry_id: int, entry: Entry) -> list[dict[str, int]]:
    return [
        {
            "entry_id": entry_id,
            "at": int(piece.at.timestamp()),
            "user_id": entry.user_id,
            "seconds": piece.seconds,
        }
        for piece in slices(entry)
    ]
