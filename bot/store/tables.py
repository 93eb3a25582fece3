"""The tables. Times are milliseconds since 1970 (UTC) in the database and aware datetimes outside it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
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


def _where(condition: str) -> dict[str, Any]:
    """Leave out of an index, on either database, what does not fulfil a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


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
    # As SQLite's column was made, which holds nobody to a length.
    Column("name", Text().with_variant(String(80), "sqlite"), nullable=False),
    Column("length", Span, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("remaining", Span),
    Column("ended_at", Moment),
    Column("card_id", BigInteger),
    Column("purpose", String(16), nullable=False, server_default="pomodoro"),
    Column("extended", Span, nullable=False, server_default="0"),
    # What asked for it (a message, an interaction, an earlier timer): an event that comes twice starts once.
    Column("request", String(40), nullable=False, unique=True),
    Index("ix_timers_state_due", "state", "due_at"),
    Index("ix_timers_owner", "owner_id", "purpose", "state"),
    Index("ix_timers_guild", "guild_id", "purpose", "state"),
    Index("ix_timers_channel", "channel_id", "purpose", "state"),
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
    # The message it became, or the one that it is about.
    Column("message_id", BigInteger),
    Column("reason", String(200)),
    # How far the session had come that it tells of.
    Column("stage", Integer),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_nonce", "nonce"),
    Index("ix_outbox_timer", "timer_id"),
)

# A session has the number of the timer that is its clock.
sessions = Table(
    "sessions",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("plan", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("auto", Boolean, nullable=False),
    Column("warn", Boolean, nullable=False),
    Column("waiting", Boolean, nullable=False),
    Column("armed", Boolean, nullable=False),
    Column("idle", Integer, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("ending", String(16)),
    Column("voice_id", BigInteger),
    Index("ix_sessions_voice", "voice_id"),
)

participants = Table(
    "participants",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("joined_at", Moment, nullable=False),
    Column("task", String(200)),
    Column("notify", String(16), nullable=False),
    Column("resting", Boolean, nullable=False),
    Column("by_voice", Boolean, nullable=False),
    Column("left_at", Moment),
    Column("since", Moment),
    Column("focused", Span, nullable=False),
)

# What one person did in one focus phase.
efforts = Table(
    "efforts",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("phase", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("task", String(200)),
    Column("focused", Span, nullable=False),
    Column("outcome", String(16)),
)

# A reminder has the number of its timer, whose name is what it says.
reminders = Table(
    "reminders",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("rule", String(200)),
    Column("fired", Integer, nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("calls", String(40), nullable=False),
    Column("about_id", BigInteger),
    # The series or the reminder that it came from; no key, since that may be forgotten first.
    Column("origin_id", _Id),
    Column("missed", Integer, nullable=False),
    Index("ix_reminders_origin", "origin_id", **_where("origin_id IS NOT NULL")),
)

# What a person has said about themself. ``zone_asked``: whether they were asked for their time zone; ``goal`` is in
# seconds a day, ``days_off`` are digits, Monday is 0.
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64)),
    Column("zone_asked", Boolean, nullable=False),
    Column("shares", Boolean, nullable=False, server_default=false()),
    Column("goal", Integer),
    Column("days_off", String(7), nullable=False, server_default=""),
)

# What somebody has done in one focus phase or pomodoro; kept also when the timer is forgotten.
focus_log = Table(
    "focus_log",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("timer_id", _Id, nullable=False),
    Column("phase", Integer),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("focused", Span, nullable=False),
    Column("task", Text),
    Column("outcome", String(16), nullable=False),
    Index("ix_focus_log_user", "user_id", "ended_at"),
    # Each has all that a leaderboard needs, of a period and of all time.
    Index("ix_focus_log_guild_time", "guild_id", "ended_at", "user_id", "focused"),
    Index("ix_focus_log_guild_user", "guild_id", "user_id", "focused"),
    sqlite_autoincrement=True,
)

# The quarters of an hour that an entry lies in, for the sums by day and hour; ``at`` is in seconds since 1970.
focus_slices = Table(
    "focus_slices",
    metadata,
    Column("entry_id", _Id, ForeignKey("focus_log.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, nullable=False),
    Column("seconds", Integer, nullable=False),
    Index("ix_focus_slices_user", "user_id", "at", "seconds"),
)

# What people whose data is deleted have done in a server on a day (counted from 1970 on), without who they were.
focus_sums = Table(
    "focus_sums",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
)

# Servers that the bot has left, and since when: their data goes after a while.
left_guilds = Table(
    "left_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Moment, nullable=False),
)

# Plans that people have kept by a name: a person's own, or a server's.
presets = Table(
    "presets",
    metadata,
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("plan", Text, nullable=False),
)

# What servers have set for themselves; ``channels`` are ids with commas between.
rules = Table(
    "rules",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("prefix", String(10)),
    Column("plan", Text),
    Column("channels", Text, nullable=False),
    Column("starter_role", BigInteger),
    Column("keeper_role", BigInteger),
    Column("most_timers", Integer),
)

# Which process may run which block of shards, and until when: milliseconds of the database's own clock.
leases = Table(
    "leases",
    metadata,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("shard_count", Integer, nullable=False),
    Column("shards_each", Integer, nullable=False, server_default="0"),
    Column("holder", String(200), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
)

# When the next IDENTIFY may be, of each group of shards that Discord counts together; by the database's clock too.
identifies = Table(
    "identifies",
    metadata,
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("next_at", BigInteger, nullable=False),
)

# What the bot notes down about itself, such as the digest of the commands that Discord was last given.
notes = Table(
    "notes",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", String(200), nullable=False),
)
