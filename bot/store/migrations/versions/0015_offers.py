"""Offers: what the number of a timer's length may have meant instead."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("timers", sa.Column("offer", sa.BigInteger))
