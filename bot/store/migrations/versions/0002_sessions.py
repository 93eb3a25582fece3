"""Sessions: the purpose of a timer, shared phases, and what people did in them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _timer_id() -> sa.Column[int]:
    key = sa.ForeignKey("timers.id", ondelete="CASCADE")
    return sa.Column("timer_id", _Id, key, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Add columns with defaults, so that an older bot can still write, and the new tables."""
    op.add_column("timers", sa.Column("purpose", sa.String(16), nullable=False, server_default="pomodoro"))
    op.add_column("outbox", sa.Column("stage", sa.Integer))
    op.create_table(
        "sessions",
        _timer_id(),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("auto", sa.Boolean, nullable=False),
        sa.Column("warn", sa.Boolean, nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("armed", sa.Boolean, nullable=False),
        sa.Column("idle", sa.Integer, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("ending", sa.String(16)),
        sa.Column("voice_id", sa.BigInteger),
    )
    op.create_index("ix_sessions_voice", "sessions", ["voice_id"])
    op.create_table(
        "participants",
        _timer_id(),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("task", sa.String(200)),
        sa.Column("notify", sa.String(16), nullable=False),
        sa.Column("resting", sa.Boolean, nullable=False),
        sa.Column("by_voice", sa.Boolean, nullable=False),
        sa.Column("left_at", sa.BigInteger),
        sa.Column("since", sa.BigInteger),
        sa.Column("focused", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "efforts",
        _timer_id(),
        sa.Column("phase", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("task", sa.String(200)),
        sa.Column("focused", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16)),
    )
    op.create_table(
        "presets",
        sa.Column("owner_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("plan", sa.Text, nullable=False),
    )
