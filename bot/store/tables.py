"""The tables. Times are milliseconds since 1970 (UTC) in the database and aware datetimes in Python."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from bot.store.columns import Flag, Moment, Span

metadata = MetaData()


def _where(condition: str) -> dict[str, Any]:
    """Return the options of a partial index for either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# SQLite numbers rows automatically only where the key is spelled INTEGER.
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
    # SQLite's column as it was created; SQLite does not enforce lengths.
    Column("name", Text().with_variant(String(80), "sqlite"), nullable=False),
    Column("length", Span, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("remaining", Span),
    Column("ended_at", Moment),
    Column("card_id", BigInteger),
    Column("purpose", String(16), nullable=False, server_default="pomodoro"),
    Column("extended", Span, nullable=False, server_default="0"),
    # The idempotency key: the message, interaction or earlier timer that caused it.
    Column("request", String(40), nullable=False, unique=True),
    Index("ix_timers_state_due", "state", "due_at"),
    Index("ix_timers_owner", "owner_id", "purpose", "state"),
    Index("ix_timers_guild", "guild_id", "purpose", "state"),
    Index("ix_timers_channel", "channel_id", "purpose", "state"),
    Index("ix_timers_ended", "ended_at"),
    sqlite_autoincrement=True,  # a number that was shown is never reused
)

# One row per timer of a message; rows of one message share its nonce.
outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("nonce", String(25), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # The channel, or the person for a direct message.
    Column("place_id", BigInteger, nullable=False),
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), nullable=False),
    # The message it became, or the one it is about.
    Column("message_id", BigInteger),
    Column("reason", String(200)),
    # The session's progress at the time.
    Column("stage", Integer),
    # When a try may first have reached Discord without our knowing.
    Column("tried_at", Moment),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_nonce", "nonce"),
    Index("ix_outbox_timer", "timer_id"),
)

# A session has the id of its timer.
sessions = Table(
    "sessions",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("plan", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("auto", Flag, nullable=False),
    Column("warn", Flag, nullable=False),
    Column("waiting", Flag, nullable=False),
    Column("armed", Flag, nullable=False),
    Column("idle", Integer, nullable=False),
    Column("asked", Flag, nullable=False),
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
    Column("resting", Flag, nullable=False),
    Column("by_voice", Flag, nullable=False),
    Column("left_at", Moment),
    Column("since", Moment),
    Column("focused", Span, nullable=False),
)

# One person's effort in one focus phase.
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

# A reminder has the id of its timer, whose name is its text.
reminders = Table(
    "reminders",
    metadata,
    Column("timer_id", _Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("rule", String(200)),
    Column("fired", Integer, nullable=False),
    Column("direct", Flag, nullable=False),
    Column("calls", String(40), nullable=False),
    Column("about_id", BigInteger),
    # The series or reminder it came from; not a foreign key, since that may be deleted first.
    Column("origin_id", _Id),
    Column("missed", Integer, nullable=False),
    Index("ix_reminders_origin", "origin_id", **_where("origin_id IS NOT NULL")),
)

# A person's preferences. ``zone_asked``: whether they were asked for their time zone; ``goal`` is in seconds a day,
# ``days_off`` are digits, Monday is 0.
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64)),
    Column("zone_asked", Flag, nullable=False),
    Column("shares", Flag, nullable=False, server_default=false()),
    Column("goal", Integer),
    Column("days_off", String(7), nullable=False, server_default=""),
)

# Somebody's focus in one phase or pomodoro; kept when the timer is deleted.
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
    # Covering indexes for leaderboards, of a period and of all time.
    Index("ix_focus_log_guild_time", "guild_id", "ended_at", "user_id", "focused"),
    Index("ix_focus_log_guild_user", "guild_id", "user_id", "focused"),
    sqlite_autoincrement=True,
)

# The quarter hours of an entry, for sums by day and hour; ``at`` is in seconds since 1970.
focus_slices = Table(
    "focus_slices",
    metadata,
    Column("entry_id", _Id, ForeignKey("focus_log.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, nullable=False),
    Column("seconds", Integer, nullable=False),
    Index("ix_focus_slices_user", "user_id", "at", "seconds"),
)

# The anonymous focus in a server on a day (counted from 1970) of people whose data was deleted.
focus_sums = Table(
    "focus_sums",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
)

# Servers that the bot left, and when: their data is deleted after a while.
left_guilds = Table(
    "left_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Moment, nullable=False),
)

# Saved plans of a person or a server.
presets = Table(
    "presets",
    metadata,
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("plan", Text, nullable=False),
)

# The rules of servers; ``channels`` are comma-separated ids.
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

# Which process may run which block of shards, and until when, in milliseconds by the database's clock.
leases = Table(
    "leases",
    metadata,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("shard_count", Integer, nullable=False),
    Column("shards_each", Integer, nullable=False, server_default="0"),
    Column("holder", String(200), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("length", BigInteger),
)

# When the next IDENTIFY may be sent in each group of shards that Discord counts together, and (below 0) in all of
# them where few starts are left for the day; by the database's clock too.
identifies = Table(
    "identifies",
    metadata,
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("next_at", BigInteger, nullable=False),
)

# The bot's notes about itself, such as the digest of the commands last registered with Discord.
notes = Table(
    "notes",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", String(200), nullable=False),
)
