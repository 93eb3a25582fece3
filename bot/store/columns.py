"""Column types for times, lengths, spans and flags; one that the bot never writes does not break other rows."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Dialect, Text, TypeDecorator

from bot.domain.time import spans

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
# Later times are not ours, and arithmetic on them would overflow: datetime ends with the year 9999.
_LATEST_MS = (datetime(3000, 1, 1, tzinfo=UTC) - EPOCH) // _MS
_LONGEST_MS = timedelta(days=36_525) // _MS


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as milliseconds since 1970, truncated."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Convert a datetime to milliseconds."""
        return None if value is None else (value - EPOCH) // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Convert milliseconds to a datetime; pass any other value through."""
        return EPOCH + value * _MS if type(value) is int and 0 <= value <= _LATEST_MS else value


class Duration(TypeDecorator[timedelta]):
    """A length of time, stored as milliseconds, truncated."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:
        """Convert a length to milliseconds."""
        return None if value is None else value // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Convert milliseconds to a length; pass any other value through."""
        return value * _MS if type(value) is int and abs(value) <= _LONGEST_MS else value


class Spans(TypeDecorator[spans.Spans]):
    """Spans of time, stored as JSON: pairs of milliseconds since 1970; none are stored as NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: spans.Spans | None, dialect: Dialect) -> Any:
        """Convert spans to JSON."""
        return json.dumps([[(edge - EPOCH) // _MS for edge in span] for span in value]) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Convert JSON to spans that are in order and apart; pass any other value through."""
        if value is None:
            return ()
        try:
            edges = [edge for begins, ends in json.loads(value) for edge in (begins, ends)]
            is_sound = all(type(edge) is int and 0 <= edge <= _LATEST_MS for edge in edges)
        except (ValueError, TypeError, RecursionError):
            return value
        if not is_sound or edges != sorted(edges):
            return value
        moments = [EPOCH + edge * _MS for edge in edges]
        return tuple(zip(moments[::2], moments[1::2], strict=True))


class Flag(TypeDecorator[bool]):
    """A boolean. SQLAlchemy's own converts whatever SQLite holds to one."""

    impl = Boolean
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Convert 0 and 1 to a boolean; pass any other value through."""
        return lambda value: value == 1 if value in (0, 1) else value


def row_of(record: "DataclassInstance") -> dict[str, Any]:
    """Return a record's fields by name, as they are: ``dataclasses.asdict`` would copy each value."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
