"""The tables. Times are milliseconds since 1970 (UTC) in the database and aware datetimes outside it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as milliseconds since 1970; what is finer is cut off."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn a datetime into milliseconds."""
        return None if value is None else (value - _EPOCH) // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn milliseconds into a datetime; what is no number comes as it is, so that it spoils no other row."""
        return _EPOCH + value * _MS if isinstance(value, int) else value


class Span(TypeDecorator[timedelta]):
    """A length of time, kept as milliseconds; what is finer is cut off."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn a length into milliseconds."""
        return None if value is None else value // _MS

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn milliseconds into a length; what is no number comes as it is, so that it spoils no other row."""
        return value * _MS if isinstance(value, int) else value


metadata = MetaData()

# SQLite numbers rows by itself only where the key is spelled INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

timers = Table(
    "timers",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("length", Span, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("remaining", Span),
    Column("ended_at", Moment),
    Column("card_id", BigInteger),
    # What asked for it (a message, an interaction, an earlier timer): an event that comes twice starts once.
    Column("request", String(40), nullable=False, unique=True),
    Index("ix_timers_state_due", "state", "due_at"),
    Index("ix_timers_owner_state", "owner_id", "state"),
    Index("ix_timers_guild_state", "guild_id", "state"),
    Index("ix_timers_channel_state", "channel_id", "state"),
    Index("ix_timers_ended", "ended_at"),
    sqlite_autoincrement=True,  # a number that was shown is never given to another timer
)

# A row for each timer that a message tells of; rows of one message share its nonce.
outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("nonce", String(25), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # The channel, or the person where they are told directly.
    Column("place_id", BigInteger, nullable=False),
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", BigInteger),
    Column("reason", String(200)),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_nonce", "nonce"),
    Index("ix_outbox_timer", "timer_id"),
)

# What the bot notes down about itself, such as the digest of the commands that Discord was last given.
notes = Table(
    "notes",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", String(200), nullable=False),
)
