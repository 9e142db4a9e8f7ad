"""What detection remembers: labels, what is usual in a group, campaigns, what was read in pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("sightings", "campaign_labels", "campaigns", "pictures", "learning", "samples", "labels")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("ad_keys", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_campaigns_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_campaigns_group_key"), "campaigns", ["group_key"], unique=False)
    op.create_index(op.f("ix_campaigns_last_seen"), "campaigns", ["last_seen"], unique=False)
    op.create_table(
        "campaign_labels",
        sa.Column("campaign", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("ad", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_campaign_labels_group_key")),
        sa.PrimaryKeyConstraint("campaign", "group_key", "by", name=op.f("pk_campaign_labels")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_campaign_labels_group_key"), "campaign_labels", ["group_key"], unique=False)
    op.create_table(
        "pictures",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_pictures")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pictures_at"), "pictures", ["at"], unique=False)
    op.create_table(
        "labels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("ad", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("features_version", sa.Text(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=False),
        sa.Column("logit", sa.Float(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_labels_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_labels_person_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("group_key", "number", name=op.f("uq_labels_group_key_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_labels_message",
        "labels",
        ["group_key", "message"],
        unique=False,
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.create_index(op.f("ix_labels_group_key_person_key"), "labels", ["group_key", "person_key"], unique=False)
    op.create_table(
        "learning",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("ordinary", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("suspected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("through_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("through_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("warm_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_learning_group_key")),
        sa.PrimaryKeyConstraint("group_key", name=op.f("pk_learning")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "samples",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("features_version", sa.Text(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=False),
        sa.Column("logit", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_samples_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_samples_person_key")),
        sa.PrimaryKeyConstraint("group_key", "slot", name=op.f("pk_samples")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_samples_group_key_person_key"), "samples", ["group_key", "person_key"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("campaign", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("newcomer", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_sightings_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_sightings_person_key")),
        sa.PrimaryKeyConstraint("campaign", "group_key", "person_key", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sightings_group_key_person_key"), "sightings", ["group_key", "person_key"], unique=False)


def downgrade() -> None:
    """Drop them."""
    for name in TABLES:
        op.drop_table(name)
