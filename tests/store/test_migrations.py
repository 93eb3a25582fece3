"""A database of an earlier version, with what was in it, is brought to the newest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from bot.domain.outbox_message import Kind
from bot.domain.reminders.reminder import LONGEST, Reminder
from bot.domain.timers.timer import Purpose, State, Timer
from bot.store import outbox, reminders, schema, timers
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# As the bot before reminders writes a pomodoro that is to be announced, and one that is paused.
TEA = """
    INSERT INTO timers (id, version, state, owner_id, channel_id, name, length, started_at, due_at, request)
    VALUES (5, 1, 'running', 7, 30, 'té', 300000, 1772366400000, 1772366700000, 'message:1')
"""
SAID = """
    INSERT INTO outbox (nonce, kind, state, place_id, timer_id) VALUES ('abc', 'announcement', 'pending', 30, 5)
"""
EGGS = """
    INSERT INTO timers (id, version, state, owner_id, channel_id, name, length, started_at, remaining, request)
    VALUES (6, 1, 'paused', 8, 30, 'eggs', 1000, 0, 1000, 'message:2')
"""


def to(version: str, connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


@pytest.fixture
async def before(empty_url: str) -> AsyncIterator[Database]:
    """A database of the bot before reminders."""
    opened = Database(empty_url)
    await opened.migrate(lambda connection: to("0002", connection))
    yield opened
    await opened.close()


async def test_reminders_come_in(before: Database) -> None:
    """What was there before reminders stays as it was, an older bot can still write, and words may be long."""
    async with before.write() as connection:
        await connection.execute(text(TEA))
        await connection.execute(text(SAID))
    await schema.migrate(before)
    async with before.write() as connection:
        await connection.execute(text(EGGS))
        tea, eggs = await timers.by_id(connection, 5), await timers.by_id(connection, 6)
        assert tea
        assert eggs
        assert (tea.name, tea.purpose, tea.due_at) == ("té", Purpose.POMODORO, NOON + timedelta(minutes=5))
        assert (eggs.name, eggs.purpose, eggs.state) == ("eggs", Purpose.POMODORO, State.PAUSED)
        (message,) = await outbox.pending(connection)
        assert (message.nonce, message.kind, message.timers) == ("abc", Kind.ANNOUNCEMENT, (tea,))
        assert await timers.live(connection, 7, 30) == [tea, eggs]
        long = Timer(
            id=0, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="x" * LONGEST,
            length=timedelta(), started_at=NOON, due_at=NOON, purpose=Purpose.REMINDER,
        )  # fmt: skip
        if connection.dialect.name == "postgresql":  # which was not told of the numbers above
            await connection.execute(text("SELECT setval('timers_id_seq', 6)"))
        added = await reminders.add(connection, Reminder(long, ZoneInfo("UTC"), NOON), "message:3")
        assert await reminders.pending(connection, 7) == [added]
        names = await connection.run_sync(lambda sync: {one["name"] for one in inspect(sync).get_indexes("timers")})
    assert {"ix_timers_owner", "ix_timers_guild", "ix_timers_channel", "ix_timers_state_due"} <= names
    assert "ix_timers_owner_state" not in names


async def test_a_migration_that_fails_leaves_nothing(before: Database) -> None:
    """A migration that breaks off is as if it had never begun, and succeeds when it is tried again."""

    def fail(connection: Connection) -> None:
        to("head", connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await before.migrate(fail)
    async with before.read() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert {"reminders", "preferences"}.isdisjoint(tables)
    await schema.migrate(before)
