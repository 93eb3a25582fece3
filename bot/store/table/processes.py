"""What processes tell each other."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from bot.store.table.base import metadata

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
    "notes", metadata, Column("key", String(64), primary_key=True), Column("value", String(200), nullable=False)
)
