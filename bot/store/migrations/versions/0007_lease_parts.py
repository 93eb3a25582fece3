"""Leases: how many shards a block has, so that two ways to part them are told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("leases", sa.Column("shards_each", sa.Integer, nullable=False, server_default="0"))
