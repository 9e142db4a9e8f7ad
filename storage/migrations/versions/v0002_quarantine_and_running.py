"""What could not be read, and the bot's own messages that are kept up to date.

Which deliveries wait behind one that is tried again is known to dispatch, so no index has to find them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, drop the index."""
    op.drop_index("ix_outbox_retried", table_name="outbox")
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_received_at"), "quarantine", ["received_at"], unique=False)
    op.create_table(
        "running",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("pictured", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_running_group_key")),
        sa.PrimaryKeyConstraint("group_key", "name", name=op.f("pk_running")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both tables, make the index."""
    op.create_index(
        "ix_outbox_retried",
        "outbox",
        ["group_key", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("state = 0 AND attempts > 0"),
        postgresql_where=sa.text("state = 0 AND attempts > 0"),
    )
    op.drop_table("running")
    op.drop_table("quarantine")
