"""The rules of servers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "rules",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("prefix", sa.String(10)),
        sa.Column("plan", sa.Text),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("starter_role", sa.BigInteger),
        sa.Column("keeper_role", sa.BigInteger),
        sa.Column("most_timers", sa.Integer),
    )
