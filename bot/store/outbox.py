"""Statements on the outbox: what is to be said, written with the change that it tells of."""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import Timer
from bot.store import timers as timer_rows
from bot.store.tables import outbox, timers

PENDING, SENT, UNDELIVERABLE = "pending", "sent", "undeliverable"


def wrap(kind: Kind, about: Sequence[Timer]) -> Parcel:
    """Make a parcel for one channel, with a nonce of its own (20 characters; Discord takes 25)."""
    return Parcel(secrets.token_urlsafe(15), kind, about[0].channel_id, tuple(about))


async def add(connection: AsyncConnection, parcels: Iterable[Parcel]) -> None:
    """Write parcels, a row for each timer in them."""
    rows = [
        {
            "nonce": parcel.nonce,
            "kind": parcel.kind,
            "state": PENDING,
            "channel_id": parcel.channel_id,
            "timer_id": timer.id,
        }
        for parcel in parcels
        for timer in parcel.timers
    ]
    if rows:
        await connection.execute(insert(outbox), rows)


async def pending(connection: AsyncConnection) -> list[Parcel]:
    """Give what was not yet said, oldest first, each timer as it is now."""
    rows = await connection.execute(
        select(outbox.c.nonce, outbox.c.kind, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(outbox.c.state == PENDING)
        .order_by(outbox.c.id)
    )
    parcels: dict[str, tuple[Kind, list[Timer]]] = {}
    for row in rows.mappings():
        _, about = parcels.setdefault(row["nonce"], (Kind(row["kind"]), []))
        about.append(timer_rows.timer_of(row))
    return [Parcel(nonce, kind, about[0].channel_id, tuple(about)) for nonce, (kind, about) in parcels.items()]


async def settle(
    connection: AsyncConnection,
    parcels: Iterable[Parcel],
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Record that parcels were said in a message, or, with a reason, that they cannot be."""
    values = {"state": UNDELIVERABLE if reason else SENT, "message_id": message_id, "reason": reason}
    nonces = [parcel.nonce for parcel in parcels]
    await connection.execute(update(outbox).where(outbox.c.nonce.in_(nonces)).values(values))
