"""Rows for every table, many at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.store.database import Database
from bot.store.tables import metadata

NOW = datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
_MANY = 5_000


def rows_of(timer_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make a timer with its rows in every other table: many are reminders, some sessions."""
    owner, guild, channel = 2**62 + timer_id % 5_000, 2**61 + timer_id % 50, 2**60 + timer_id % 500
    purpose = "reminder" if timer_id % 3 == 0 else "session" if timer_id % 10 == 0 else "pomodoro"
    begin = NOW + timedelta(seconds=timer_id)
    yield (
        "timers",
        {
            "id": timer_id, "version": timer_id % 7, "state": "done", "owner_id": owner,
            "guild_id": guild if timer_id % 4 else None, "channel_id": channel, "name": f"tea 🍵 {timer_id}",
            "length": HOUR, "started_at": begin, "due_at": begin + HOUR, "ended_at": begin + HOUR,
            "purpose": purpose, "extended": timedelta(milliseconds=timer_id), "request": f"m{timer_id}",
        },
    )  # fmt: skip
    yield (
        "outbox",
        {
            "id": timer_id, "nonce": f"n{timer_id}", "kind": "announcement", "state": "sent", "place_id": channel,
            "timer_id": timer_id, "message_id": 2**62,
        },
    )  # fmt: skip
    entry = {
        "id": timer_id, "user_id": owner, "guild_id": guild, "channel_id": channel, "timer_id": timer_id,
        "began_at": begin, "ended_at": begin + HOUR, "focused": HOUR, "task": "write", "outcome": "done",
    }  # fmt: skip
    yield "focus_log", entry
    for quarter in range(2):
        yield (
            "focus_slices",
            {"entry_id": timer_id, "at": 900 * quarter, "user_id": owner, "seconds": 900},
        )
    if purpose == "reminder":
        yield (
            "reminders",
            {
                "timer_id": timer_id, "zone": "Europe/Berlin", "first_at": begin, "rule": "FREQ=DAILY", "fired": 1,
                "direct": timer_id % 2 == 0, "calls": "", "missed": 0,
            },
        )  # fmt: skip
    if purpose == "session":
        yield (
            "sessions",
            {
                "timer_id": timer_id, "plan": "25/5", "at": 1, "began_at": begin, "auto": True, "warn": False,
                "waiting": False, "armed": True, "idle": 0, "asked": False,
            },
        )  # fmt: skip
        yield (
            "participants",
            {
                "timer_id": timer_id, "user_id": owner, "joined_at": begin, "notify": "ping", "resting": False,
                "by_voice": True, "focused": HOUR,
            },
        )  # fmt: skip
        yield "efforts", {"timer_id": timer_id, "phase": 0, "user_id": owner, "focused": HOUR}
        yield "unconfirmed", {name: value for name, value in entry.items() if name != "id"} | {"phase": 1}


def rows_of_people(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make the rows that belong to no timer."""
    yield "preferences", {"user_id": number, "zone": "UTC", "zone_asked": True, "shares": True, "goal": 60}
    yield "presets", {"owner_id": number, "name": "mine 'quoted'\n", "plan": "25/5"}
    yield "notes", {"key": f"commands:{number}", "value": "abc"}
    yield (
        "questions",
        {
            "id": number + 1, "user_id": number, "channel_id": 2**60, "request": f"message:{number}",
            "about_id": 2**61, "lines": '["pomodoro cancel #1"]', "created_at": NOW,
        },
    )  # fmt: skip
    yield "focus_sums", {"guild_id": number, "day": 1, "seconds": 2**40}
    yield "rules", {"guild_id": number, "prefix": "?", "plan": "25/5", "channels": "1 2", "most_timers": 5}
    yield "left_guilds", {"guild_id": number, "left_at": NOW}


async def fill(database: Database, timers: int, people: int = 1) -> int:
    """Write that many timers with all their rows; return the number of rows."""
    made = 0
    for start in range(1, timers + 1, _MANY):
        tables: dict[str, list[dict[str, Any]]] = {}
        for timer_id in range(start, min(start + _MANY, timers + 1)):
            for table, row in rows_of(timer_id):
                tables.setdefault(table, []).append(row)
        for number in range(people if start == 1 else 0):
            for table, row in rows_of_people(number):
                tables.setdefault(table, []).append(row)
        async with database.write() as connection:
            for filled in metadata.sorted_tables:
                if rows := tables.get(filled.name):
                    await connection.execute(insert(filled), rows)
                    made += len(rows)
    return made
