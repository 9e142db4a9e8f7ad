"""Timers that rules set: due moments by group, name and subject."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from rules.changes import CancelTimer, SetTimer
from storage.keys import group_key, group_keys
from storage.moments import micros, moment
from storage.schema import groups, timers
from storage.statements import clean, dialect_of, upsert


class Timer(Struct, frozen=True):
    """A moment at which a group is to be woken; ``subject`` is the member it is about."""

    group: str
    name: str
    subject: str | None
    data: str | None
    due: datetime


def put(conn: Connection, group: str, wanted: Sequence[SetTimer]) -> None:
    """Set timers; one with the same name and subject is set anew."""
    key = group_keys(conn, (group,), create=True)[group]
    rows = [
        {
            "group_key": key,
            "name": clean(x.name),
            "subject": x.subject or "",
            "due": micros(x.due),
            "data": None if x.data is None else clean(x.data),
        }
        for x in wanted
    ]
    conn.execute(_put(dialect_of(conn)), rows)


def cancel(conn: Connection, group: str, unwanted: CancelTimer) -> None:
    """Forget timers of this name (or all that begin so, where it ends in ``*``), of the subject if one is named."""
    key = group_key(conn, group)
    c = timers.c
    name = unwanted.name
    named = c.name.startswith(name[:-1], autoescape=True) if name.endswith("*") else c.name == name
    statement = delete(timers).where(c.group_key == key, named)
    if unwanted.subject is not None:
        statement = statement.where(c.subject == unwanted.subject)
    elif not name.endswith("*"):
        statement = statement.where(c.subject == "")
    conn.execute(statement)


def due(conn: Connection, now: datetime, limit: int = 1_000) -> list[Timer]:
    """The timers whose moment has come, earliest first."""
    c = timers.c
    query = (
        select(groups.c.id, c.name, c.subject, c.data, c.due)
        .join_from(timers, groups, groups.c.key == c.group_key)
        .where(c.due <= micros(now))
        .order_by(c.due, c.group_key, c.name, c.subject)
        .limit(limit)
    )
    return [Timer(row[0], row[1], row[2] or None, row[3], moment(row[4])) for row in conn.execute(query)]


def next_due(conn: Connection) -> datetime | None:
    """When the next timer is due; None where none is set."""
    found: int | None = conn.scalar(select(func.min(timers.c.due)))
    return moment(found)


def remove(conn: Connection, done: Sequence[Timer]) -> None:
    """Forget timers that fired; one that was set anew meanwhile stays."""
    keys = group_keys(conn, (timer.group for timer in done))
    c = timers.c
    for timer in done:
        conn.execute(
            delete(timers).where(
                c.group_key == keys.get(timer.group),
                c.name == timer.name,
                c.subject == (timer.subject or ""),
                c.due == micros(timer.due),
            )
        )


@cache
def _put(dialect: str) -> Any:
    return upsert(dialect, timers)
