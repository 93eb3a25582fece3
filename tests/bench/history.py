"""Histories: focus log rows written straight into the bot's database beforehand."""

import contextlib
import random
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from bot.domain.stats.log import Entry, EntryOutcome
from bot.domain.stats.union import length, union
from bot.domain.time.quarter_hour import quarter_hours
from tests.bench.waiting import insertion

_ENTRY = (
    "id", "user_id", "guild_id", "channel_id", "timer_id", "phase", "began_at", "ended_at", "focused", "task",
    "outcome", "counted",
)  # fmt: skip
_SLICE = ("entry_id", "at", "user_id", "seconds", "ahead")
_TASKS = ("essay", "reading", "mail", "code", None)
_DAYS = 365


def entries(user_id: int, guild_id: int, count: int, now: datetime) -> Iterator[Entry]:
    """Return a number of entries of one person, spread over the year before ``now``."""
    chance = random.Random(user_id)
    for number in range(count):
        began = now - timedelta(days=_DAYS * (number + 1) / count, minutes=chance.uniform(0, 60))
        focused = timedelta(minutes=chance.choice((15, 25, 50)))
        ended = min(began + focused * chance.uniform(1, 1.2), now)
        task = chance.choice(_TASKS)
        yield Entry(user_id, guild_id, 30, number, None, began, ended, ended - began, task, EntryOutcome.FINISHED)


def write(file: Path, history: Iterator[Entry]) -> None:
    """Write them into a migrated SQLite file that no bot has open, one person after the other, and what counts."""
    number = 1
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        for _, of_one in groupby(history, key=lambda entry: entry.user_id):
            rising = sorted(of_one, key=lambda entry: entry.rank)
            won = union([entry.seconds for entry in rising])
            numbered = list(enumerate(zip(rising, won, strict=True), number))
            number += len(numbered)
            rows = (_row(entry_id, entry, length(spans)) for entry_id, (entry, spans) in numbered)
            connection.executemany(insertion("focus_log", _ENTRY), rows)
            pieces = (
                (entry_id, piece.at, entry.user_id, piece.seconds, 0)
                for entry_id, (entry, spans) in numbered
                for piece in quarter_hours(spans)
            )
            connection.executemany(insertion("focus_slices", _SLICE), pieces)


def share(file: Path, user_ids: Iterable[int]) -> None:
    """Let these people share their sums."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        statement = "INSERT INTO preferences (user_id, zone, zone_asked, shares) VALUES (?, 'Europe/Berlin', 1, 1)"
        connection.executemany(statement, ((user_id,) for user_id in user_ids))


def _row(number: int, entry: Entry, counted: int) -> tuple[object, ...]:
    began, ended = (round(moment.astimezone(UTC).timestamp() * 1000) for moment in (entry.began_at, entry.ended_at))
    focused = entry.focused // timedelta(milliseconds=1)
    where = (entry.user_id, entry.guild_id, entry.channel_id, entry.timer_id, entry.phase)
    return (number, *where, began, ended, focused, entry.task, entry.outcome, counted)
