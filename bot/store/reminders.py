"""Statements on reminders: each is a timer's row with a row of its own beside it.

One whose rows are damaged is reported and passed over, as if it were not there.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.recurrence import parse_stored
from bot.domain.reminder import Reminder
from bot.domain.timer import LIVE, Purpose, State
from bot.store import timers as timer_rows
from bot.store.tables import reminders, timers
from bot.store.timers import DamagedRow, LostRace

_log = structlog.get_logger(__name__)

_OWN = ("first_at", "fired", "direct", "calls", "about_id", "origin_id", "missed")


async def add(connection: AsyncConnection, reminder: Reminder, request: str) -> Reminder:
    """Write a new reminder and give it with its number. Raises ``IntegrityError`` as ``timers.add`` does."""
    timer = await timer_rows.add(connection, reminder.timer, request)
    added = replace(reminder, timer=timer)
    await connection.execute(insert(reminders).values(timer_id=timer.id, **_values(added)))
    return added


async def add_all(connection: AsyncConnection, new: Sequence[tuple[Reminder, str]]) -> list[Reminder]:
    """Write several reminders with their requests, and give them with their numbers."""
    if not new:
        return []
    numbered = await timer_rows.add_all(connection, [(reminder.timer, request) for reminder, request in new])
    added = [replace(reminder, timer=timer) for (reminder, _), timer in zip(new, numbered, strict=True)]
    await connection.execute(insert(reminders), [{"timer_id": one.id, **_values(one)} for one in added])
    return added


async def save(connection: AsyncConnection, old: Reminder, new: Reminder) -> None:
    """Put ``new`` in the place of ``old``. Raises ``LostRace``."""
    if not await timer_rows.change(connection, old.timer, new.timer):
        raise LostRace
    if _values(old) != _values(new):
        await connection.execute(update(reminders).where(reminders.c.timer_id == new.id).values(_values(new)))


async def save_all(connection: AsyncConnection, new: Sequence[Reminder]) -> None:
    """Write how far reminders have come that were read to be changed in this transaction."""
    if not new:
        return
    clock = ("version", "state", "due_at", "ended_at")
    await connection.execute(
        update(timers).where(timers.c.id == bindparam("of")).values({name: bindparam(name) for name in clock}),
        [{"of": one.id, **{name: getattr(one.timer, name) for name in clock}} for one in new],
    )
    await connection.execute(
        update(reminders)
        .where(reminders.c.timer_id == bindparam("of"))
        .values(fired=bindparam("fired"), missed=bindparam("missed")),
        [{"of": one.id, "fired": one.fired, "missed": one.missed} for one in new],
    )


async def by_ids(
    connection: AsyncConnection, timer_ids: Collection[int], *, to_change: bool = False
) -> dict[int, Reminder]:
    """Find reminders, pending or over, by number; those to be changed are changed by nobody else meanwhile."""
    found = await _all(connection, timers.c.id.in_(timer_ids), to_change=to_change)
    return {one.id: one for one in found}


async def by_request(connection: AsyncConnection, request: str) -> Reminder | None:
    """Find the reminder that a request has set."""
    found = await _all(connection, timers.c.request == request)
    return found[0] if found else None


async def pending(connection: AsyncConnection, owner_id: int) -> list[Reminder]:
    """Give what a person is still to be reminded of, soonest first."""
    return await _all(connection, *_pending(owner_id))


async def count_pending(connection: AsyncConnection, owner_id: int) -> int:
    """Count what a person is still to be reminded of."""
    counted = select(func.count()).select_from(timers).where(*_pending(owner_id))
    return (await connection.execute(counted)).scalar_one()


async def of_guild(connection: AsyncConnection, guild_id: int, purpose: Purpose) -> list[Reminder]:
    """Give what is pending of a purpose in a server."""
    whose = (timers.c.guild_id == guild_id, timers.c.purpose == purpose, timers.c.state.in_(LIVE))
    return await _all(connection, *whose, to_change=True)


async def snoozed(connection: AsyncConnection, origin_id: int, owner_id: int) -> Reminder | None:
    """Find the pending reminder by which somebody has snoozed another."""
    found = await _all(connection, reminders.c.origin_id == origin_id, *_pending(owner_id), to_change=True)
    return found[0] if found else None


def _pending(owner_id: int) -> tuple[ColumnElement[bool], ...]:
    return timers.c.owner_id == owner_id, timers.c.purpose == Purpose.REMINDER, timers.c.state.in_(LIVE)


async def _all(connection: AsyncConnection, *where: ColumnElement[bool], to_change: bool = False) -> list[Reminder]:
    joined = (
        select(*timer_rows.COLUMNS, *(column for column in reminders.c if column.name != "timer_id"))
        .join(reminders, reminders.c.timer_id == timers.c.id)
        .where(*where)
        .order_by(timers.c.due_at, timers.c.id)
    )
    if to_change:
        joined = joined.with_for_update()
    found = []
    for row in (await connection.execute(joined)).mappings():
        try:
            found.append(_reminder(row))
        except DamagedRow:
            _log.error("row_damaged", timer_id=row["id"])
    return found


def _reminder(row: RowMapping) -> Reminder:
    timer = timer_rows.timer_of(row)
    try:
        zone = ZoneInfo(row["zone"])
        rule = parse_stored(row["rule"]) if row["rule"] else None
    except (ValueError, TypeError, AttributeError, LookupError, OSError) as error:
        raise DamagedRow from error
    own = {name: row[name] for name in _OWN}
    is_sound = isinstance(own["first_at"], datetime) and isinstance(own["fired"], int)
    if not is_sound or (timer.state is State.RUNNING and timer.due_at is None):
        raise DamagedRow
    return Reminder(timer, zone, rule=rule, **own)


def _values(reminder: Reminder) -> dict[str, Any]:
    rule = str(reminder.rule) if reminder.rule else None
    return {"zone": reminder.zone.key, "rule": rule} | {name: getattr(reminder, name) for name in _OWN}
