"""Statements on timers. A change is compare-and-set: it happens only where nothing else happened first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.shard import WHOLE, Share
from bot.domain.timer import LIVE, Due, Purpose, State, Timer
from bot.store.tables import outbox, reminders, timers

_log = structlog.get_logger(__name__)


class LostRace(Exception):
    """A row changed between being read and being written; the transaction is undone and may be tried again."""


class DamagedRow(Exception):
    """A row holds what the bot never writes. It is reported and passed over, and stops no other timer."""


COLUMNS = [column for column in timers.c if column.name != "request"]


async def add(connection: AsyncConnection, timer: Timer, request: str) -> Timer:
    """Write a new row and give the timer with its number; the one it came with counts for nothing.

    Raises ``IntegrityError`` where this request has started a timer already.
    """
    values = asdict(timer)
    del values["id"]
    result = await connection.execute(insert(timers).values(**values, request=request))
    key = result.inserted_primary_key
    assert key is not None
    return replace(timer, id=key[0])


async def add_all(connection: AsyncConnection, new: Sequence[tuple[Timer, str]]) -> list[Timer]:
    """Write several new rows with their requests, and give the timers with their numbers."""
    values = [{**asdict(timer), "request": request} for timer, request in new]
    for one in values:
        del one["id"]
    result = await connection.execute(insert(timers).returning(timers.c.id, sort_by_parameter_order=True), values)
    return [replace(timer, id=number) for (timer, _), number in zip(new, result.scalars(), strict=True)]


async def change(connection: AsyncConnection, old: Timer, new: Timer) -> bool:
    """Put ``new`` in the place of ``old``; tell whether ``old`` was still there as it was."""
    values = {key: value for key, value in asdict(new).items() if value != getattr(old, key)}
    same = (timers.c.id == old.id, timers.c.state == old.state, timers.c.version == old.version)
    result = await connection.execute(update(timers).where(*same).values(values))
    return result.rowcount == 1


async def running(connection: AsyncConnection, due: Sequence[Due]) -> list[Timer]:
    """Give those of the due timers that still run in the version that was counted down.

    One whose row is damaged is set aside, so that it is not found due again and again.
    """
    wanted = _same([(one.timer_id, one.version) for one in due])
    found = await connection.execute(
        select(*COLUMNS).where(wanted).order_by(timers.c.due_at, timers.c.id).with_for_update()
    )
    rows = found.mappings().all()
    still = readable(rows)
    damaged = {row["id"] for row in rows} - {timer.id for timer in still}
    if damaged:
        await set_aside(connection, damaged)
    return still


async def set_aside(connection: AsyncConnection, timer_ids: Collection[int]) -> None:
    """Let damaged rows be found by nothing that looks for live timers."""
    await connection.execute(update(timers).where(timers.c.id.in_(timer_ids)).values(state="damaged"))


async def finish(connection: AsyncConnection, old: Sequence[Timer], now: datetime) -> list[Timer]:
    """Finish all of them in one statement. Raises ``LostRace`` where one was no longer as it was."""
    same = _same([(timer.id, timer.version) for timer in old])
    new = {"state": State.DONE, "version": timers.c.version + 1, "ended_at": now}
    result = await connection.execute(update(timers).where(same).values(new))
    if result.rowcount != len(old):
        raise LostRace
    return [timer.finish(now) for timer in old]


async def set_card(connection: AsyncConnection, timer_id: int, card_id: int) -> None:
    """Remember the message that shows a timer."""
    await connection.execute(update(timers).where(timers.c.id == timer_id).values(card_id=card_id))


async def by_id(connection: AsyncConnection, timer_id: int) -> Timer | None:
    """Find one timer, live or over."""
    return await _one(connection, timers.c.id == timer_id)


async def by_request(connection: AsyncConnection, request: str) -> Timer | None:
    """Find the timer that a request has started."""
    return await _one(connection, timers.c.request == request)


async def live(connection: AsyncConnection, owner_id: int, channel_id: int) -> list[Timer]:
    """Give the live pomodoros of a person, and those of a channel; soonest first, paused ones last."""
    # This stands in both halves, so that SQLite takes an index for each and not one through all that run.
    is_live = and_(timers.c.state.in_(LIVE), timers.c.purpose == Purpose.POMODORO)
    mine_or_here = or_(
        and_(is_live, timers.c.owner_id == owner_id), and_(is_live, timers.c.channel_id == channel_id)
    )
    rows = await connection.execute(
        select(*COLUMNS).where(mine_or_here).order_by(timers.c.due_at.is_(None), timers.c.due_at, timers.c.id)
    )
    return readable(rows.mappings())


async def count_live(connection: AsyncConnection, *, owner_id: int | None, guild_id: int | None) -> int:
    """Count the live pomodoros of a person, or of a server."""
    whose = timers.c.owner_id == owner_id if owner_id is not None else timers.c.guild_id == guild_id
    counted = (
        select(func.count())
        .select_from(timers)
        .where(timers.c.state.in_(LIVE), whose, timers.c.purpose == Purpose.POMODORO)
    )
    return (await connection.execute(counted)).scalar_one()


async def forget(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Delete timers that were over before a moment, with their rows in the outbox; say how many.

    One whose announcement is still to be made stays, and so does one that others were made of, as by a snooze: it
    tells whose words they have.
    """
    unsaid = exists().where(outbox.c.timer_id == timers.c.id, outbox.c.state == "pending")
    copied = exists().where(reminders.c.origin_id == timers.c.id)
    due = (timers.c.ended_at < before, ~unsaid, ~copied)
    old = select(timers.c.id).where(*due).order_by(timers.c.ended_at).limit(limit)
    result = await connection.execute(delete(timers).where(timers.c.id.in_(old)))
    return result.rowcount


async def soonest(connection: AsyncConnection, limit: int, share: Share = WHOLE) -> list[Due]:
    """Give the running timers of these shards that are due first, soonest first."""
    rows = await connection.execute(
        select(timers.c.id, timers.c.version, timers.c.due_at, timers.c.guild_id)
        .where(timers.c.state == State.RUNNING, in_share(share))
        .order_by(timers.c.due_at)
        .limit(limit)
    )
    return [Due(*row) for row in rows if isinstance(row.due_at, datetime)]


def in_share(share: Share) -> ColumnElement[bool]:
    """Match the timers of servers whose events come to these shards."""
    if share.is_whole:
        return true()
    shard = func.coalesce(timers.c.guild_id, 0).bitwise_rshift(literal_column("22", Integer)) % share.count
    return shard.between(share.first, share.last - 1)


def readable(rows: Iterable[RowMapping]) -> list[Timer]:
    """Make timers of rows that have all of ``COLUMNS``; report damaged ones and pass over them."""
    made = []
    for row in rows:
        try:
            made.append(timer_of(row))
        except DamagedRow:
            _log.error("row_damaged", timer_id=row["id"])
    return made


def timer_of(row: RowMapping) -> Timer:
    """Make a timer of a row that has all of ``COLUMNS``. Raises ``DamagedRow``."""
    values = {column.name: row[column.name] for column in COLUMNS}
    try:
        kinds = {"state": State(values["state"]), "purpose": Purpose(values["purpose"])}
        timer = Timer(**{**values, **kinds})
    except ValueError as error:
        raise DamagedRow from error
    sound = (
        isinstance(timer.name, str),
        isinstance(timer.length, timedelta),
        isinstance(timer.started_at, datetime),
        isinstance(timer.due_at, datetime | None),
        isinstance(timer.remaining, timedelta | None),
        isinstance(timer.ended_at, datetime | None),
    )
    if not all(sound):
        raise DamagedRow
    return timer


def _same(versions: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    """Match running timers in these versions (a version is of one state only).

    The ids are named by themselves too, and the state is kept from its index: SQLite would otherwise read through
    every timer that runs.
    """
    return and_(
        timers.c.id.in_([timer_id for timer_id, _ in versions]),
        tuple_(timers.c.id, timers.c.version).in_(versions),
        timers.c.state.concat("") == State.RUNNING,
    )


async def _one(connection: AsyncConnection, where: ColumnElement[bool]) -> Timer | None:
    row = (await connection.execute(select(*COLUMNS).where(where))).mappings().one_or_none()
    return timer_of(row) if row else None
