"""Reminders: who answers for one that somebody other than its owner has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; an older version does not write it, and then its owner answers."""
    op.add_column("reminders", sa.Column("author_id", sa.BigInteger))
    known = sa.text("author_id IS NOT NULL")
    op.create_index("ix_reminders_author", "reminders", ["author_id"], sqlite_where=known, postgresql_where=known)
