"""Statements on the outbox: messages to send, written in the transaction of the change they report."""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import ANNOUNCEMENTS, EDITS, Kind, OutboxMessage
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import LIVE, Purpose, Timer
from bot.store import damage, timers as timer_rows
from bot.store.damage import Check, DamagedRow
from bot.store.tables import outbox, timers

_OWN = [outbox.c[name] for name in ("nonce", "kind", "place_id", "stage", "message_id", "tried_at", "reason")]
_check = Check(_OWN)
# A row with its timer.
_ROWS = select(outbox.c.id.label("row_id"), *_OWN, *timer_rows.COLUMNS).join(
    timers, timers.c.id == outbox.c.timer_id
)
_INSERT = insert(outbox)
# Built once: building a statement takes longer than running most of them. It changes the rows that messages were
# read from: a damaged row among them is not sent, and stays as it is.
_UPDATE = update(outbox).where(
    outbox.c.nonce.in_(bindparam("nonces", expanding=True)),
    outbox.c.timer_id.in_(bindparam("timer_ids", expanding=True)),
)
# As wide as the column.
_LONGEST_REASON = 200
PENDING, SENT, UNDELIVERABLE = "pending", "sent", "undeliverable"
# Given up after many tries; the next start tries again.
SET_ASIDE = "set_aside"
_UNSENT = outbox.c.state.in_((PENDING, SET_ASIDE))
_UNDELIVERED = (outbox.c.state.in_((UNDELIVERABLE, SET_ASIDE)), outbox.c.kind.in_(ANNOUNCEMENTS))
_UNSENT_EDITS = (outbox.c.kind.in_(EDITS), outbox.c.state == PENDING)


def new_message(
    kind: Kind,
    about: Sequence[Timer],
    *,
    person_id: int | None = None,
    stage: int | None = None,
    message_id: int | None = None,
) -> OutboxMessage:
    """Make a message for the timers' channel, or for a person, with a fresh nonce (20 of 25 characters)."""
    place_id = person_id or about[0].channel_id
    return OutboxMessage(secrets.token_urlsafe(15), kind, place_id, tuple(about), stage, message_id)


async def add(connection: AsyncConnection, messages: Iterable[OutboxMessage]) -> None:
    """Write messages, one row per timer in them."""
    rows = [
        {
            "nonce": message.nonce,
            "kind": message.kind,
            "state": PENDING,
            "place_id": message.place_id,
            "timer_id": timer.id,
            "stage": message.stage,
            "message_id": message.message_id,
        }
        for message in messages
        for timer in message.timers
    ]
    if rows:
        await connection.execute(_INSERT, rows)


async def pending(connection: AsyncConnection, shards: ShardRange = WHOLE) -> list[OutboxMessage]:
    """Return the unsent messages of these shards, oldest first, each timer as it is now."""
    return await read(connection, _UNSENT, timer_rows.on_shards(shards))


async def sent_since(
    connection: AsyncConnection, message_id: int, most: int, shards: ShardRange = WHOLE
) -> list[OutboxMessage]:
    """Return what was sent as a message of at least this id, among the newest ``most`` rows of the outbox."""
    newest = select(func.max(outbox.c.id)).scalar_subquery()
    sent = (outbox.c.state == SENT, outbox.c.message_id >= message_id, outbox.c.kind.not_in(EDITS))
    return await read(connection, outbox.c.id > newest - most, *sent, timer_rows.on_shards(shards))


async def retry(connection: AsyncConnection, owner_id: int, purpose: Purpose) -> list[OutboxMessage]:
    """Requeue the undelivered messages about a person's timers of one purpose."""
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose == purpose)
    ids = select(outbox.c.id).join(timers, timers.c.id == outbox.c.timer_id).where(*_UNDELIVERED, *theirs)
    rows = (await connection.execute(ids)).scalars().all()
    await connection.execute(update(outbox).where(outbox.c.id.in_(rows)).values(state=PENDING, reason=None))
    return await read(connection, outbox.c.id.in_(rows))


async def read(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> list[OutboxMessage]:
    """Read messages; skip those of a kind or purpose that only a newer version knows."""
    rows = await connection.execute(
        _ROWS.where(*conditions, outbox.c.kind.in_(list(Kind)), timer_rows.KNOWN).order_by(outbox.c.id)
    )
    mappings = rows.mappings().all()
    sound = damage.readable(connection, mappings, _check, ("row_id",))
    messages: dict[str, OutboxMessage] = {}
    for row in sound:
        for timer in timer_rows.readable(connection, [row]):
            message = messages.get(row["nonce"]) or OutboxMessage(
                row["nonce"],
                Kind(row["kind"]),
                row["place_id"],
                (),
                row["stage"],
                row["message_id"],
                tried_at=row["tried_at"],
                reason=row["reason"],
            )
            messages[row["nonce"]] = replace(message, timers=(*message.timers, timer))
    return list(messages.values())


def check_row(row: RowMapping) -> None:
    """Raise ``DamagedRow`` if an outbox row cannot be read."""
    _check(row)
    if row["kind"] not in list(Kind):
        raise DamagedRow(outbox.c.kind)
    if row["state"] not in {PENDING, SENT, UNDELIVERABLE, SET_ASIDE}:
        raise DamagedRow(outbox.c.state)


async def count_undelivered(connection: AsyncConnection) -> dict[str, int]:
    """Count the undelivered messages by state."""
    counted = (
        select(outbox.c.state, func.count(outbox.c.nonce.distinct()))
        .where(outbox.c.state.in_((UNDELIVERABLE, SET_ASIDE)))
        .group_by(outbox.c.state)
    )
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def still_unsent(connection: AsyncConnection, messages: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """Return those of the messages, and of their timers, that were committed and are still unsent."""
    theirs = (outbox.c.nonce.in_([message.nonce for message in messages]), _UNSENT)
    result = await connection.execute(select(outbox.c.nonce, outbox.c.timer_id).where(*theirs))
    there = {(nonce, timer_id) for nonce, timer_id in result}
    left = [
        replace(message, timers=tuple(timer for timer in message.timers if (message.nonce, timer.id) in there))
        for message in messages
    ]
    return [message for message in left if message.timers]


async def merge(connection: AsyncConnection, messages: Sequence[OutboxMessage], now: datetime) -> OutboxMessage:
    """Merge messages for the same place under the first one's nonce, marked as tried now."""
    first = messages[0]
    await _update(connection, messages, {"nonce": first.nonce, "tried_at": now})
    return replace(first, timers=tuple(timer for message in messages for timer in message.timers), tried_at=now)


async def mark_tried(connection: AsyncConnection, message: OutboxMessage, now: datetime) -> None:
    """Record when an outbox message was first tried."""
    same = (outbox.c.nonce == message.nonce, outbox.c.tried_at.is_(None))
    await connection.execute(update(outbox).where(*same).values(tried_at=now))


async def split(connection: AsyncConnection, message: OutboxMessage) -> list[OutboxMessage]:
    """Split a message that Discord has not taken into one per timer; idempotent, as the nonces are derived."""
    singles = [
        replace(message, nonce=derived(message.nonce, timer.id), timers=(timer,), tried_at=None)
        for timer in message.timers
    ]
    for single in singles:
        same = (outbox.c.nonce == message.nonce, outbox.c.timer_id == single.timers[0].id)
        await connection.execute(update(outbox).where(*same).values(nonce=single.nonce, tried_at=None))
    return singles


def derived(nonce: str, number: int) -> str:
    """Derive the nonce of one of several messages that replace another; ``number`` tells them apart."""
    digest = hashlib.blake2b(f"{nonce}/{number}".encode(), digest_size=15).digest()
    return base64.urlsafe_b64encode(digest).decode()


async def set_aside(connection: AsyncConnection, messages: Sequence[OutboxMessage], reason: str) -> None:
    """Record that messages are not tried again before the next start."""
    await _update(connection, messages, {"state": SET_ASIDE, "reason": reason[:_LONGEST_REASON]})


async def settle(
    connection: AsyncConnection,
    messages: Sequence[OutboxMessage],
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Record that messages were sent as one, or, with a reason, that they cannot be.

    An earlier card without a ``message_id`` was deleted, not closed, and is forgotten.
    """
    values: dict[str, object] = {"state": UNDELIVERABLE, "reason": reason} if reason else {"state": SENT}
    was_deleted = not reason and any(message.kind is Kind.CLOSED for message in messages)
    if message_id is not None or was_deleted:
        values["message_id"] = message_id
    await _update(connection, messages, values)


async def _update(
    connection: AsyncConnection, messages: Sequence[OutboxMessage], values: Mapping[str, object]
) -> None:
    nonces = [message.nonce for message in messages]
    timer_ids = [timer.id for message in messages for timer in message.timers]
    await connection.execute(_UPDATE, {**values, "nonces": nonces, "timer_ids": timer_ids})


async def move_card(connection: AsyncConnection, message: OutboxMessage, message_id: int) -> list[OutboxMessage]:
    """Make the message that announced a session's new phase its card.

    Returns the follow-up messages: closing the earlier card, and a refresh where there was a change meanwhile.
    Where a later phase has its card already, since this message or its answer came late, this one is closed.
    """
    (about,) = message.timers
    before = await timer_rows.by_id(connection, about.id)
    if before is None:  # deleted while it was sent
        return []
    if before.card_id == message_id:  # after an unknown commit
        return await read(connection, outbox.c.timer_id == before.id, *_UNSENT_EDITS)
    later = _sent_as(about.id, Kind.PHASE, outbox.c.stage > message.stage)
    if (await connection.execute(later.limit(1))).first():
        follows = [new_message(Kind.CLOSED, [before], message_id=message_id)]
        await add(connection, follows)
        return follows
    await timer_rows.set_card(connection, before.id, message_id)
    after = replace(before, card_id=message_id)
    follows = [
        new_message(Kind.CLOSED, [after], message_id=card_id) for card_id in await _closed(connection, before.id)
    ]
    warning = _sent_as(about.id, Kind.WARNING, outbox.c.stage == (message.stage or 0) - 1)
    for card_id in [before.card_id, *(await connection.execute(warning)).scalars()]:
        follows += [new_message(Kind.CLOSED, [after], message_id=card_id)] if card_id else []
    rendered = select(func.max(outbox.c.id)).where(outbox.c.nonce == message.nonce).scalar_subquery()
    since = select(func.count()).where(
        outbox.c.timer_id == before.id, outbox.c.kind == Kind.CARD, outbox.c.id > rendered
    )
    # The recap gets its picture by an edit: to be drawn takes it longer than an announcement may.
    if before.state not in LIVE or (await connection.execute(since)).scalar_one():
        follows.append(new_message(Kind.CARD, [after]))
    await add(connection, follows)
    return follows


async def relink(connection: AsyncConnection, about: Timer) -> list[OutboxMessage]:
    """Link a session's remaining earlier cards to its newest, or to nothing while that is gone."""
    messages = [
        new_message(Kind.CLOSED, [about], message_id=card_id) for card_id in await _closed(connection, about.id)
    ]
    await add(connection, messages)
    return messages


async def _closed(connection: AsyncConnection, timer_id: int) -> list[int]:
    """Return the earlier cards of a session that were closed and not deleted."""
    rows = _sent_as(timer_id, Kind.CLOSED).distinct().order_by(outbox.c.message_id)
    return [
        card_id
        for card_id in (await connection.execute(rows)).scalars()
        if isinstance(card_id, int) and card_id > 0
    ]


def _sent_as(timer_id: int, kind: Kind, *where: ColumnElement[bool]) -> Select[Any]:
    """Select the ids of the messages that those of a kind about a timer became."""
    sent = (outbox.c.timer_id == timer_id, outbox.c.kind == kind, outbox.c.state == SENT)
    return select(outbox.c.message_id).where(*sent, outbox.c.message_id.is_not(None), *where)


async def undelivered(
    connection: AsyncConnection, owner_id: int, purpose: Purpose, limit: int
) -> list[tuple[Timer, str]]:
    """Return a person's timers with undelivered messages, with the reason, newest first."""
    rows = await connection.execute(
        _ROWS.where(timers.c.owner_id == owner_id, timers.c.purpose == purpose, *_UNDELIVERED)
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    sound = damage.readable(connection, rows.mappings(), _check, ("row_id",))
    return [(timer, row["reason"]) for row in sound for timer in timer_rows.readable(connection, [row])]
