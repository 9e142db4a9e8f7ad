"""The tables, for SQLite and PostgreSQL alike.

Platform ids are text and long, so groups and people have small integer keys. Moments are microseconds
(``storage.moments``). The message columns hold ids relative to their group (``storage.keys.short``).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the primary key is exactly INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")


def _group(*, primary_key: bool = False) -> "Column[int]":
    return Column("group_key", Integer, ForeignKey("groups.key"), primary_key=primary_key, nullable=False)


def _person(*, primary_key: bool = False, nullable: bool = False) -> "Column[int]":
    return Column("person_key", Integer, ForeignKey("people.key"), primary_key=primary_key, nullable=nullable)


groups = Table(
    "groups",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("first_seen", BigInteger),
    Column("last_message_at", BigInteger),
    Column("messages", BigInteger, nullable=False, server_default="0"),
    Column("state", Text, nullable=False, server_default="{}"),
)

former_ids = Table(  # ids that a group had before its platform gave it another
    "former_ids",
    metadata,
    Column("id", Text, primary_key=True),
    _group(),
    sqlite_with_rowid=False,
)

people = Table(
    "people",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
)

members = Table(  # the columns are what SQL asks for; ``state`` is the whole rules.state.MemberState
    "members",
    metadata,
    _group(primary_key=True),
    _person(primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("name_folded", Text, nullable=False, server_default=""),
    Column("handle", Text),  # the username, case folded
    Column("first_seen", BigInteger),
    Column("joined_at", BigInteger),
    Column("left_at", BigInteger),
    Column("last_seen", BigInteger),
    Column("messages", BigInteger, nullable=False, server_default="0"),
    Column("introduced_at", BigInteger),
    Column("score", BigInteger, nullable=False, server_default="0"),
    Column("streak", Integer, nullable=False, server_default="0"),
    Column("banned", Boolean, nullable=False, server_default=false()),
    Column("state", Text, nullable=False, server_default="{}"),
    Index(None, "group_key", "first_seen"),
    Index(None, "group_key", "name_folded"),
    Index(None, "group_key", "handle"),
    Index(None, "left_at", sqlite_where=text("left_at IS NOT NULL"), postgresql_where=text("left_at IS NOT NULL")),
    sqlite_with_rowid=False,
)


def _where(name: str, *columns: str, when: str) -> Index:
    return Index(name, *columns, sqlite_where=text(when), postgresql_where=text(when))


activity = Table(
    "activity",
    metadata,
    _group(primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # the event's place in the inbox
    _person(nullable=True),
    Column("kind", SmallInteger, nullable=False),
    Column("message", Text),
    Column("reply_to", Text),
    Column("text", Text),
    Column("fingerprint", BigInteger),
    Column("question", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("links", Text),
    Index("ix_activity_person", "group_key", "person_key", "at"),
    _where("ix_activity_message", "group_key", "message", when="message IS NOT NULL"),
    _where("ix_activity_reply_to", "group_key", "reply_to", "person_key", when="reply_to IS NOT NULL"),
    _where("ix_activity_text", "at", when="text IS NOT NULL OR links IS NOT NULL"),
    sqlite_with_rowid=False,
)


def _rollup(name: str, slot: str) -> Table:
    return Table(
        name,
        metadata,
        _group(primary_key=True),
        Column(slot, Integer, primary_key=True, autoincrement=False),  # since 1970, UTC
        _person(primary_key=True),
        Column("messages", Integer, nullable=False),
        Column("removed", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


activity_hours = _rollup("activity_hours", "hour")
activity_days = _rollup("activity_days", "day")

introductions = Table(
    "introductions",
    metadata,
    Column("id", _Serial, primary_key=True),
    _group(),
    _person(),
    Column("at", BigInteger, nullable=False),
    Column("message", Text),
    Column("text", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Index(None, "group_key", "at"),
    Index(None, "group_key", "person_key"),
)

warnings = Table(
    "warnings",
    metadata,
    Column("id", _Serial, primary_key=True),
    _group(),
    _person(),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("forgiven_at", BigInteger),
    Column("forgiven_by", Text),
    Index(None, "group_key", "person_key", "at"),
)

points = Table(  # kind: ladder (fade at ``expires``), score, checkin
    "points",
    metadata,
    Column("id", _Serial, primary_key=True),
    _group(),
    _person(),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("ladder", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires", BigInteger),
    Index(None, "group_key", "kind", "at"),
    Index(None, "group_key", "person_key", "at"),
)

inbox = Table(  # state: 0 waiting, 1 closed, 2 parked; a closed row keeps its id alone
    "inbox",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("group_id", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("event", Text),
    Column("error", Text),
    _where("ix_inbox_open", "seq", when="state = 0"),
    Index(None, "received_at"),
    sqlite_autoincrement=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("source", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

outbox = Table(  # state: see storage.outbox
    "outbox",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("event", Text, nullable=False),
    Column("position", Integer, nullable=False),
    _group(),
    Column("lane", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("rule", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("receipt", Text),
    Column("error", Text),
    UniqueConstraint("event", "position"),
    _where("ix_outbox_open", "lane", "id", when="state = 0"),
    _where("ix_outbox_sending", "id", when="state = 1"),
    _where("ix_outbox_receipt", "group_key", "receipt", when="receipt IS NOT NULL"),
    Index(None, "done_at", sqlite_where=text("done_at IS NOT NULL"), postgresql_where=text("done_at IS NOT NULL")),
    sqlite_autoincrement=True,
)

traces = Table(
    "traces",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("event", Text, nullable=False, unique=True),
    _group(),
    Column("message", Text),
    Column("at", BigInteger, nullable=False),
    Column("decided", Boolean, nullable=False),
    Column("trace", LargeBinary, nullable=False),
    _where("ix_traces_message", "group_key", "message", when="message IS NOT NULL"),
    Index(None, "at"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("event", Text, primary_key=True),
    Column("detector", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

timers = Table(  # subject: a member's platform id, or empty
    "timers",
    metadata,
    _group(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("data", Text),
    Index(None, "due"),
    sqlite_with_rowid=False,
)

fires = Table(  # the schedule ledger: what fired, once per schedule, group and local wall time
    "fires",
    metadata,
    Column("schedule", Text, primary_key=True),
    _group(primary_key=True),
    Column("local", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

schedule_cursors = Table(
    "schedule_cursors",
    metadata,
    Column("schedule", Text, primary_key=True),
    _group(primary_key=True),
    Column("checked_through", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(  # append-only; each row's hash covers the row before it (storage.audit)
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("group_id", Text, nullable=False),  # as it was then; storage.audit.history also looks under former ids
    Column("event", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("target", Text),
    Column("reason", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index(None, "group_id", "seq"),
)

audit_ends = Table(  # one row: where the log begins (after retention) and ends
    "audit_ends",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("before_first", LargeBinary, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_hash", LargeBinary, nullable=False),
)

quarantine = Table(  # what came from a platform and could not be read (storage.quarantine)
    "quarantine",
    metadata,
    Column("id", Text, primary_key=True),
    Column("received_at", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Index(None, "received_at"),
)

running = Table(  # the bot's own messages that are kept up to date: one by name and group
    "running",
    metadata,
    _group(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("message", Text, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("pictured", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)

cases = Table(  # what was decided on members, for staff to look at again (storage.cases)
    "cases",
    metadata,
    _group(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _person(),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("message", Text),
    Column("acts", Text, nullable=False),
    Column("appeal_until", BigInteger),
    Column("answer_within", BigInteger),
    Column("appealed_at", BigInteger),
    Column("outcome", Text),
    Column("decided_by", Text),
    Index(None, "group_key", "person_key"),
    Index(None, "event"),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

labels = Table(  # what staff said of a message: 1 an advertisement, 0 none (storage.labels)
    "labels",
    metadata,
    Column("id", _Serial, primary_key=True),
    _group(),
    Column("number", Integer, nullable=False),  # of the group's labels: what staff call it
    _person(nullable=True),  # who wrote the message
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),  # the command or press that said so
    Column("message", Text),
    Column("ad", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("source", Text, nullable=False),  # command, button, import
    Column("features_version", Text, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("logit", Float, nullable=False),  # what the model said of it then
    Column("sketch", LargeBinary),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
    UniqueConstraint("group_key", "number"),
    _where("ix_labels_message", "group_key", "message", when="message IS NOT NULL"),
    Index(None, "group_key", "person_key"),
    sqlite_autoincrement=True,
)

samples = Table(  # ordinary messages of a group, a sample of fixed size: what is usual here (storage.samples)
    "samples",
    metadata,
    _group(primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    _person(nullable=True),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("features_version", Text, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("logit", Float, nullable=False),
    Index(None, "group_key", "person_key"),
    sqlite_with_rowid=False,
)

learning = Table(  # how far a group's cold start has come, and through which row of its activity
    "learning",
    metadata,
    _group(primary_key=True),
    Column("ordinary", BigInteger, nullable=False, server_default="0"),
    Column("suspected", BigInteger, nullable=False, server_default="0"),  # left out as likely advertisements
    Column("through_at", BigInteger, nullable=False, server_default="0"),
    Column("through_seq", BigInteger, nullable=False, server_default="0"),
    Column("warm_at", BigInteger),
    Column("told_at", BigInteger),
    sqlite_with_rowid=False,
)

campaigns = Table(  # what was posted more than once, by its sketch, which holds no words (storage.campaigns)
    "campaigns",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    _group(),  # where it was seen first
    Column("message", Text),
    Column("copies", Integer, nullable=False),
    Column("ad_keys", LargeBinary, nullable=False),
    Index(None, "group_key"),
    Index(None, "last_seen"),
    sqlite_with_rowid=False,
)

campaign_labels = Table(  # who says of a campaign that it is an advertisement or none; ``bot``: a rule removed it
    "campaign_labels",
    metadata,
    Column("campaign", BigInteger, primary_key=True, autoincrement=False),
    _group(primary_key=True),
    Column("by", Text, primary_key=True),
    Column("ad", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("bot", Boolean, nullable=False),
    Index(None, "group_key"),
    sqlite_with_rowid=False,
)

sightings = Table(  # who posted a campaign where; ``event`` is the last one's hash
    "sightings",
    metadata,
    Column("campaign", BigInteger, primary_key=True, autoincrement=False),
    _group(primary_key=True),
    _person(primary_key=True),
    Column("first_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("newcomer", Boolean, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("event", BigInteger, nullable=False),
    Index(None, "group_key", "person_key"),
    sqlite_with_rowid=False,
)

pictures = Table(  # what was read in a picture, by the platform's unique id of the file (storage.pictures)
    "pictures",
    metadata,
    Column("file", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("findings", Text, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

connections = Table(  # what is known of each connection; ``since``: nothing is heard (storage.connections)
    "connections",
    metadata,
    Column("adapter", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("trouble_at", BigInteger),
    Column("tell_at", BigInteger),
    Column("since", BigInteger),
    sqlite_with_rowid=False,
)

outages = Table(  # when a connection was away; ``restarted``: the bot itself was not there all the time
    "outages",
    metadata,
    Column("adapter", Text, primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("restarted", Boolean, nullable=False),
    Index(None, "until"),
    sqlite_with_rowid=False,
)
