"""Timers, the messages about them, and reminders."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.store.columns import Duration, Flag, Spans, UtcDateTime
from bot.store.table.base import Id, metadata, where

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    # SQLite's column as it was created; SQLite does not enforce lengths.
    Column("name", Text().with_variant(String(80), "sqlite"), nullable=False),
    Column("length", Duration, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("remaining", Duration),
    Column("ended_at", UtcDateTime),
    Column("card_id", BigInteger),
    Column("purpose", String(16), nullable=False, server_default="pomodoro"),
    Column("extended", Duration, nullable=False, server_default="0"),
    # Where it ran before its last pause; and how long it must run to count as focus, NULL for never.
    Column("spans", Spans),
    Column("counts_from", Duration, server_default="0"),
    # What a bare number of seconds may have meant instead.
    Column("offer", Duration),
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
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("nonce", String(25), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # The channel, or the person for a direct message.
    Column("place_id", BigInteger, nullable=False),
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), nullable=False),
    # The message it became, or the one it is about.
    Column("message_id", BigInteger),
    Column("reason", String(200)),
    # The session's progress at the time.
    Column("stage", Integer),
    # When a try may first have reached Discord without our knowing.
    Column("tried_at", UtcDateTime),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_nonce", "nonce"),
    Index("ix_outbox_timer", "timer_id"),
)

# A reminder has the id of its timer, whose name is its text.
reminders = Table(
    "reminders",
    metadata,
    Column("timer_id", Id, ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("rule", String(200)),
    Column("fired", Integer, nullable=False),
    Column("direct", Flag, nullable=False),
    Column("calls", String(40), nullable=False),
    Column("about_id", BigInteger),
    # The series or reminder it came from; not a foreign key, since that may be deleted first.
    Column("origin_id", Id),
    Column("missed", Integer, nullable=False),
    # The person who answers for it, if not its owner: the last to change or resume it.
    Column("author_id", BigInteger),
    Index("ix_reminders_author", "author_id", **where("author_id IS NOT NULL")),
    # The author of its text, if not its owner.
    Column("words_by", BigInteger),
    # When a time of day was read as UTC for it, since its owner's zone was not known.
    Column("by_utc_at", UtcDateTime),
    Index("ix_reminders_origin", "origin_id", **where("origin_id IS NOT NULL")),
)
