"""Leases: the length of each, so that others know by when it must expire."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; an older version does not write it."""
    op.add_column("leases", sa.Column("length", sa.BigInteger))
