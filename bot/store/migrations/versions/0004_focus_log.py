"""The focus log: the outcome of each phase and pomodoro, and people's preferences on its use."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add columns with defaults, so that an older bot can still write, and the new tables."""
    op.add_column("timers", sa.Column("extended", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("preferences", sa.Column("shares", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("preferences", sa.Column("goal", sa.Integer))
    op.add_column("preferences", sa.Column("days_off", sa.String(7), nullable=False, server_default=""))
    op.create_table(
        "focus_log",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("timer_id", _Id, nullable=False),
        sa.Column("phase", sa.Integer),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("focused", sa.BigInteger, nullable=False),
        sa.Column("task", sa.Text),
        sa.Column("outcome", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_focus_log_user", "focus_log", ["user_id", "ended_at"])
    op.create_index("ix_focus_log_guild_time", "focus_log", ["guild_id", "ended_at", "user_id", "focused"])
    op.create_index("ix_focus_log_guild_user", "focus_log", ["guild_id", "user_id", "focused"])
    op.create_table(
        "focus_slices",
        sa.Column(
            "entry_id",
            _Id,
            sa.ForeignKey("focus_log.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
    )
    op.create_index("ix_focus_slices_user", "focus_slices", ["user_id", "at", "seconds"])
    op.create_table(
        "focus_sums",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seconds", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "left_guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("left_at", sa.BigInteger, nullable=False),
    )
