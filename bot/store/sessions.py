"""Statements on sessions: each is read and written as a whole, within one transaction.

One whose rows are damaged is reported and passed over, as if it were not there.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, RowMapping, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import focus_log as done
from bot.domain import plan
from bot.domain.errors import Refusal
from bot.domain.participant import Effort, Notify, Outcome, Participant
from bot.domain.session import Ending, Session
from bot.domain.timer import LIVE, Purpose
from bot.store import focus_log
from bot.store import timers as timer_rows
from bot.store.tables import efforts, participants, sessions, timers
from bot.store.timers import DamagedRow

_log = structlog.get_logger(__name__)

_OWN = ("at", "began_at", "auto", "warn", "waiting", "armed", "idle", "asked", "ending", "voice_id")
_PERSON = [column for column in participants.c if column.name != "timer_id"]
_EFFORT = [column for column in efforts.c if column.name != "timer_id"]


async def add(connection: AsyncConnection, session: Session, request: str) -> Session:
    """Write a new session and give it with its number. Raises ``IntegrityError`` as ``timers.add`` does."""
    timer = await timer_rows.add(connection, session.timer, request)
    await connection.execute(insert(sessions).values(timer_id=timer.id, **_values(session)))
    added = replace(session, timer=timer)
    await _write_people(connection, replace(added, people=()), added)
    return added


async def save(connection: AsyncConnection, old: Session, new: Session) -> None:
    """Put ``new`` in the place of ``old``, and add what people have done. Raises ``LostRace``."""
    if new.timer != old.timer and not await timer_rows.change(connection, old.timer, new.timer):
        raise timer_rows.LostRace
    values, before = _values(new), _values(old)
    changed = {key: value for key, value in values.items() if value != before[key]}
    if changed:
        await connection.execute(update(sessions).where(sessions.c.timer_id == new.timer.id).values(changed))
    await _write_people(connection, old, new)
    rows = [{"timer_id": new.timer.id, **asdict(effort)} for effort in done.efforts(new.done)]
    if rows:
        await connection.execute(insert(efforts), rows)
        await focus_log.add(connection, new.done)


async def by_id(connection: AsyncConnection, timer_id: int, *, to_change: bool = False) -> Session | None:
    """Find a session, live or over; one that is to be changed is changed by nobody else meanwhile."""
    found = await _all(connection, timers.c.id == timer_id, to_change=to_change)
    return found[0] if found else None


async def in_channel(connection: AsyncConnection, channel_id: int) -> Session | None:
    """Find the session that goes on in a channel."""
    found = await _all(connection, timers.c.channel_id == channel_id, timers.c.state.in_(LIVE))
    return found[0] if found else None


async def in_guild(connection: AsyncConnection, guild_id: int) -> list[Session]:
    """Give the sessions that go on in a server, oldest first."""
    return await _all(connection, timers.c.guild_id == guild_id, timers.c.state.in_(LIVE))


async def in_voice(connection: AsyncConnection) -> list[Session]:
    """Give the live sessions that are linked with a voice channel."""
    return await _all(connection, sessions.c.voice_id.is_not(None), timers.c.state.in_(LIVE))


async def efforts_of(connection: AsyncConnection, timer_id: int) -> list[Effort]:
    """Give what people have done in the phases of a session that are over, in their order."""
    rows = await connection.execute(
        select(*_EFFORT).where(efforts.c.timer_id == timer_id).order_by(efforts.c.phase, efforts.c.user_id)
    )
    return [
        Effort(**{**row, "outcome": Outcome(row["outcome"]) if row["outcome"] else None}) for row in rows.mappings()
    ]


async def review(connection: AsyncConnection, timer_id: int, phase: int, user_id: int, outcome: Outcome) -> bool:
    """Note how somebody says that a phase went; tell whether they have focused in it."""
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
        # Both rows: of one that is not locked, what it was before the wait for the lock would be read.
        joined = joined.with_for_update()
    rows = (await connection.execute(joined)).mappings().all()
    people: dict[int, list[RowMapping]] = {row["id"]: [] for row in rows}
    if people:
        of_them = participants.c.timer_id.in_(list(people))
        in_order = (participants.c.joined_at, participants.c.user_id)
        for person in (
            await connection.execute(select(participants).where(of_them).order_by(*in_order))
        ).mappings():
            people[person["timer_id"]].append(person)
    found = []
    for row in rows:
        try:
            found.append(_session(row, people[row["id"]]))
        except DamagedRow:
            _log.error("row_damaged", timer_id=row["id"])
    return found


def _session(row: RowMapping, people: Sequence[RowMapping]) -> Session:
    try:
        ending = Ending(row["ending"]) if row["ending"] else None
        values = {name: row[name] for name in _OWN} | {"ending": ending}
        session = Session(timer_rows.timer_of(row), plan.parse(str(row["plan"])), **values)
        session = replace(session, people=tuple(_person(one) for one in people))
    except (Refusal, ValueError) as error:
        raise DamagedRow from error
    if not (
        isinstance(session.began_at, datetime) and isinstance(session.at, int) and isinstance(session.idle, int)
    ):
        raise DamagedRow
    return session


def _person(row: RowMapping) -> Participant:
    values = {column.name: row[column.name] for column in _PERSON}
    person = Participant(**{**values, "notify": Notify(values["notify"])})
    sound = (
        isinstance(person.joined_at, datetime),
        isinstance(person.left_at, datetime | None),
        isinstance(person.since, datetime | None),
        isinstance(person.focused, timedelta),
    )
    if not all(sound):
        raise DamagedRow
    return person


def _values(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in _OWN} | {"plan": str(session.plan)}


async def _write_people(connection: AsyncConnection, old: Session, new: Session) -> None:
    before = {one.user_id: one for one in old.people}
    changed = [one for one in new.people if before.get(one.user_id) != one]
    if not changed:
        return
    key = (participants.c.timer_id == new.timer.id, participants.c.user_id.in_([one.user_id for one in changed]))
    await connection.execute(delete(participants).where(*key))
    await connection.execute(insert(participants), [{"timer_id": new.timer.id, **asdict(one)} for one in changed])
