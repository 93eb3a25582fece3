from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose, State, Timer
from bot.store import fallbacks, key_value, outbox, tables, timers
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
    """An outbox message comes back as it was written, oldest first, until it is sent or undeliverable."""
    first, second, third = (
        outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 30)
    )
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
        assert await outbox.count_undelivered(connection) == {"undeliverable": 1}


async def test_sent_since(database: Database) -> None:
    """Sent messages are found from a message id on, among the newest rows; edits of cards are not."""
    messages = [outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 32)]
    look = outbox.new_message(Kind.CARD, messages[2].timers)
    async with database.write() as connection:
        await outbox.add(connection, [*messages, look])
        for number, message in enumerate([*messages, look]):
            await outbox.settle(connection, [message], message_id=10 + number)
    async with database.read() as connection:
        everything = [sent.nonce for sent in await outbox.sent_since(connection, 11, 100)]
        assert everything == [message.nonce for message in messages[1:]]
        newest = [sent.nonce for sent in await outbox.sent_since(connection, 11, 2)]
        assert newest == [messages[2].nonce]


async def test_what_was_written(database: Database) -> None:
    """After commits of unknown outcome, the outbox has the messages that were committed and not yet sent."""
    sent, waiting, lost = (
        outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31, 32)
    )
    async with database.write() as connection:
        await outbox.add(connection, [sent, waiting])
        await outbox.settle(connection, [sent], message_id=5)
    async with database.read() as connection:
        assert await outbox.still_unsent(connection, [sent, waiting, lost]) == [waiting]


async def test_several_timers_in_a_message(database: Database) -> None:
    """Timers in one message stay together, under one nonce."""
    message = outbox.new_message(Kind.ANNOUNCEMENT, await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
    assert await pending(database) == [message]
    assert len(message.nonce) <= 25


async def test_split(database: Database) -> None:
    """A message that Discord refuses becomes one per timer, the same ones if it is split again."""
    message = outbox.new_message(Kind.ANNOUNCEMENT, await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
        singles = await outbox.split(connection, message)
        assert await outbox.split(connection, message) == singles
    assert await pending(database) == singles
    assert len({single.nonce for single in singles}) == 2
    assert all(len(single.nonce) <= 25 for single in singles)


async def test_retry(database: Database) -> None:
    """A person's undelivered messages are pending again at their request, and nobody else's are."""
    first, second = (outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 31))
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
    """The reason for setting a message aside is stored, cut to the column's width."""
    message = outbox.new_message(Kind.ANNOUNCEMENT, await done(database, 30))
    async with database.write() as connection:
        await outbox.add(connection, [message])
        await outbox.set_aside(connection, [message], "x" * 3000)
        ((_, reason),) = await outbox.undelivered(connection, 7, Purpose.POMODORO, 9)
    assert reason == "x" * 200


async def test_merge(database: Database) -> None:
    """Merged messages are one from then on, under the first one's nonce, in order."""
    first, second = (outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in await done(database, 30, 30))
    async with database.write() as connection:
        await outbox.add(connection, [first, second])
        now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        merged = await outbox.merge(connection, [first, second], now)
    assert (merged.nonce, merged.tried_at, merged.timers) == (first.nonce, now, first.timers + second.timers)
    assert await pending(database) == [merged]


async def test_redirect(database: Database) -> None:
    """An announcement refused by its channel goes to each owner separately, with the reason."""
    ann, ben = await done(database, 30, 30)
    async with database.write() as connection:
        await connection.execute(tables.timers.update().where(tables.timers.c.id == ben.id).values(owner_id=8))
    message = outbox.new_message(Kind.ANNOUNCEMENT, [ann, replace(ben, owner_id=8)])
    async with database.write() as connection:
        await outbox.add(connection, [message])
        redirected = await fallbacks.redirect(connection, message, "that channel's gone")
        assert (
            await fallbacks.redirect(connection, message, "that channel's gone") == redirected
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


async def test_redirect_without_an_owner(database: Database) -> None:
    """A message without any owner left goes to nobody, and is not retried."""
    ann, nobody = await done(database, 30, 30)
    message = outbox.new_message(Kind.ANNOUNCEMENT, [ann, nobody])
    async with database.write() as connection:
        await connection.execute(tables.timers.update().where(tables.timers.c.id == nobody.id).values(owner_id=0))
        await outbox.add(connection, [message])
        redirected = await fallbacks.redirect(connection, message, "that channel's gone")
    assert [(direct.place_id, direct.timers) for direct in redirected] == [(7, (ann,))]
    assert await pending(database) == redirected


async def test_forget(database: Database) -> None:
    """Timers that ended before a moment are deleted with their rows; messages still to be sent stay."""
    timer, unsaid = await done(database, 30, 30)
    messages = [outbox.new_message(Kind.ANNOUNCEMENT, [timer]) for timer in (timer, unsaid)]
    async with database.write() as connection:
        await outbox.add(connection, messages)
        await outbox.settle(connection, messages[:1], message_id=1)
        assert await timers.forget(connection, NOON, 10) == 0
        assert await timers.forget(connection, NOON + timedelta(days=1), 10) == 1
        assert await timers.by_id(connection, timer.id) is None
    assert await pending(database) == messages[1:]


async def test_nothing_without_the_rest(database: Database) -> None:
    """A transaction that fails leaves no message behind."""
    (timer,) = await done(database, 30)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as connection:
            await outbox.add(connection, [outbox.new_message(Kind.CARD, [timer])])
            raise ZeroDivisionError
    assert await pending(database) == []


async def test_key_value(database: Database) -> None:
    """A value is stored until another replaces it."""
    async with database.write() as connection:
        assert await key_value.read(connection, "commands") is None
        await key_value.save(connection, "commands", "one")
        await key_value.save(connection, "commands", "two")
        assert await key_value.read(connection, "commands") == "two"


async def going(database: Database) -> Timer:
    """Start a session."""
    timer = Timer(
        id=0, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="classic",
        length=timedelta(minutes=25), started_at=NOON, due_at=NOON, purpose=Purpose.SESSION,
    )  # fmt: skip
    async with database.write() as connection:
        return await timers.add(connection, timer, "message:1")


async def announced(database: Database, timer: Timer, stage: int, message_id: int) -> list[OutboxMessage]:
    """Record that a phase of a session was announced by a message; return the follow-ups."""
    message = outbox.new_message(Kind.PHASE, [timer], stage=stage)
    async with database.write() as connection:
        await outbox.add(connection, [message])
        await outbox.settle(connection, [message], message_id=message_id)
        return await outbox.move_card(connection, message, message_id)


async def card_of(database: Database, timer: Timer) -> int | None:
    async with database.read() as connection:
        now_is = await timers.by_id(connection, timer.id)
    return now_is.card_id if now_is else None


async def test_a_late_announcement_takes_no_card_away(database: Database) -> None:
    """If an answer was lost until a later phase has its card, the late message is closed, and the newer stays."""
    timer = await going(database)
    assert await announced(database, timer, 1, 100) == []
    (closed,) = await announced(database, timer, 3, 300)
    assert (closed.kind, closed.message_id) == (Kind.CLOSED, 100)
    (closed,) = await announced(database, timer, 2, 400)
    assert (closed.kind, closed.message_id) == (Kind.CLOSED, 400)
    assert await card_of(database, timer) == 300


async def test_an_unknown_commit_of_a_card(database: Database) -> None:
    """Recorded again after an unknown commit, a new card returns the same follow-ups."""
    timer = await going(database)
    await announced(database, timer, 1, 100)
    message = outbox.new_message(Kind.PHASE, [timer], stage=2)
    async with database.write() as connection:
        await outbox.add(connection, [message])
        await outbox.settle(connection, [message], message_id=200)
        first = await outbox.move_card(connection, message, 200)
    async with database.write() as connection:
        again = await outbox.move_card(connection, message, 200)
    assert [message.nonce for message in again] == [message.nonce for message in first] != []


async def test_deleted_cards_are_forgotten(database: Database) -> None:
    """Earlier cards that were closed are relinked to the newest; deleted ones are not."""
    timer = await going(database)
    await announced(database, timer, 1, 100)
    for stage, is_deleted in ((2, True), (3, False)):
        (closed, *_) = await announced(database, timer, stage, stage * 100)
        async with database.write() as connection:
            await outbox.settle(connection, [closed], message_id=None if is_deleted else closed.message_id)
    follows = await announced(database, timer, 4, 400)
    assert [message.message_id for message in follows] == [200, 300]


async def test_a_recap_is_drawn_afterwards(database: Database) -> None:
    """The last card of a session is redrawn as soon as it is posted: that is when it gets its picture."""
    timer = await going(database)
    async with database.write() as connection:
        await timers.change(connection, timer, replace(timer, version=2, state=State.DONE, ended_at=NOON))
    assert [message.kind for message in await announced(database, timer, 8, 800)] == [Kind.CARD]
