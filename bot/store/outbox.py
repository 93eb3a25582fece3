"""Statements on the outbox: messages to send, written in the transaction of the change they report."""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import TOLD, Kind, OutboxMessage
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Purpose, Timer
from bot.store import damage
from bot.store import timers as timer_rows
from bot.store.damage import Check, DamagedRow
from bot.store.tables import outbox, timers

_OWN = [outbox.c[name] for name in ("nonce", "kind", "place_id", "stage", "message_id", "tried_at", "reason")]
_check = Check(_OWN)
# As wide as the column.
_LONGEST_REASON = 200
PENDING, SENT, UNDELIVERABLE = "pending", "sent", "undeliverable"
# Given up after many tries; the next start tries again.
SET_ASIDE = "set_aside"


def wrap(
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
        await connection.execute(insert(outbox), rows)


async def pending(connection: AsyncConnection, share: ShardRange = WHOLE) -> list[OutboxMessage]:
    """Return the unsent messages of these shards, oldest first, each timer as it is now."""
    unsaid = outbox.c.state.in_((PENDING, SET_ASIDE))
    return await _messages(connection, unsaid, timer_rows.in_share(share))


async def retry(connection: AsyncConnection, owner_id: int, purpose: Purpose) -> list[OutboxMessage]:
    """Requeue the undelivered messages about a person's timers of one purpose."""
    unheard = (outbox.c.state.in_((UNDELIVERABLE, SET_ASIDE)), outbox.c.kind.in_(TOLD))
    theirs = (timers.c.owner_id == owner_id, timers.c.purpose == purpose)
    ids = select(outbox.c.id).join(timers, timers.c.id == outbox.c.timer_id).where(*unheard, *theirs)
    rows = (await connection.execute(ids)).scalars().all()
    await connection.execute(update(outbox).where(outbox.c.id.in_(rows)).values(state=PENDING, reason=None))
    return await _messages(connection, outbox.c.id.in_(rows))


async def _messages(connection: AsyncConnection, *which: ColumnElement[bool]) -> list[OutboxMessage]:
    """Read messages; skip those of a kind or purpose that only a newer version knows."""
    rows = await connection.execute(
        select(outbox.c.id.label("row_id"), *_OWN, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(*which, outbox.c.kind.in_(list(Kind)), timer_rows.KNOWN)
        .order_by(outbox.c.id)
    )
    mappings = rows.mappings().all()
    sound = damage.readable(connection, mappings, _sound, ("row_id",))
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
            )
            messages[row["nonce"]] = replace(message, timers=(*message.timers, timer))
    return list(messages.values())


def _sound(row: RowMapping) -> RowMapping:
    _check(row)
    return row


def check_row(row: RowMapping) -> None:
    """Raise ``DamagedRow`` where an outbox row cannot be read."""
    _check(row)
    if row["kind"] not in list(Kind):
        raise DamagedRow(outbox.c.kind)
    if row["state"] not in {PENDING, SENT, UNDELIVERABLE, SET_ASIDE}:
        raise DamagedRow(outbox.c.state)


async def unsaid(connection: AsyncConnection) -> dict[str, int]:
    """Count the undelivered messages by state."""
    counted = (
        select(outbox.c.state, func.count(outbox.c.nonce.distinct()))
        .where(outbox.c.state.in_((UNDELIVERABLE, SET_ASIDE)))
        .group_by(outbox.c.state)
    )
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def written(connection: AsyncConnection, messages: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """Return those of the messages that were committed and are still pending."""
    nonces = [message.nonce for message in messages]
    result = await connection.execute(
        select(outbox.c.nonce).where(outbox.c.nonce.in_(nonces), outbox.c.state == PENDING)
    )
    there = set(result.scalars())
    return [message for message in messages if message.nonce in there]


async def merge(connection: AsyncConnection, messages: Sequence[OutboxMessage], now: datetime) -> OutboxMessage:
    """Merge messages for the same place under the first one's nonce, marked as tried now."""
    first = messages[0]
    await connection.execute(update(outbox).where(*_rows_of(messages)).values(nonce=first.nonce, tried_at=now))
    return replace(first, timers=tuple(timer for message in messages for timer in message.timers), tried_at=now)


async def mark_tried(connection: AsyncConnection, message: OutboxMessage, now: datetime) -> None:
    """Record when an outbox message was first tried."""
    same = (outbox.c.nonce == message.nonce, outbox.c.tried_at.is_(None))
    await connection.execute(update(outbox).where(*same).values(tried_at=now))


async def split(connection: AsyncConnection, message: OutboxMessage) -> list[OutboxMessage]:
    """Split a message that Discord has not taken into one per timer; idempotent, as the nonces are derived."""
    singles = [
        replace(message, nonce=_derived(message.nonce, timer.id), timers=(timer,), tried_at=None)
        for timer in message.timers
    ]
    for single in singles:
        same = (outbox.c.nonce == message.nonce, outbox.c.timer_id == single.timers[0].id)
        await connection.execute(update(outbox).where(*same).values(nonce=single.nonce, tried_at=None))
    return singles


def _derived(nonce: str, timer_id: int) -> str:
    digest = hashlib.blake2b(f"{nonce}/{timer_id}".encode(), digest_size=15).digest()
    return base64.urlsafe_b64encode(digest).decode()


async def set_aside(connection: AsyncConnection, messages: Sequence[OutboxMessage], reason: str) -> None:
    """Record that messages are not tried again before the next start."""
    values = {"state": SET_ASIDE, "reason": reason[:_LONGEST_REASON]}
    await connection.execute(update(outbox).where(*_rows_of(messages)).values(values))


async def redirect(connection: AsyncConnection, message: OutboxMessage, reason: str) -> list[OutboxMessage]:
    """Redirect an announcement from the channel to its timers' owners, one direct message each.

    Idempotent after an unknown commit. The owner of a timer may have changed since the message was made, and a
    deleted timer has none.
    """
    ids = [timer.id for timer in message.timers]
    rows = await connection.execute(select(timers.c.id, timers.c.owner_id).where(timers.c.id.in_(ids)))
    owner_of = {row.id: row.owner_id for row in rows}
    owners: dict[int, list[Timer]] = {}
    for timer in message.timers:
        if owner_id := owner_of.get(timer.id):
            owners.setdefault(owner_id, []).append(timer)
    redirected = [
        replace(wrap(Kind.DIRECT, about, person_id=owner, stage=message.stage), nonce=f"{message.nonce}-{number}")
        for number, (owner, about) in enumerate(owners.items())
    ]
    for direct in redirected:
        ids = [timer.id for timer in direct.timers]
        values = {"nonce": direct.nonce, "kind": direct.kind, "place_id": direct.place_id, "reason": reason}
        same = (outbox.c.nonce == message.nonce, outbox.c.timer_id.in_(ids))
        await connection.execute(update(outbox).where(*same).values(values))
    await settle(connection, [message], reason=reason)  # the rows of timers without an owner
    return redirected


async def leave_word(
    connection: AsyncConnection, message: OutboxMessage, about: Sequence[Timer]
) -> list[OutboxMessage]:
    """Post in the channels of these timers that a direct message about them was refused; idempotent."""
    places: dict[int, list[Timer]] = {}
    for timer in about:
        places.setdefault(timer.channel_id, []).append(timer)
    notices = [
        replace(wrap(Kind.NOTICE, timers), nonce=f"{message.nonce}-{number}")
        for number, timers in enumerate(places.values())
    ]
    nonces = [notice.nonce for notice in notices]
    there = set((await connection.execute(select(outbox.c.nonce).where(outbox.c.nonce.in_(nonces)))).scalars())
    await add(connection, [notice for notice in notices if notice.nonce not in there])
    return notices


async def settle(
    connection: AsyncConnection,
    messages: Sequence[OutboxMessage],
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Record that messages were sent as one, or, with a reason, that they cannot be."""
    values: dict[str, object] = {"state": UNDELIVERABLE, "reason": reason} if reason else {"state": SENT}
    if message_id is not None:
        values["message_id"] = message_id
    await connection.execute(update(outbox).where(*_rows_of(messages)).values(values))


def _rows_of(messages: Sequence[OutboxMessage]) -> tuple[ColumnElement[bool], ...]:
    """Match the rows these messages were read from: a damaged row among them is not sent, and stays as it is."""
    nonces = [message.nonce for message in messages]
    timer_ids = [timer.id for message in messages for timer in message.timers]
    return outbox.c.nonce.in_(nonces), outbox.c.timer_id.in_(timer_ids)


async def move_card(connection: AsyncConnection, message: OutboxMessage, message_id: int) -> list[OutboxMessage]:
    """Make the message that announced a session's new phase its card.

    Returns the follow-up messages: closing the earlier card, and a refresh where there was a change meanwhile.
    """
    (about,) = message.timers
    before = await timer_rows.by_id(connection, about.id)
    if before is None:  # deleted while it was sent
        return []
    await timer_rows.set_card(connection, before.id, message_id)
    after = replace(before, card_id=message_id)
    follows = []
    if before.card_id and before.card_id != message_id:
        follows.append(wrap(Kind.CLOSED, [after], message_id=before.card_id))
    rendered = select(func.max(outbox.c.id)).where(outbox.c.nonce == message.nonce).scalar_subquery()
    since = select(func.count()).where(
        outbox.c.timer_id == before.id, outbox.c.kind == Kind.CARD, outbox.c.id > rendered
    )
    if (await connection.execute(since)).scalar_one():
        follows.append(wrap(Kind.CARD, [after]))
    await add(connection, follows)
    return follows


async def undelivered(
    connection: AsyncConnection, owner_id: int, purpose: Purpose, limit: int
) -> list[tuple[Timer, str]]:
    """Return a person's timers with undelivered messages, with the reason, newest first."""
    rows = await connection.execute(
        select(outbox.c.id.label("row_id"), *_OWN, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(timers.c.owner_id == owner_id, timers.c.purpose == purpose)
        .where(outbox.c.state.in_((UNDELIVERABLE, SET_ASIDE)), outbox.c.kind.in_(TOLD))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    sound = damage.readable(connection, rows.mappings(), _sound, ("row_id",))
    return [(timer, row["reason"]) for row in sound for timer in timer_rows.readable(connection, [row])]
