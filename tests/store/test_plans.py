"""How SQLite goes about the statements that run all the time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from bot.domain.timer import State, Timer
from bot.store import timers
from bot.store.database import Database
from bot.store.schema import migrate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_none_reads_all_that_runs(sqlite: str) -> None:
    """However many timers wait, the statements of every start, list and end go by an index to a few rows."""
    database = Database(sqlite)
    await migrate(database)
    statements: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            statements.append((statement, parameters))

    async with database.write() as connection:
        timer = Timer(
            id=0, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="tea",
            length=timedelta(minutes=5), started_at=NOON, due_at=NOON,
        )  # fmt: skip
        added = await timers.add(connection, timer, "message:1")
        event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
        assert added.due
        await timers.soonest(connection, 200)
        await timers.live(connection, 7, 30)
        await timers.count_live(connection, owner_id=7, guild_id=None)
        await timers.count_live(connection, owner_id=None, guild_id=3)
        await timers.finish(connection, await timers.running(connection, [added.due]), NOON)
        event.remove(database.engine.sync_engine, "before_cursor_execute", remember)
        plans = []
        for statement, parameters in statements:
            explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append([row[-1] for row in explained if "timers" in row[-1]])
    await database.close()
    for plan in plans:
        assert all(step.startswith("SEARCH timers USING ") for step in plan)
    soonest, live, of_user, of_guild, running, finish = plans
    assert soonest == ["SEARCH timers USING INDEX ix_timers_state_due (state=?)"]
    assert ["owner_id=?" in live[0], "channel_id=?" in live[1]] == [True, True]
    assert "owner_id=?" in of_user[0]
    assert "guild_id=?" in of_guild[0]
    assert running == finish == ["SEARCH timers USING INTEGER PRIMARY KEY (rowid=?)"]
