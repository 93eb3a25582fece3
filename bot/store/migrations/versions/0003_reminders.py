"""Reminders: their full texts, times and recipients, and people's time zones."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_WHOSE = ("owner", "guild", "channel")


def upgrade() -> None:
    """Add tables, and indexes that separate reminders from other timers."""
    if op.get_bind().dialect.name != "sqlite":  # which does not enforce lengths
        op.alter_column("timers", "name", type_=sa.Text())
    for whose in _WHOSE:
        op.create_index(f"ix_timers_{whose}", "timers", [f"{whose}_id", "purpose", "state"])
        op.drop_index(f"ix_timers_{whose}_state", "timers")
    op.create_table(
        "reminders",
        sa.Column(
            "timer_id", _Id, sa.ForeignKey("timers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.String(200)),
        sa.Column("fired", sa.Integer, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("calls", sa.String(40), nullable=False),
        sa.Column("about_id", sa.BigInteger),
        sa.Column("origin_id", _Id),
        sa.Column("missed", sa.Integer, nullable=False),
    )
    there = sa.text("origin_id IS NOT NULL")
    op.create_index("ix_reminders_origin", "reminders", ["origin_id"], sqlite_where=there, postgresql_where=there)
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("zone_asked", sa.Boolean, nullable=False),
    )
