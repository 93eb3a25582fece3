"""Statements on sessions: each is read and written as a whole, within one transaction.

Damaged sessions are reported and skipped, as if they did not exist; so are single damaged participants.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import UserError
from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, Notification, Participant, PhaseOutcome
from bot.domain.focus.session import Session
from bot.domain.shard import ShardRange
from bot.domain.stats import log as done
from bot.domain.timers.timer import LIVE, Purpose
from bot.store import damage, focus_log, unconfirmed
from bot.store import timers as timer_rows
from bot.store.damage import Check, DamagedRow, member
from bot.store.row import row_of
from bot.store.tables import efforts, participants, sessions, timers

_OWN = ("at", "began_at", "auto", "warn", "waiting", "armed", "idle", "asked", "ending", "voice_id", "stranded")
_PERSON = [column for column in participants.c if column.name != "timer_id"]
_EFFORT = [column for column in efforts.c if column.name != "timer_id"]
_check = Check(column for column in sessions.c if column.name != "timer_id")
_check_person, _check_effort = Check(_PERSON), Check(_EFFORT)


async def add(connection: AsyncConnection, session: Session, request: str) -> Session:
    """Write a new session and return it with its number. Raises ``IntegrityError`` as ``timers.add`` does."""
    timer = await timer_rows.add(connection, session.timer, request)
    await connection.execute(insert(sessions).values(timer_id=timer.id, **_values(session)))
    added = replace(session, timer=timer)
    await _write_people(connection, replace(added, people=()), added)
    return added


async def save(connection: AsyncConnection, old: Session, new: Session) -> None:
    """Replace ``old`` with ``new``, and add the log entries, confirmed or not. Raises ``LostRace``."""
    if new.timer != old.timer and not await timer_rows.change(connection, old.timer, new.timer):
        raise timer_rows.LostRace
    values, before = _values(new), _values(old)
    changed = {key: value for key, value in values.items() if value != before[key]}
    if changed:
        await connection.execute(update(sessions).where(sessions.c.timer_id == new.timer.id).values(changed))
    await _write_people(connection, old, new)
    await log(connection, new.done)
    await unconfirmed.add(connection, new.unsure)


async def log(connection: AsyncConnection, entries: Sequence[done.Entry]) -> None:
    """Write what people did in past phases: to the focus log, and for the recap."""
    if not entries:
        return
    rows = [
        {"timer_id": entry.timer_id, **row_of(effort)}
        for entry, effort in zip(entries, done.efforts(entries), strict=True)
    ]
    await connection.execute(insert(efforts), rows)
    await focus_log.add(connection, entries)


async def by_id(connection: AsyncConnection, timer_id: int, *, to_change: bool = False) -> Session | None:
    """Return a session, live or over, or None; ``to_change`` locks it."""
    matches = await _all(connection, timers.c.id == timer_id, to_change=to_change)
    return matches[0] if matches else None


async def in_channel(connection: AsyncConnection, channel_id: int) -> Session | None:
    """Return the live session of a channel, or None."""
    matches = await _all(connection, timers.c.channel_id == channel_id, timers.c.state.in_(LIVE))
    return matches[0] if matches else None


async def in_guild(connection: AsyncConnection, guild_id: int) -> list[Session]:
    """Return the live sessions of a server, oldest first."""
    return await _all(connection, timers.c.guild_id == guild_id, timers.c.state.in_(LIVE))


async def live(connection: AsyncConnection, share: ShardRange) -> list[Session]:
    """Return the live sessions of these shards."""
    return await _all(connection, timers.c.state.in_(LIVE), timer_rows.in_share(share))


async def in_voice(connection: AsyncConnection, voice_ids: Collection[int]) -> list[Session]:
    """Return the live sessions linked to one of these voice channels."""
    return await _all(connection, sessions.c.voice_id.in_(voice_ids), timers.c.state.in_(LIVE))


async def efforts_of(connection: AsyncConnection, timer_id: int) -> list[Effort]:
    """Return what people did in the past phases of a session, in order."""
    of_it = select(efforts).where(efforts.c.timer_id == timer_id).order_by(efforts.c.phase, efforts.c.user_id)
    rows = (await connection.execute(of_it)).mappings()
    return damage.readable(connection, rows, effort_of, ("timer_id", "phase", "user_id"))


async def review(
    connection: AsyncConnection, timer_id: int, phase: int, user_id: int, outcome: PhaseOutcome
) -> bool:
    """Record how a phase went for somebody; return whether they focused in it."""
    key = (efforts.c.timer_id == timer_id, efforts.c.phase == phase, efforts.c.user_id == user_id)
    result = await connection.execute(update(efforts).where(*key).values(outcome=outcome))
    return result.rowcount == 1


async def _all(connection: AsyncConnection, *where: ColumnElement[bool], to_change: bool = False) -> list[Session]:
    joined = (
        select(*timer_rows.COLUMNS, *(column for column in sessions.c if column.name != "timer_id"))
        .join(sessions, and_(sessions.c.timer_id == timers.c.id, timers.c.purpose == Purpose.SESSION))
        .where(*where)
        .order_by(timers.c.id)
    )
    if to_change:
        # Both rows: an unlocked one would be read as it was before the wait for the lock.
        joined = joined.with_for_update()
    rows = (await connection.execute(joined)).mappings().all()
    people: dict[int, list[Participant]] = {row["id"]: [] for row in rows}
    if people:
        of_them = select(participants).where(participants.c.timer_id.in_(list(people)))
        in_order = of_them.order_by(participants.c.joined_at, participants.c.user_id)
        theirs = (await connection.execute(in_order)).mappings()
        for timer_id, person in damage.readable(connection, theirs, _seat, ("timer_id", "user_id")):
            people[timer_id].append(person)
    sound = damage.readable(connection, rows, _session, ("id",))
    return [replace(session, people=tuple(people[session.timer.id])) for session in sound]


def _session(row: RowMapping) -> Session:
    return Session(timer_rows.timer_of(row), **own_of(row))


def own_of(row: RowMapping) -> dict[str, Any]:
    """Read a session's own columns. Raises ``DamagedRow``."""
    _check(row)
    own = {name: row[name] for name in _OWN}
    own["ending"] = member(Ending, row, sessions.c.ending) if row["ending"] else None
    try:
        own["plan"] = plan.parse(row["plan"])
    except (UserError, ValueError, OverflowError) as error:
        raise DamagedRow(sessions.c.plan) from error
    if not -1 <= own["at"] <= len(own["plan"].phases):
        raise DamagedRow(sessions.c.at)
    return own


def person_of(row: RowMapping) -> Participant:
    """Read a participant. Raises ``DamagedRow``."""
    _check_person(row)
    values = {column.name: row[column.name] for column in _PERSON}
    return Participant(**values | {"notify": member(Notification, row, participants.c.notify)})


def effort_of(row: RowMapping) -> Effort:
    """Read somebody's effort in a phase. Raises ``DamagedRow``."""
    _check_effort(row)
    values = {column.name: row[column.name] for column in _EFFORT}
    outcome = member(PhaseOutcome, row, efforts.c.outcome) if row["outcome"] else None
    return Effort(**values | {"outcome": outcome})


def _seat(row: RowMapping) -> tuple[int, Participant]:
    return row["timer_id"], person_of(row)


def _values(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in _OWN} | {"plan": str(session.plan)}


async def _write_people(connection: AsyncConnection, old: Session, new: Session) -> None:
    before = {person.user_id: person for person in old.people}
    changed = [person for person in new.people if before.get(person.user_id) != person]
    if not changed:
        return
    key = (
        participants.c.timer_id == new.timer.id,
        participants.c.user_id.in_([person.user_id for person in changed]),
    )
    await connection.execute(delete(participants).where(*key))
    await connection.execute(
        insert(participants), [{"timer_id": new.timer.id, **row_of(person)} for person in changed]
    )
