"""Statements on questions: what people were asked, and the requests that their answers carry out."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.question import MOST_CHOICES, OpenQuestion
from bot.domain.timers.timer import Actor
from bot.store import damage
from bot.store.damage import Check, DamagedRow, parsed
from bot.store.tables import questions

_check = Check(questions.c)


async def add(
    connection: AsyncConnection,
    actor: Actor,
    request: str,
    about_id: int | None,
    lines: Sequence[str],
    now: datetime,
) -> int:
    """Write a question and return its id; an ``IntegrityError`` means that its request has one already."""
    row = {
        "user_id": actor.user_id,
        "guild_id": actor.guild_id,
        "channel_id": actor.channel_id,
        "request": request,
        "about_id": about_id,
        "lines": json.dumps(list(lines), ensure_ascii=False),
        "created_at": now,
    }
    added = await connection.execute(insert(questions).values(row).returning(questions.c.id))
    return int(added.scalar_one())


async def id_by_request(connection: AsyncConnection, request: str) -> int | None:
    """Return the id of the question that a request led to."""
    query = select(questions.c.id).where(questions.c.request == request)
    return (await connection.execute(query)).scalar_one_or_none()


async def by_id(connection: AsyncConnection, number: int) -> OpenQuestion | None:
    """Return a question; None if it is gone, or its row is damaged."""
    rows = await connection.execute(select(questions).where(questions.c.id == number))
    return next(iter(damage.readable(connection, rows.mappings(), question_of, ("id",))), None)


async def answered(connection: AsyncConnection, number: int, now: datetime) -> None:
    """Record that a question was answered."""
    await connection.execute(update(questions).where(questions.c.id == number).values(answered_at=now))


async def withdraw(connection: AsyncConnection, requests: Sequence[str], now: datetime) -> None:
    """Record that the questions that these requests led to need no answer any more."""
    await connection.execute(update(questions).where(questions.c.request.in_(requests)).values(answered_at=now))


async def forget(connection: AsyncConnection, before: datetime, most: int) -> int:
    """Delete at most this many questions from before a moment; return how many."""
    old = select(questions.c.id).where(questions.c.created_at < before).limit(most)
    return (await connection.execute(delete(questions).where(questions.c.id.in_(old)))).rowcount


def question_of(row: RowMapping) -> OpenQuestion:
    """Read a question. Raises ``DamagedRow``."""
    _check(row)
    lines = parsed(json.loads, row, questions.c.lines)
    is_sound = isinstance(lines, list) and 0 < len(lines) <= MOST_CHOICES
    if not is_sound or not all(isinstance(line, str) for line in lines):
        raise DamagedRow(questions.c.lines)
    return OpenQuestion(**{column.name: row[column.name] for column in questions.c} | {"lines": lines})
