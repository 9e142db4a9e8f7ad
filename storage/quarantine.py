"""What came from a platform and could not be read: kept as it came, for whoever looks into it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from sqlalchemy import Connection, func, select

from storage.moments import micros, moment
from storage.schema import quarantine
from storage.statements import clean, dialect_of, insert


class Unreadable(Protocol):
    """What is put here: an id that is unique like an event's, the raw text and why it could not be read."""

    @property
    def id(self) -> str:
        """Unique among all."""
        ...

    @property
    def raw(self) -> str:
        """As it came."""
        ...

    @property
    def error(self) -> str:
        """Why it could not be read."""
        ...


def put(conn: Connection, found: Sequence[Unreadable], at: datetime) -> int:
    """Put things aside; one that is there already is left as it is. How many were not."""
    rows = [
        {"id": clean(one.id), "received_at": micros(at), "error": clean(one.error), "raw": clean(one.raw)}
        for one in found
    ]
    statement = insert(dialect_of(conn), quarantine).on_conflict_do_nothing(index_elements=["id"])
    return len(conn.scalars(statement.returning(quarantine.c.id), rows).all()) if rows else 0


def count(conn: Connection) -> int:
    """How many there are."""
    return conn.scalar(select(func.count()).select_from(quarantine)) or 0


class PutAside(Struct, frozen=True):
    """What lies here, and since when."""

    id: str
    at: datetime
    error: str
    raw: str


def latest(conn: Connection, limit: int = 100) -> list[PutAside]:
    """What lies here, latest first."""
    c = quarantine.c
    query = select(c.id, c.received_at, c.error, c.raw).order_by(c.received_at.desc(), c.id).limit(limit)
    return [PutAside(row[0], moment(row[1]), row[2], row[3]) for row in conn.execute(query)]
