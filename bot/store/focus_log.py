"""Statements on the focus log: appending to it, and corrections by its owners."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.log import LEAST, Entry, Outcome
from bot.domain.time.quarter_hour import quarter_hours
from bot.store import damage
from bot.store.damage import Check, DamagedRow
from bot.store.tables import focus_log, focus_slices

_COLUMNS = [column for column in focus_log.c if column.name != "id"]
_check = Check(_COLUMNS)
_DAY = 86_400
_EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
# Rows that the database may sum up: others are damaged. SQLite orders text and blobs after all numbers.
SOUND_SLICE = and_(
    focus_slices.c.at.between(int(_EVER[0].timestamp()), int(_EVER[1].timestamp())),
    focus_slices.c.seconds.between(1, _DAY),
)
SOUND_LENGTH = focus_log.c.focused.between(timedelta(), timedelta(days=366))
SOUND_ENTRY = and_(SOUND_LENGTH, focus_log.c.ended_at.between(*_EVER))


async def add(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Write log entries, except those under a second."""
    counted = [entry for entry in entries if entry.focused >= LEAST]
    if not counted:
        return
    inserted = insert(focus_log).returning(focus_log.c.id, sort_by_parameter_order=True)
    ids = (await connection.execute(inserted, [asdict(entry) for entry in counted])).scalars().all()
    pieces = [piece for number, entry in zip(ids, counted, strict=True) for piece in _slices(number, entry)]
    await connection.execute(insert(focus_slices), pieces)


async def latest(connection: AsyncConnection, user_id: int, limit: int) -> list[tuple[int, Entry]]:
    """Return somebody's latest entries with their numbers, newest first."""
    rows = await connection.execute(
        select(focus_log)
        .where(focus_log.c.user_id == user_id)
        .order_by(focus_log.c.ended_at.desc(), focus_log.c.id.desc())
        .limit(limit)
    )
    return damage.readable(connection, rows.mappings(), _numbered, ("id",))


async def by_id(connection: AsyncConnection, entry_id: int) -> Entry | None:
    """Return the entry with a number, or None."""
    rows = (await connection.execute(select(focus_log).where(focus_log.c.id == entry_id))).mappings()
    return next(iter(damage.readable(connection, rows, entry_of, ("id",))), None)


async def put(connection: AsyncConnection, entry_id: int, entry: Entry) -> None:
    """Replace the entry with that number by a corrected one."""
    values = {"ended_at": entry.ended_at, "focused": entry.focused}
    await connection.execute(update(focus_log).where(focus_log.c.id == entry_id).values(values))
    await connection.execute(delete(focus_slices).where(focus_slices.c.entry_id == entry_id))
    await connection.execute(insert(focus_slices), _slices(entry_id, entry))


async def remove(connection: AsyncConnection, entry_id: int) -> None:
    """Delete an entry."""
    await connection.execute(delete(focus_log).where(focus_log.c.id == entry_id))


async def first_at(connection: AsyncConnection, user_id: int) -> datetime | None:
    """Return the start of somebody's first quarter hour in the log; None where it is empty."""
    sound = select(focus_slices.c.at).where(focus_slices.c.user_id == user_id, SOUND_SLICE)
    # Not min(), which reads all that are sound; the first in the index's order is found at once.
    seconds = (await connection.execute(sound.order_by(focus_slices.c.at).limit(1))).scalar_one_or_none()
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def entry_of(row: RowMapping) -> Entry:
    """Read an entry. Raises ``DamagedRow``."""
    _check(row)
    values = {column.name: row[column.name] for column in _COLUMNS}
    try:
        return Entry(**{**values, "outcome": Outcome(values["outcome"])})
    except ValueError as error:
        raise DamagedRow(focus_log.c.outcome) from error


def _numbered(row: RowMapping) -> tuple[int, Entry]:
    return row["id"], entry_of(row)


def _slices(entry_id: int, entry: Entry) -> list[dict[str, int]]:
    return [
        {
            "entry_id": entry_id,
            "at": int(piece.at.timestamp()),
            "user_id": entry.user_id,
            "seconds": piece.seconds,
        }
        for piece in quarter_hours(entry)
    ]
