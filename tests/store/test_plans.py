"""How databases carry out the statements that run all the time."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import Purpose, State, Timer
from bot.store import due_timers, outbox, reminders, timers
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEA = Timer(
    id=0, version=1, state=State.RUNNING, owner_id=7, guild_id=3, channel_id=30, name="tea",
    length=timedelta(minutes=5), started_at=NOON, due_at=NOON,
)  # fmt: skip
CALL = Reminder(replace(TEA, purpose=Purpose.REMINDER), ZoneInfo("UTC"), NOON, origin_id=1)
# PostgreSQL weighs reading all of a table against an index by how many rows there are: what it does with so many it
# does with more. SQLite does not look at that unless it is told to ANALYZE.
PEOPLE = {"postgresql": 50_000, "sqlite": 1_000}
# A pomodoro or a reminder of each of these people, some of which were announced.
CROWD = """
    WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO timers
        (version, state, owner_id, guild_id, channel_id, name, length, started_at, due_at, purpose, request)
    SELECT 1, CASE WHEN i % 10 = 0 THEN 'done' ELSE 'running' END, i, i % 100, i % 1000, 'x', 1000, 0, i * 1000,
        CASE WHEN i % 2 = 0 THEN 'reminder' ELSE 'pomodoro' END, CAST(i AS VARCHAR)
    FROM n
"""
THEIRS = """
    INSERT INTO reminders (timer_id, zone, first_at, fired, direct, calls, origin_id, missed)
    SELECT id, 'UTC', 0, 0, false, '', id - 1, 0 FROM timers
    WHERE purpose = 'reminder' AND owner_id BETWEEN :first AND :last
"""
SAID = """
    INSERT INTO outbox (nonce, kind, state, place_id, timer_id)
    SELECT CAST(id AS VARCHAR), 'announcement', 'sent', 30, id FROM timers
    WHERE state = 'done' AND owner_id BETWEEN :first AND :last
"""


async def test_none_reads_all_that_runs(database: Database) -> None:
    """However many wait, the statements of every start, list, end and snooze find a few rows by an index."""
    async with database.write() as connection:
        for statement in (CROWD, THEIRS, SAID):
            people = {"first": 1_000, "last": 1_000 + PEOPLE[connection.dialect.name]}
            await connection.execute(text(statement), people)
        tea = await timers.add(connection, TEA, "message:1")
        call = await reminders.add(connection, CALL, "message:2")
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ANALYZE"))
        assert tea.due
        due = [tea.due]
        key = "PRIMARY KEY|_pkey"
        # The index that each uses; beyond that, the plan reads no table or index from end to end.
        statements: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("ix_timers_state_due", lambda: due_timers.soonest(connection, 200)),
            ("ix_timers_owner(?s:.)*ix_timers_channel", lambda: timers.live(connection, 7, 30)),
            ("ix_timers_owner", lambda: timers.count_live(connection, owner_id=7, guild_id=None)),
            ("ix_timers_guild", lambda: timers.count_live(connection, owner_id=None, guild_id=3)),
            (key, lambda: due_timers.running(connection, due)),
            (key, lambda: due_timers.finish(connection, [tea], NOON)),
            ("ix_timers_owner", lambda: reminders.count_pending(connection, 7)),
            ("ix_timers_owner", lambda: reminders.pending(connection, 7)),
            ("ix_timers_owner", lambda: reminders.snoozed(connection, 1, 7)),
            (key, lambda: reminders.by_ids(connection, [call.id], to_change=True)),
            ("autoindex_timers|timers_request", lambda: reminders.by_request(connection, "message:2")),
            (key, lambda: reminders.save(connection, call, call.cancel(NOON))),
            ("ix_outbox_state", lambda: outbox.pending(connection)),
            ("ix_outbox_(state|timer)", lambda: outbox.undelivered(connection, 7, Purpose.REMINDER, 5)),
        ]
        for index, ask in statements:
            for plan in await explained(connection, ask):
                assert re.search(index, plan)
                assert not re.search(r"^SCAN (?!CONSTANT)|Seq Scan", plan, re.MULTILINE)


async def explained(connection: AsyncConnection, ask: Callable[[], Awaitable[object]]) -> list[str]:
    """Return the plan of each statement that is made."""
    made: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        made.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", remember)
    await ask()
    event.remove(connection.sync_connection, "before_cursor_execute", remember)
    assert made
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    plans = [
        await connection.exec_driver_sql(f"{explain} {statement}", parameters) for statement, parameters in made
    ]
    return ["\n".join(row[-1].strip() for row in steps) for steps in plans]
