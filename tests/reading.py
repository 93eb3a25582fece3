"""How tests read what the bot wrote, and change it behind its back."""

import asyncio
import contextlib
import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.localdiscord.local import LocalDiscord, text_of

Message = dict[str, Any]
# Files of an export; the first of a table has no number.
_PIECE = re.compile(r"(\w+?)(?:-(?!1\.)\d+)?\.(json|csv)")


async def eventually(look: Callable[[], Any]) -> None:
    """Look, in a thread, until what is looked for is there: for what no event tells of, such as a row."""
    async with asyncio.timeout(15):
        while not await asyncio.to_thread(look):
            pass


def rows(database: Path, statement: str) -> list[Any]:
    """Read from a SQLite database."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()


async def change(database: Path, statement: str, *values: object) -> None:
    """Write to a SQLite database; in a thread, since the bot may be writing just now, on this loop."""

    def write() -> None:
        with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection, connection:
            connection.execute(statement, values)

    await asyncio.to_thread(write)


def says(*parts: str) -> Any:
    """Match a message of the bot's that has all these words in it."""
    return lambda message: message["author"].get("bot") and all(part in text_of(message) for part in parts)


def shows(card: Message, part: str) -> Any:
    """Match that message, once it has these words in it."""
    return lambda message: message["id"] == card["id"] and part in text_of(message)


def as_shown(discord: LocalDiscord, message: Message) -> Message:
    """Give a message as it looks now."""
    channel = discord.channel(message["channel_id"])
    return next(other for other in discord.messages(channel) if other["id"] == message["id"])


def buttons(message: Message) -> list[str]:
    found = []

    def walk(components: list[dict[str, Any]]) -> None:
        for component in components:
            if component["type"] == 2:
                found.append(component["label"])
            walk(component.get("components", []))

    walk(message["components"])
    return found


def unpacked(archive: Iterable[bytes]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, str]]]]:
    """Open the ZIPs of an export: give the rows by table that JSON has, and those that CSV has."""
    read: dict[str, dict[str, list[Any]]] = {"json": {}, "csv": {}}
    seen: list[str] = []
    for packed in archive:
        with zipfile.ZipFile(io.BytesIO(packed)) as files:
            assert files.testzip() is None
            seen += files.namelist()
            for name in files.namelist():
                piece = _PIECE.fullmatch(name)
                assert piece, name
                table, form = piece.groups()
                text = files.read(name).decode()
                assert "\\u" not in text, "people write with other letters too"
                rows = json.loads(text) if form == "json" else csv.DictReader(io.StringIO(text))
                read[form].setdefault(table, []).extend(rows)
    assert len(set(seen)) == len(seen), "each file has a name of its own"
    return read["json"], read["csv"]
