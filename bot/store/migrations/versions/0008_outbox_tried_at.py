"""Outbox: when a message was first tried, so that a later process knows that Discord may have it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("tried_at", sa.BigInteger))
