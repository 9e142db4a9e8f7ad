"""What a slash command asks of the database and nobody else does: found by index, or among one group's rows."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select

from rules.events import AGAIN
from storage import traces
from storage.activity import EDIT, MESSAGE
from storage.keys import group_key, group_keys, person_key, short
from storage.moments import moment
from storage.schema import activity, groups, members, outbox, people
from storage.schema import traces as traces_table
from storage.traces import TraceRow


class Posted(Struct, frozen=True):
    """A message as the log has it: its author, its words (None: no longer kept) and the links that were in it."""

    message: str
    member: str
    name: str
    at: datetime
    text: str | None
    links: tuple[str, ...] = ()


def posted(conn: Connection, group: str, message: str) -> Posted | None:
    """The message with this id."""
    c = activity.c
    query = (
        select(people.c.id, members.c.name, c.at, c.text, c.links)
        .join_from(activity, people, people.c.key == c.person_key)
        .outerjoin(members, (members.c.group_key == c.group_key) & (members.c.person_key == c.person_key))
        .where(c.group_key == group_key(conn, group), c.message == short(group, message), c.kind == MESSAGE)
        .order_by(c.at.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    links = msgspec.json.decode(row[4], type=tuple[str, ...]) if row[4] else ()
    return Posted(message, row[0], row[1] or "", moment(row[2]), row[3], links)


def words_of(conn: Connection, group: str, message: str) -> str | None:
    """The words of a message as they were last, edits included; None where they are not kept."""
    c = activity.c
    mine = (c.group_key == group_key(conn, group)) & (c.message == short(group, message))
    query = select(c.text, c.kind).where(mine, c.kind.in_((MESSAGE, EDIT))).order_by(c.at.desc(), c.seq.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return None if row is None else row[0]


def was_removed(conn: Connection, group: str, message: str) -> bool:
    """Whether a message was taken away."""
    c = activity.c
    mine = (c.group_key == group_key(conn, group)) & (c.message == short(group, message))
    return conn.scalar(select(c.at).where(mine, c.removed.is_(True)).limit(1)) is not None


def last_decided(conn: Connection, group: str, member: str) -> TraceRow | None:
    """The trace of the member's latest message on which something was decided."""
    c, t = activity.c, traces_table.c
    query = (
        select(t.event)
        .join_from(activity, traces_table, (t.group_key == c.group_key) & (t.message == c.message))
        .where(c.group_key == group_key(conn, group), c.person_key == person_key(conn, member), t.decided.is_(True))
        .order_by(c.at.desc(), t.id.desc())
        .limit(1)
    )
    event = conn.scalar(query)
    return None if event is None else traces.of_event(conn, event)


def event_behind(conn: Connection, group: str, message: str) -> str | None:
    """The event that made the bot post this message, by the id under which it was looked at first."""
    c = outbox.c
    query = select(c.event).where(c.group_key == group_key(conn, group), c.receipt == message).limit(1)
    found: str | None = conn.scalar(query)
    return found.removesuffix(AGAIN) if found is not None else None


def groups_of(conn: Connection, member: str) -> list[str]:
    """The ids of the groups in which a member is or was, the one they were last seen in first."""
    query = (
        select(groups.c.id)
        .join_from(members, groups, groups.c.key == members.c.group_key)
        .where(members.c.person_key == person_key(conn, member))
        .order_by(members.c.last_seen.desc().nulls_last(), groups.c.key)
    )
    return list(conn.scalars(query))


def members_of(conn: Connection, chats: Iterable[str]) -> dict[str, int]:
    """How many are in each of these groups, as far as is known."""
    keys = group_keys(conn, chats)
    c = members.c
    is_in = c.left_at.is_(None) & (c.joined_at.is_not(None) | c.first_seen.is_not(None))
    query = select(c.group_key, func.count()).where(c.group_key.in_(keys.values()), is_in).group_by(c.group_key)
    counted = {row[0]: row[1] for row in conn.execute(query)}
    return {chat: counted.get(key, 0) for chat, key in keys.items()}
