"""What is written down of a settled event: its trace as JSON, and its line in the activity log."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from rules.changes import Change, MarkIntroduced
from rules.decision import Trace
from rules.events import CommandIssued, Event, again_by, subject_of
from rules.facts import Facts
from rules.questions import is_question
from storage import traces
from storage.activity import ActivityRow
from storage.traces import TraceRow

_json = msgspec.json.Encoder(enc_hook=str)


def encode_trace(trace: Trace) -> bytes:
    """A trace as JSON, the way it is kept."""
    return _json.encode(
        {"event": trace.event.id, "rulebook": trace.rulebook, "rules": trace.encodable(), "remarks": trace.remarks}
    )


def amended(conn: Connection, event: str, again: TraceRow) -> TraceRow:
    """The trace of a message's first look, with what the rules that looked again came to in the place of before."""
    before = traces.of_event(conn, event)
    if before is None:
        return replace(again, event=event)
    trace, now = (msgspec.json.decode(row.trace) for row in (before, again))
    found = {part["rule"]: part for part in now["rules"]}
    trace["rules"] = [found.get(_rule_of(part), part) for part in trace["rules"]]
    trace["remarks"] += now["remarks"]
    return replace(before, decided=before.decided or again.decided, trace=_json.encode(trace))


def _rule_of(part: dict[str, Any] | str) -> Any:
    return part.partition(" ")[0] if isinstance(part, str) else part["rule"]


def activity_row(
    seq: int, event: Event, facts: Facts, removed: set[str], changes: Iterable[Change]
) -> ActivityRow | None:
    """An event's line in the activity log; None for a command, whose message has one already, and for another look."""
    if isinstance(event, CommandIssued) or again_by(event):
        return None
    message = facts.reading.message
    if message is None:
        return ActivityRow(seq=seq, group=event.group.id, at=event.at, kind=event.kind, member=subject_of(event))
    return ActivityRow(
        seq=seq,
        group=event.group.id,
        at=event.at,
        kind="command" if message.command is not None else event.kind if message.is_talk else "line",
        member=subject_of(event),
        message=message.id,
        reply_to=message.reply_to,
        text=message.text,
        fingerprint=facts.reading.fingerprint,
        question=is_question(message.text) and not any(isinstance(change, MarkIntroduced) for change in changes),
        links=facts.reading.domains,
        removed=message.id in removed,
    )
