"""Newer rows: rows of a later version of the bot must be left alone by this one."""

import random
import sqlite3
from typing import Any

_UNKNOWN = "tide"
# How many it leaves: more than there are threads, too.
_MANY = 1, 2, 12
Row = dict[str, Any]


class Newer:
    """Plants rows of unknown purposes and kinds, and remembers them."""

    def __init__(self) -> None:
        self._left: list[tuple[str, int, Row]] = []

    def leave(self, connection: sqlite3.Connection, now: float, chance: random.Random) -> int | None:
        """Copy a timer several times, and a message, each with something unknown.

        Return when the last of them is due, in milliseconds.
        """
        connection.row_factory = sqlite3.Row
        timer = connection.execute("SELECT * FROM timers ORDER BY id DESC LIMIT 1").fetchone()
        if timer is None:
            return None
        connection.execute("BEGIN IMMEDIATE")
        unknown = chance.choice(({"purpose": _UNKNOWN}, {"state": _UNKNOWN}))
        for _ in range(chance.choice(_MANY)):
            due_at = self._leave(connection, timer, unknown, now, chance)
        connection.execute("COMMIT")
        return due_at

    def _leave(
        self, connection: sqlite3.Connection, timer: sqlite3.Row, unknown: Row, now: float, chance: random.Random
    ) -> int:
        due_at = int((now + chance.uniform(1, 200)) * 1000)
        request = f"newer-{chance.randrange(1 << 30)}"
        new = {**dict(timer), "id": None, "owner_id": 1, "state": "running", "due_at": due_at, "request": request}
        timer_id = self._add(connection, "timers", new | {"remaining": None, "ended_at": None} | unknown)
        message: Row = {"id": None, "nonce": request[:25], "kind": _UNKNOWN, "state": "pending"}
        message |= {"place_id": timer["channel_id"], "timer_id": timer_id, "message_id": None, "reason": None}
        self._add(connection, "outbox", message | {"stage": None, "tried_at": None})
        return due_at

    def _add(self, connection: sqlite3.Connection, table: str, row: Row) -> int:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        added = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
        number = int(added.lastrowid or 0)
        self._left.append((table, number, row | {"id": number}))
        return number

    def touched(self, connection: sqlite3.Connection) -> list[str]:
        """Return the changes to them."""
        connection.row_factory = sqlite3.Row
        changed = []
        for table, number, row in self._left:
            there = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (number,)).fetchone()
            if there is None or dict(there) != row:
                changed.append(f"{table} {row} is {there and dict(there)}")
        return changed
