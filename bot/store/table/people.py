"""What people and servers have set, and what people are asked."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, false, true

from bot.store.columns import Flag, UtcDateTime
from bot.store.table.base import Id, metadata

# A person's preferences. ``zone_asked``: whether they were asked for their time zone; ``goal`` is in seconds a day,
# ``days_off`` are digits, Monday is 0; ``day_starts`` is in minutes after midnight; ``voice_auto``: whether sitting
# in the voice channel of a session lets them in.
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64)),
    Column("zone_asked", Flag, nullable=False),
    Column("shares", Flag, nullable=False, server_default=false()),
    Column("goal", Integer),
    Column("days_off", String(7), nullable=False, server_default=""),
    Column("day_starts", Integer, nullable=False, server_default="0"),
    Column("voice_auto", Flag, nullable=False, server_default=false()),
)

# Saved plans of a person or a server.
presets = Table(
    "presets",
    metadata,
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("plan", Text, nullable=False),
)

# Questions that were put to people: ``lines`` is a JSON list of the requests that their choices carry out, and
# ``request`` the message or interaction that asked.
questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("request", String(40), nullable=False, unique=True),
    Column("about_id", BigInteger),
    Column("lines", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Index("ix_questions_user", "user_id"),
    Index("ix_questions_created", "created_at"),
    sqlite_autoincrement=True,
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
    Column("zone", String(64)),
    Column("counts_from", Integer),
    Column("has_added", Flag, nullable=False, server_default=true()),
)

# Servers that the bot left, and when: their data is deleted after a while.
left_guilds = Table(
    "left_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", UtcDateTime, nullable=False),
)
