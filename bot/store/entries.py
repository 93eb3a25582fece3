"""Reading entries of the focus log."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.log import Entry, EntryOutcome
from bot.store import damage
from bot.store.damage import Check, parsed
from bot.store.tables import focus_log, focus_slices

COLUMNS = [column for column in focus_log.c if column.name != "id"]
_check = Check(COLUMNS)
_DAY = 86_400
_EVER = datetime(1970, 1, 2, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
# Rows that the database may sum up: others are damaged. SQLite orders text and blobs after all numbers.
SOUND_SLICE = and_(
    focus_slices.c.at.between(int(_EVER[0].timestamp()), int(_EVER[1].timestamp())),
    focus_slices.c.seconds.between(1, _DAY),
    or_(focus_slices.c.ahead.is_(None), focus_slices.c.ahead.between(-_DAY, _DAY)),
)
SOUND_LENGTH = and_(
    focus_log.c.focused.between(timedelta(), timedelta(days=366)),
    or_(focus_log.c.counted.is_(None), focus_log.c.counted.between(0, 366 * _DAY)),
)
SOUND_ENTRY = and_(SOUND_LENGTH, focus_log.c.ended_at.between(*_EVER))
# Entries that were not removed.
NOT_REMOVED = focus_log.c.focused > timedelta()

# Built once: building a statement takes longer than running most of them.
_TOUCHING = (
    select(focus_log)
    .where(
        focus_log.c.user_id.in_(bindparam("user_ids", expanding=True)),
        focus_log.c.ended_at >= bindparam("first"),
        focus_log.c.began_at <= bindparam("last"),
    )
    .order_by(focus_log.c.ended_at, focus_log.c.id)
)
# From when to when, both inclusive.
Window = tuple[datetime, datetime]
Numbered = tuple[int, Entry]


async def latest(connection: AsyncConnection, user_id: int, limit: int, skipped: int = 0) -> list[Numbered]:
    """Return somebody's latest entries with their numbers, newest first, without the first ``skipped``."""
    rows = await connection.execute(
        select(focus_log)
        .where(focus_log.c.user_id == user_id, NOT_REMOVED)
        .order_by(focus_log.c.ended_at.desc(), focus_log.c.id.desc())
        .limit(limit)
        .offset(skipped)
    )
    return damage.readable(connection, rows.mappings(), _numbered, ("id",))


async def by_id(connection: AsyncConnection, entry_id: int) -> Entry | None:
    """Return the entry with a number, or None."""
    rows = (await connection.execute(select(focus_log).where(focus_log.c.id == entry_id))).mappings()
    return next(iter(damage.readable(connection, rows, entry_of, ("id",))), None)


async def added(connection: AsyncConnection, user_id: int, begins: datetime, ends: datetime) -> list[Numbered]:
    """Return the entries that somebody added afterwards and that end in that time."""
    rows = await connection.execute(
        select(focus_log).where(
            focus_log.c.user_id == user_id,
            NOT_REMOVED,
            focus_log.c.added,
            focus_log.c.ended_at.between(begins, ends),
        )
    )
    return damage.readable(connection, rows.mappings(), _numbered, ("id",))


async def touching(connection: AsyncConnection, windows: Mapping[int, Window]) -> dict[int, list[Numbered]]:
    """Return the entries that touch each person's window of time."""
    if not windows:
        return {}
    first, last = min(begins for begins, _ in windows.values()), max(ends for _, ends in windows.values())
    rows = await connection.execute(_TOUCHING, {"user_ids": list(windows), "first": first, "last": last})
    near: dict[int, list[Numbered]] = {user_id: [] for user_id in windows}
    for number, entry in damage.readable(connection, rows.mappings(), _numbered, ("id",)):
        begins, ends = windows[entry.user_id]
        if entry.ended_at >= begins and entry.began_at <= ends:
            near[entry.user_id].append((number, entry))
    return near


async def first_at(connection: AsyncConnection, user_id: int) -> datetime | None:
    """Return the start of somebody's first quarter hour in the log; None if it is empty."""
    sound = select(focus_slices.c.at).where(focus_slices.c.user_id == user_id, SOUND_SLICE)
    # Not min(), which reads all that are sound; the first in the index's order is found at once.
    seconds = (await connection.execute(sound.order_by(focus_slices.c.at).limit(1))).scalar_one_or_none()
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def entry_of(row: RowMapping) -> Entry:
    """Read an entry. Raises ``DamagedRow``."""
    _check(row)
    values = {column.name: row[column.name] for column in COLUMNS}
    return Entry(**values | {"outcome": parsed(EntryOutcome, row, focus_log.c.outcome)})


def _numbered(row: RowMapping) -> Numbered:
    return row["id"], entry_of(row)
