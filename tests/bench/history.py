"""Histories: rows of the focus log written straight into the bot's database, before anybody looks."""

import contextlib
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bot.domain.stats.log import Entry, Outcome
from bot.domain.time.quarter_hour import quarter_hours

_ENTRY = (
    "id", "user_id", "guild_id", "channel_id", "timer_id", "phase", "began_at", "ended_at", "focused", "task",
    "outcome",
)  # fmt: skip
_SLICE = ("entry_id", "at", "user_id", "seconds")
_AT_ONCE = 50_000
_TASKS = ("essay", "reading", "mail", "code", None)
_DAYS = 365


def entries(user_id: int, guild_id: int, count: int, now: datetime) -> Iterator[Entry]:
    """Give so many entries of one person, spread over the year before ``now``."""
    chance = random.Random(user_id)
    for number in range(count):
        began = now - timedelta(days=_DAYS * (number + 1) / count, minutes=chance.uniform(0, 60))
        focused = timedelta(minutes=chance.choice((15, 25, 50)))
        ended = min(began + focused * chance.uniform(1, 1.2), now)
        task = chance.choice(_TASKS)
        yield Entry(user_id, guild_id, 30, number, None, began, ended, ended - began, task, Outcome.FINISHED)


def write(file: Path, history: Iterator[Entry]) -> None:
    """Write them into a migrated SQLite file that no bot has open."""
    numbered = enumerate(history, 1)
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        while batch := list(islice(numbered, _AT_ONCE)):
            connection.executemany(_insert("focus_log", _ENTRY), (_row(number, one) for number, one in batch))
            pieces = (
                (number, int(piece.at.timestamp()), one.user_id, piece.seconds)
                for number, one in batch
                for piece in quarter_hours(one)
            )
            connection.executemany(_insert("focus_slices", _SLICE), pieces)


def share(file: Path, user_ids: range) -> None:
    """Let these people share their sums."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        statement = "INSERT INTO preferences (user_id, zone, zone_asked, shares) VALUES (?, 'Europe/Berlin', 1, 1)"
        connection.executemany(statement, ((user_id,) for user_id in user_ids))


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _row(number: int, one: Entry) -> tuple[object, ...]:
    began, ended = (round(moment.astimezone(UTC).timestamp() * 1000) for moment in (one.began_at, one.ended_at))
    focused = one.focused // timedelta(milliseconds=1)
    where = (one.user_id, one.guild_id, one.channel_id, one.timer_id, one.phase)
    return (number, *where, began, ended, focused, one.task, one.outcome)
