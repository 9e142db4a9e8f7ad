"""Forgetting a member: their own data in a group is erased; bans, warnings and the audit log stay."""

from sqlalchemy import Connection, and_, delete, select, union_all, update

from rules import apply
from rules.events import AGAIN
from storage import quotes, samples, sightings, states
from storage.keys import group_key, person_key
from storage.schema import (
    activity,
    cases,
    inbox,
    introductions,
    labels,
    members,
    outbox,
    points,
    timers,
    traces,
    verdicts,
    warnings,
)


def forget_with_quotes(conn: Connection, group: str, member: str) -> None:
    """``forget``, and erase also what quotes or names the member: the bot's own posts, events that were put aside."""
    key, person = group_key(conn, group), person_key(conn, member)
    if key is not None and person is not None:
        quotes.erase_posts(conn, key, person, member)
    quotes.erase_parked(conn, group, member)
    forget(conn, group, member)


def forget(conn: Connection, group: str, member: str) -> None:
    """Erase texts, links, introductions, earned points, profile, names and traces of a member in one group."""
    key, person = group_key(conn, group), person_key(conn, member)
    if key is None or person is None:
        return
    # Traces and verdicts quote what was written. They are found by the inbox's ids and by the message.
    a = activity.c
    theirs = and_(a.group_key == key, a.person_key == person)
    first = select(inbox.c.id).join_from(activity, inbox, inbox.c.seq == a.seq).where(theirs)
    events = union_all(first, select(inbox.c.id + AGAIN).join_from(activity, inbox, inbox.c.seq == a.seq).where(theirs))
    messages = select(a.message).where(theirs, a.message.is_not(None))
    conn.execute(delete(verdicts).where(verdicts.c.event.in_(events)))
    conn.execute(delete(traces).where(traces.c.event.in_(events)))
    conn.execute(delete(traces).where(traces.c.group_key == key, traces.c.message.in_(messages)))
    # Whatever group it went to: staff are alerted in a room of their own.
    conn.execute(delete(outbox).where(outbox.c.done_at.is_not(None), outbox.c.event.in_(events)))
    conn.execute(update(activity).where(theirs).values(text=None, links=None, fingerprint=None))
    conn.execute(delete(introductions).where(introductions.c.group_key == key, introductions.c.person_key == person))
    conn.execute(
        delete(points).where(points.c.group_key == key, points.c.person_key == person, points.c.kind != "ladder")
    )
    conn.execute(delete(timers).where(timers.c.group_key == key, timers.c.subject == member))
    # What staff taught stays, for it is hashes: but nobody can tell any more whose message it was.
    said = and_(labels.c.group_key == key, labels.c.person_key == person)
    conn.execute(update(labels).where(said).values(person_key=None, message=None))
    samples.forget(conn, group, member)
    sightings.forget(conn, group, member)
    _clear_row(conn, key, person, member)


def forget_membership(conn: Connection, group: str, member: str) -> None:
    """Remove the member's row, warnings, points and cases too: for those who left long ago."""
    key, person = group_key(conn, group), person_key(conn, member)
    for table in (warnings, points, cases, members):
        conn.execute(delete(table).where(table.c.group_key == key, table.c.person_key == person))


def _clear_row(conn: Connection, key: int, person: int, member: str) -> None:
    row = and_(members.c.group_key == key, members.c.person_key == person)
    found = conn.scalar(select(members.c.state).where(row))
    if found is None:
        return
    state = states.decode_member(found, member)
    state.name, state.username, state.source = "", None, None
    apply.forget(state)
    conn.execute(update(members).where(row).values(**states.member_columns(state)))
