"""Why each decision was made, kept for /why and ``explain``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from storage.keys import group_key, group_keys, short, whole
from storage.moments import micros, moment
from storage.schema import groups, traces
from storage.statements import run_many, upsert


class TraceRow(Struct, frozen=True, kw_only=True):
    """A trace as JSON; ``decided`` says whether anything was to be done."""

    event: str
    group: str
    message: str | None
    at: datetime
    decided: bool
    trace: bytes


def keep(conn: Connection, rows: Sequence[TraceRow]) -> None:
    """Keep traces; a second one for the same event takes the place of the first."""
    if not rows:
        return
    keys = group_keys(conn, [row.group for row in rows], create=True)
    values = [
        {
            "event": row.event,
            "group_key": keys[row.group],
            "message": short(row.group, row.message),
            "at": micros(row.at),
            "decided": row.decided,
            "trace": row.trace,
        }
        for row in rows
    ]
    run_many(conn, _keep, values)


def of_event(conn: Connection, event: str) -> TraceRow | None:
    """The trace of one event."""
    return _one(conn, traces.c.event == event)


def of_message(conn: Connection, group: str, message: str) -> TraceRow | None:
    """The latest trace of a message: of its last edit, where it was edited."""
    key = group_key(conn, group)
    return None if key is None else _one(conn, traces.c.group_key == key, traces.c.message == short(group, message))


def _one(conn: Connection, *where: Any) -> TraceRow | None:
    c = traces.c
    query = select(c.event, groups.c.id, c.message, c.at, c.decided, c.trace).join_from(
        traces, groups, groups.c.key == c.group_key
    )
    row = conn.execute(query.where(*where).order_by(c.at.desc(), c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    message = None if row[2] is None else whole(row[1], row[2])
    return TraceRow(event=row[0], group=row[1], message=message, at=moment(row[3]), decided=row[4], trace=row[5])


def _keep(dialect: str) -> Any:
    return upsert(dialect, traces, "event")
