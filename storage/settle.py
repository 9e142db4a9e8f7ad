"""Settling: everything that a run of decisions leaves behind, in one transaction, a table at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from sqlalchemy import Connection

from rules.changes import Change
from rules.state import GroupState, MemberState
from storage import activity, history, inbox, outbox, states, traces
from storage.activity import ActivityRow
from storage.outbox import Delivery
from storage.traces import TraceRow


class Recorded(Struct, frozen=True):
    """The changes that one event's decision asked for, and the event's moment (None: that of the batch)."""

    group: str
    event: str
    changes: Sequence[Change]
    at: datetime | None = None


class Settlement(Struct, kw_only=True):
    """What the decisions on the events ``seqs`` lead to. ``members`` is by (group id, member id).

    ``removed`` are (group id, message id) of messages of earlier events that were taken away.
    """

    seqs: Sequence[int] = ()
    groups: list[GroupState] = field(default_factory=list)
    members: Mapping[tuple[str, str], MemberState] = field(default_factory=dict)
    activity: list[ActivityRow] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    traces: list[TraceRow] = field(default_factory=list)
    changes: list[Recorded] = field(default_factory=list)


def settle(conn: Connection, batch: Settlement, now: datetime) -> None:
    """Record all of it. Raises ``AlreadySettled`` where another worker was first; nothing is recorded then."""
    inbox.close(conn, batch.seqs)
    states.save(conn, batch.groups, batch.members)
    activity.log(conn, batch.activity)
    for group, message in batch.removed:
        activity.mark_removed(conn, group, message)
    outbox.enqueue(conn, batch.deliveries, now)
    traces.keep(conn, batch.traces)
    for recorded in batch.changes:  # last: some of them rewrite what was just saved
        if recorded.changes:
            history.record(conn, recorded.group, recorded.event, recorded.at or now, recorded.changes)
