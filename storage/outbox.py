"""The outbox: effects that wait to be performed, one delivery each, unique by event and position.

waiting -> sending -> sent, or failed (the platform refused) or uncertain (nobody knows whether it was done), or
dropped (nobody needs it any more). Within a group and lane the order is that of the ids: what may go when is for
dispatch to say, which follows the ids as they grow.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Integer, Select, bindparam, func, literal_column, select, update

from rules.effects import Effect, Lane, decode, encode
from storage.keys import group_keys
from storage.moments import micros, moment
from storage.schema import groups, outbox
from storage.statements import chunks, clean, insert, run_many


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    DROPPED = "dropped"


_CODES = {state: code for code, state in enumerate(State)}
STATES = tuple(State)
"""The states by the code that the table has."""
_WAITING = outbox.c.state == literal_column("0")  # spelled out, so that SQLite uses the index of waiting rows
_SENDING = outbox.c.state == literal_column("1")


class Delivery(Struct, frozen=True, kw_only=True):
    """An effect on its way. ``event`` and ``position`` are its key; ``receipt`` is what the platform answered."""

    event: str
    position: int
    group: str
    lane: Lane
    effect: Effect
    rule: str = ""
    not_before: datetime | None = None
    id: int = 0
    state: State = State.WAITING
    attempts: int = 0
    receipt: str | None = None
    error: str | None = None
    created_at: datetime | None = None


class Page(NamedTuple):
    """Deliveries in order, the last id that was looked at, and whether there may be more behind it."""

    found: list[Delivery]
    last: int
    more: bool


def enqueue(conn: Connection, deliveries: Sequence[Delivery], at: datetime) -> None:
    """Queue deliveries; one whose key is there already is left as it is."""
    if not deliveries:
        return
    keys = group_keys(conn, (delivery.group for delivery in deliveries), create=True)
    now = micros(at)
    rows = [
        {
            "event": d.event,
            "position": d.position,
            "group_key": keys[d.group],
            "lane": int(d.lane),
            "created_at": micros(d.created_at) or now,
            "not_before": micros(d.not_before) or now,
            "rule": d.rule,
            "effect": encode(d.effect).decode(),
        }
        for d in deliveries
    ]
    run_many(conn, _enqueue, rows)


def beginning(conn: Connection) -> int:
    """The id after which all deliveries that wait are found."""
    oldest: int | None = conn.scalar(select(func.min(outbox.c.id)).where(_WAITING))
    return oldest - 1 if oldest is not None else conn.scalar(select(func.max(outbox.c.id))) or 0


def waiting(conn: Connection, after: int, limit: int) -> Page:
    """Deliveries that wait, with ids above ``after``, in order.

    Ids grow in the order of the commits, so whoever goes on from the last one misses none and reads none twice.
    """
    rows = [tuple(row) for row in conn.execute(_LATER, {"after": after, "most": limit})]
    return Page(list(_readable(rows)), rows[-1][0] if rows else after, len(rows) == limit)


def still_waiting(conn: Connection, ids: Collection[int]) -> list[Delivery]:
    """Those of these deliveries that wait as before, in order."""
    found: list[Delivery] = []
    for part in chunks(sorted(ids)):
        found += _deliveries(conn, _select().where(_WAITING, outbox.c.id.in_(part)).order_by(outbox.c.id))
    return found


def in_flight(conn: Connection) -> list[Delivery]:
    """Deliveries that were being sent: after a crash, nobody knows whether they arrived."""
    return _deliveries(conn, _select().where(_SENDING).order_by(outbox.c.id))


def of_event(conn: Connection, event: str) -> list[Delivery]:
    """Every delivery that an event led to."""
    return _deliveries(conn, _select().where(outbox.c.event == event).order_by(outbox.c.position))


def mark_sending(conn: Connection, ids: Collection[int]) -> None:
    """Deliveries are about to be handed to the platform: one more attempt."""
    run_many(conn, _send, [{"row": id_, "state": _CODES[State.SENDING]} for id_ in ids])


def mark_sent(conn: Connection, sent: Iterable[tuple[int, str | None, datetime]]) -> None:
    """Deliveries were performed: the id of each, its receipt, and when."""
    values = {"state": _CODES[State.SENT], "error": None}
    rows = [
        {"row": id_, "done_at": micros(at), "receipt": clean(receipt) if receipt else None, **values}
        for id_, receipt, at in sent
    ]
    run_many(conn, _settle, rows)


def retry_at(conn: Connection, id_: int, at: datetime, error: str) -> None:
    """A delivery provably did not happen: try again at a moment."""
    row = {"row": id_, "state": _CODES[State.WAITING], "not_before": micros(at), "error": clean(error)}
    run_many(conn, _retry, [row])


def postpone(conn: Connection, id_: int, until: datetime) -> None:
    """A delivery waits until a moment as if it had never been tried: those behind it pass it by."""
    conn.execute(update(outbox).where(outbox.c.id == id_).values(not_before=micros(until), attempts=0))


def mark_uncertain(conn: Connection, id_: int, error: str, at: datetime) -> None:
    """Nobody knows whether a delivery happened."""
    _end(conn, (id_,), State.UNCERTAIN, at, error)


def mark_failed(conn: Connection, id_: int, error: str, at: datetime) -> None:
    """The platform refused a delivery for good."""
    _end(conn, (id_,), State.FAILED, at, error)


def drop(conn: Connection, ids: Collection[int], why: str, at: datetime) -> None:
    """Give deliveries up that need not be sent any more."""
    _end(conn, ids, State.DROPPED, at, why)


def withdraw(conn: Connection, beginning: str, why: str, at: datetime) -> None:
    """Give up what still waits of all events whose ids begin so: something newer says more."""
    named = select(outbox.c.id).where(_WAITING, outbox.c.event.startswith(beginning, autoescape=True))
    drop(conn, conn.scalars(named).all(), why, at)


def depth(conn: Connection) -> dict[Lane, int]:
    """How many deliveries wait, by lane."""
    rows = conn.execute(select(outbox.c.lane, func.count()).where(_WAITING).group_by(outbox.c.lane))
    found: dict[int, int] = {row[0]: row[1] for row in rows}
    return {lane: found.get(int(lane), 0) for lane in Lane}


def _end(conn: Connection, ids: Collection[int], state: State, at: datetime, error: str) -> None:
    values = {"state": _CODES[state], "done_at": micros(at), "receipt": None, "error": clean(error)}
    run_many(conn, _settle, [{"row": id_, **values} for id_ in ids])


def _select() -> "Select[Any]":
    c = outbox.c
    return select(
        *(c.id, c.event, c.position, groups.c.id, c.lane, c.effect, c.rule, c.not_before, c.state, c.attempts),
        *(c.receipt, c.error, c.created_at),
    ).join_from(outbox, groups, groups.c.key == c.group_key)


# The plus keeps SQLite from going through the index of all that waits: what is above the id is few, and in order.
_LATER = (
    _select()
    .where(outbox.c.id > bindparam("after"), literal_column("+outbox.state") == literal_column("0"))
    .order_by(outbox.c.id)
    .limit(bindparam("most", type_=Integer))
)


def _deliveries(conn: Connection, query: "Select[Any]") -> list[Delivery]:
    return list(_readable(tuple(row) for row in conn.execute(query)))


def _readable(rows: Iterable[tuple[Any, ...]]) -> Iterable[Delivery]:
    for row in rows:
        try:
            effect = decode(row[5])
        except msgspec.ValidationError:
            continue  # written by another version; ``Database.check`` names it
        yield Delivery(
            id=row[0],
            event=row[1],
            position=row[2],
            group=row[3],
            lane=Lane(row[4]),
            effect=effect,
            rule=row[6],
            not_before=moment(row[7]),
            state=STATES[row[8]],
            attempts=row[9],
            receipt=row[10],
            error=row[11],
            created_at=moment(row[12]),
        )


def _enqueue(dialect: str) -> Any:
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["event", "position"])


def _settle(_dialect: str) -> Any:
    return update(outbox).where(outbox.c.id == bindparam("row"))


def _retry(_dialect: str) -> Any:
    return update(outbox).where(outbox.c.id == bindparam("row"))


def _send(_dialect: str) -> Any:
    return (
        update(outbox).where(outbox.c.id == bindparam("row")).values(attempts=outbox.c.attempts + literal_column("1"))
    )
