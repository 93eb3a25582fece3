"""The focus log, and what is derived from it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, false

from bot.store.columns import Duration, Flag, Spans, UtcDateTime
from bot.store.table.base import Id, metadata, where

# Somebody's focus in one phase or pomodoro; kept when the timer is deleted. ``spans``, ``zone`` and ``counted`` are
# NULL where an older version wrote it, or where there is none; ``counted`` is derived, in seconds.
focus_log = Table(
    "focus_log",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("timer_id", Id, nullable=False),
    Column("phase", Integer),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("focused", Duration, nullable=False),
    Column("task", Text),
    Column("outcome", String(16), nullable=False),
    Column("spans", Spans),
    Column("zone", String(64)),
    Column("added", Flag, nullable=False, server_default=false()),
    Column("was_focused", Duration),
    Column("was_ended_at", UtcDateTime),
    Column("corrected_at", UtcDateTime),
    Column("counted", Integer),
    Index("ix_focus_log_person", "user_id", "ended_at", "began_at"),
    # Covering indexes for leaderboards, of a period and of all time.
    Index("ix_focus_log_period", "guild_id", "ended_at", "user_id", "began_at", "focused", "counted", "added"),
    Index("ix_focus_log_all_time", "guild_id", "user_id", "focused", "counted", "added"),
    Index("ix_focus_log_corrected", "corrected_at", **where("corrected_at IS NOT NULL")),
    sqlite_autoincrement=True,
)

# The quarter hours of an entry, for sums by day and hour: the seconds that count for it and for no other entry.
# ``at`` is in seconds since 1970; the clock of the entry's zone was ``ahead`` of UTC, in seconds. Both are derived;
# where ``ahead`` is NULL, as an older version writes it, they are to be derived again.
focus_slices = Table(
    "focus_slices",
    metadata,
    Column("entry_id", Id, ForeignKey("focus_log.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("ahead", Integer),
    Index("ix_focus_slices_person", "user_id", "at", "seconds", "ahead"),
    Index("ix_focus_slices_stale", "user_id", "at", **where("ahead IS NULL")),
)

# The anonymous focus in a server on a day (counted from 1970) of people whose data was deleted.
focus_sums = Table(
    "focus_sums",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
)
