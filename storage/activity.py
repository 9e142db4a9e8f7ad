"""The activity log: one row an event, with sums by hour and day kept in the same transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from rules.recent import Glimpse
from storage.keys import group_key, group_keys, person_keys, short
from storage.moments import DAY, HOUR, micros, moment
from storage.schema import activity, activity_days, activity_hours, people
from storage.statements import adding, clean, insert, run_many

KINDS = {
    "message": 1,
    "edit": 2,
    "join": 3,
    "leave": 4,
    "command": 5,
    "join_request": 6,
    "button": 7,
    "schedule": 8,
    "reaction": 9,
    "line": 10,  # what nobody has said: a recall, a poke, a line of the platform's own
}
MESSAGE, EDIT, JOIN, COMMAND = KINDS["message"], KINDS["edit"], KINDS["join"], KINDS["command"]


class ActivityRow(Struct, frozen=True, kw_only=True):
    """One event for the log.

    ``seq`` is the event's place in the inbox, ``kind`` the event's kind, ``fingerprint`` that of the folded text
    (``rules.folding``), ``links`` the addresses or domains shared. A row that was ``removed`` counts as removed, not
    as a message.
    """

    seq: int
    group: str
    at: datetime
    kind: str
    member: str | None = None
    message: str | None = None
    reply_to: str | None = None
    text: str | None = None
    fingerprint: int = 0
    question: bool = False
    links: tuple[str, ...] = ()
    removed: bool = False


def log(conn: Connection, rows: Sequence[ActivityRow]) -> None:
    """Write rows and add their messages to the sums."""
    if not rows:
        return
    group_of = group_keys(conn, [row.group for row in rows], create=True)
    person_of = person_keys(conn, [row.member for row in rows if row.member is not None], create=True)
    written: list[dict[str, Any]] = []
    hours: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    days: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        group, at, kind = group_of[row.group], micros(row.at), KINDS[row.kind]
        person = None if row.member is None else person_of[row.member]
        written.append(
            {
                "group_key": group,
                "at": at,
                "seq": row.seq,
                "person_key": person,
                "kind": kind,
                "message": short(row.group, row.message),
                "reply_to": short(row.group, row.reply_to),
                "text": clean(row.text) if row.text else None,
                "fingerprint": row.fingerprint or None,
                "question": row.question,
                "removed": row.removed,
                "links": msgspec.json.encode(row.links).decode() if row.links else None,
            }
        )
        if kind == MESSAGE and person is not None:
            hours[group, at // HOUR, person][row.removed] += 1
            days[group, at // DAY, person][row.removed] += 1
    run_many(conn, _log, written)
    _add(conn, hours, days)


def mark_removed(conn: Connection, group: str, message: str) -> bool:
    """A message was taken away: it counts as removed from now on. False where it is unknown or was removed before."""
    key = group_key(conn, group)
    c = activity.c
    query = select(c.at, c.seq, c.person_key, c.removed).where(
        c.group_key == key, c.message == short(group, message), c.kind == MESSAGE
    )
    found = conn.execute(query.order_by(c.at.desc()).limit(1)).one_or_none()
    if key is None or found is None or found.removed:
        return False
    conn.execute(update(activity).where(c.group_key == key, c.at == found.at, c.seq == found.seq).values(removed=True))
    if found.person_key is not None:
        hour, day = (key, found.at // HOUR, found.person_key), (key, found.at // DAY, found.person_key)
        _add(conn, {hour: [-1, 1]}, {day: [-1, 1]})
    return True


def recent(conn: Connection, group: str, since: datetime) -> list[Glimpse]:
    """The messages and joins of a group after a moment, in order: what ``rules.recent.Recent`` is rebuilt from."""
    key = group_key(conn, group)
    c = activity.c
    query = (
        select(c.at, c.kind, people.c.id, c.fingerprint)
        .join_from(activity, people, people.c.key == c.person_key)
        .where(c.group_key == key, c.at > micros(since), c.kind.in_((MESSAGE, COMMAND, JOIN)))
        .order_by(c.at, c.seq)
    )
    if key is None:
        return []
    names = {MESSAGE: "message", COMMAND: "message", JOIN: "join"}
    return [
        Glimpse(at=moment(at), kind=names[kind], member=member, fingerprint=fingerprint or 0)
        for at, kind, member, fingerprint in conn.execute(query)
    ]


def _add(
    conn: Connection, hours: dict[tuple[int, int, int], list[int]], days: dict[tuple[int, int, int], list[int]]
) -> None:
    for build, slot, sums in ((_add_hours, "hour", hours), (_add_days, "day", days)):
        rows = [
            {"group_key": group, slot: when, "person_key": person, "messages": messages, "removed": removed}
            for (group, when, person), (messages, removed) in sorted(sums.items())
        ]
        run_many(conn, build, rows)


def _log(dialect: str) -> Any:
    return insert(dialect, activity)


def _add_hours(dialect: str) -> Any:
    return adding(dialect, activity_hours, "messages", "removed")


def _add_days(dialect: str) -> Any:
    return adding(dialect, activity_days, "messages", "removed")
