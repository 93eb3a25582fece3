"""Plants damaged rows: a copy of a sound row of each table for each column and each absurd value."""

import contextlib
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, Table, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator

from bot.store.columns import Duration, UtcDateTime
from bot.store.database import Database
from bot.store.tables import metadata


class NoText(bytes):
    """Bytes that SQLite stores as text, though they are not UTF-8."""


FAR = (-(2**60), 2**62, 2**63 - 1)
# SQLite takes any value in any column; PostgreSQL enforces types, and rounds fractions to integers.
ABSURD: Mapping[str, tuple[Any, ...]] = {
    "sqlite": (-(2**60), -1, 2**62, 1e300, 1.5, "<@12>", "", b"\xff\x00", NoText(b"\xff"), None),
    "postgresql": (*FAR, -(2**31), -1, 2**31 - 1, "<@12>", "", '{"a', None),
}
# Columns with a meaning beside their type, so that most texts are invalid in them.
_WORDS = {
    *("timers.state", "timers.purpose", "outbox.kind", "outbox.state", "sessions.plan", "sessions.ending"),
    *(
        "participants.notify",
        "efforts.outcome",
        "focus_log.outcome",
        "unconfirmed.outcome",
        "reminders.zone",
        "reminders.rule",
        "preferences.zone",
        "preferences.days_off",
        "presets.plan",
        "questions.lines",
        "rules.plan",
        "rules.channels",
    ),
}
# Ids from here on belong to copies; the copies of timers have this name.
_FIRST_COPY = 1_000
COPY = "copy"


@dataclass(frozen=True)
class Planted:
    """A damaged row: what a finding should name, and which column contains what."""

    table: str
    row: str
    column: str
    value: Any


async def plant(
    url: str, only: Collection[str] = tuple(metadata.tables), values: Sequence[Any] | None = None
) -> list[Planted]:
    """Copy the first row of each of these tables, if it has one: with one column damaged, for each and each value.

    What hangs on another row gets a copy of that too, and what was said of a timer is to be said of its copy.
    Values that the database does not take are left out. Gives those copies that nobody can read.
    """
    database = Database(url)
    try:
        with database.blocking() as connection:
            garden = _Garden(connection)
            return [
                planted
                for table in metadata.sorted_tables
                if table.name in only and table.name in garden.sound
                for column in table.c
                for value in values or ABSURD[connection.dialect.name]
                for planted in garden.copy(table, column, value)
            ]
    finally:
        await database.close()


class _Garden:
    """A database, and the sound rows that it had."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids = itertools.count(_FIRST_COPY)
        self.sound: dict[str, dict[str, Any]] = {}
        for table in metadata.sorted_tables:
            key = ", ".join(column.name for column in table.primary_key)
            first = (
                connection.execute(text(f"SELECT * FROM {table.name} ORDER BY {key} LIMIT 1")).mappings().first()
            )
            if first:
                self.sound[table.name] = dict(first)

    def copy(self, table: Table, column: Column[Any], value: Any) -> Iterator[Planted]:
        row = self._fresh(table)
        row[column.name] = value
        with contextlib.suppress(DBAPIError, OverflowError):
            self._insert(table, row)
            key = "/".join(str(part) if type(part) is int else "?" for part in _key(table, row))
            if _is_damage(column, value):
                yield Planted(table.name, key, column.name, value)

    def _fresh(self, table: Table) -> dict[str, Any]:
        """Copy a table's row under a new key, along with the rows that it refers to."""
        row = dict(self.sound[table.name])
        parents = [(column, key.column.table) for column in table.c for key in column.foreign_keys]
        for column, parent in parents:
            above = self._fresh(parent)
            if table.name in {"sessions", "reminders"}:
                above |= {"purpose": table.name[:-1], "state": "running"}
            self._insert(parent, above)
            row[column.name] = above["id"]
        if not parents:
            first = next(iter(table.primary_key))
            row[first.name] = next(self._ids) if isinstance(_plain(first), Integer) else f"copy {next(self._ids)}"
        elif "id" in table.c:
            row["id"] = next(self._ids)
        for name in ("request", "nonce"):
            if name in row:
                row[name] = f"copy:{next(self._ids)}"
        if table.name == "timers":
            row["name"] = COPY
        if table.name == "outbox":
            row["state"] = "pending"
        return row

    def _insert(self, table: Table, row: dict[str, Any]) -> None:
        values = tuple(f"CAST(:{name} AS TEXT)" if isinstance(row[name], NoText) else f":{name}" for name in row)
        # SQLAlchemy would compile each savepoint again, which takes longer than inserting the row.
        self._connection.exec_driver_sql("SAVEPOINT row")
        try:
            self._connection.execute(_insertion(table.name, tuple(row), values), row)
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT row")
            raise
        finally:
            self._connection.exec_driver_sql("RELEASE SAVEPOINT row")


@cache
def _insertion(table: str, names: tuple[str, ...], values: tuple[str, ...]) -> TextClause:
    """Prepare a statement once for many rows: parsing takes longer than running it."""
    return text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})")


def _key(table: Table, row: dict[str, Any]) -> list[Any]:
    return [row[column.name] for column in table.primary_key]


def _plain(column: Column[Any]) -> Any:
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def _is_damage(column: Column[Any], value: Any) -> bool:
    """Return whether a value is certainly unreadable in this column."""
    if value is None:
        return False  # where it is taken, it has a meaning
    kind = _plain(column)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        bounded = isinstance(column.type, UtcDateTime | Duration) or not isinstance(kind, BigInteger)
        return not isinstance(value, int) or (value in FAR and bounded)
    if type(value) is bytes:
        return True
    # Elsewhere any text is as good as another; anything else is read as far as possible.
    return f"{column.table.name}.{column.name}" in _WORDS and value in ("<@12>", b"\xff", '{"a')
