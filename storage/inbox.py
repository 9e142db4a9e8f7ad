"""The inbox: every event that came in, once, until it is settled.

Event ids are unique, so a repeated update, a restart and a second replica collapse. A closed row keeps its id alone,
for as long as repeats may come (``storage.retention``). Functions take a connection inside a transaction.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from rules.events import Event, decode, encode
from storage.errors import AlreadySettled
from storage.moments import micros, moment
from storage.renaming import follow, present_ids
from storage.schema import cursors, inbox
from storage.statements import chunks, clean, dialect_of, insert, upsert

WAITING, CLOSED, PARKED = 0, 1, 2
_COLUMNS = (inbox.c.seq, inbox.c.id, inbox.c.group_id, inbox.c.attempts, inbox.c.event, inbox.c.received_at)
_OPEN = inbox.c.state == literal_column("0")  # spelled out, so that SQLite uses the index of open rows
_OLDEST = select(*_COLUMNS).where(_OPEN).order_by(inbox.c.seq)
_THESE = update(inbox).where(inbox.c.seq.in_(bindparam("seqs", expanding=True)), inbox.c.state == WAITING)
_CLOSE = _THESE.values(state=CLOSED, event=None, error=None)


class Waiting(Struct, frozen=True, dict=True):
    """An event that is not settled. ``seq`` is its place in the order of arrival.

    ``others`` are those of events that are settled along with it (``bot.albums``).
    """

    seq: int
    id: str
    group: str
    attempts: int
    payload: str
    received: int = 0
    others: tuple[int, ...] = ()

    @property
    def received_at(self) -> datetime:
        """When it came in."""
        return moment(self.received)

    @cached_property
    def event(self) -> Event:
        """The event. Raises ``msgspec.ValidationError`` where another version wrote it."""
        return decode(self.payload)


def put(conn: Connection, events: Sequence[Event], received_at: datetime) -> list[bool]:
    """Take events in, in order. True where an event is new, False where its id was seen before.

    One that comes for a group's former id is taken in as one of the group as it is called now.
    """
    if not events:
        return []
    at = micros(received_at)
    taken = [_writable(event) for event in events]
    renamed = present_ids(conn, {event.group.id for event, _ in taken})
    rows: dict[str, dict[str, Any]] = {}
    for event, text in taken:
        if event.id not in rows:
            group, payload = event.group.id, text
            if group in renamed:
                group, payload = renamed[group], follow(payload, group, renamed[group])
            rows[event.id] = {"id": event.id, "group_id": group, "received_at": at, "event": payload}
    new = set(conn.scalars(_put(dialect_of(conn)), list(rows.values())))
    answer = []
    for event, _ in taken:
        answer.append(event.id in new)
        new.discard(event.id)  # the second of two alike in one call is a repeat
    return answer


def waiting(
    conn: Connection,
    limit: int,
    excluded: Collection[str] = (),
    groups: Collection[str] | None = None,
    behind: int | None = None,
) -> list[Waiting]:
    """The oldest open events in order, without those of the groups ``excluded``, or only those of ``groups``.

    ``behind``: only those that came after the event of this ``seq``.
    """
    c = inbox.c
    query = _OLDEST.limit(limit)
    if behind is not None:
        query = query.where(c.seq > behind)
    if excluded:
        query = query.where(c.group_id.not_in(excluded))
    if groups is not None:
        query = query.where(c.group_id.in_(groups))
    return [Waiting(*row) for row in conn.execute(query)]


def followed(conn: Connection, rows: Sequence[Waiting]) -> list[Waiting]:
    """The rows as they read now, where their group was given another id after they were read."""
    renamed = present_ids(conn, {row.group for row in rows})
    if not renamed:
        return list(rows)
    return [
        replace(row, group=renamed[row.group], payload=follow(row.payload, row.group, renamed[row.group]))
        if row.group in renamed
        else row
        for row in rows
    ]


def close(conn: Connection, seqs: Collection[int]) -> None:
    """Settle events. Raises ``AlreadySettled`` where one is not open: the transaction must not be committed then."""
    _leave(conn, seqs, _CLOSE)


def fail(conn: Connection, seq: int, error: str, attempts: int) -> None:
    """Note that an event could not be settled; it stays open."""
    conn.execute(update(inbox).where(inbox.c.seq == seq, _OPEN).values(error=clean(error), attempts=attempts))


def park(conn: Connection, seq: int, error: str) -> None:
    """Put an event aside that cannot be settled; its payload is kept for whoever looks into it."""
    _leave(conn, (seq,), _THESE.values(state=PARKED, error=clean(error)))


def reopen(conn: Connection, seqs: Collection[int]) -> None:
    """Let parked events be tried again."""
    conn.execute(
        update(inbox)
        .where(inbox.c.seq.in_(seqs), inbox.c.state == PARKED)
        .values(state=WAITING, attempts=0, error=None)
    )


def parked(conn: Connection, limit: int = 100) -> list[tuple[Waiting, str]]:
    """Events put aside, with the error of each, latest first."""
    c = inbox.c
    query = select(c.seq, c.id, c.group_id, c.attempts, c.event, c.error).where(c.state == PARKED)
    rows = conn.execute(query.order_by(c.seq.desc()).limit(limit))
    return [(Waiting(row[0], row[1], row[2], row[3], row[4]), str(row[5])) for row in rows]


def depth(conn: Connection) -> int:
    """How many events are open."""
    return conn.scalar(select(func.count()).select_from(inbox).where(_OPEN)) or 0


def oldest(conn: Connection) -> datetime | None:
    """When the oldest open event came in; None where none is open."""
    found: int | None = conn.scalar(select(inbox.c.received_at).where(_OPEN).order_by(inbox.c.seq).limit(1))
    return moment(found)


def set_cursor(conn: Connection, source: str, value: str) -> None:
    """Remember how far a source (``telegram:<bot>``) was read."""
    conn.execute(upsert(dialect_of(conn), cursors), {"source": source, "value": value})


def cursor(conn: Connection, source: str) -> str | None:
    """How far a source was read; None where it never was."""
    return conn.scalar(select(cursors.c.value).where(cursors.c.source == source))


def _writable(event: Event) -> tuple[Event, str]:
    """The event and its JSON; where a database could not keep its texts, one with texts that it can."""
    try:
        payload = encode(event)
        if b"\\u0000" not in payload:
            return event, payload.decode()
    except UnicodeEncodeError:  # half of a surrogate pair, as broken clients send it
        pass
    event = msgspec.convert(_cleaned(msgspec.to_builtins(event)), Event)
    return event, encode(event).decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (list, tuple)):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: _cleaned(item) for name, item in value.items()}
    return value


def _leave(conn: Connection, seqs: Collection[int], statement: Any) -> None:
    for part in chunks(list(seqs)):
        if conn.execute(statement, {"seqs": part}).rowcount != len(set(part)):
            raise AlreadySettled(
                f"of the events {min(part)} to {max(part)} some are settled already, by another worker"
            )


@cache
def _put(dialect: str) -> Any:
    values: dict[str, Any] = {name: bindparam(name) for name in ("id", "group_id", "received_at", "event")}
    return insert(dialect, inbox).values(values).on_conflict_do_nothing(index_elements=["id"]).returning(inbox.c.id)
