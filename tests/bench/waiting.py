"""Waiting timers, reminders and digests: rows written straight into the bot's database, before it starts."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TIMER = (
    "id", "version", "state", "owner_id", "guild_id", "channel_id", "name", "length", "started_at", "due_at",
    "card_id", "purpose", "request",
)  # fmt: skip
_REMINDER = ("timer_id", "zone", "first_at", "rule", "fired", "direct", "calls", "missed")
_LENGTH = 60_000
_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A running timer: its unique name, its channel, Unix seconds, and its card's message."""

    name: str
    channel_id: str
    due_at: float
    card_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reminding(Waiting):
    """A pending reminder: its owner, if not the one who has all timers, and its repetition."""

    owner_id: int | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Telling(Waiting):
    """A server's pending digest."""

    guild_id: str = ""


def write(file: Path, timers: Iterable[Waiting], owner_id: str, guild_id: str) -> None:
    """Write rows into a migrated and empty SQLite file that no bot has open."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        for batch in _batches(enumerate(timers, 1)):
            reminders = [(number, waiting) for number, waiting in batch if isinstance(waiting, Reminding | Telling)]
            rows = [_timer(number, waiting, int(owner_id), int(guild_id)) for number, waiting in batch]
            connection.executemany(insertion("timers", _TIMER), rows)
            rows = [_reminder(number, waiting, int(owner_id)) for number, waiting in reminders]
            connection.executemany(insertion("reminders", _REMINDER), rows)


def due(file: Path) -> dict[str, float]:
    """Read every timer's deadline, in Unix seconds, by its name."""
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return {name: due_at / 1000 for name, due_at in connection.execute("SELECT name, due_at FROM timers")}


def _batches(timers: Iterator[tuple[int, Waiting]]) -> Iterator[list[tuple[int, Waiting]]]:
    while batch := [timer for timer, _ in zip(timers, range(_AT_ONCE), strict=False)]:
        yield batch


def insertion(table: str, columns: tuple[str, ...]) -> str:
    """Return the statement that inserts rows with these columns into a table."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _timer(number: int, waiting: Waiting, owner_id: int, guild_id: int) -> tuple[object, ...]:
    purpose, whose = "pomodoro", owner_id
    if isinstance(waiting, Reminding):
        purpose, whose = "reminder", waiting.owner_id or owner_id
    elif isinstance(waiting, Telling):
        purpose, guild_id = "digest", int(waiting.guild_id)
    due_at = round(waiting.due_at * 1000)
    card_id = int(waiting.card_id) if waiting.card_id else None
    place = (whose, guild_id, int(waiting.channel_id), waiting.name)
    return (
        number, 1, "running", *place, _LENGTH, due_at - _LENGTH, due_at, card_id, purpose, f"bench:{waiting.name}",
    )  # fmt: skip


def _reminder(number: int, reminder: Reminding | Telling, owner_id: int) -> tuple[object, ...]:
    first_at = round(reminder.due_at * 1000)
    if isinstance(reminder, Telling):
        return (number, "UTC", first_at, "FREQ=WEEKLY;INTERVAL=1", 0, False, "", 0)
    return (number, "Europe/Berlin", first_at, reminder.rule, 0, False, f"<@{reminder.owner_id or owner_id}>", 0)
