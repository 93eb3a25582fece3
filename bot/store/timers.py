"""Statements on timers. A change is compare-and-set: it applies only where the row is unchanged."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.shard import ShardRange
from bot.domain.timers.timer import LIVE, Purpose, State, Timer
from bot.store import damage
from bot.store.columns import EPOCH, row_of
from bot.store.damage import Check, DamagedRow, parsed
from bot.store.tables import outbox, reminders, timers


class LostRace(Exception):
    """A row changed between read and write; the transaction is rolled back and may be retried."""


COLUMNS = [column for column in timers.c if column.name != "request"]
_check = Check(COLUMNS)
# Other purposes belong to a newer version, and are left to it.
KNOWN = timers.c.purpose.in_(list(Purpose))
_SOONEST_FIRST = (timers.c.due_at.is_(None), timers.c.due_at, timers.c.id)
# Built once: building a statement takes longer than running most of them.
_INSERT = insert(timers).returning(timers.c.id, sort_by_parameter_order=True)
_BY_ID = select(*COLUMNS).where(timers.c.id == bindparam("timer_id"))
_SET_CARD = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(card_id=bindparam("shown_as"))
    .returning(timers.c.version)
)
_CHANGE = update(timers).where(
    timers.c.id == bindparam("of_id"),
    timers.c.state == bindparam("of_state"),
    timers.c.version == bindparam("of_version"),
)


async def add(connection: AsyncConnection, timer: Timer, request: str) -> Timer:
    """Write a new row and return the timer with its id; the id passed in is ignored.

    Raises ``IntegrityError`` if this request started a timer already.
    """
    (added,) = await add_all(connection, [(timer, request)])
    return added


async def add_all(connection: AsyncConnection, new: Sequence[tuple[Timer, str]]) -> list[Timer]:
    """Write several new rows with their requests, and return the timers with their numbers."""
    values = [{**row_of(timer), "request": request} for timer, request in new]
    for row in values:
        del row["id"]
    result = await connection.execute(_INSERT, values)
    return [replace(timer, id=number) for (timer, _), number in zip(new, result.scalars(), strict=True)]


async def change(connection: AsyncConnection, old: Timer, new: Timer) -> bool:
    """Replace ``old`` with ``new``; return whether ``old`` was still unchanged."""
    values = {key: value for key, value in row_of(new).items() if value != getattr(old, key)}
    values |= {"of_id": old.id, "of_state": old.state, "of_version": old.version}
    return (await connection.execute(_CHANGE, values)).rowcount == 1


async def set_card(connection: AsyncConnection, timer_id: int, card_id: int) -> int | None:
    """Record the message that shows a timer; return the timer's version, None if it is gone."""
    result = await connection.execute(_SET_CARD, {"timer_id": timer_id, "shown_as": card_id})
    version: int | None = result.scalar_one_or_none()
    return version


async def forget_card(connection: AsyncConnection, timer_id: int, card_ids: Collection[int]) -> bool:
    """Forget the message that shows a timer, which is gone, if it is one of these; return whether it was."""
    lost = update(timers).where(timers.c.id == timer_id, timers.c.card_id.in_(card_ids)).values(card_id=None)
    return (await connection.execute(lost)).rowcount == 1


async def by_id(connection: AsyncConnection, timer_id: int) -> Timer | None:
    """Return a timer, live or over, or None."""
    rows = await connection.execute(_BY_ID, {"timer_id": timer_id})
    return next(iter(readable(connection, rows.mappings())), None)


async def by_request(connection: AsyncConnection, request: str) -> Timer | None:
    """Return the timer that a request started, or None."""
    return await _first(connection, timers.c.request == request)


async def live(connection: AsyncConnection, owner_id: int, channel_id: int) -> list[Timer]:
    """Return the live pomodoros of a person, and those of a channel; soonest first, paused ones last."""
    # Repeated in both halves, so that SQLite uses an index for each instead of scanning all running timers.
    is_live = and_(timers.c.state.in_(LIVE), timers.c.purpose == Purpose.POMODORO)
    mine_or_here = or_(
        and_(is_live, timers.c.owner_id == owner_id), and_(is_live, timers.c.channel_id == channel_id)
    )
    return await matching(connection, mine_or_here, order=_SOONEST_FIRST)


async def of_channel(connection: AsyncConnection, channel_id: int) -> list[Timer]:
    """Return all live timers of a channel; soonest first, paused ones last."""
    here = (timers.c.channel_id == channel_id, KNOWN, timers.c.state.in_(LIVE))
    return await matching(connection, *here, order=_SOONEST_FIRST)


async def last_over(connection: AsyncConnection, owner_id: int, limit: int) -> list[Timer]:
    """Return the pomodoros of a person that ended last, the latest first."""
    theirs = (
        timers.c.owner_id == owner_id,
        timers.c.purpose == Purpose.POMODORO,
        timers.c.state.in_((State.DONE, State.CANCELLED)),
    )
    return await matching(connection, *theirs, order=(timers.c.ended_at.desc(), timers.c.id.desc()), limit=limit)


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
    """Delete timers that ended before a moment, with their outbox rows; return how many.

    A timer with a pending announcement stays, and so does one that others were copied from, as by a snooze: it
    records whose text they have.
    """
    unsaid = exists().where(outbox.c.timer_id == timers.c.id, outbox.c.state == "pending")
    copied = exists().where(reminders.c.origin_id == timers.c.id)
    is_known = (KNOWN, timers.c.state.in_(list(State)), timers.c.ended_at >= EPOCH)
    due = (timers.c.ended_at < before, *is_known, ~unsaid, ~copied)
    old = select(timers.c.id).where(*due).order_by(timers.c.ended_at).limit(limit)
    result = await connection.execute(delete(timers).where(timers.c.id.in_(old)))
    return result.rowcount


def on_shards(shards: ShardRange) -> ColumnElement[bool]:
    """Match the timers of servers whose events come to these shards."""
    if shards.is_whole:
        return true()
    shard = func.coalesce(timers.c.guild_id, 0).bitwise_rshift(literal_column("22", Integer)) % shards.count
    return shard.between(shards.first, shards.last - 1)


def readable(connection: AsyncConnection, rows: Iterable[RowMapping]) -> list[Timer]:
    """Read timers from rows that have all of ``COLUMNS``; report and skip damaged ones."""
    return damage.readable(connection, rows, timer_of, ("id",))


def timer_of(row: RowMapping) -> Timer:
    """Read a timer from a row that has all of ``COLUMNS``. Raises ``DamagedRow``."""
    _check(row)
    values = {column.name: row[column.name] for column in COLUMNS}
    values["state"] = parsed(State, row, timers.c.state)
    values["purpose"] = parsed(Purpose, row, timers.c.purpose)
    if values["state"] is State.RUNNING and values["due_at"] is None:
        raise DamagedRow(timers.c.due_at)
    return Timer(**values)


async def _first(connection: AsyncConnection, where: ColumnElement[bool]) -> Timer | None:
    return next(iter(await matching(connection, where)), None)


async def matching(
    connection: AsyncConnection,
    *where: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = (),
    limit: int | None = None,
) -> list[Timer]:
    """Return the timers that match, in an order."""
    rows = await connection.execute(select(*COLUMNS).where(*where).order_by(*order).limit(limit))
    return readable(connection, rows.mappings())
