"""Statements on sessions: each is read and written as a whole, within one transaction.

Damaged sessions are reported and skipped, as if they did not exist; so are single damaged participants.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Insert, RowMapping, Select, and_, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, Notification, Participant, PhaseOutcome
from bot.domain.focus.session import Session
from bot.domain.shard import ShardRange
from bot.domain.stats import log as done
from bot.domain.timers.timer import LIVE, Purpose
from bot.store import damage, focus_log, timers as timer_rows, unconfirmed
from bot.store.columns import row_of
from bot.store.damage import Check, DamagedRow, parsed
from bot.store.tables import efforts, participants, sessions, timers
from bot.store.upsert import upsert

_OWN = ("at", "began_at", "auto", "warn", "waiting", "armed", "idle", "asked", "ending", "voice_id", "stranded")
_PERSON = [column for column in participants.c if column.name != "timer_id"]
_EFFORT = [column for column in efforts.c if column.name != "timer_id"]
_check = Check(column for column in sessions.c if column.name != "timer_id")
_check_person, _check_effort = Check(_PERSON), Check(_EFFORT)
# Built once: building a statement takes longer than running most of them.
_JOINED = (
    select(*timer_rows.COLUMNS, *(column for column in sessions.c if column.name != "timer_id"))
    .join(sessions, and_(sessions.c.timer_id == timers.c.id, timers.c.purpose == Purpose.SESSION))
    .order_by(timers.c.id)
)
_BY_ID = _JOINED.where(timers.c.id == bindparam("timer_id"))
# Both rows: an unlocked one would be read as it was before the wait for the lock.
_TO_CHANGE = _BY_ID.with_for_update()
_PEOPLE = (
    select(participants)
    .where(participants.c.timer_id.in_(bindparam("timer_ids", expanding=True)))
    .order_by(participants.c.joined_at, participants.c.user_id)
)
# A session is read at each press, and its plan seldom changes.
_plan = functools.lru_cache(maxsize=1_000)(plan.parse)


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
    matches = await _read(connection, _TO_CHANGE if to_change else _BY_ID, {"timer_id": timer_id})
    return matches[0] if matches else None


async def in_channel(connection: AsyncConnection, channel_id: int) -> Session | None:
    """Return the live session of a channel, or None."""
    matches = await _all(connection, timers.c.channel_id == channel_id, timers.c.state.in_(LIVE))
    return matches[0] if matches else None


async def in_guild(connection: AsyncConnection, guild_id: int) -> list[Session]:
    """Return the live sessions of a server, oldest first."""
    return await _all(connection, timers.c.guild_id == guild_id, timers.c.state.in_(LIVE))


async def live(connection: AsyncConnection, shards: ShardRange) -> list[Session]:
    """Return the live sessions of these shards."""
    return await _all(connection, timers.c.state.in_(LIVE), timer_rows.on_shards(shards))


async def in_voice(connection: AsyncConnection, voice_ids: Collection[int]) -> list[Session]:
    """Return the live sessions linked to one of these voice channels."""
    return await _all(connection, sessions.c.voice_id.in_(voice_ids), timers.c.state.in_(LIVE))


async def efforts_of(connection: AsyncConnection, timer_id: int) -> list[Effort]:
    """Return what people did in the past phases of a session, in order."""
    query = select(efforts).where(efforts.c.timer_id == timer_id).order_by(efforts.c.phase, efforts.c.user_id)
    rows = (await connection.execute(query)).mappings()
    return damage.readable(connection, rows, effort_of, ("timer_id", "phase", "user_id"))


async def review(
    connection: AsyncConnection, timer_id: int, phase: int, user_id: int, outcome: PhaseOutcome
) -> bool:
    """Record how a phase went for somebody; return whether they focused in it."""
    key = (efforts.c.timer_id == timer_id, efforts.c.phase == phase, efforts.c.user_id == user_id)
    result = await connection.execute(update(efforts).where(*key).values(outcome=outcome))
    return result.rowcount == 1


async def _all(connection: AsyncConnection, *where: ColumnElement[bool]) -> list[Session]:
    return await _read(connection, _JOINED.where(*where), {})


async def _read(connection: AsyncConnection, joined: Select[Any], values: Mapping[str, Any]) -> list[Session]:
    rows = (await connection.execute(joined, values)).mappings().all()
    people: dict[int, list[Participant]] = {row["id"]: [] for row in rows}
    if people:
        theirs = (await connection.execute(_PEOPLE, {"timer_ids": list(people)})).mappings()
        seats = damage.readable(
            connection, theirs, lambda row: (row["timer_id"], person_of(row)), ("timer_id", "user_id")
        )
        for timer_id, person in seats:
            people[timer_id].append(person)
    sound = damage.readable(connection, rows, lambda row: Session(timer_rows.timer_of(row), **own_of(row)), ("id",))
    return [replace(session, people=tuple(people[session.timer.id])) for session in sound]


def own_of(row: RowMapping) -> dict[str, Any]:
    """Read a session's own columns. Raises ``DamagedRow``."""
    _check(row)
    own = {name: row[name] for name in _OWN}
    own["ending"] = parsed(Ending, row, sessions.c.ending) if row["ending"] else None
    own["plan"] = parsed(_plan, row, sessions.c.plan)
    if not -1 <= own["at"] <= len(own["plan"].phases):
        raise DamagedRow(sessions.c.at)
    return own


def person_of(row: RowMapping) -> Participant:
    """Read a participant. Raises ``DamagedRow``."""
    _check_person(row)
    values = {column.name: row[column.name] for column in _PERSON}
    return Participant(**values | {"notify": parsed(Notification, row, participants.c.notify)})


def effort_of(row: RowMapping) -> Effort:
    """Read somebody's effort in a phase. Raises ``DamagedRow``."""
    _check_effort(row)
    values = {column.name: row[column.name] for column in _EFFORT}
    outcome = parsed(PhaseOutcome, row, efforts.c.outcome) if row["outcome"] else None
    return Effort(**values | {"outcome": outcome})


def _values(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in _OWN} | {"plan": str(session.plan)}


async def _write_people(connection: AsyncConnection, old: Session, new: Session) -> None:
    before = {person.user_id: person for person in old.people}
    changed = [person for person in new.people if before.get(person.user_id) != person]
    if not changed:
        return
    rows = [{"timer_id": new.timer.id, **row_of(person)} for person in changed]
    await connection.execute(_put_people(connection.dialect.name), rows)


@functools.cache
def _put_people(dialect: str) -> Insert:
    """Return what inserts participants, or replaces them: also rows too damaged to have been read."""
    return upsert(participants, dialect)
