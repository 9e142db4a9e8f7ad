"""What is written down of a settled event: its trace as JSON, and its line in the activity log."""

from collections.abc import Iterable

import msgspec

from rules.changes import Change, MarkIntroduced
from rules.decision import Trace
from rules.events import CommandIssued, Event, subject_of
from rules.facts import Facts
from rules.questions import is_question
from storage.activity import ActivityRow

_json = msgspec.json.Encoder(enc_hook=str)


def encode_trace(trace: Trace) -> bytes:
    """A trace as JSON, the way it is kept."""
    return _json.encode(
        {"event": trace.event.id, "rulebook": trace.rulebook, "rules": trace.encodable(), "remarks": trace.remarks}
    )


def activity_row(
    seq: int, event: Event, facts: Facts, removed: set[str], changes: Iterable[Change]
) -> ActivityRow | None:
    """An event's line in the activity log; None for a command, whose message has one already."""
    if isinstance(event, CommandIssued):
        return None
    message = facts.reading.message
    if message is None:
        return ActivityRow(seq=seq, group=event.group.id, at=event.at, kind=event.kind, member=subject_of(event))
    return ActivityRow(
        seq=seq,
        group=event.group.id,
        at=event.at,
        kind="command" if message.command is not None else event.kind,
        member=message.author.id,
        message=message.id,
        reply_to=message.reply_to,
        text=message.text,
        fingerprint=facts.reading.fingerprint,
        question=is_question(message.text) and not any(isinstance(change, MarkIntroduced) for change in changes),
        links=facts.reading.domains,
        removed=message.id in removed,
    )
