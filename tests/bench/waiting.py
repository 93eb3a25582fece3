"""Waiting timers: rows written straight into the bot's database, before it starts."""

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_COLUMNS = (
    "version", "state", "owner_id", "guild_id", "channel_id", "name", "length", "started_at", "due_at", "card_id",
    "request",
)  # fmt: skip
_LENGTH = 60_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A timer that runs: its name, which must be its own, its channel, Unix seconds, and its card's message."""

    name: str
    channel_id: str
    due_at: float
    card_id: str | None = None


def write(file: Path, timers: Iterable[Waiting], owner_id: str, guild_id: str) -> None:
    """Write rows into a migrated SQLite file that no bot has open."""
    rows = (
        (
            1, "running", int(owner_id), int(guild_id), int(timer.channel_id), timer.name, _LENGTH,
            round(timer.due_at * 1000) - _LENGTH, round(timer.due_at * 1000),
            int(timer.card_id) if timer.card_id else None, f"bench:{timer.name}",
        )
        for timer in timers
    )  # fmt: skip
    statement = f"INSERT INTO timers ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(statement, rows)


def due(file: Path) -> dict[str, float]:
    """Read every timer's deadline, in Unix seconds, by its name."""
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return {name: due_at / 1000 for name, due_at in connection.execute("SELECT name, due_at FROM timers")}
