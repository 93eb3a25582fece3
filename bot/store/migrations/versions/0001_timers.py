"""Timers, the outbox, and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "timers",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("remaining", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("card_id", sa.BigInteger),
        sa.Column("request", sa.String(40), nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timers_state_due", "timers", ["state", "due_at"])
    op.create_index("ix_timers_owner_state", "timers", ["owner_id", "state"])
    op.create_index("ix_timers_guild_state", "timers", ["guild_id", "state"])
    op.create_index("ix_timers_channel_state", "timers", ["channel_id", "state"])
    op.create_index("ix_timers_ended", "timers", ["ended_at"])
    op.create_table(
        "outbox",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("nonce", sa.String(25), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("place_id", sa.BigInteger, nullable=False),
        sa.Column("timer_id", _Id, sa.ForeignKey("timers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("reason", sa.String(200)),
    )
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_nonce", "outbox", ["nonce"])
    op.create_index("ix_outbox_timer", "outbox", ["timer_id"])
    op.create_table(
        "notes",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
    )
