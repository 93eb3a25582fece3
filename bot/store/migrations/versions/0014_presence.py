"""Presence: rounds without a sign of somebody, which they confirm before they count; sessions without a channel."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add columns with defaults, so that an older bot can still write, and the new table."""
    op.add_column("participants", sa.Column("silent", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("stranded", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "unconfirmed",
        sa.Column(
            "timer_id", _Id, sa.ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        sa.Column("phase", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("focused", sa.BigInteger, nullable=False),
        sa.Column("spans", sa.Text),
        sa.Column("task", sa.Text),
        sa.Column("outcome", sa.String(16), nullable=False),
    )
