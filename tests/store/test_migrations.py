"""A database of an earlier version, with data in it, is migrated to the newest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.domain.outbox_message import Kind
from bot.domain.reminders.reminder import LONGEST, Reminder
from bot.domain.timers.timer import Purpose, State, Timer
from bot.service.focus_log import FocusLog
from bot.store import counted_time, entries, outbox, reminders, schema, timers
from bot.store.database import Database
from tests.clock import ManualClock

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

# As the bot before entries had spans logs half an hour from noon on.
LOGGED = """
    INSERT INTO focus_log (id, user_id, channel_id, timer_id, began_at, ended_at, focused, outcome)
    VALUES ({number}, {user_id}, 30, {number}, 1772366400000, 1772368200000, 1800000, 'finished')
"""
QUARTER = "INSERT INTO focus_slices (entry_id, at, user_id, seconds) VALUES ({number}, {at}, {user_id}, 900)"


def alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS).replace("%", "%%"))
    return config


def test_newest() -> None:
    """The newest migration known to a start, which runs without Alembic, is Alembic's own."""
    assert schema.newest() == ScriptDirectory.from_config(alembic()).get_current_head()


def to(version: str, connection: Connection) -> None:
    config = alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


@pytest.fixture
async def before(empty_url: str) -> AsyncIterator[Database]:
    """A database from before reminders."""
    opened = Database(empty_url)
    await opened.migrate(lambda connection: to("0002", connection))
    yield opened
    await opened.close()


async def test_reminders_come_in(before: Database) -> None:
    """Data from before reminders stays as it was, an older bot can still write, and names may be long."""
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
        names = await connection.run_sync(
            lambda sync: {index["name"] for index in inspect(sync).get_indexes("timers")}
        )
    assert {"ix_timers_owner", "ix_timers_guild", "ix_timers_channel", "ix_timers_state_due"} <= names
    assert "ix_timers_owner_state" not in names


async def test_a_log_of_before_counts_once(empty_url: str) -> None:
    """Entries logged and summed up by an earlier version stay, each second once, in their owner's zone."""
    database = Database(empty_url)
    await database.migrate(lambda connection: to("0009", connection))
    async with database.write() as connection:
        await connection.execute(
            text("INSERT INTO preferences (user_id, zone, zone_asked) VALUES (7, 'Europe/Berlin', true)")
        )
        for number, user_id in enumerate((7, 7, 8), start=1):
            await connection.execute(text(LOGGED.format(number=number, user_id=user_id)))
            for at in (1_772_366_400, 1_772_367_300):
                await connection.execute(text(QUARTER.format(number=number, user_id=user_id, at=at)))
    await schema.migrate(database)
    clock = ManualClock(NOON + timedelta(hours=1))
    log = FocusLog(database, clock)
    await log.derive_stale()
    async with database.read() as connection:
        kept = await entries.latest(connection, 7, 9) + await entries.latest(connection, 8, 9)
        assert [(entry.focused, entry.counted, entry.zone) for _, entry in kept] == [
            (timedelta(minutes=30), 1800, "Europe/Berlin"),
            (timedelta(minutes=30), 0, "Europe/Berlin"),
            (timedelta(minutes=30), 1800, None),
        ]
        assert not await counted_time.stale_people(connection, 9)
    assert (await log.hours(7))[13] == 1800
    assert (await log.hours(8))[12] == 1800
    # And an older version can go on writing.
    async with database.write() as connection:
        await connection.execute(text(LOGGED.format(number=4, user_id=8)))
        await connection.execute(text(QUARTER.format(number=4, user_id=8, at=1_772_366_400)))
        await connection.execute(text(EGGS))
        eggs = await timers.by_id(connection, 6)
    assert eggs
    assert (eggs.spans, eggs.counts_from) == ((), timedelta())
    assert sum(await log.hours(8)) == 1800
    await database.close()


async def test_a_migration_that_fails_leaves_nothing(before: Database) -> None:
    """A migration that fails is rolled back, and succeeds when it is retried."""

    def fail(connection: Connection) -> None:
        to("head", connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await before.migrate(fail)
    async with before.read() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert {"reminders", "preferences"}.isdisjoint(tables)
    await schema.migrate(before)
