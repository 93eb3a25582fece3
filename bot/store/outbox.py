"""Statements on the outbox: what is to be said, written with the change that it tells of."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import Timer
from bot.store import timers as timer_rows
from bot.store.tables import outbox, timers

PENDING, SENT, UNDELIVERABLE = "pending", "sent", "undeliverable"


def wrap(kind: Kind, about: Sequence[Timer]) -> Parcel:
    """Make a parcel for a place, with a nonce of its own (20 characters; Discord takes 25)."""
    place_id = about[0].owner_id if kind is Kind.DIRECT else about[0].channel_id
    return Parcel(secrets.token_urlsafe(15), kind, place_id, tuple(about))


async def add(connection: AsyncConnection, parcels: Iterable[Parcel]) -> None:
    """Write parcels, a row for each timer in them."""
    rows = [
        {
            "nonce": parcel.nonce,
            "kind": parcel.kind,
            "state": PENDING,
            "place_id": parcel.place_id,
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
        select(outbox.c.nonce, outbox.c.kind, outbox.c.place_id, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(outbox.c.state == PENDING)
        .order_by(outbox.c.id)
    )
    parcels: dict[str, Parcel] = {}
    for row in rows.mappings():
        nonce = row["nonce"]
        parcel = parcels.setdefault(nonce, Parcel(nonce, Kind(row["kind"]), row["place_id"], ()))
        parcels[nonce] = replace(parcel, timers=(*parcel.timers, *timer_rows.readable([row])))
    return [parcel for parcel in parcels.values() if parcel.timers]


async def written(connection: AsyncConnection, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Give those parcels that were written and are still to be said."""
    nonces = [parcel.nonce for parcel in parcels]
    found = await connection.execute(
        select(outbox.c.nonce).where(outbox.c.nonce.in_(nonces), outbox.c.state == PENDING)
    )
    there = set(found.scalars())
    return [parcel for parcel in parcels if parcel.nonce in there]


async def merge(connection: AsyncConnection, parcels: Sequence[Parcel]) -> Parcel:
    """Make one parcel of several for the same place, under the first one's nonce."""
    first, *rest = parcels
    nonces = [parcel.nonce for parcel in rest]
    await connection.execute(update(outbox).where(outbox.c.nonce.in_(nonces)).values(nonce=first.nonce))
    return replace(first, timers=tuple(timer for parcel in parcels for timer in parcel.timers))


async def redirect(connection: AsyncConnection, parcel: Parcel, reason: str) -> list[Parcel]:
    """Send an announcement to its timers' owners instead of the channel, a parcel for each person.

    Done again, since it was not heard that it was done, it gives the same.
    """
    owners: dict[int, list[Timer]] = {}
    for timer in parcel.timers:
        owners.setdefault(timer.owner_id, []).append(timer)
    redirected = [
        replace(wrap(Kind.DIRECT, about), nonce=f"{parcel.nonce}-{number}")
        for number, about in enumerate(owners.values())
    ]
    for direct in redirected:
        ids = [timer.id for timer in direct.timers]
        values = {"nonce": direct.nonce, "kind": direct.kind, "place_id": direct.place_id, "reason": reason}
        same = (outbox.c.nonce == parcel.nonce, outbox.c.timer_id.in_(ids))
        await connection.execute(update(outbox).where(*same).values(values))
    return redirected


async def settle(
    connection: AsyncConnection,
    parcels: Iterable[Parcel],
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Record that parcels were said in a message, or, with a reason, that they cannot be."""
    values = {"state": UNDELIVERABLE, "reason": reason} if reason else {"state": SENT, "message_id": message_id}
    nonces = [parcel.nonce for parcel in parcels]
    await connection.execute(update(outbox).where(outbox.c.nonce.in_(nonces)).values(values))


async def undelivered(connection: AsyncConnection, owner_id: int, limit: int) -> list[tuple[Timer, str]]:
    """Give a person's timers whose announcement could not be delivered, with the reason, newest first."""
    rows = await connection.execute(
        select(outbox.c.reason, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(timers.c.owner_id == owner_id, outbox.c.state == UNDELIVERABLE, outbox.c.kind != Kind.CARD)
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [(timer, row["reason"]) for row in rows.mappings() for timer in timer_rows.readable([row])]
