"""Statements on reminders: each is a timer's row plus a row of its own.

Damaged reminders are reported and skipped, as if they did not exist.
"""

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Integer,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminders.reminder import Reminder
from bot.domain.shard import ShardRange
from bot.domain.time import rrule
from bot.domain.timers.timer import LIVE, Purpose, State
from bot.store import damage, timers as timer_rows
from bot.store.damage import Check, DamagedRow, parsed
from bot.store.tables import reminders, timers
from bot.store.timers import LostRace

_OWN = (
    "first_at", "fired", "direct", "calls", "about_id", "origin_id", "missed", "author_id", "words_by", "by_utc_at",
)  # fmt: skip
_SOONEST = (
    select(*timer_rows.COLUMNS, *(column for column in reminders.c if column.name != "timer_id"))
    .join(reminders, reminders.c.timer_id == timers.c.id)
    .order_by(timers.c.due_at, timers.c.id)
)
# Mentions of a person, a role or everyone.
_CALLS = re.compile(r"(?:<@[!&]?\d{1,19}>|@everyone|@here)?")
_check = Check(column for column in reminders.c if column.name != "timer_id")


async def add(connection: AsyncConnection, reminder: Reminder, request: str) -> Reminder:
    """Write a new reminder and return it with its number. Raises ``IntegrityError`` as ``timers.add`` does."""
    (added,) = await add_all(connection, [(reminder, request)])
    return added


async def add_all(connection: AsyncConnection, new: Sequence[tuple[Reminder, str]]) -> list[Reminder]:
    """Write several reminders with their requests, and return them with their numbers."""
    if not new:
        return []
    numbered = await timer_rows.add_all(connection, [(reminder.timer, request) for reminder, request in new])
    added = [replace(reminder, timer=timer) for (reminder, _), timer in zip(new, numbered, strict=True)]
    await connection.execute(
        insert(reminders), [{"timer_id": reminder.id, **_values(reminder)} for reminder in added]
    )
    return added


async def save(connection: AsyncConnection, old: Reminder, new: Reminder) -> None:
    """Replace ``old`` with ``new``. Raises ``LostRace``."""
    if not await timer_rows.change(connection, old.timer, new.timer):
        raise LostRace
    if _values(old) != _values(new):
        await connection.execute(update(reminders).where(reminders.c.timer_id == new.id).values(_values(new)))


async def silence(connection: AsyncConnection, timer_ids: Collection[int]) -> list[int]:
    """Pause those of these reminders that repeat; return the ids of all of them that do not run now."""
    idle = []
    for reminder in (await by_ids(connection, timer_ids, to_change=True)).values():
        is_running = reminder.timer.state is State.RUNNING
        if is_running and reminder.rule:
            await save(connection, reminder, reminder.silenced())
        if reminder.rule or not is_running:
            idle.append(reminder.id)
    return idle


async def save_all(connection: AsyncConnection, new: Sequence[Reminder]) -> None:
    """Write the progress of reminders that were locked in this transaction."""
    if not new:
        return
    clock = ("version", "state", "due_at", "ended_at")
    await connection.execute(
        update(timers).where(timers.c.id == bindparam("of")).values({name: bindparam(name) for name in clock}),
        [{"of": reminder.id, **{name: getattr(reminder.timer, name) for name in clock}} for reminder in new],
    )
    await connection.execute(
        update(reminders)
        .where(reminders.c.timer_id == bindparam("of"))
        .values(fired=bindparam("fired"), missed=bindparam("missed")),
        [{"of": reminder.id, "fired": reminder.fired, "missed": reminder.missed} for reminder in new],
    )


async def by_ids(
    connection: AsyncConnection, timer_ids: Collection[int], *, to_change: bool = False
) -> dict[int, Reminder]:
    """Return reminders, pending or over, by id; ``to_change`` locks them."""
    matches = await _all(connection, timers.c.id.in_(timer_ids), to_change=to_change)
    return {reminder.id: reminder for reminder in matches}


async def by_request(connection: AsyncConnection, request: str) -> Reminder | None:
    """Return the reminder that a request created, or None."""
    return await _first(connection, timers.c.request == request)


async def pending(connection: AsyncConnection, owner_id: int) -> list[Reminder]:
    """Return a person's pending reminders, soonest first."""
    return await _all(connection, *_pending(owner_id))


async def count_pending(connection: AsyncConnection, owner_id: int) -> int:
    """Count a person's pending reminders."""
    counted = select(func.count()).select_from(timers).where(*_pending(owner_id))
    return (await connection.execute(counted)).scalar_one()


async def due_in_servers(
    connection: AsyncConnection, until: datetime, limit: int, shards: ShardRange
) -> list[Reminder]:
    """Return the reminders of these shards that are due in a channel until a moment, soonest first."""
    rows = await connection.execute(_due_in_servers(shards), {"until": until, "most": limit})
    return _sound(connection, rows)


@functools.cache
def _due_in_servers(shards: ShardRange) -> Select[Any]:
    soon = (
        timers.c.state == State.RUNNING,
        timers.c.purpose == Purpose.REMINDER,
        timers.c.due_at <= bindparam("until"),
        timers.c.guild_id.is_not(None),
        ~reminders.c.direct,
        timer_rows.on_shards(shards),
    )
    return _SOONEST.where(*soon).limit(bindparam("most", type_=Integer))


async def digests(connection: AsyncConnection, guild_id: int) -> list[Reminder]:
    """Return the pending digests of a server, locked."""
    return await _all(connection, *_digests(guild_id), to_change=True)


async def digest_requests(connection: AsyncConnection, guild_id: int) -> list[str]:
    """Return the requests that created the pending digests of a server."""
    rows = await connection.execute(select(timers.c.request).where(*_digests(guild_id)))
    return [str(request) for request in rows.scalars()]


async def snoozed(connection: AsyncConnection, origin_id: int, owner_id: int) -> Reminder | None:
    """Return somebody's pending snooze of a reminder, or None."""
    return await _first(connection, reminders.c.origin_id == origin_id, *_pending(owner_id), to_change=True)


async def last_come(connection: AsyncConnection, owner_id: int) -> Reminder | None:
    """Return a person's latest reminder that has come, or None."""
    came = timers.c.owner_id == owner_id, timers.c.purpose == Purpose.REMINDER, timers.c.state == State.DONE
    newest = select(timers.c.id).where(*came).order_by(timers.c.ended_at.desc(), timers.c.id.desc()).limit(1)
    return await _first(connection, timers.c.id.in_(newest))


def _digests(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return timers.c.guild_id == guild_id, timers.c.purpose == Purpose.DIGEST, timers.c.state.in_(LIVE)


def _pending(owner_id: int) -> tuple[ColumnElement[bool], ...]:
    return timers.c.owner_id == owner_id, timers.c.purpose == Purpose.REMINDER, timers.c.state.in_(LIVE)


async def _first(
    connection: AsyncConnection, *where: ColumnElement[bool], to_change: bool = False
) -> Reminder | None:
    return next(iter(await _all(connection, *where, to_change=to_change)), None)


async def _all(connection: AsyncConnection, *where: ColumnElement[bool], to_change: bool = False) -> list[Reminder]:
    matching = _SOONEST.where(*where)
    return _sound(connection, await connection.execute(matching.with_for_update() if to_change else matching))


def _sound(connection: AsyncConnection, rows: CursorResult[Any]) -> list[Reminder]:
    def reminder_of(row: RowMapping) -> Reminder:
        return Reminder(timer_rows.timer_of(row), **own_of(row))

    return damage.readable(connection, rows.mappings(), reminder_of, ("id",))


def own_of(row: RowMapping) -> dict[str, Any]:
    """Read a reminder's own columns. Raises ``DamagedRow``."""
    _check(row)
    own: dict[str, Any] = {name: row[name] for name in _OWN}
    own["zone"] = parsed(ZoneInfo, row, reminders.c.zone)
    own["rule"] = parsed(rrule.parse, row, reminders.c.rule) if row["rule"] else None
    if not _CALLS.fullmatch(row["calls"]):
        raise DamagedRow(reminders.c.calls)
    return own


def _values(reminder: Reminder) -> dict[str, Any]:
    rule = rrule.written(reminder.rule) if reminder.rule else None
    return {"zone": reminder.zone.key, "rule": rule} | {name: getattr(reminder, name) for name in _OWN}
