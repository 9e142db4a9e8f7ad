"""The schedule ledger: what fired for which group at which local time, so that nothing fires twice; and how far each
schedule was looked at, so that what was missed is known."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.keys import group_key, group_keys
from storage.moments import micros, moment
from storage.schema import fires, groups, schedule_cursors
from storage.statements import clean, dialect_of, insert, upsert


def fire(conn: Connection, schedule: str, group: str, local: str, at: datetime) -> bool:
    """Claim one firing, in the transaction that queues what it says. False where it was claimed before, by anybody."""
    key = group_keys(conn, (group,), create=True)[group]
    row = {"schedule": clean(schedule), "group_key": key, "local": local, "at": micros(at)}
    claimed = conn.execute(insert(dialect_of(conn), fires).values(row).on_conflict_do_nothing().returning(fires.c.at))
    return claimed.one_or_none() is not None


def checked_through(conn: Connection, schedule: str, group: str) -> datetime | None:
    """Up to when a schedule's due times were dealt with; None where it never was looked at."""
    c = schedule_cursors.c
    query = select(c.checked_through).where(c.schedule == schedule, c.group_key == group_key(conn, group))
    found: int | None = conn.scalar(query)
    return moment(found)


def set_checked_through(conn: Connection, schedule: str, group: str, at: datetime) -> None:
    """Note that a schedule's due times up to a moment are dealt with."""
    key = group_keys(conn, (group,), create=True)[group]
    row = {"schedule": clean(schedule), "group_key": key, "checked_through": micros(at)}
    conn.execute(upsert(dialect_of(conn), schedule_cursors), row)


def cursors(conn: Connection) -> dict[tuple[str, str], datetime]:
    """How far every schedule was dealt with, by (schedule, group id)."""
    c = schedule_cursors.c
    query = select(c.schedule, groups.c.id, c.checked_through).join_from(
        schedule_cursors, groups, groups.c.key == c.group_key
    )
    return {(schedule, group): moment(at) for schedule, group, at in conn.execute(query)}


def forget_cursors(conn: Connection, keys: Collection[tuple[str, str]]) -> None:
    """Forget how far schedules were dealt with: they are planned no more, and would one day start from now."""
    c = schedule_cursors.c
    for schedule, group in keys:
        conn.execute(delete(schedule_cursors).where(c.schedule == schedule, c.group_key == group_key(conn, group)))
