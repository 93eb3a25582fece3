"""A second counts once: spans, zones and corrections of log entries, and what is derived from them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NEW = {
    "timers": (sa.Column("spans", sa.Text), sa.Column("counts_from", sa.BigInteger, server_default="0")),
    "participants": (sa.Column("spans", sa.Text),),
    "reminders": (sa.Column("words_by", sa.BigInteger),),
    "preferences": (sa.Column("day_starts", sa.Integer, nullable=False, server_default="0"),),
    "focus_log": (
        sa.Column("spans", sa.Text),
        sa.Column("zone", sa.String(64)),
        sa.Column("added", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("was_focused", sa.BigInteger),
        sa.Column("was_ended_at", sa.BigInteger),
        sa.Column("corrected_at", sa.BigInteger),
        sa.Column("counted", sa.Integer),
    ),
    "focus_slices": (sa.Column("ahead", sa.Integer),),
    "rules": (
        sa.Column("zone", sa.String(64)),
        sa.Column("counts_from", sa.Integer),
        sa.Column("has_added", sa.Boolean, nullable=False, server_default=sa.true()),
    ),
}
_PERIOD = ["guild_id", "ended_at", "user_id", "began_at", "focused", "counted", "added"]
_ALL_TIME = ["guild_id", "user_id", "focused", "counted", "added"]


def upgrade() -> None:
    """Add columns that an older version need not write; replace indexes by wider ones, which serve it as well."""
    for table, columns in _NEW.items():
        for column in columns:
            op.add_column(table, column)
    op.execute(
        "UPDATE focus_log SET zone = (SELECT zone FROM preferences WHERE preferences.user_id = focus_log.user_id)"
    )
    op.create_index("ix_focus_log_person", "focus_log", ["user_id", "ended_at", "began_at"])
    op.create_index("ix_focus_log_period", "focus_log", _PERIOD)
    op.create_index("ix_focus_log_all_time", "focus_log", _ALL_TIME)
    op.create_index("ix_focus_slices_person", "focus_slices", ["user_id", "at", "seconds", "ahead"])
    for name, table, key in (
        ("ix_focus_log_corrected", "focus_log", ["corrected_at"]),
        ("ix_focus_slices_stale", "focus_slices", ["user_id", "at"]),
    ):
        condition = sa.text("corrected_at IS NOT NULL" if table == "focus_log" else "ahead IS NULL")
        op.create_index(name, table, key, sqlite_where=condition, postgresql_where=condition)
    for name, table in (
        ("ix_focus_log_user", "focus_log"),
        ("ix_focus_log_guild_time", "focus_log"),
        ("ix_focus_log_guild_user", "focus_log"),
        ("ix_focus_slices_user", "focus_slices"),
    ):
        op.drop_index(name, table)
