"""Statements on the outbox: what is to be said, written with the change that it tells of."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.parcel import TOLD, Kind, Parcel
from bot.domain.shard import WHOLE, Share
from bot.domain.timer import Purpose, Timer
from bot.store import timers as timer_rows
from bot.store.tables import outbox, timers

_SESSION = (outbox.c.stage, outbox.c.message_id)
PENDING, SENT, UNDELIVERABLE = "pending", "sent", "undeliverable"


def wrap(
    kind: Kind,
    about: Sequence[Timer],
    *,
    person_id: int | None = None,
    stage: int | None = None,
    message_id: int | None = None,
) -> Parcel:
    """Make a parcel for the timers' channel, or for a person, with a nonce of its own (20 characters of 25)."""
    place_id = person_id or about[0].channel_id
    return Parcel(secrets.token_urlsafe(15), kind, place_id, tuple(about), stage, message_id)


async def add(connection: AsyncConnection, parcels: Iterable[Parcel]) -> None:
    """Write parcels, a row for each timer in them."""
    rows = [
        {
            "nonce": parcel.nonce,
            "kind": parcel.kind,
            "state": PENDING,
            "place_id": parcel.place_id,
            "timer_id": timer.id,
            "stage": parcel.stage,
            "message_id": parcel.message_id,
        }
        for parcel in parcels
        for timer in parcel.timers
    ]
    if rows:
        await connection.execute(insert(outbox), rows)


async def pending(connection: AsyncConnection, share: Share = WHOLE) -> list[Parcel]:
    """Give what was not yet said in these shards, oldest first, each timer as it is now."""
    rows = await connection.execute(
        select(outbox.c.nonce, outbox.c.kind, outbox.c.place_id, *_SESSION, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(outbox.c.state == PENDING, timer_rows.in_share(share))
        .order_by(outbox.c.id)
    )
    parcels: dict[str, Parcel] = {}
    for row in rows.mappings():
        nonce = row["nonce"]
        kind, place_id = Kind(row["kind"]), row["place_id"]
        fresh = Parcel(nonce, kind, place_id, (), row["stage"], row["message_id"])
        parcel = parcels.setdefault(nonce, fresh)
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

    Done again, since it was not heard that it was done, it gives the same. Whose a timer is may have changed since
    the parcel was made, and one that is deleted is nobody's.
    """
    ids = [timer.id for timer in parcel.timers]
    rows = await connection.execute(select(timers.c.id, timers.c.owner_id).where(timers.c.id.in_(ids)))
    owner_of = {row.id: row.owner_id for row in rows}
    owners: dict[int, list[Timer]] = {}
    for timer in parcel.timers:
        if owner_id := owner_of.get(timer.id):
            owners.setdefault(owner_id, []).append(timer)
    redirected = [
        replace(wrap(Kind.DIRECT, about, person_id=owner, stage=parcel.stage), nonce=f"{parcel.nonce}-{number}")
        for number, (owner, about) in enumerate(owners.items())
    ]
    for direct in redirected:
        ids = [timer.id for timer in direct.timers]
        values = {"nonce": direct.nonce, "kind": direct.kind, "place_id": direct.place_id, "reason": reason}
        same = (outbox.c.nonce == parcel.nonce, outbox.c.timer_id.in_(ids))
        await connection.execute(update(outbox).where(*same).values(values))
    await settle(connection, [parcel], reason=reason)  # what is left of it, which is nobody's
    return redirected


async def leave_word(connection: AsyncConnection, parcel: Parcel, about: Sequence[Timer]) -> list[Parcel]:
    """Say in the channels of these timers that a direct message about them was refused; done again, the same."""
    places: dict[int, list[Timer]] = {}
    for timer in about:
        places.setdefault(timer.channel_id, []).append(timer)
    notices = [
        replace(wrap(Kind.NOTICE, timers), nonce=f"{parcel.nonce}-{number}")
        for number, timers in enumerate(places.values())
    ]
    nonces = [notice.nonce for notice in notices]
    there = set((await connection.execute(select(outbox.c.nonce).where(outbox.c.nonce.in_(nonces)))).scalars())
    await add(connection, [notice for notice in notices if notice.nonce not in there])
    return notices


async def settle(
    connection: AsyncConnection,
    parcels: Iterable[Parcel],
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Record that parcels were said in a message, or, with a reason, that they cannot be."""
    values: dict[str, object] = {"state": UNDELIVERABLE, "reason": reason} if reason else {"state": SENT}
    if message_id is not None:
        values["message_id"] = message_id
    nonces = [parcel.nonce for parcel in parcels]
    await connection.execute(update(outbox).where(outbox.c.nonce.in_(nonces)).values(values))


async def move_card(connection: AsyncConnection, parcel: Parcel, message_id: int) -> list[Parcel]:
    """Let a session's card be the message that its new phase was announced in.

    Gives what follows: the end of the earlier card, and a new look where there was a change meanwhile.
    """
    (about,) = parcel.timers
    before = await timer_rows.by_id(connection, about.id)
    if before is None:  # deleted as it was said
        return []
    await timer_rows.set_card(connection, before.id, message_id)
    after = replace(before, card_id=message_id)
    follows = []
    if before.card_id and before.card_id != message_id:
        follows.append(wrap(Kind.CLOSED, [after], message_id=before.card_id))
    rendered = select(func.max(outbox.c.id)).where(outbox.c.nonce == parcel.nonce).scalar_subquery()
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
    """Give a person's timers of which they could not be told, with the reason, newest first."""
    rows = await connection.execute(
        select(outbox.c.reason, *timer_rows.COLUMNS)
        .join(timers, timers.c.id == outbox.c.timer_id)
        .where(timers.c.owner_id == owner_id, timers.c.purpose == purpose)
        .where(outbox.c.state == UNDELIVERABLE, outbox.c.kind.in_(TOLD))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [(timer, row["reason"]) for row in rows.mappings() for timer in timer_rows.readable([row])]
