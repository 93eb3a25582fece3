"""Leases: the number of shards per block, so that different splits are told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("leases", sa.Column("shards_each", sa.Integer, nullable=False, server_default="0"))
