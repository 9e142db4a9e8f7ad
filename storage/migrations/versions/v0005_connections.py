"""What is known of each connection, and when one was away."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "connections",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("trouble_at", sa.BigInteger(), nullable=True),
        sa.Column("tell_at", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("adapter", name=op.f("pk_connections")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outages",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("restarted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("adapter", "since", name=op.f("pk_outages")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outages_until"), "outages", ["until"], unique=False)


def downgrade() -> None:
    """Drop both."""
    op.drop_table("outages")
    op.drop_table("connections")
