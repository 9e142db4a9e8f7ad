"""Detectors' opinions, gathered outside any transaction and stored, so that a retry judges alike."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from msgspec.structs import replace

from rules.events import Event, JoinRequested, MemberJoined, MessageEdited, MessagePosted
from rules.verdict import Detector, Reason, Verdict
from schedules.clock import Clock
from storage import verdicts
from storage.database import Database

log = structlog.get_logger("groupkeeper.evidence")


class Evidence:
    """Asks the detectors that rules name. One that fails gives no verdict, which no rule takes for guilt."""

    def __init__(self, database: Database, detectors: Mapping[str, Detector], clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._detectors = dict(detectors)

    async def gather(self, events: Sequence[Event]) -> dict[str, dict[str, Verdict]]:
        """The verdicts by event id, then detector; stored ones are used again."""
        looked_at = [e for e in events if isinstance(e, (MessagePosted, MessageEdited, MemberJoined, JoinRequested))]
        if not self._detectors or not looked_at:
            return {}
        ids = [event.id for event in looked_at]
        stored = await self._database.read(lambda conn: verdicts.load(conn, ids))
        known = {id_: {verdict.detector: verdict for verdict in found} for id_, found in stored.items()}
        fresh: list[tuple[str, Verdict]] = []
        for event in looked_at:
            for name, detector in self._detectors.items():
                before = known.get(event.id, {}).get(name)
                if before is not None and before.version == detector.version:
                    continue
                verdict = await asyncio.to_thread(_look, detector, event)
                if verdict is not None:
                    fresh.append((event.id, verdict))
                    known.setdefault(event.id, {})[name] = verdict
        if fresh:
            now = self._clock.now()
            await self._database.write(lambda conn: verdicts.keep(conn, fresh, now))
        return known


def _look(detector: Detector, event: Event) -> Verdict | None:
    try:
        verdict = detector.look(event)
    except Exception as error:  # noqa: BLE001 - a detector's fault must not stop the group
        log.warning("detector_failed", detector=detector.name, event_id=event.id, error=f"{type(error).__name__}: {error}")
        return None
    if not 0.0 <= verdict.score <= 1.0:  # NaN included
        reason = Reason("error", detail=f"score {verdict.score} is not between 0 and 1")
        return replace(verdict, score=0.0, reasons=(*verdict.reasons, reason))
    return verdict
