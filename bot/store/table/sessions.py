"""Shared sessions, and who takes part in them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, false

from bot.store.columns import Duration, Flag, Spans, UtcDateTime
from bot.store.table.base import Id, metadata

# A session has the id of its timer.
sessions = Table(
    "sessions",
    metadata,
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("plan", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("auto", Flag, nullable=False),
    Column("warn", Flag, nullable=False),
    Column("waiting", Flag, nullable=False),
    Column("armed", Flag, nullable=False),
    Column("idle", Integer, nullable=False),
    Column("asked", Flag, nullable=False),
    Column("ending", String(16)),
    Column("voice_id", BigInteger),
    Column("stranded", Flag, nullable=False, server_default=false()),
    Index("ix_sessions_voice", "voice_id"),
)

participants = Table(
    "participants",
    metadata,
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("task", String(200)),
    Column("notify", String(16), nullable=False),
    Column("resting", Flag, nullable=False),
    Column("by_voice", Flag, nullable=False),
    Column("left_at", UtcDateTime),
    Column("since", UtcDateTime),
    Column("focused", Duration, nullable=False),
    Column("spans", Spans),
    Column("silent", Integer, nullable=False, server_default="0"),
)

# One person's effort in one focus phase.
efforts = Table(
    "efforts",
    metadata,
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("phase", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("task", String(200)),
    Column("focused", Duration, nullable=False),
    Column("outcome", String(16)),
)

# A round without activity: a person's log entry, until they confirm it or seven days have passed.
unconfirmed = Table(
    "unconfirmed",
    metadata,
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("phase", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("focused", Duration, nullable=False),
    Column("spans", Spans),
    Column("task", Text),
    Column("outcome", String(16), nullable=False),
)
