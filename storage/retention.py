"""Forgetting in time: what is older than the operator keeps it, removed in chunks that do not hold the writer up."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select, update

from storage import audit, inbox, sightings
from storage.forget import forget, forget_membership
from storage.moments import micros
from storage.schema import (
    activity,
    cases,
    fires,
    groups,
    labels,
    members,
    outages,
    outbox,
    people,
    pictures,
    quarantine,
    running,
    traces,
    verdicts,
)
from storage.schema import inbox as inbox_table


class Keep(Struct, frozen=True, kw_only=True):
    """How many days things are kept; None means for good.

    ``inbox_days`` is how long a repeated event is recognised. ``trace_days`` is for traces of decisions to do
    something; those of nothing go after ``idle_trace_days``. ``campaign_days`` is since something was posted last.
    """

    text_days: float | None = 30
    trace_days: float | None = 30
    idle_trace_days: float | None = 7
    inbox_days: float | None = 14
    left_member_days: float | None = 90
    audit_days: float | None = 365
    ledger_days: float | None = 400
    campaign_days: float | None = 60


class Purged(Struct, frozen=True, kw_only=True):
    """How many rows were dealt with; ``more`` says whether there is anything left to do."""

    texts: int = 0
    traces: int = 0
    events: int = 0
    deliveries: int = 0
    members: int = 0
    audit: int = 0
    more: bool = False


def purge(conn: Connection, now: datetime, keep: Keep, chunk: int = 1_000) -> Purged:
    """Remove at most ``chunk`` rows of each kind. Call again, in another transaction, while there is ``more``."""

    def before(days: float | None) -> int | None:
        return None if days is None else micros(now - timedelta(days=days))

    texts = _texts(conn, before(keep.text_days), chunk)
    seen = _delete(conn, pictures, pictures.c.at, before(keep.text_days), chunk)
    idle = _delete(conn, traces, traces.c.at, before(keep.idle_trace_days), chunk, ~traces.c.decided)
    decided = _delete(conn, traces, traces.c.at, before(keep.trace_days), chunk)
    verdict = _delete(conn, verdicts, verdicts.c.at, before(keep.trace_days), chunk)
    settled = inbox_table.c.state != inbox.WAITING
    events = _delete(conn, inbox_table, inbox_table.c.received_at, before(keep.inbox_days), chunk, settled)
    deliveries = _delete(conn, outbox, outbox.c.done_at, before(keep.inbox_days), chunk)
    unread = _delete(conn, quarantine, quarantine.c.received_at, before(keep.trace_days), chunk)
    old = _delete(conn, running, running.c.sent_at, before(keep.ledger_days), chunk)
    looked = _delete(conn, cases, cases.c.at, before(keep.ledger_days), chunk)
    undone = _delete(conn, labels, labels.c.undone_at, before(keep.ledger_days), chunk)
    fired = _delete(conn, fires, fires.c.at, before(keep.ledger_days), chunk)
    away = _delete(conn, outages, outages.c.until, before(keep.ledger_days), chunk)
    copied = 0
    if keep.campaign_days is not None:
        copied = sightings.purge(conn, now - timedelta(days=keep.campaign_days), chunk)
    left = _left_members(conn, before(keep.left_member_days), min(chunk, 100))
    acts = 0 if keep.audit_days is None else audit.purge(conn, now - timedelta(days=keep.audit_days), chunk)
    full = max(
        texts, seen, idle, decided, verdict, unread, events, deliveries, old, looked, undone, fired, away, copied, acts
    ) >= chunk or left >= min(chunk, 100)
    return Purged(
        texts=texts, traces=idle + decided, events=events, deliveries=deliveries, members=left, audit=acts, more=full
    )


def _texts(conn: Connection, before: int | None, chunk: int) -> int:
    if before is None:
        return 0
    c = activity.c
    has_words = or_(c.text.is_not(None), c.links.is_not(None))  # as the index has it
    last = conn.scalars(select(c.at).where(has_words, c.at < before).order_by(c.at).limit(chunk)).all()
    if not last:
        return 0
    return conn.execute(update(activity).where(has_words, c.at <= last[-1]).values(text=None, links=None)).rowcount


def _delete(
    conn: Connection,
    table: Table,
    at: "ColumnElement[int]",
    before: int | None,
    chunk: int,
    *more: "ColumnElement[bool]",
) -> int:
    if before is None:
        return 0
    oldest = conn.scalars(select(at).where(at < before, *more).order_by(at).limit(chunk)).all()
    if not oldest:
        return 0
    return conn.execute(delete(table).where(at <= oldest[-1], *more)).rowcount


def _left_members(conn: Connection, before: int | None, chunk: int) -> int:
    """Those who were banned are kept, so that the ban means something when they come back."""
    if before is None:
        return 0
    c = members.c
    query = (
        select(groups.c.id, people.c.id)
        .join_from(members, groups, groups.c.key == c.group_key)
        .join(people, people.c.key == c.person_key)
        .where(and_(c.left_at.is_not(None), c.left_at < before, ~c.banned))
        .order_by(c.left_at)
        .limit(chunk)
    )
    gone = conn.execute(query).all()
    for group, member in gone:
        forget(conn, group, member)
        forget_membership(conn, group, member)
    return len(gone)
