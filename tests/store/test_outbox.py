from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import Purpose, State, Timer
from bot.store import notes, outbox, tables, timers
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def done(database: Database, *channels: int) -> list[Timer]:
    added = []
    async with database.write() as connection:
        for number, channel_id in enumerate(channels):
            timer = Timer(
                id=0, version=2, state=State.DONE, owner_id=7, guild_id=3, channel_id=channel_id, name="tea",
                length=timedelta(minutes=5), started_at=NOON, due_at=NOON, ended_at=NOON,
            )  # fmt: skip
            added.append(await timers.add(connection, timer, f"message:{number}"))
    return added


async def pending(database: Database) -> list[Parcel]:
    async with database.read() as connection:
        return await outbox.pending(connection)


async def test_pending_until_settled(database: Database) -> None:
    """A parcel comes back as it was written, oldest first, until it was sent or found undeliverable."""
    first, second, third = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 30))
    async with database.write() as connection:
        await outbox.add(connection, [first, second, third])
    assert await pending(database) == [first, second, third]
    async with database.write() as connection:
        await outbox.settle(connection, [second], message_id=5)
        await outbox.settle(connection, [third], reason="403 50001")
    assert await pending(database) == [first]


async def test_several_timers_in_a_parcel(database: Database) -> None:
    """Timers that one message tells of stay together, under one nonce."""
    parcel = outbox.wrap(Kind.ANNOUNCEMENT, await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [parcel])
    assert await pending(database) == [parcel]
    assert len(parcel.nonce) <= 25


async def test_merge(database: Database) -> None:
    """Parcels that are merged are one from then on, under the first one's nonce, in their order."""
    first, second = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [first, second])
        merged = await outbox.merge(connection, [first, second])
    assert (merged.nonce, merged.timers) == (first.nonce, first.timers + second.timers)
    assert await pending(database) == [merged]


async def test_redirect(database: Database) -> None:
    """An announcement that its channel refuses goes to each owner by a parcel of its own, and keeps the reason."""
    ann, ben = await done(database, 30, 30)
    async with database.write() as connection:
        await connection.execute(tables.timers.update().where(tables.timers.c.id == ben.id).values(owner_id=8))
    parcel = outbox.wrap(Kind.ANNOUNCEMENT, [ann, replace(ben, owner_id=8)])
    async with database.write() as connection:
        await outbox.add(connection, [parcel])
        redirected = await outbox.redirect(connection, parcel, "the channel is gone")
        assert await outbox.redirect(connection, parcel, "the channel is gone") == redirected  # if it was not heard
    assert [(direct.kind, direct.place_id, len(direct.timers)) for direct in redirected] == [
        (Kind.DIRECT, 7, 1),
        (Kind.DIRECT, 8, 1),
    ]
    assert all(len(direct.nonce) <= 25 for direct in redirected)
    assert await pending(database) == redirected
    async with database.write() as connection:
        await outbox.settle(connection, redirected[:1], reason="refused")
        assert await outbox.undelivered(connection, 7, Purpose.POMODORO, 5) == [(ann, "refused")]
        assert await outbox.undelivered(connection, 8, Purpose.POMODORO, 5) == []


async def test_forget(database: Database) -> None:
    """What was over before a moment is forgotten with its rows; what is still to be said stays."""
    said, unsaid = await done(database, 30, 30)
    parcels = [outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in (said, unsaid)]
    async with database.write() as connection:
        await outbox.add(connection, parcels)
        await outbox.settle(connection, parcels[:1], message_id=1)
        assert await timers.forget(connection, NOON, 10) == 0
        assert await timers.forget(connection, NOON + timedelta(days=1), 10) == 1
        assert await timers.by_id(connection, said.id) is None
    assert await pending(database) == parcels[1:]


async def test_nothing_without_the_rest(database: Database) -> None:
    """A transaction that fails leaves no parcel behind."""
    (timer,) = await done(database, 30)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as connection:
            await outbox.add(connection, [outbox.wrap(Kind.CARD, [timer])])
            raise ZeroDivisionError
    assert await pending(database) == []


async def test_notes(database: Database) -> None:
    """A note is kept until another takes its place."""
    async with database.write() as connection:
        assert await notes.read(connection, "commands") is None
        await notes.keep(connection, "commands", "one")
        await notes.keep(connection, "commands", "two")
        assert await notes.read(connection, "commands") == "two"
