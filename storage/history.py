"""The histories that decisions leave: warnings, points, introductions, timers, the audit log. Append-only.

``rules.apply`` carries the same changes out on the states; this is what is kept beside them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from rules import changes as c
from storage import audit, cases, forget, labels, timers
from storage.keys import group_key, group_keys, person_key, person_keys, short
from storage.moments import micros, moment
from storage.schema import introductions, points, warnings
from storage.statements import clean

LADDER, SCORE, CHECKIN = "ladder", "score", "checkin"


class Warned(Struct, frozen=True):
    """A warning in a member's history; ``forgiven_at`` where it was taken back."""

    at: datetime
    by: str
    reason: str
    event: str
    forgiven_at: datetime | None = None
    forgiven_by: str | None = None


class Earned(Struct, frozen=True):
    """Points in a member's history. ``kind`` is ``ladder``, ``score`` or ``checkin``."""

    at: datetime
    kind: str
    points: int
    ladder: str
    reason: str
    expires: datetime | None


def record(conn: Connection, group: str, event: str, now: datetime, changes: Sequence[c.Change]) -> None:
    """Write what one event's decision changed. To be called after the states were saved, in the same transaction."""
    key = group_keys(conn, (group,), create=True)[group]
    people = person_keys(conn, _people(changes), create=True)
    at = micros(now)
    rows: dict[str, list[dict[str, Any]]] = {"warnings": [], "points": [], "introductions": []}
    for change in changes:
        member = getattr(change, "member", None)
        if member is None:
            continue
        base = {"group_key": key, "person_key": people.get(member), "at": at}
        match change:
            case c.AddWarning():
                rows["warnings"].append(base | {"event": event, "by": change.by, "reason": clean(change.reason)})
            case c.AddPoints():
                rows["points"].append(
                    base | _points(event, LADDER, change.points, change.ladder, change.rule, change.expires)
                )
            case c.AddScore():
                rows["points"].append(base | _points(event, SCORE, change.points, "", change.reason))
            case c.CheckIn():
                rows["points"].append(base | _points(event, CHECKIN, change.points, "", change.day))
            case c.MarkIntroduced():
                fields = msgspec.json.encode(change.fields).decode()
                text = clean(change.text)
                rows["introductions"].append(
                    base | {"message": short(group, change.message), "text": text, "fields": fields}
                )
            case _:
                pass
    for table in (warnings, points, introductions):
        if rows[table.name]:
            conn.execute(insert(table), rows[table.name])
    _timers(conn, group, changes)
    cases.record(conn, group, now, changes)
    labels.record(conn, group, event, now, changes)
    audit.append(conn, group, event, now, [x for x in changes if isinstance(x, c.Audit)])
    for change in changes:
        match change:
            case c.Forgive():
                _forgive(conn, key, people[change.member], at, change.by)
            case c.TakeBack():
                _forgive(conn, key, people[change.member], at, change.by, given=change)
            case c.ForgetMember():
                forget.forget_with_quotes(conn, group, change.member)
            case _:
                pass


def warnings_of(conn: Connection, group: str, member: str) -> list[Warned]:
    """A member's warnings, earliest first, forgiven ones too."""
    t = warnings.c
    query = (
        select(t.at, t.by, t.reason, t.event, t.forgiven_at, t.forgiven_by)
        .where(t.group_key == group_key(conn, group), t.person_key == person_key(conn, member))
        .order_by(t.at, t.id)
    )
    return [Warned(moment(r[0]), r[1], r[2], r[3], moment(r[4]), r[5]) for r in conn.execute(query)]


def points_of(conn: Connection, group: str, member: str) -> list[Earned]:
    """A member's points, earliest first."""
    t = points.c
    query = (
        select(t.at, t.kind, t.points, t.ladder, t.reason, t.expires)
        .where(t.group_key == group_key(conn, group), t.person_key == person_key(conn, member))
        .order_by(t.at, t.id)
    )
    return [Earned(moment(r[0]), r[1], r[2], r[3], r[4], moment(r[5])) for r in conn.execute(query)]


def _people(changes: Sequence[c.Change]) -> set[str]:
    recorded = (c.AddWarning, c.AddPoints, c.AddScore, c.CheckIn, c.MarkIntroduced, c.Forgive, c.TakeBack)
    return {change.member for change in changes if isinstance(change, recorded)}


def _points(
    event: str, kind: str, amount: int, ladder: str, reason: str, expires: datetime | None = None
) -> dict[str, Any]:
    return {
        "event": event,
        "kind": kind,
        "points": amount,
        "ladder": clean(ladder),
        "reason": clean(reason),
        "expires": micros(expires),
    }


def _forgive(conn: Connection, group: int, person: int, at: int, by: str, given: c.TakeBack | None = None) -> None:
    """All warnings of a member, or those given at a moment by an event."""
    t = warnings.c
    those = [t.at == micros(given.at)] if given is not None else []
    if given is not None and given.event:
        those.append(t.event == given.event)
    conn.execute(
        update(warnings)
        .where(t.group_key == group, t.person_key == person, t.forgiven_at.is_(None), *those)
        .values(forgiven_at=at, forgiven_by=by)
    )


def _timers(conn: Connection, group: str, changes: Sequence[c.Change]) -> None:
    fresh: list[c.SetTimer] = []
    for change in changes:  # in order: a timer may be cancelled and set anew by the same decision
        if isinstance(change, c.SetTimer):
            fresh.append(change)
        elif isinstance(change, c.CancelTimer):
            if fresh:
                timers.put(conn, group, fresh)
                fresh = []
            timers.cancel(conn, group, change)
    if fresh:
        timers.put(conn, group, fresh)
