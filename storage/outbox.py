"""The outbox: effects that wait to be performed, one delivery each, unique by event and position.

waiting -> sending -> sent, or failed (the platform refused) or uncertain (nobody knows whether it was done), or
dropped (nobody needs it any more). Lower lanes go first; within a group and lane the order is that of the ids: while
a delivery waits to be tried again, those behind it wait too.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, func, literal_column, select, update

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


def due(conn: Connection, now: datetime, limit: int, blocked: Collection[str] = ()) -> list[Delivery]:
    """What may be sent now, by lane, then in order; nothing for the groups ``blocked``."""
    c = outbox.c
    ahead = outbox.alias("ahead")
    retried = (
        select(ahead.c.id)
        .where(
            ahead.c.state == literal_column("0"),
            ahead.c.lane == c.lane,
            ahead.c.group_key == c.group_key,
            ahead.c.id < c.id,
            ahead.c.attempts > literal_column("0"),
            ahead.c.not_before > micros(now),
        )
        .exists()
    )
    query = _select().where(_WAITING, c.not_before <= micros(now)).order_by(c.lane, c.id).limit(limit)
    if blocked:
        query = query.where(groups.c.id.not_in(blocked))
    return _deliveries(conn, query.where(~retried))


def in_flight(conn: Connection) -> list[Delivery]:
    """Deliveries that were being sent: after a crash, nobody knows whether they arrived."""
    return _deliveries(conn, _select().where(_SENDING).order_by(outbox.c.id))


def of_event(conn: Connection, event: str) -> list[Delivery]:
    """Every delivery that an event led to."""
    return _deliveries(conn, _select().where(outbox.c.event == event).order_by(outbox.c.position))


def mark_sending(conn: Connection, ids: Collection[int]) -> None:
    """Deliveries are about to be handed to the platform: one more attempt."""
    for part in chunks(list(ids)):
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_(part))
            .values(state=_CODES[State.SENDING], attempts=outbox.c.attempts + 1)
        )


def mark_sent(conn: Connection, id_: int, receipt: str | None, at: datetime) -> None:
    """A delivery was performed."""
    _mark(conn, id_, State.SENT, done_at=micros(at), receipt=clean(receipt) if receipt else None, error=None)


def retry_at(conn: Connection, id_: int, at: datetime, error: str) -> None:
    """A delivery provably did not happen: try again at a moment."""
    _mark(conn, id_, State.WAITING, not_before=micros(at), error=clean(error))


def mark_uncertain(conn: Connection, id_: int, error: str, at: datetime) -> None:
    """Nobody knows whether a delivery happened."""
    _mark(conn, id_, State.UNCERTAIN, done_at=micros(at), error=clean(error))


def mark_failed(conn: Connection, id_: int, error: str, at: datetime) -> None:
    """The platform refused a delivery for good."""
    _mark(conn, id_, State.FAILED, done_at=micros(at), error=clean(error))


def drop(conn: Connection, ids: Collection[int], why: str, at: datetime) -> None:
    """Give deliveries up that need not be sent any more."""
    for part in chunks(list(ids)):
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_(part))
            .values(state=_CODES[State.DROPPED], done_at=micros(at), error=clean(why))
        )


def depth(conn: Connection) -> dict[Lane, int]:
    """How many deliveries wait, by lane."""
    rows = conn.execute(select(outbox.c.lane, func.count()).where(_WAITING).group_by(outbox.c.lane))
    found: dict[int, int] = {row[0]: row[1] for row in rows}
    return {lane: found.get(int(lane), 0) for lane in Lane}


def next_due(conn: Connection, after: datetime | None = None) -> datetime | None:
    """When the next waiting delivery (of those later than ``after``) may be sent; None where none waits."""
    query = select(func.min(outbox.c.not_before)).where(_WAITING)
    if after is not None:
        query = query.where(outbox.c.not_before > micros(after))
    found: int | None = conn.scalar(query)
    return moment(found)


def _mark(conn: Connection, id_: int, state: State, **values: Any) -> None:
    conn.execute(update(outbox).where(outbox.c.id == id_).values(state=_CODES[state], **values))


def _select() -> "Select[Any]":
    c = outbox.c
    return select(
        *(c.id, c.event, c.position, groups.c.id, c.lane, c.effect, c.rule, c.not_before, c.state, c.attempts),
        *(c.receipt, c.error, c.created_at),
    ).join_from(outbox, groups, groups.c.key == c.group_key)


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
