"""What may be wrong with a database, found by reading all of it."""

import msgspec
from sqlalchemy import Connection, select, text

from rules import effects, events
from storage import audit, version
from storage.schema import inbox, outbox
from storage.statements import dialect_of


def problems(conn: Connection) -> list[str]:
    """Each problem with what to do about it; empty when all is well."""
    found = _schema(conn)
    if dialect_of(conn) == "sqlite":
        found += _sqlite(conn)
    if not found:
        found += audit.problems(conn) + _unreadable(conn)
    return found


def _schema(conn: Connection) -> list[str]:
    current = version.current(conn)
    if current == version.HEAD:
        return []
    if current is None:
        return ["schema: there are no tables yet: run `groupkeeper db upgrade`"]
    if current.isdecimal() and int(current) < int(version.HEAD):
        return [f"schema: it is {current}, this Groupkeeper needs {version.HEAD}: run `groupkeeper db upgrade`"]
    return [f"schema: it is {current}, this Groupkeeper knows up to {version.HEAD}: install the newer Groupkeeper"]


def _sqlite(conn: Connection) -> list[str]:
    words = [str(row[0]) for row in conn.execute(text("PRAGMA integrity_check(20)"))]
    found = [f"file: {line}: stop the bot and restore the latest backup" for line in words if line != "ok"]
    orphans = conn.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        tables = ", ".join(sorted({str(row[0]) for row in orphans}))
        found.append(f"file: {len(orphans)} rows of {tables} refer to rows that are gone: restore the latest backup")
    return found


def _unreadable(conn: Connection) -> list[str]:
    found = []
    for row in conn.execute(select(inbox.c.id, inbox.c.event).where(inbox.c.state != 1)):
        try:
            events.decode(row.event)
        except msgspec.MsgspecError as error:
            found.append(f"inbox: event {row.id} cannot be read ({error}): was it written by a newer Groupkeeper?")
    open_ = select(outbox.c.id, outbox.c.effect).where(outbox.c.state.in_((0, 1)))
    for delivery in conn.execute(open_):
        try:
            effects.decode(delivery.effect)
        except msgspec.MsgspecError as error:
            found.append(f"outbox: delivery {delivery.id} cannot be read ({error}): was it written by a newer version?")
    return found
