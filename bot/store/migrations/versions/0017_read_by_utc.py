"""Reminders: when a time of day was read as UTC, since its owner's zone was not known."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column; an older version does not write it, and what it reads as UTC stays when a zone is set."""
    op.add_column("reminders", sa.Column("by_utc_at", sa.BigInteger))
