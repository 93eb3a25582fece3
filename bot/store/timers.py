"""Statements on timers. A change is compare-and-set: it applies only where the row is unchanged."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

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

from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import LIVE, Due, Purpose, State, Timer
from bot.store import damage
from bot.store.columns import EPOCH
from bot.store.damage import Check, DamagedRow, member
from bot.store.row import row_of
from bot.store.tables import outbox, reminders, timers

# While a bot is running, no running timer is overdue by more than this.
_OVERDUE = timedelta(minutes=5)
# The highest version, which is not incremented.
_HIGHEST = 2**31 - 1


class LostRace(Exception):
    """A row changed between read and write; the transaction is rolled back and may be retried."""


COLUMNS = [column for column in timers.c if column.name != "request"]
_DUE = [timers.c.id, timers.c.version, timers.c.due_at, timers.c.guild_id]
_check, _check_due = Check(COLUMNS), Check(_DUE)
# Other purposes belong to a newer version, and are left to it.
KNOWN = timers.c.purpose.in_(list(Purpose))
_SOONEST_FIRST = (timers.c.due_at.is_(None), timers.c.due_at, timers.c.id)


async def add(connection: AsyncConnection, timer: Timer, request: str) -> Timer:
    """Write a new row and return the timer with its id; the id passed in is ignored.

    Raises ``IntegrityError`` where this request started a timer already.
    """
    values = row_of(timer)
    del values["id"]
    result = await connection.execute(insert(timers).values(**values, request=request))
    key = result.inserted_primary_key
    assert key is not None
    return replace(timer, id=key[0])


async def add_all(connection: AsyncConnection, new: Sequence[tuple[Timer, str]]) -> list[Timer]:
    """Write several new rows with their requests, and return the timers with their numbers."""
    values = [{**row_of(timer), "request": request} for timer, request in new]
    for row in values:
        del row["id"]
    result = await connection.execute(insert(timers).returning(timers.c.id, sort_by_parameter_order=True), values)
    return [replace(timer, id=number) for (timer, _), number in zip(new, result.scalars(), strict=True)]


async def change(connection: AsyncConnection, old: Timer, new: Timer) -> bool:
    """Replace ``old`` with ``new``; return whether ``old`` was still unchanged."""
    values = {key: value for key, value in row_of(new).items() if value != getattr(old, key)}
    same = (timers.c.id == old.id, timers.c.state == old.state, timers.c.version == old.version)
    result = await connection.execute(update(timers).where(*same).values(values))
    return result.rowcount == 1


async def running(connection: AsyncConnection, dues: Sequence[Due]) -> tuple[list[Timer], set[int]]:
    """Return the due timers that still run in the version that was counted down, locked.

    Also returns the ids of those with damaged rows, which stay as they are.
    """
    wanted = _same([(due.timer_id, due.version) for due in dues])
    result = await connection.execute(
        select(*COLUMNS).where(wanted, KNOWN).order_by(timers.c.due_at, timers.c.id).with_for_update()
    )
    rows = result.mappings().all()
    still = readable(connection, rows)
    return still, {row["id"] for row in rows} - {timer.id for timer in still}


async def finish(connection: AsyncConnection, old: Sequence[Timer], now: datetime) -> list[Timer]:
    """Finish all of them in one statement. Raises ``LostRace`` where one had changed."""
    same = _same([(timer.id, timer.version) for timer in old])
    new = {"state": State.DONE, "version": timers.c.version + 1, "ended_at": now}
    result = await connection.execute(update(timers).where(same).values(new))
    if result.rowcount != len(old):
        raise LostRace
    return [timer.finish(now) for timer in old]


async def set_card(connection: AsyncConnection, timer_id: int, card_id: int) -> None:
    """Record the message that shows a timer."""
    await connection.execute(update(timers).where(timers.c.id == timer_id).values(card_id=card_id))


async def lose_card(connection: AsyncConnection, timer_id: int, card_ids: Collection[int]) -> bool:
    """Forget the message that shows a timer, which is gone, if it is one of these; return whether it was."""
    lost = update(timers).where(timers.c.id == timer_id, timers.c.card_id.in_(card_ids)).values(card_id=None)
    return (await connection.execute(lost)).rowcount == 1


async def by_id(connection: AsyncConnection, timer_id: int) -> Timer | None:
    """Return a timer, live or over, or None."""
    return await _first(connection, timers.c.id == timer_id)


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
    return await _all(connection, mine_or_here, order=_SOONEST_FIRST)


async def of_channel(connection: AsyncConnection, channel_id: int) -> list[Timer]:
    """Return all live timers of a channel; soonest first, paused ones last."""
    here = (timers.c.channel_id == channel_id, KNOWN, timers.c.state.in_(LIVE))
    return await _all(connection, *here, order=_SOONEST_FIRST)


async def last_over(connection: AsyncConnection, owner_id: int, limit: int) -> list[Timer]:
    """Return the pomodoros of a person that ended last, the latest first."""
    theirs = (
        timers.c.owner_id == owner_id,
        timers.c.purpose == Purpose.POMODORO,
        timers.c.state.in_((State.DONE, State.CANCELLED)),
    )
    return await _all(connection, *theirs, order=(timers.c.ended_at.desc(), timers.c.id.desc()), limit=limit)


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


async def overdue(
    connection: AsyncConnection, now: datetime, owner_id: int, purposes: Sequence[Purpose], limit: int
) -> list[Timer]:
    """Return a person's overdue timers, most overdue first."""
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose.in_(purposes), *is_overdue(now))
    return await _all(connection, *theirs, order=(timers.c.due_at,), limit=limit)


async def renew_overdue(
    connection: AsyncConnection, now: datetime, owner_id: int, purposes: Sequence[Purpose]
) -> int:
    """Bump the versions of overdue timers, so that a scheduler that gave up on them retries; return how many."""
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose.in_(purposes), *is_overdue(now))
    renewable = (*theirs, timers.c.version < _HIGHEST)
    result = await connection.execute(update(timers).where(*renewable).values(version=timers.c.version + 1))
    return result.rowcount


def is_overdue(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Match timers that a running bot should have ended by now."""
    return timers.c.state == State.RUNNING, KNOWN, timers.c.due_at.between(EPOCH, now - _OVERDUE)


async def soonest(connection: AsyncConnection, limit: int, share: ShardRange = WHOLE) -> list[Due]:
    """Return the running timers of these shards that are due first, soonest first."""
    running = select(*_DUE).where(timers.c.state == State.RUNNING, KNOWN, in_share(share)).order_by(timers.c.due_at)
    size = limit
    while True:
        rows = (await connection.execute(running.limit(size))).mappings().all()
        dues = damage.readable(connection, rows, _due_of, ("id",))
        if len(dues) >= limit or len(rows) < size:
            return dues[:limit]
        size = limit + len(rows) - len(dues)  # damaged rows must not displace sound ones


async def owners_due(
    connection: AsyncConnection, until: datetime, limit: int, share: ShardRange
) -> list[tuple[int, int]]:
    """Return the servers and owners of pomodoros of these shards that end until a moment, soonest first."""
    soon = (
        timers.c.state == State.RUNNING,
        timers.c.purpose == Purpose.POMODORO,
        timers.c.due_at <= until,
        timers.c.guild_id.is_not(None),
        in_share(share),
    )
    owners = select(timers.c.guild_id, timers.c.owner_id).where(*soon).order_by(timers.c.due_at).limit(limit)
    rows = (await connection.execute(owners)).all()
    return [(guild_id, owner_id) for guild_id, owner_id in rows if type(guild_id) is type(owner_id) is int]


def in_share(share: ShardRange) -> ColumnElement[bool]:
    """Match the timers of servers whose events come to these shards."""
    if share.is_whole:
        return true()
    shard = func.coalesce(timers.c.guild_id, 0).bitwise_rshift(literal_column("22", Integer)) % share.count
    return shard.between(share.first, share.last - 1)


def readable(connection: AsyncConnection, rows: Iterable[RowMapping]) -> list[Timer]:
    """Read timers from rows that have all of ``COLUMNS``; report and skip damaged ones."""
    return damage.readable(connection, rows, timer_of, ("id",))


def timer_of(row: RowMapping) -> Timer:
    """Read a timer from a row that has all of ``COLUMNS``. Raises ``DamagedRow``."""
    _check(row)
    values = {column.name: row[column.name] for column in COLUMNS}
    values["state"] = member(State, row, timers.c.state)
    values["purpose"] = member(Purpose, row, timers.c.purpose)
    if values["state"] is State.RUNNING and values["due_at"] is None:
        raise DamagedRow(timers.c.due_at)
    return Timer(**values)


def _due_of(row: RowMapping) -> Due:
    _check_due(row)
    if row["due_at"] is None:
        raise DamagedRow(timers.c.due_at)
    return Due(row["id"], row["version"], row["due_at"], row["guild_id"])


def _same(versions: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    """Match running timers in these versions (a version has one state only).

    The ids are also matched alone, and ``concat`` hides the state from its index: SQLite would otherwise scan every
    running timer.
    """
    return and_(
        timers.c.id.in_([timer_id for timer_id, _ in versions]),
        tuple_(timers.c.id, timers.c.version).in_(versions),
        timers.c.state.concat("") == State.RUNNING,
    )


async def _first(connection: AsyncConnection, where: ColumnElement[bool]) -> Timer | None:
    return next(iter(await _all(connection, where)), None)


async def _all(
    connection: AsyncConnection,
    *where: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = (),
    limit: int | None = None,
) -> list[Timer]:
    rows = await connection.execute(select(*COLUMNS).where(*where).order_by(*order).limit(limit))
    return readable(connection, rows.mappings())
