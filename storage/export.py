"""What a member may ask for (everything about them, as JSON), and tables for the operator's spreadsheet (CSV rows)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from storage import audit, cases, history, labels, samples, sightings, states
from storage.activity import KINDS
from storage.keys import group_key, person_key, whole
from storage.moments import micros, moment
from storage.schema import activity, groups, introductions, members, people, timers

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_IN_PARTS = {"yield_per": 1_000}  # rows at a time, so that memory is bounded
_NAMES = {code: kind for kind, code in KINDS.items()}

MEMBER_COLUMNS = (
    *("member", "name", "username", "first_seen", "joined_at", "left_at", "last_seen", "messages"),
    *("introduced_at", "score", "streak", "introduction", "tags", "profile"),
)
ACTIVITY_COLUMNS = ("at", "kind", "member", "name", "message", "reply_to", "removed", "text")


def guarded(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + value if value.startswith(_DANGEROUS) else value


def member_data(conn: Connection, member: str, group: str | None = None) -> bytes:
    """Everything that is kept about a member, in one group or in all, as indented JSON."""
    person = person_key(conn, member)
    query = select(groups.c.id, groups.c.key, members.c.state).join_from(
        members, groups, groups.c.key == members.c.group_key
    )
    query = query.where(members.c.person_key == person).order_by(groups.c.key)
    if group is not None:
        query = query.where(groups.c.key == group_key(conn, group))
    found = [
        _in_group(conn, id_, key, member, person, states.decode_member(state, member))
        for id_, key, state in conn.execute(query).all()
    ]
    return msgspec.json.format(msgspec.json.encode({"member": member, "groups": found}), indent=2)


def member_rows(conn: Connection, group: str) -> Iterator[tuple[str, ...]]:
    """The members of a group as CSV rows, the head first, ordered by when they were first seen."""
    yield MEMBER_COLUMNS
    query = (
        select(people.c.id, members.c.state)
        .join_from(members, people, people.c.key == members.c.person_key)
        .where(members.c.group_key == group_key(conn, group))
        .order_by(members.c.first_seen, members.c.person_key)
    )
    for id_, text in conn.execute(query, execution_options=_IN_PARTS):
        state = states.decode_member(text, id_)
        profile = "; ".join(f"{name}: {value}" for name, value in state.profile.items())
        times = (state.first_seen, state.joined_at, state.left_at, state.last_seen)
        yield (
            *(guarded(id_), guarded(state.name), guarded(state.username or "")),
            *(_time(at) for at in times),
            *(str(state.messages), _time(state.introduced_at), str(state.score), str(state.streak)),
            *(guarded(state.introduction), guarded(", ".join(state.tags)), guarded(profile)),
        )


def activity_rows(conn: Connection, group: str, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
    """What happened in a group as CSV rows, the head first, in order. Texts are there as long as they are kept."""
    yield ACTIVITY_COLUMNS
    key = group_key(conn, group)
    c = activity.c
    query = (
        select(c.at, c.kind, people.c.id, members.c.name, c.message, c.reply_to, c.removed, c.text)
        .outerjoin_from(activity, people, people.c.key == c.person_key)
        .outerjoin(members, and_(members.c.group_key == c.group_key, members.c.person_key == c.person_key))
        .where(c.group_key == key, c.at >= micros(since), c.at < micros(until))
        .order_by(c.at, c.seq)
    )
    for at, kind, member, name, message, reply_to, removed, text in conn.execution_options(yield_per=1_000).execute(
        query
    ):
        yield (
            *(_time(moment(at)), _NAMES[kind], guarded(member or ""), guarded(name or "")),
            *(guarded(whole(group, message or "")), guarded(whole(group, reply_to or ""))),
            *("yes" if removed else "", guarded(text or "")),
        )


def _in_group(conn: Connection, group: str, key: int, member: str, person: int | None, state: Any) -> dict[str, Any]:
    c, i, t = activity.c, introductions.c, timers.c
    posts = (
        select(c.at, c.kind, c.message, c.text, c.links, c.removed)
        .where(c.group_key == key, c.person_key == person)
        .order_by(c.at, c.seq)
    )
    told = select(i.at, i.text, i.fields).where(i.group_key == key, i.person_key == person).order_by(i.at)
    waits = select(t.name, t.due).where(t.group_key == key, t.subject == member).order_by(t.due)
    return {
        "group": group,
        "state": state,
        "warnings": history.warnings_of(conn, group, member),
        "points": history.points_of(conn, group, member),
        "introductions": [
            {"at": moment(at), "text": text, "fields": msgspec.Raw(fields.encode())}
            for at, text, fields in conn.execute(told)
        ],
        "activity": [
            {
                "at": moment(row.at),
                "kind": _NAMES[row.kind],
                "message": whole(group, row.message or ""),
                "text": row.text,
                "links": msgspec.Raw((row.links or "[]").encode()),
                "removed": row.removed,
            }
            for row in conn.execute(posts)
        ],
        "timers": [{"name": name, "due": moment(due)} for name, due in conn.execute(waits)],
        "decisions": cases.of_member(conn, group, member),
        "labels": [
            {"at": said.at, "message": said.message, "ad": said.ad, "undone_at": said.undone_at}
            for said in labels.of_member(conn, group, member)
        ],
        "repeated_posts": sightings.of_member(conn, group, member),
        "ordinary_samples": samples.count_of_member(conn, key, person),
        "audit": audit.history(conn, group, limit=1_000, target=member),
    }


def _time(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""
