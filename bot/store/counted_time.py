"""The counted time: the seconds that count for each entry and no other, by quarter hour; derived from the log.

It is derived in the transaction that changes an entry, for the entries near it. What an older version wrote has no
``ahead`` yet, and is derived when it is next needed.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.preference import Preference
from bot.domain.stats.log import Entry
from bot.domain.stats.union import length, union
from bot.domain.time import zone
from bot.domain.time.quarter_hour import quarter_hours
from bot.store import preferences as preference_rows
from bot.store.columns import EPOCH
from bot.store.entries import Numbered, Window, touching
from bot.store.tables import focus_log, focus_slices

# Rows that are derived in one transaction, since nobody else can write meanwhile.
_AT_ONCE = 500
# In the order given, so that two transactions do not wait for each other.
_LOCK = select(
    func.pg_advisory_xact_lock(func.unnest(bindparam("user_ids", type_=ARRAY(BigInteger))).column_valued("user_id"))
)
# Built once: building a statement takes longer than running most of them.
_DELETE = delete(focus_slices).where(focus_slices.c.entry_id.in_(bindparam("entry_ids", expanding=True)))
_INSERT = insert(focus_slices)
_SET_COUNTED = update(focus_log).where(focus_log.c.id == bindparam("of")).values(counted=bindparam("seconds"))
_SECOND, _QUARTER = timedelta(seconds=1), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts for an entry: its seconds in all, and its rows in ``focus_slices``."""

    seconds: int
    slices: list[dict[str, int]]


async def derive(
    connection: AsyncConnection, windows: Mapping[int, Window], preferences: Mapping[int, Preference] | None = None
) -> None:
    """Derive again what counts in a window of time of each of these people; read their preferences if not given."""
    await _lock(connection, windows)
    near, counted = await _counted(connection, windows, preferences)
    if not near:
        return
    ids = list(near)
    await connection.execute(_DELETE, {"entry_ids": ids})
    if slices := [row for number in ids for row in counted[number].slices]:
        await connection.execute(_INSERT, slices)
    changed = [number for number in ids if near[number].counted != counted[number].seconds]
    if changed:
        await connection.execute(
            _SET_COUNTED, [{"of": number, "seconds": counted[number].seconds} for number in changed]
        )


async def is_stale(connection: AsyncConnection, user_id: int) -> bool:
    """Return whether an older version wrote rows of somebody that are not derived yet."""
    stale = select(focus_slices.c.entry_id).where(focus_slices.c.user_id == user_id, focus_slices.c.ahead.is_(None))
    return (await connection.execute(stale.limit(1))).first() is not None


async def stale_people(connection: AsyncConnection, limit: int) -> Sequence[int]:
    """Return people with rows that are not derived yet."""
    stale = select(focus_slices.c.user_id).where(focus_slices.c.ahead.is_(None)).distinct().limit(limit)
    return [user_id for user_id in (await connection.execute(stale)).scalars() if type(user_id) is int]


async def derive_stale(connection: AsyncConnection, user_id: int) -> bool:
    """Derive a batch of such rows; return whether there are more."""
    own = (focus_slices.c.user_id == user_id, focus_slices.c.ahead.is_(None))
    stale = select(focus_slices.c.at).where(*own).order_by(focus_slices.c.at).limit(_AT_ONCE)
    at = [number for number in (await connection.execute(stale)).scalars() if type(number) is int]
    if sound := [number for number in at if 0 < number < 2**35]:
        first, last = (datetime.fromtimestamp(number, UTC) for number in (sound[0], sound[-1]))
        await derive(connection, {user_id: (first, last + _QUARTER)})
    # The rest belongs to entries that cannot be read; nothing better can be derived.
    inside = focus_slices.c.at <= at[-1] if at else focus_slices.c.at.is_not(None)
    await connection.execute(update(focus_slices).where(*own, inside).values(ahead=0))
    return await is_stale(connection, user_id)


async def set_first_zone(connection: AsyncConnection, user_id: int, first: ZoneInfo) -> None:
    """Set somebody's first time zone on the entries logged before they had one."""
    nowhere = (focus_log.c.user_id == user_id, focus_log.c.zone.is_(None))
    if (await connection.execute(update(focus_log).where(*nowhere).values(zone=first.key))).rowcount:
        own = focus_slices.c.user_id == user_id
        await connection.execute(update(focus_slices).where(own).values(ahead=None))


async def rebuild(connection: AsyncConnection, user_id: int, after: datetime | None) -> datetime | None:
    """Derive the next batch of somebody's entries again; return where to continue, None at the end."""
    window = await _next_window(connection, user_id, after)
    if window:
        await derive(connection, {user_id: window})
    return window[1] if window else None


async def people(connection: AsyncConnection) -> Sequence[int]:
    """Return everybody who has entries."""
    rows = await connection.execute(select(focus_log.c.user_id).distinct())
    return [user_id for user_id in rows.scalars() if type(user_id) is int and user_id >= 0]


async def miscounted(connection: AsyncConnection) -> AsyncIterator[int]:
    """Yield the numbers of entries whose stored time is not what counts."""
    for user_id in await people(connection):
        after: datetime | None = None
        while window := await _next_window(connection, user_id, after):
            near, counted = await _counted(connection, {user_id: window})
            kept = await _kept(connection, near)
            for number, entry in near.items():
                pieces = kept.get(number, [])
                is_stale = any(piece["ahead"] is None for piece in pieces)
                right = counted[number]
                if not is_stale and (pieces != right.slices or entry.counted not in {None, right.seconds}):
                    yield number
            after = window[1]


async def _counted(
    connection: AsyncConnection, windows: Mapping[int, Window], preferences: Mapping[int, Preference] | None = None
) -> tuple[dict[int, Entry], dict[int, Counted]]:
    """Return the entries in these windows by number, and what counts for each."""
    padded = {user_id: (begins - _SECOND, ends + _SECOND) for user_id, (begins, ends) in windows.items()}
    near = await touching(connection, padded)
    hulls = {
        user_id: (
            min(entry.began_at for _, entry in entries) - _SECOND,
            max(entry.ended_at for _, entry in entries) + _SECOND,
        )
        for user_id, entries in near.items()
        if len(entries) > 1
    }
    # What overlaps an entry that reaches beyond the window may lie outside it.
    around = near | await touching(connection, hulls)
    if preferences is None:
        preferences = await preference_rows.of_all(connection, windows)
    counted = {}
    for user_id, entries in around.items():
        counted.update(_divided(entries, preferences.get(user_id, Preference()).zone_or_utc))
    return dict(entry for entries in near.values() for entry in entries), counted


def _divided(entries: Sequence[Numbered], own_zone: ZoneInfo) -> dict[int, Counted]:
    """Divide somebody's seconds among their entries."""
    ascending = sorted(entries, key=lambda numbered: (numbered[1].rank, numbered[0]))
    won = union([entry.seconds for _, entry in ascending])
    divided = {}
    for (number, entry), spans in zip(ascending, won, strict=True):
        key = entry.zone or own_zone.key
        rows = [
            {
                "entry_id": number,
                "at": piece.at,
                "user_id": entry.user_id,
                "seconds": piece.seconds,
                "ahead": _ahead(key, piece.at),
            }
            for piece in quarter_hours(spans)
        ]
        divided[number] = Counted(length(spans), rows)
    return divided


@lru_cache(maxsize=10_000)
def _ahead(key: str, at: int) -> int:
    """Return how many seconds the clock of a zone is ahead of UTC; one that this machine lacks is taken as UTC."""
    offset = datetime.fromtimestamp(at, zone.known(key)).utcoffset()
    return (offset or timedelta()) // _SECOND


async def _lock(connection: AsyncConnection, user_ids: Collection[int]) -> None:
    """Lock these people's counted time until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK, {"user_ids": sorted(user_ids)})


async def _next_window(connection: AsyncConnection, user_id: int, after: datetime | None) -> Window | None:
    ends = select(focus_log.c.ended_at).where(focus_log.c.user_id == user_id).order_by(focus_log.c.ended_at)
    following = ends.where(focus_log.c.ended_at > after) if after else ends.where(focus_log.c.ended_at >= EPOCH)
    sound = [
        at for at in (await connection.execute(following.limit(_AT_ONCE))).scalars() if isinstance(at, datetime)
    ]
    return (sound[0], sound[-1]) if sound else None


async def _kept(connection: AsyncConnection, entry_ids: Collection[int]) -> dict[int, list[dict[str, int]]]:
    own = select(focus_slices).where(focus_slices.c.entry_id.in_(entry_ids))
    kept: dict[int, list[dict[str, int]]] = {}
    for row in (await connection.execute(own.order_by(focus_slices.c.entry_id, focus_slices.c.at))).mappings():
        kept.setdefault(row["entry_id"], []).append(dict(row))
    return kept
