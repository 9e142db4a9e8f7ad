"""The bot's own messages that are kept up to date: which message stands under a name in a group, and since when."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select

from storage.keys import group_key, group_keys
from storage.moments import micros, moment
from storage.schema import running
from storage.statements import clean, dialect_of, upsert


class Running(Struct, frozen=True):
    """A message of the bot's own: its id, when it was sent, and whether it stands below a picture."""

    message: str
    sent_at: datetime
    pictured: bool = False


def remember(conn: Connection, group: str, name: str, now: Running) -> None:
    """This message stands under the name from now on."""
    key = group_keys(conn, (group,), create=True)[group]
    row = {
        "group_key": key,
        "name": clean(name),
        "message": clean(now.message),
        "sent_at": micros(now.sent_at),
        "pictured": now.pictured,
    }
    conn.execute(upsert(dialect_of(conn), running), row)


def find(conn: Connection, group: str, name: str) -> Running | None:
    """The message that was sent last under the name; None where none was."""
    c = running.c
    query = select(c.message, c.sent_at, c.pictured).where(c.group_key == group_key(conn, group), c.name == clean(name))
    row = conn.execute(query).one_or_none()
    return None if row is None else Running(row[0], moment(row[1]), row[2])


def name_of(conn: Connection, group: str, message: str) -> str | None:
    """The name under which a message stands."""
    c = running.c
    query = select(c.name).where(c.group_key == group_key(conn, group), c.message == clean(message))
    return conn.scalar(query.order_by(c.sent_at.desc()).limit(1))


def end(conn: Connection, group: str, name: str) -> None:
    """Nothing stands under the name any more."""
    c = running.c
    conn.execute(delete(running).where(c.group_key == group_key(conn, group), c.name == clean(name)))


def leave_behind(conn: Connection, key: int) -> None:
    """Forget the messages of a group (by its key) that has moved: it cannot change what stands in its former place."""
    conn.execute(delete(running).where(running.c.group_key == key))
