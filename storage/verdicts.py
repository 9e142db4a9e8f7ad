"""Detectors' verdicts by event, detector and version, so that an event that is tried again is judged alike."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from rules.verdict import Verdict
from storage.moments import micros
from storage.schema import verdicts
from storage.statements import chunks, clean, dialect_of, insert

_decoder = msgspec.json.Decoder(Verdict)


def keep(conn: Connection, found: Iterable[tuple[str, Verdict]], at: datetime) -> None:
    """Keep verdicts by event id; the first one for an event, detector and version stays."""
    now = micros(at)
    rows = [
        {
            "event": event,
            "detector": verdict.detector,
            "version": verdict.version,
            "at": now,
            "score": verdict.score,
            "verdict": clean(msgspec.json.encode(verdict).decode()),
        }
        for event, verdict in found
    ]
    if rows:
        conn.execute(insert(dialect_of(conn), verdicts).on_conflict_do_nothing(), rows)


def amend(conn: Connection, found: Iterable[tuple[str, Verdict]]) -> None:
    """Put verdicts, by event id, in the place of those that are kept of the same detector and version."""
    c = verdicts.c
    for event, verdict in found:
        same = (c.event == event) & (c.detector == verdict.detector) & (c.version == verdict.version)
        text = clean(msgspec.json.encode(verdict).decode())
        conn.execute(update(verdicts).where(same).values(score=verdict.score, verdict=text))


def load(conn: Connection, events: Collection[str]) -> dict[str, list[Verdict]]:
    """The verdicts on events, by event id; events without one are left out."""
    found: dict[str, list[Verdict]] = {}
    c = verdicts.c
    for part in chunks(list(events)):
        query = select(c.event, c.verdict).where(c.event.in_(part)).order_by(c.event, c.detector, c.at)
        for event, verdict in conn.execute(query):
            found.setdefault(event, []).append(_decoder.decode(verdict))
    return found
