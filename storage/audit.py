"""The audit log: every act of staff and rules, append-only; each row's hash covers the row before it.

Who edits or removes a row breaks the chain, which ``problems`` (``groupkeeper db check``) tells. It is evidence against
quiet edits by hand, not against somebody who can write to the database and recompute every hash: give backups, or
the last hash, to somebody else for that.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, or_, select, update

from rules.changes import Audit
from storage import statements
from storage.keys import group_key
from storage.moments import micros, moment
from storage.schema import audit, audit_ends, former_ids, groups
from storage.statements import clean, dialect_of

_BEGINNING = bytes(32)


class AuditRow(Struct, frozen=True):
    """One act: who did what to whom, when, why, and the event it came with."""

    seq: int
    at: datetime
    group: str
    event: str
    actor: str
    act: str
    target: str | None
    reason: str


def append(conn: Connection, group: str, event: str, now: datetime, acts: Sequence[Audit]) -> None:
    """Write acts to the end of the log."""
    if not acts:
        return
    # The row of the ends is also the lock that keeps two writers (PostgreSQL) from continuing the same row.
    ends = select(audit_ends.c.last_seq, audit_ends.c.last_hash).with_for_update()
    last = conn.execute(ends).one_or_none()
    if last is None:
        start = {"id": 1, "first_seq": 1, "before_first": _BEGINNING, "last_seq": 0, "last_hash": _BEGINNING}
        conn.execute(statements.insert(dialect_of(conn), audit_ends).on_conflict_do_nothing(), start)
        last = conn.execute(ends).one()
    seq, previous, rows = last.last_seq, last.last_hash, []
    for act in acts:
        seq += 1
        row = {
            "seq": seq,
            "at": micros(now),
            "group_id": group,
            "event": event,
            "actor": clean(act.actor),
            "act": clean(act.act),
            "target": None if act.target is None else clean(act.target),
            "reason": clean(act.reason),
        }
        previous = _hash(previous, *row.values())
        rows.append({**row, "hash": previous})
    conn.execute(insert(audit), rows)
    conn.execute(update(audit_ends).values(last_seq=seq, last_hash=previous))


def history(conn: Connection, group: str, limit: int = 100, target: str | None = None) -> list[AuditRow]:
    """A group's latest acts (on one target), latest first; also those from before its platform renamed it."""
    key = group_key(conn, group)
    mine = or_(
        audit.c.group_id == group,
        audit.c.group_id.in_(select(former_ids.c.id).where(former_ids.c.group_key == key)),
        audit.c.group_id.in_(select(groups.c.id).where(groups.c.key == key)),
    )
    query = select(*(column for column in audit.columns if column.name != "hash")).where(mine)
    if target is not None:
        query = query.where(audit.c.target == target)
    rows = conn.execute(query.order_by(audit.c.seq.desc()).limit(limit))
    return [AuditRow(row[0], moment(row[1]), *row[2:]) for row in rows]


def purge(conn: Connection, before: datetime, limit: int) -> int:
    """Remove at most ``limit`` of the oldest rows from before a moment; the chain then begins later. How many."""
    c = audit.c
    oldest = select(c.seq, c.at, c.hash).order_by(c.seq).limit(limit).with_for_update()
    old = []
    for row in conn.execute(oldest):
        if row.at >= micros(before):
            break
        old.append(row)
    if old:
        conn.execute(delete(audit).where(c.seq <= old[-1].seq))
        conn.execute(update(audit_ends).values(first_seq=old[-1].seq + 1, before_first=old[-1].hash))
    return len(old)


def problems(conn: Connection) -> list[str]:
    """Where the chain is broken; empty where nobody edited it."""
    ends = conn.execute(select(audit_ends)).one_or_none()
    expected, previous = (1, _BEGINNING) if ends is None else (ends.first_seq, ends.before_first)
    for row in conn.execute(select(audit).order_by(audit.c.seq), execution_options={"yield_per": 1_000}):
        if row.seq != expected:
            return [f"audit log: row {expected} is missing: somebody removed it; compare with a backup"]
        previous = _hash(previous, *row[:-1])
        if previous != row.hash:
            return [f"audit log: row {row.seq} or the one before it was changed; compare with a backup"]
        expected += 1
    if ends is not None and (ends.last_seq, ends.last_hash) != (expected - 1, previous):
        return [f"audit log: rows after {expected - 1} are missing: somebody removed them; compare with a backup"]
    return []


def _hash(previous: bytes, *values: object) -> bytes:
    return hashlib.sha256(previous + msgspec.json.encode(values)).digest()
