"""The slash commands that a first start of the bot has registered: a start that finds them is a third cheaper."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.localdiscord.local import LocalDiscord


@dataclass(frozen=True)
class Registered:
    """What Discord has of them, and the digest by which the bot knows that they are current."""

    commands: list[dict[str, Any]]
    digest: str

    @classmethod
    def by_now(cls, discord: LocalDiscord, database: Path) -> "Registered | None":
        """Return what a bot with this database has registered; None before it has."""
        with contextlib.closing(sqlite3.connect(database)) as connection:
            row = connection.execute("SELECT value FROM notes WHERE key = ?", [_key(discord)]).fetchone()
        return cls(discord.commands, row[0]) if row else None

    def restore(self, discord: LocalDiscord, database: Path) -> None:
        """Let it have been registered here, by a bot that starts again with this database."""
        own = {"application_id": discord.backend.world.bot.id}
        discord.backend.commands.restore([command | own for command in self.commands])
        with contextlib.closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("INSERT INTO notes (key, value) VALUES (?, ?)", [_key(discord), self.digest])


def _key(discord: LocalDiscord) -> str:
    return f"commands:{discord.backend.world.bot.id}"
