"""Statements on the focus log: appending to it, and corrections by its owners."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.log import LEAST, Entry
from bot.store import counted_time, preferences as preference_rows
from bot.store.columns import row_of
from bot.store.entries import NOT_REMOVED, Window
from bot.store.tables import focus_log

_CORRECTED = ("focused", "ended_at", "was_focused", "was_ended_at", "corrected_at")


# Built once: building a statement takes longer than running most of them.
_INSERT = insert(focus_log)


async def add(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Write log entries, except those under a second.

    All in one statement, which therefore returns no numbers: a phase may end for fifty people.
    """
    counted = [entry for entry in entries if entry.focused >= LEAST]
    if not counted:
        return
    preferences = await preference_rows.of_all(connection, {entry.user_id for entry in counted})
    zones = {user_id: preference.zone.key for user_id, preference in preferences.items() if preference.zone}
    rows = [row_of(replace(entry, zone=entry.zone or zones.get(entry.user_id))) for entry in counted]
    await connection.execute(_INSERT, rows)
    windows: dict[int, Window] = {}
    for entry in counted:
        first, last = windows.get(entry.user_id, (entry.began_at, entry.ended_at))
        windows[entry.user_id] = min(first, entry.began_at), max(last, entry.ended_at)
    await counted_time.derive(connection, windows, preferences)


async def put(connection: AsyncConnection, entry_id: int, old: Entry, new: Entry) -> None:
    """Replace the entry with that number by a corrected one."""
    values = {name: getattr(new, name) for name in _CORRECTED}
    await connection.execute(update(focus_log).where(focus_log.c.id == entry_id).values(values))
    window = (min(old.began_at, new.began_at), max(old.ended_at, new.ended_at))
    await counted_time.derive(connection, {new.user_id: window})


async def remove_of_timer(connection: AsyncConnection, timer_id: int) -> None:
    """Delete the entry of a pomodoro that goes on after all."""
    entry = and_(focus_log.c.timer_id == timer_id, focus_log.c.phase.is_(None))
    for row in (await connection.execute(select(focus_log).where(entry))).mappings().all():
        await connection.execute(delete(focus_log).where(focus_log.c.id == row["id"]))
        await counted_time.derive(connection, {row["user_id"]: (row["began_at"], row["ended_at"])})


async def forget_removed(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Delete entries that were removed before a moment; return how many."""
    gone = select(focus_log.c.id).where(focus_log.c.corrected_at < before, ~NOT_REMOVED).limit(limit)
    return (await connection.execute(delete(focus_log).where(focus_log.c.id.in_(gone)))).rowcount
