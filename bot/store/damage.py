"""Damaged rows: with values that the bot never writes, or that only a newer version understands.

They are left as they are, reported once and skipped; all other rows work as usual.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import BigInteger, Column, Connection, Dialect, Integer, RowMapping, String, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import UserError
from bot.store.columns import Duration, Flag, Spans, UtcDateTime

_log = structlog.get_logger(__name__)

T = TypeVar("T")

# What parsers raise, such as for a zone unknown here.
_UNREADABLE = (UserError, ValueError, LookupError, OverflowError, OSError, RecursionError)
# The most damaged rows that are remembered as reported.
_REMEMBERED = 10_000
# The Python type and bounds of each column type; those of ``columns`` check their own bounds.
_KINDS: Sequence[tuple[type[Any], type[Any], int | None, int | None]] = (
    (UtcDateTime, datetime, None, None),
    (Duration, timedelta, None, None),
    (Spans, tuple, None, None),
    (Flag, bool, None, None),
    (BigInteger, int, 0, 2**63 - 1),
    (Integer, int, -(2**31), 2**31 - 1),
    (String, str, None, None),
)
# Reported rows, by open database: an engine's readers and writers share its dialect.
_reported: WeakKeyDictionary[Dialect, set[tuple[str, str]]] = WeakKeyDictionary()


class DamagedRow(Exception):
    """A row cannot be read because of its value in this column."""

    def __init__(self, column: Column[Any]) -> None:
        super().__init__(f"{column.table.name}.{column.name}")
        self.column = column


class Check:
    """Checks that the values of a row in these columns match their types."""

    def __init__(self, columns: Iterable[Column[Any]]) -> None:
        self._tests = [(column, column.name, column.nullable, *_kind(column)) for column in columns]

    def __call__(self, row: RowMapping) -> RowMapping:
        """Return the row. Raise ``DamagedRow`` for the first column whose value does not."""
        for column, name, nullable, kind, lowest, highest in self._tests:
            value = row[name]
            if value is None and nullable:
                continue
            if type(value) is not kind or (lowest is not None and not lowest <= value <= highest):
                raise DamagedRow(column)
        return row


def readable(
    connection: AsyncConnection, rows: Iterable[RowMapping], read: Callable[[RowMapping], T], key: Sequence[str]
) -> list[T]:
    """Read rows; report and skip those for which ``read`` raises ``DamagedRow``. ``key`` names the key columns."""
    values = []
    for row in rows:
        try:
            values.append(read(row))
        except DamagedRow as damage:
            report(connection, damage, [row[name] for name in key])
    return values


def report(connection: AsyncConnection | Connection, damage: DamagedRow, key: Iterable[object]) -> None:
    """Log a damaged row, once per open database."""
    table: Table = damage.column.table
    row = name_row(key)
    reported = _reported.setdefault(connection.dialect, set())
    if (table.name, row) in reported:
        return
    if len(reported) >= _REMEMBERED:
        reported.clear()
    reported.add((table.name, row))
    _log.error("row_damaged", table=table.name, row=row, column=damage.column.name)


def name_row(key: Iterable[object]) -> str:
    """Name a row by the integers in its key. Other parts may be what somebody typed, and are masked."""
    return "/".join(str(part) if type(part) is int else "?" for part in key)


def parsed(read: Callable[[Any], T], row: RowMapping, column: Column[Any]) -> T:
    """Parse what a row has in a column, such as the member of an enumeration. Raises ``DamagedRow``."""
    try:
        return read(row[column.name])
    except _UNREADABLE as error:
        raise DamagedRow(column) from error


def _kind(column: Column[Any]) -> tuple[type[Any], Any, Any]:
    for declared, kind, lowest, highest in _KINDS:
        if isinstance(column.type, declared):
            return kind, lowest, highest
    raise TypeError(column.type)


def read_fields(
    columns: Iterable[Column[Any]], row: RowMapping, readers: Mapping[str, Callable[[Any], Any]]
) -> tuple[dict[str, Any], list[DamagedRow]]:
    """Read each field of a row separately; a damaged one is omitted, as if unset, and returned beside.

    One that is NULL, or has no reader by its name, is taken as it is.
    """
    values: dict[str, Any] = {}
    damaged = []
    for column in columns:
        value, read = row[column.name], readers.get(column.name)
        try:
            Check([column])(row)
            values[column.name] = value if value is None or read is None else read(value)
        except DamagedRow as damage:
            damaged.append(damage)
        except _UNREADABLE:
            damaged.append(DamagedRow(column))
    return values, damaged
