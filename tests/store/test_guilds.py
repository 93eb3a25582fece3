from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from bot.domain.reminders.reminder import Reminder
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.timers.timer import Purpose, State
from bot.store import entries, focus_log, guilds, presets, reminders, tables, timers
from bot.store.database import Database
from tests.store.test_focus_log import TEA as DONE
from tests.store.test_persons import NOON, TEA, M

DAY = timedelta(days=1)
DAILY = Recurrence(Unit.DAY, 1)


async def test_left_and_back(database: Database) -> None:
    """A server is recorded as left from the first event on, and no longer once the bot is back."""
    async with database.write() as connection:
        await guilds.left(connection, 3, NOON)
        await guilds.left(connection, 3, NOON + DAY)
        await guilds.left(connection, 4, NOON + DAY)
        assert sorted(await guilds.marked(connection)) == [3, 4]
        assert await guilds.left_before(connection, NOON) == []
        assert await guilds.left_before(connection, NOON + DAY) == [3]
        await guilds.joined(connection, 3)
        await guilds.joined(connection, 5)
        assert await guilds.marked(connection) == [4]


async def test_known(database: Database) -> None:
    """Servers are known by their timers, focus logs, anonymous sums, and rules."""
    async with database.write() as connection:
        await timers.add(connection, replace(TEA, guild_id=3), "message:1")
        await timers.add(connection, replace(TEA, guild_id=None), "message:2")
        await focus_log.add(connection, [replace(DONE, guild_id=4), replace(DONE, guild_id=None)])
        await connection.execute(insert(tables.focus_sums).values(guild_id=5, day=1, seconds=1))
        await connection.execute(insert(tables.rules).values(guild_id=6, channels=""))
        assert await guilds.known(connection) == {3, 4, 5, 6}


async def test_forget(database: Database) -> None:
    """Everything of a server is deleted, and nothing of another's; direct reminders continue."""
    clock = replace(TEA, purpose=Purpose.REMINDER)
    async with database.write() as connection:
        for guild_id in (3, 4):
            here = replace(clock, guild_id=guild_id)
            reminder = Reminder(here, ZoneInfo("UTC"), NOON + M, about_id=7)
            await timers.add(connection, replace(TEA, guild_id=guild_id), f"tea:{guild_id}")
            await reminders.add(connection, reminder, f"here:{guild_id}")
            await reminders.add(connection, replace(reminder, direct=True, rule=DAILY), f"direct:{guild_id}")
            over = replace(reminder, direct=True, timer=here.finish(NOON))
            await reminders.add(connection, over, f"over:{guild_id}")
            await focus_log.add(connection, [replace(DONE, guild_id=guild_id)] * 3)
            await presets.save(connection, guild_id, "ours", "25m")
            await connection.execute(insert(tables.focus_sums).values(guild_id=guild_id, day=1, seconds=1))
            await connection.execute(insert(tables.rules).values(guild_id=guild_id, channels="1"))
            await guilds.left(connection, guild_id, NOON)
        assert [await guilds.forget_entries(connection, 3, 2) for _ in range(3)] == [2, 1, 0]
        ids = await guilds.forget(connection, 3)
        assert len(ids) == 3
        rows = (await connection.execute(select(tables.timers))).mappings().all()
        of_four = [row["request"] for row in rows if row["guild_id"] == 4]
        assert sorted(of_four) == ["direct:4", "here:4", "over:4", "tea:4"]
        (kept,) = [row for row in rows if row["guild_id"] != 4]
        assert (kept["request"], kept["guild_id"], kept["channel_id"]) == ("direct:3", None, 0)
        (again,) = (await reminders.by_ids(connection, [kept["id"]])).values()
        assert (again.timer.state, again.rule, again.about_id, again.direct) == (State.RUNNING, DAILY, None, True)
        assert await guilds.known(connection) == {4}
        assert await guilds.marked(connection) == [4]
        assert (await presets.of(connection, [3, 4])) == {3: {}, 4: {"ours": "25m"}}
        log = sorted(
            (entry.guild_id or 0, entry.channel_id)
            for _, entry in await entries.latest(connection, DONE.user_id, 9)
        )
        assert log == [(0, 0)] * 3 + [(4, 30)] * 3
