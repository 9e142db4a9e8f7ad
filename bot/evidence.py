"""Detectors' opinions, gathered outside any transaction and stored, so that a retry judges alike."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot.opinions import LOOKED_AT, opinion
from rules.events import Event
from rules.rulebook import Rulebook
from rules.verdict import Detector, Verdict
from schedules.clock import Clock
from storage import verdicts
from storage.database import Database


class Evidence:
    """Asks the detectors that rules name. One that fails gives no verdict, which no rule takes for guilt.

    ``detectors`` may grow meanwhile, when a reload names another. ``rulebook`` tells whose opinion on which groups is
    of any use; without it, all are asked about everything.
    """

    def __init__(
        self,
        database: Database,
        detectors: Mapping[str, Detector],
        clock: Clock,
        rulebook: Callable[[], Rulebook] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._detectors = detectors
        self._rulebook = rulebook

    @property
    def asked_for(self) -> bool:
        """Whether any rule wants a detector's opinion."""
        if self._rulebook is None:
            return bool(self._detectors)
        return not self._rulebook().detectors.isdisjoint(self._detectors)

    async def gather(self, events: Sequence[Event]) -> dict[str, dict[str, Verdict]]:
        """The verdicts by event id, then detector; stored ones are used again."""
        looked_at = [e for e in events if isinstance(e, LOOKED_AT)]
        detectors = dict(self._detectors)
        if self._rulebook is not None:
            book = self._rulebook()
            looked_at = [event for event in looked_at if event.group.id in book.groups]
            detectors = {name: detector for name, detector in detectors.items() if name in book.detectors}
        if not detectors or not looked_at:
            return {}
        ids = [event.id for event in looked_at]
        stored = await self._database.read(lambda conn: verdicts.load(conn, ids))
        known = {id_: {verdict.detector: verdict for verdict in found} for id_, found in stored.items()}
        fresh: list[tuple[str, Verdict]] = []
        for event in looked_at:
            for name, detector in detectors.items():
                before = known.get(event.id, {}).get(name)
                if before is not None and before.version == detector.version:
                    continue
                verdict = await asyncio.to_thread(opinion, name, detector, event)
                if verdict is not None:
                    fresh.append((event.id, verdict))
                    known.setdefault(event.id, {})[name] = verdict
        if fresh:
            now = self._clock.now()
            await self._database.write(lambda conn: verdicts.keep(conn, fresh, now))
        return known
