from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose, State, Timer
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


async def pending(database: Database) -> list[OutboxMessage]:
    async with database.read() as connection:
        return await outbox.pending(connection)


async def test_pending_until_settled(database: Database) -> None:
    """An outbox message comes back as it was written, oldest first, until it was sent or found undeliverable."""
    first, second, third = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 30))
    async with database.write() as connection:
        await outbox.add(connection, [first, second, third])
    assert await pending(database) == [first, second, third]
    async with database.write() as connection:
        await outbox.settle(connection, [second], message_id=5)
        await outbox.settle(connection, [third], reason="403 50001")
    assert await pending(database) == [first]
    async with database.read() as connection:
        settled = await connection.execute(select(tables.outbox.c.state, tables.outbox.c.message_id).offset(1))
        assert settled.all() == [("sent", 5), ("undeliverable", None)]
        assert await outbox.unsaid(connection) == {"undeliverable": 1}


async def test_what_was_written(database: Database) -> None:
    """Of messages whose commit was not heard, those are there that were committed and not yet sent."""
    sent, waiting, lost = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 32))
    async with database.write() as connection:
        await outbox.add(connection, [sent, waiting])
        await outbox.settle(connection, [sent], message_id=5)
    async with database.read() as connection:
        assert await outbox.written(connection, [sent, waiting, lost]) == [waiting]


async def test_several_timers_in_a_message(database: Database) -> None:
    """Timers that one message tells of stay together, under one nonce."""
    message = outbox.wrap(Kind.ANNOUNCEMENT, await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
    assert await pending(database) == [message]
    assert len(message.nonce) <= 25


async def test_split(database: Database) -> None:
    """A message that Discord does not take becomes one for each timer, the same ones if it is split again."""
    message = outbox.wrap(Kind.ANNOUNCEMENT, await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
        singles = await outbox.split(connection, message)
        assert await outbox.split(connection, message) == singles
    assert await pending(database) == singles
    assert len({single.nonce for single in singles}) == 2
    assert all(len(single.nonce) <= 25 for single in singles)


async def test_retry(database: Database) -> None:
    """What a person could not be told is pending again at their wish, and nobody else's is."""
    first, second = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31))
    async with database.write() as connection:
        await outbox.add(connection, [first, second])
        await outbox.settle(connection, [first], reason="403 50001")
        await outbox.settle(connection, [second], message_id=5)
        ((timer, reason),) = await outbox.undelivered(connection, 7, Purpose.POMODORO, 9)
        assert (timer.id, reason) == (first.timers[0].id, "403 50001")
        assert await outbox.undelivered(connection, 7, Purpose.REMINDER, 9) == []
        assert await outbox.undelivered(connection, 8, Purpose.POMODORO, 9) == []
        assert await outbox.retry(connection, 8, Purpose.POMODORO) == []
        assert await outbox.retry(connection, 7, Purpose.REMINDER) == []
        assert await outbox.retry(connection, 7, Purpose.POMODORO) == [first]
    assert await pending(database) == [first]


async def test_a_long_reason(database: Database) -> None:
    """However long the reason is for which something is set aside, it is kept as far as there is room."""
    message = outbox.wrap(Kind.ANNOUNCEMENT, await done(database, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
        await outbox.set_aside(connection, [message], "x" * 3000)
        ((_, reason),) = await outbox.undelivered(connection, 7, Purpose.POMODORO, 9)
    assert reason == "x" * 200


async def test_merge(database: Database) -> None:
    """Messages that are merged are one from then on, under the first one's nonce, in their order."""
    first, second = (outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [first, second])
        now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        merged = await outbox.merge(connection, [first, second], now)
    assert (merged.nonce, merged.tried_at, merged.timers) == (first.nonce, now, first.timers + second.timers)
    assert await pending(database) == [merged]


async def test_redirect(database: Database) -> None:
    """An announcement that its channel refuses goes to each owner by a message of its own, and keeps the reason."""
    ann, ben = await done(database, 30, 30)
    async with database.write() as connection:
        await connection.execute(tables.timers.update().where(tables.timers.c.id == ben.id).values(owner_id=8))
    message = outbox.wrap(Kind.ANNOUNCEMENT, [ann, replace(ben, owner_id=8)])
    async with database.write() as connection:
        await outbox.add(connection, [message])
        redirected = await outbox.redirect(connection, message, "the channel is gone")
        assert (
            await outbox.redirect(connection, message, "the channel is gone") == redirected
        )  # if it was not heard
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


async def test_redirect_of_what_is_nobodys(database: Database) -> None:
    """What is nobody's any more goes to nobody, and is not tried again."""
    ann, nobody = await done(database, 30, 30)
    message = outbox.wrap(Kind.ANNOUNCEMENT, [ann, nobody])
    async with database.write() as connection:
        await connection.execute(tables.timers.update().where(tables.timers.c.id == nobody.id).values(owner_id=0))
        await outbox.add(connection, [message])
        redirected = await outbox.redirect(connection, message, "the channel is gone")
    assert [(direct.place_id, direct.timers) for direct in redirected] == [(7, (ann,))]
    assert await pending(database) == redirected


async def test_forget(database: Database) -> None:
    """What was over before a moment is forgotten with its rows; what is still to be said stays."""
    said, unsaid = await done(database, 30, 30)
    messages = [outbox.wrap(Kind.ANNOUNCEMENT, [timer]) for timer in (said, unsaid)]
    async with database.write() as connection:
        await outbox.add(connection, messages)
        await outbox.settle(connection, messages[:1], message_id=1)
        assert await timers.forget(connection, NOON, 10) == 0
        assert await timers.forget(connection, NOON + timedelta(days=1), 10) == 1
        assert await timers.by_id(connection, said.id) is None
    assert await pending(database) == messages[1:]


async def test_nothing_without_the_rest(database: Database) -> None:
    """A transaction that fails leaves no message behind."""
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
