"""Column types for times, lengths and flags; a value that the bot never writes does not break the other rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
# Later times are not ours, and arithmetic on them would overflow: datetime ends with the year 9999.
_LATEST_MS = (datetime(3000, 1, 1, tzinfo=UTC) - _EPOCH) // _MS
_LONGEST_MS = timedelta(days=36_525) // _MS


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored as milliseconds since 1970, truncated."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Convert a datetime to milliseconds."""
        return None if value is None else (value - _EPOCH) // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Convert milliseconds to a datetime; pass any other value through."""
        return _EPOCH + value * _MS if type(value) is int and 0 <= value <= _LATEST_MS else value


class Span(TypeDecorator[timedelta]):
    """A length of time, stored as milliseconds, truncated."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Convert a length to milliseconds."""
        return None if value is None else value // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Convert milliseconds to a length; pass any other value through."""
        return value * _MS if type(value) is int and abs(value) <= _LONGEST_MS else value


class Flag(TypeDecorator[bool]):
    """A boolean. SQLAlchemy's own converts whatever SQLite holds to one."""

    impl = Boolean
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Convert 0 and 1 to a boolean; pass any other value through."""
        return lambda value: value == 1 if value in (0, 1) else value
