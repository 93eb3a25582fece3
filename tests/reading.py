"""Helpers that read what the bot wrote, and change it behind its back."""

import asyncio
import codecs
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
from bot.localdiscord.outcome import Outcome
from bot.localdiscord.people import Person

Message = dict[str, Any]
# Files of an export; the first of a table has no number.
_FORMULA = re.compile(r"[=+@]|-(?!\d+(\.\d+)?$)")
_PIECE = re.compile(r"(\w+?)(?:-(?!1\.)\d+)?\.(json|csv)")


async def eventually(look: Callable[[], Any]) -> None:
    """Poll, in a thread, until the condition holds: for what no event announces, such as a row."""
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(look):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.005)  # it needs the processor too


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
    """Match a message of the bot's that contains all these words."""
    return lambda message: message["author"].get("bot") and all(part in text_of(message) for part in parts)


def answers(request: Message) -> Any:
    """Match the bot's reply to a message."""
    return lambda message: (
        message["author"].get("bot") and (message.get("message_reference") or {}).get("message_id") == request["id"]
    )


async def until_synced(database: Path) -> None:
    """Wait until the slash commands are synced: links to them have their ids then."""
    await eventually(lambda: rows(database, "SELECT key FROM notes WHERE key LIKE 'commands:%'"))


def is_card(message: Message) -> bool:
    """Return whether a message stands for a timer, with buttons that act on it."""
    return '"timer:' in json.dumps(message["components"])


def shows_a_way_on(message: Message) -> bool:
    """Return whether the answer to an unclear request has an example, or buttons for its meanings."""
    advice = text_of(message).rpartition("\n")[2]
    return advice.startswith(("Try `", "Try </")) or advice.endswith(" has examples.") or bool(buttons(message))


def shows(card: Message, part: str) -> Any:
    """Match that message once it contains these words."""
    return lambda message: message["id"] == card["id"] and part in text_of(message)


def as_shown(discord: LocalDiscord, message: Message) -> Message:
    """Return a message as it looks now."""
    channel = discord.channel(message["channel_id"])
    return next(other for other in discord.messages(channel) if other["id"] == message["id"])


def buttons(message: Message) -> list[str]:
    parts = []

    def walk(components: list[dict[str, Any]]) -> None:
        for component in components:
            if component["type"] == 2:
                parts.append(component["label"])
            walk(component.get("components", []))

    walk(message["components"])
    return parts


def _cells(text: str) -> list[dict[str, str]]:
    """Read a table for spreadsheets, and take off what keeps cells from being formulas and numbers."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if _FORMULA.match(cell)], "a spreadsheet would run it"
    assert not [cell for cell in cells if cell.isdecimal() and len(cell) > 15], "a spreadsheet would round it"
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


async def choose(person: Person, card: Message, label: str) -> Outcome:
    """Press what the card of a session offers to one person alone, behind ⋯."""
    menu = await person.click(card, "⋯")
    assert menu.ephemeral
    return await person.click(menu.answer, label)


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
                packed_text = files.read(name)
                assert packed_text.startswith(codecs.BOM_UTF8) == (form == "csv"), "spreadsheets go by it"
                text = packed_text.decode("utf-8-sig")
                assert "\\u" not in text, "people write with other letters too"
                rows = json.loads(text) if form == "json" else _cells(text)
                read[form].setdefault(table, []).extend(rows)
    assert len(set(seen)) == len(seen), "each file has a name of its own"
    return read["json"], read["csv"]
