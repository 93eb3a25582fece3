"""Statements on fallbacks: messages in place of an outbox message that its channel or recipient refused."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Timer
from bot.store import outbox as rows
from bot.store.tables import outbox, timers


async def redirect(connection: AsyncConnection, message: OutboxMessage, reason: str) -> list[OutboxMessage]:
    """Redirect an announcement from the channel to its timers' owners, one direct message each.

    Idempotent after an unknown commit. The owner of a timer may have changed since the message was made, and a
    deleted timer has none.
    """
    ids = [timer.id for timer in message.timers]
    owners_now = await connection.execute(select(timers.c.id, timers.c.owner_id).where(timers.c.id.in_(ids)))
    owner_of = {row.id: row.owner_id for row in owners_now}
    owners: dict[int, list[Timer]] = {}
    for timer in message.timers:
        if owner_id := owner_of.get(timer.id):
            owners.setdefault(owner_id, []).append(timer)
    redirected = [
        replace(
            rows.new_message(Kind.DIRECT, about, person_id=owner, stage=message.stage),
            nonce=f"{message.nonce}-{number}",
            reason=reason,
        )
        for number, (owner, about) in enumerate(owners.items())
    ]
    for direct in redirected:
        ids = [timer.id for timer in direct.timers]
        values = {"nonce": direct.nonce, "kind": direct.kind, "place_id": direct.place_id, "reason": reason}
        same = (outbox.c.nonce == message.nonce, outbox.c.timer_id.in_(ids))
        await connection.execute(update(outbox).where(*same).values(values))
    await rows.settle(connection, [message], reason=reason)  # the rows of timers without an owner
    return redirected


async def post_notice(
    connection: AsyncConnection, message: OutboxMessage, about: Sequence[Timer]
) -> list[OutboxMessage]:
    """Post in the channels of these timers that a direct message about them was refused; idempotent."""
    places: dict[int, list[Timer]] = {}
    for timer in about:
        places.setdefault(timer.channel_id, []).append(timer)
    notices = [
        replace(rows.new_message(Kind.NOTICE, timers), nonce=f"{message.nonce}-{number}")
        for number, timers in enumerate(places.values())
    ]
    await add_once(connection, notices)
    return notices


async def follow_up(
    connection: AsyncConnection, message: OutboxMessage, instead: Sequence[OutboxMessage]
) -> list[OutboxMessage]:
    """Write messages that take the place of one, and return all that do; idempotent after an unknown commit."""
    numbered = [replace(single, nonce=f"{message.nonce}-{number}") for number, single in enumerate(instead)]
    await add_once(connection, numbered)
    if numbered:
        return numbered
    mine = outbox.c.nonce.startswith(f"{message.nonce}-", autoescape=True)
    return await rows.read(connection, mine, outbox.c.state == rows.PENDING)


async def add_once(connection: AsyncConnection, messages: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """Write those of the messages that are not there yet, and return them."""
    nonces = [message.nonce for message in messages]
    there = set((await connection.execute(select(outbox.c.nonce).where(outbox.c.nonce.in_(nonces)))).scalars())
    new = [message for message in messages if message.nonce not in there]
    await rows.add(connection, new)
    return new
