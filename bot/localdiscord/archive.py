"""The archive: what the local Discord still knows after a restart, in one small SQLite file."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.wire import Json

_TABLES = """
CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS channel (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS command (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS nonce (key TEXT PRIMARY KEY, message_id TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, content BLOB NOT NULL);
"""
_SUBJECTS = ("message", "channel", "command")
_HERE = "local-discord://here"


class Archive:
    """Messages, channels, commands, nonces and files; every write is on disk when the call returns.

    Without a path there is no restart that could read it: only files are kept, in memory.  Addresses of files are
    stored without the server's own, which may be another after a restart.
    """

    def __init__(self, path: Path | None) -> None:
        self.base_url = ""
        self._path = path

    @cached_property
    def _db(self) -> sqlite3.Connection:
        """Open the file, at its first use: a server that is never started leaves nothing to close."""
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path or ":memory:", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.executescript(_TABLES)
        return database

    def put(self, subject: str, key: str, body: Json) -> None:
        """Write one message, channel or command, in place of its earlier form."""
        if self._path is None:
            return
        text = json.dumps(body)
        if self.base_url:
            text = text.replace(self.base_url, _HERE)
        self._db.execute(f"REPLACE INTO {_known(subject)} VALUES (?, ?)", (int(key), text))  # noqa: S608 - a known table

    def keep_channel(self, channel: Channel) -> None:
        """Write a channel as it now is."""
        if self._path:
            stored = dataclasses.asdict(channel)
            stored["recipients"] = [user.id for user in channel.recipients]
            self.put("channel", channel.id, stored)

    def keep_message(self, message: Message) -> None:
        """Write a message as it now is; ephemeral ones do not outlive the server."""
        if self._path and not message.reader_id:
            self.put("message", message.id, message.stored())

    def drop(self, subject: str, key: str) -> None:
        """Forget one message, channel or command."""
        self._db.execute(f"DELETE FROM {_known(subject)} WHERE id = ?", (int(key),))  # noqa: S608 - a known table

    def all(self, subject: str) -> list[Json]:
        """Return everything of a subject, oldest first."""
        rows = self._db.execute(f"SELECT body FROM {_known(subject)} ORDER BY id")  # noqa: S608 - a known table
        return [json.loads(body.replace(_HERE, self.base_url)) for (body,) in rows]

    def put_nonce(self, key: str, message_id: str, at: float) -> None:
        """Remember which message a nonce made, and when."""
        if self._path is None:
            return
        self._db.execute("REPLACE INTO nonce VALUES (?, ?, ?)", (key, message_id, at))

    def nonces(self, since: float) -> dict[str, tuple[str, float]]:
        """Return the nonces used since a Unix time, and forget the older."""
        self._db.execute("DELETE FROM nonce WHERE at < ?", (since,))
        rows = self._db.execute("SELECT key, message_id, at FROM nonce")
        return {key: (message_id, at) for key, message_id, at in rows}

    def put_file(self, attachment_id: str, kind: str, content: bytes) -> None:
        """Write a file."""
        self._db.execute("REPLACE INTO file VALUES (?, ?, ?)", (int(attachment_id), kind, content))

    def file(self, attachment_id: str) -> tuple[str, bytes] | None:
        """Return a file's content type and bytes."""
        row = self._db.execute("SELECT kind, content FROM file WHERE id = ?", (int(attachment_id),)).fetchone()
        return (row[0], row[1]) if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _known(subject: str) -> str:
    if subject not in _SUBJECTS:
        raise ValueError(subject)
    return subject
