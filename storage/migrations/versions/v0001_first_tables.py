"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_group_id_seq"), "audit", ["group_id", "seq"], unique=False)
    op.create_table(
        "audit_ends",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("before_first", sa.LargeBinary(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_ends")),
    )
    op.create_table(
        "cursors",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_cursors")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "groups",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=True),
        sa.Column("last_message_at", sa.BigInteger(), nullable=True),
        sa.Column("messages", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_groups")),
        sa.UniqueConstraint("id", name=op.f("uq_groups_id")),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("id", name=op.f("uq_inbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_people")),
        sa.UniqueConstraint("id", name=op.f("uq_people_id")),
    )
    op.create_table(
        "verdicts",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "detector", "version", name=op.f("pk_verdicts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_verdicts_at"), "verdicts", ["at"], unique=False)
    op.create_table(
        "activity",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=True),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("links", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_activity_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_activity_person_key")),
        sa.PrimaryKeyConstraint("group_key", "at", "seq", name=op.f("pk_activity")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_activity_person", "activity", ["group_key", "person_key", "at"], unique=False)
    op.create_index(
        "ix_activity_message",
        "activity",
        ["group_key", "message"],
        unique=False,
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.create_index(
        "ix_activity_reply_to",
        "activity",
        ["group_key", "reply_to", "person_key"],
        unique=False,
        sqlite_where=sa.text("reply_to IS NOT NULL"),
        postgresql_where=sa.text("reply_to IS NOT NULL"),
    )
    op.create_index(
        "ix_activity_text",
        "activity",
        ["at"],
        unique=False,
        sqlite_where=sa.text("text IS NOT NULL OR links IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL OR links IS NOT NULL"),
    )
    op.create_table(
        "activity_days",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_activity_days_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_activity_days_person_key")),
        sa.PrimaryKeyConstraint("group_key", "day", "person_key", name=op.f("pk_activity_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity_hours",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_activity_hours_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_activity_hours_person_key")),
        sa.PrimaryKeyConstraint("group_key", "hour", "person_key", name=op.f("pk_activity_hours")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fires",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_fires_group_key")),
        sa.PrimaryKeyConstraint("schedule", "group_key", "local", name=op.f("pk_fires")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "former_ids",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_former_ids_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_ids")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "introductions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_introductions_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_introductions_person_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
    )
    op.create_index(op.f("ix_introductions_group_key_at"), "introductions", ["group_key", "at"], unique=False)
    op.create_index(
        op.f("ix_introductions_group_key_person_key"), "introductions", ["group_key", "person_key"], unique=False
    )
    op.create_table(
        "members",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("name_folded", sa.Text(), server_default="", nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen", sa.BigInteger(), nullable=True),
        sa.Column("messages", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("introduced_at", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("banned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_members_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_members_person_key")),
        sa.PrimaryKeyConstraint("group_key", "person_key", name=op.f("pk_members")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_members_group_key_first_seen"), "members", ["group_key", "first_seen"], unique=False)
    op.create_index(op.f("ix_members_group_key_handle"), "members", ["group_key", "handle"], unique=False)
    op.create_index(op.f("ix_members_group_key_name_folded"), "members", ["group_key", "name_folded"], unique=False)
    op.create_index(
        op.f("ix_members_left_at"),
        "members",
        ["left_at"],
        unique=False,
        sqlite_where=sa.text("left_at IS NOT NULL"),
        postgresql_where=sa.text("left_at IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_outbox_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event", "position", name=op.f("uq_outbox_event_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_done_at"),
        "outbox",
        ["done_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index(
        "ix_outbox_retried",
        "outbox",
        ["group_key", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("state = 0 AND attempts > 0"),
        postgresql_where=sa.text("state = 0 AND attempts > 0"),
    )
    op.create_index(
        "ix_outbox_receipt",
        "outbox",
        ["group_key", "receipt"],
        unique=False,
        sqlite_where=sa.text("receipt IS NOT NULL"),
        postgresql_where=sa.text("receipt IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 1"),
        postgresql_where=sa.text("state = 1"),
    )
    op.create_table(
        "points",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_points_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_points_person_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points")),
    )
    op.create_index(op.f("ix_points_group_key_kind_at"), "points", ["group_key", "kind", "at"], unique=False)
    op.create_index(
        op.f("ix_points_group_key_person_key_at"), "points", ["group_key", "person_key", "at"], unique=False
    )
    op.create_table(
        "schedule_cursors",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("checked_through", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_schedule_cursors_group_key")),
        sa.PrimaryKeyConstraint("schedule", "group_key", name=op.f("pk_schedule_cursors")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "timers",
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_timers_group_key")),
        sa.PrimaryKeyConstraint("group_key", "name", "subject", name=op.f("pk_timers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_timers_due"), "timers", ["due"], unique=False)
    op.create_table(
        "traces",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("trace", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_traces_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traces")),
        sa.UniqueConstraint("event", name=op.f("uq_traces_event")),
    )
    op.create_index(op.f("ix_traces_at"), "traces", ["at"], unique=False)
    op.create_index(
        "ix_traces_message",
        "traces",
        ["group_key", "message"],
        unique=False,
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.create_table(
        "warnings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("forgiven_at", sa.BigInteger(), nullable=True),
        sa.Column("forgiven_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_warnings_group_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.key"], name=op.f("fk_warnings_person_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
    )
    op.create_index(
        op.f("ix_warnings_group_key_person_key_at"), "warnings", ["group_key", "person_key", "at"], unique=False
    )


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "warnings",
        "traces",
        "timers",
        "schedule_cursors",
        "points",
        "outbox",
        "members",
        "introductions",
        "former_ids",
        "fires",
        "activity_hours",
        "activity_days",
        "activity",
        "verdicts",
        "people",
        "inbox",
        "groups",
        "cursors",
        "audit_ends",
        "audit",
    ):
        op.drop_table(table)
