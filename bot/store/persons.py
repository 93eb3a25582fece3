"""Statements on all data of one person: exporting and deleting it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, case, delete, func, null, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import UserError
from bot.domain.focus import plan
from bot.domain.reminders.reminder import DEFAULT
from bot.domain.timers.timer import LIVE, Purpose
from bot.store.entries import SOUND_ENTRY
from bot.store.sums import COUNTED, SOUND_SUM
from bot.store.tables import (
    efforts,
    focus_log,
    focus_slices,
    focus_sums,
    outbox,
    participants,
    preferences,
    presets,
    questions,
    reminders,
    sessions,
    timers,
    unconfirmed,
)
from bot.store.upsert import upsert

_DAY_MS = 86_400_000
# Rows per page.
_PAGE = 200

# The columns that the export has of others' reminders that the person changed.
_CHANGED = {"timer_id", "author_id"}
# Stands for a person whose data was deleted.
NOBODY = 0


async def rows_of(
    connection: AsyncConnection, user_id: int, table: Table
) -> AsyncIterator[Sequence[Mapping[Any, Any]]]:
    """Yield the rows of a table about a person, page by page, with each column by name.

    Texts of others, such as that of a reminder that the person snoozed, are left out. Of others' reminders that
    they changed, only that fact is exported.
    """
    borrowed = await _in_others_words(connection, user_id) if table is timers else frozenset()
    statements = [select(table).where(_rows_about(user_id)[table]).order_by(*table.primary_key.columns)]
    if table is reminders:
        changed = (column if column.name in _CHANGED else null().label(column.name) for column in reminders.c)
        statements.append(select(*changed).where(reminders.c.author_id == user_id).order_by(reminders.c.timer_id))
    for statement in statements:
        result = await connection.stream(statement, execution_options={"yield_per": _PAGE})
        async for page in result.mappings().partitions():
            yield [{**row, "name": DEFAULT} if borrowed and row["id"] in borrowed else row for row in page]


async def live_sessions(connection: AsyncConnection, user_id: int) -> list[int]:
    """Return the ids of the live sessions that a person hosts or is in."""
    is_in = select(participants.c.timer_id).where(
        participants.c.user_id == user_id, participants.c.left_at.is_(None)
    )
    rows = await connection.execute(
        select(timers.c.id).where(
            timers.c.purpose == Purpose.SESSION,
            timers.c.state.in_(LIVE),
            or_(timers.c.owner_id == user_id, timers.c.id.in_(is_in)),
        )
    )
    return list(rows.scalars())


async def forget_entries(connection: AsyncConnection, user_id: int, count: int) -> dict[str, int]:
    """Delete ``count`` of a person's oldest entries; return the rows by table, none if fewer are left."""
    own = focus_log.c.user_id == user_id
    ends = select(focus_log.c.ended_at).where(own).order_by(focus_log.c.ended_at)
    last = (await connection.execute(ends.offset(count - 1).limit(1))).scalar_one_or_none()
    if not isinstance(last, datetime):
        return {}
    oldest = (own, focus_log.c.ended_at <= last)
    await _keep_sums(connection, *oldest)
    slices = focus_slices.c.entry_id.in_(select(focus_log.c.id).where(*oldest))
    return {
        table.name: (await connection.execute(delete(table).where(*conditions))).rowcount
        for table, conditions in ((focus_slices, (slices,)), (focus_log, oldest))
    }


async def forget(connection: AsyncConnection, user_id: int) -> tuple[dict[str, int], list[int]]:
    """Delete all rows of a person; return the row counts by table, and the ids of their timers.

    Their shared focus in servers stays in anonymous sums. Sessions that they hosted are deleted for everyone, who
    keep their own log entries. Text that may be theirs is removed from other people's rows. A digest that they set
    belongs to the server, and continues.
    """
    digests = (timers.c.owner_id == user_id, timers.c.purpose == Purpose.DIGEST)
    await connection.execute(update(timers).where(*digests).values(owner_id=NOBODY))
    whose = _rows_about(user_id)
    was_in = select(participants.c.timer_id).where(participants.c.user_id == user_id)
    # Locked so that no other process ends them meanwhile, which would write rows again that are deleted here.
    every = select(timers.c.id, timers.c.owner_id).where(or_(whose[timers], timers.c.id.in_(was_in)))
    locked = (await connection.execute(every.order_by(timers.c.id).with_for_update())).all()
    timer_ids = [timer_id for timer_id, owner_id in locked if owner_id == user_id]
    await _keep_sums(connection, focus_log.c.user_id == user_id)
    await _remove_texts(connection, user_id)
    await _remove_labels(connection, [timer_id for timer_id, owner_id in locked if owner_id != user_id])
    gone = {
        table.name: (await connection.execute(delete(table).where(where))).rowcount
        for table, where in reversed(whose.items())
    }
    return gone, timer_ids


def _rows_about(user_id: int) -> dict[Table, ColumnElement[bool]]:
    """Return the condition per table for rows about a person; dependent tables come after their parents."""
    own = select(timers.c.id).where(timers.c.owner_id == user_id)
    return {
        timers: timers.c.owner_id == user_id,
        reminders: reminders.c.timer_id.in_(own),
        sessions: sessions.c.timer_id.in_(own),
        participants: participants.c.user_id == user_id,
        efforts: efforts.c.user_id == user_id,
        unconfirmed: unconfirmed.c.user_id == user_id,
        outbox: or_(outbox.c.place_id == user_id, outbox.c.timer_id.in_(own)),
        focus_log: focus_log.c.user_id == user_id,
        focus_slices: focus_slices.c.user_id == user_id,
        presets: presets.c.owner_id == user_id,
        questions: questions.c.user_id == user_id,
        preferences: preferences.c.user_id == user_id,
    }


# All tables with data about people, in the order of ``_rows_about``.
PERSONAL = tuple(_rows_about(NOBODY))


async def _in_others_words(connection: AsyncConnection, user_id: int) -> frozenset[int]:
    """Return the ids of a person's reminders that have somebody else's words."""
    own = select(timers.c.id).where(timers.c.owner_id == user_id, timers.c.purpose == Purpose.REMINDER)
    by_others = select(reminders.c.timer_id).where(reminders.c.timer_id.in_(own), reminders.c.words_by != user_id)
    # An older version did not store whose text it is: that of the reminder it came from.
    came = (
        select(reminders.c.timer_id, reminders.c.origin_id).where(reminders.c.timer_id.in_(own)).cte(recursive=True)
    )
    came = came.union(
        select(came.c.timer_id, reminders.c.origin_id).join(reminders, reminders.c.timer_id == came.c.origin_id)
    )
    of_others = (
        select(came.c.timer_id)
        .join(timers, timers.c.id == came.c.origin_id)
        .join(reminders, reminders.c.timer_id == came.c.timer_id)
        .where(timers.c.owner_id != user_id, reminders.c.words_by.is_(None))
    )
    rows = await connection.execute(by_others.union(of_others))
    return frozenset(rows.scalars())


async def _remove_texts(connection: AsyncConnection, user_id: int) -> None:
    """Remove somebody's text from others' reminders: edited by them, or snoozed from theirs.

    From now on the owners of those that they changed answer for them.
    """
    theirs = reminders.c.words_by == user_id
    written = (timers.c.id.in_(select(reminders.c.timer_id).where(theirs)), timers.c.owner_id != user_id)
    await connection.execute(update(timers).where(*written).values(name=DEFAULT))
    await connection.execute(update(reminders).where(theirs).values(words_by=None))
    own = select(timers.c.id).where(timers.c.owner_id == user_id, timers.c.purpose == Purpose.REMINDER)
    copies = select(reminders.c.timer_id).where(reminders.c.origin_id.in_(own)).cte(recursive=True)
    copies = copies.union(select(reminders.c.timer_id).join(copies, reminders.c.origin_id == copies.c.timer_id))
    others = (timers.c.id.in_(select(copies.c.timer_id)), timers.c.owner_id != user_id)
    await connection.execute(update(timers).where(*others).values(name=DEFAULT))
    await connection.execute(update(reminders).where(reminders.c.author_id == user_id).values(author_id=None))


async def _remove_labels(connection: AsyncConnection, timer_ids: Sequence[int]) -> None:
    """Reduce the plans of these sessions to lengths: nobody knows who named a phase."""
    rows = await connection.execute(
        select(sessions.c.timer_id, sessions.c.plan).where(sessions.c.timer_id.in_(timer_ids))
    )
    for timer_id, written in rows.all():
        try:
            bare = str(plan.parse(str(written)).plain)
        except (UserError, ValueError, OverflowError):  # a damaged row, which nobody can read anyway
            bare = ""
        await connection.execute(update(sessions).where(sessions.c.timer_id == timer_id).values(plan=bare))
        await connection.execute(update(timers).where(timers.c.id == timer_id).values(name=plan.UNNAMED))


async def _keep_sums(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> None:
    """Add these entries to the servers' anonymous sums, if their owner shared them."""
    sharing = select(preferences.c.user_id).where(preferences.c.shares)
    day = (type_coerce(focus_log.c.ended_at, BigInteger) // _DAY_MS).label("day")
    rows = await connection.execute(
        select(focus_log.c.guild_id, day, func.sum(COUNTED))
        # Damaged entries cannot be summed up.
        .where(focus_log.c.user_id.in_(sharing), focus_log.c.guild_id.is_not(None), SOUND_ENTRY, *conditions)
        .group_by(focus_log.c.guild_id, day)
    )
    for guild_id, number, seconds in rows.all():
        # A damaged sum stays as it is: PostgreSQL would refuse to add to it, and so to delete the person.
        total = case((SOUND_SUM, focus_sums.c.seconds + int(seconds)), else_=focus_sums.c.seconds)
        new = upsert(focus_sums, connection.dialect.name, {"seconds": total})
        await connection.execute(new.values(guild_id=guild_id, day=number, seconds=int(seconds)))
