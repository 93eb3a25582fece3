"""Voice: who has asked to be let into a session by sitting in its voice channel."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column; an older version does not write it, and lets in whoever sits there."""
    op.add_column("preferences", sa.Column("voice_auto", sa.Boolean, nullable=False, server_default=sa.false()))
