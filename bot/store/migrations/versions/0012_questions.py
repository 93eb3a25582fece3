"""Questions: what people are asked, with the requests that their answers carry out."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("request", sa.String(40), nullable=False, unique=True),
        sa.Column("about_id", sa.BigInteger),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_user", "questions", ["user_id"])
    op.create_index("ix_questions_created", "questions", ["created_at"])
