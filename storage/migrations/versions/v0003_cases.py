"""What was decided on members, for staff to look at again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "cases",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("appeal_until", sa.BigInteger(), nullable=True),
        sa.Column("answer_within", sa.BigInteger(), nullable=True),
        sa.Column("appealed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_cases_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_cases_person_key")),
        sa.PrimaryKeyConstraint("group_key", "number", name=op.f("pk_cases")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_cases_group_key_person_key"), "cases", ["group_key", "person_key"], unique=False)
    op.create_index(op.f("ix_cases_event"), "cases", ["event"], unique=False)
    op.create_index(op.f("ix_cases_at"), "cases", ["at"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("cases")
