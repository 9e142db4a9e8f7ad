"""Detectors' opinions, gathered outside any transaction and stored, so that a retry judges alike."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import structlog
from sqlalchemy import Connection

from bot.detection.stateful import Asks, Stateful
from bot.opinions import is_looked_at, opinion
from bot.settle import Settled
from bot.setup import Setup
from rules.detectors.opinion import awaits, with_opinion
from rules.errors import StorageError
from rules.events import Event, again_by, first_id
from rules.verdict import Detector, Verdict
from schedules.clock import Clock
from storage import verdicts
from storage.database import Database

log = structlog.get_logger("groupkeeper.evidence")


class Evidence:
    """Asks the detectors that rules name. One that fails gives no verdict, which no rule takes for guilt.

    ``detectors`` may grow meanwhile, when a reload names another. ``setup`` tells whose opinion on which groups is of
    any use; without it, all are asked about everything, and none remembers anything. ``wake`` is called when there is
    an opinion that a message waited for.
    """

    def __init__(
        self,
        database: Database,
        detectors: Mapping[str, Detector],
        clock: Clock,
        setup: Callable[[], Setup] | None = None,
        wake: Callable[[], object] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._detectors = detectors
        self._setup = setup
        self._wake = wake
        self._begun: dict[str, Stateful] = {}

    @property
    def asked_for(self) -> bool:
        """Whether any rule wants a detector's opinion."""
        if self._setup is None:
            return bool(self._detectors)
        return not self._setup().rulebook.detectors.isdisjoint(self._detectors)

    async def gather(self, events: Sequence[Event]) -> dict[str, dict[str, Verdict]]:
        """The verdicts by event id, then detector; stored ones are used again."""
        looked_at = [event for event in events if is_looked_at(event)]
        detectors = dict(self._detectors)
        if self._setup is not None:
            book = self._setup().rulebook
            looked_at = [event for event in looked_at if event.group.id in book.groups]
            detectors = {name: detector for name, detector in detectors.items() if name in book.detectors}
        if not detectors or not looked_at:
            return {}
        ids = [first_id(event) for event in looked_at]
        stored = await self._database.read(lambda conn: verdicts.load(conn, ids))
        known = {
            event.id: {verdict.detector: verdict for verdict in stored.get(first_id(event), ())} for event in looked_at
        }
        await self.begin()
        amended = await self._looked_at_again([event for event in looked_at if again_by(event)], known)
        asked = [
            (name, detector, event)
            for event in looked_at
            for name, detector in detectors.items()
            if (before := known.get(event.id, {}).get(name)) is None or before.version != detector.version
        ]
        fresh = await asyncio.to_thread(_ask, asked) if asked else []
        for event_id, verdict in fresh:
            known[event_id][verdict.detector] = verdict
        if fresh or amended:
            now = self._clock.now()

            def keep(conn: Connection) -> None:
                verdicts.keep(conn, fresh, now)
                verdicts.amend(conn, amended)

            await self._database.write(keep)
        return {event_id: found for event_id, found in known.items() if found}

    async def _looked_at_again(
        self, events: Sequence[Event], known: Mapping[str, dict[str, Verdict]]
    ) -> list[tuple[str, Verdict]]:
        """What is awaited is there by now, or will not be: the verdicts are what they come to without waiting."""
        amended = []
        for event in events:
            for name, verdict in list(known[event.id].items()):
                if awaits(verdict):
                    detector = self._detectors.get(name)
                    asks = detector.again if isinstance(detector, Asks) else _alone
                    known[event.id][name] = final = asks(event, verdict)
                    amended.append((first_id(event), final))
        return amended

    async def close(self) -> None:
        """Wait for nothing that detectors asked others for."""
        for detector in self._begun.values():
            if isinstance(detector, Asks):
                await detector.close()

    async def keep(self) -> None:
        """Have the detectors write down what they remember. Raises ``StorageError``."""
        for name, detector in list(self._begun.items()):  # another may begin meanwhile
            try:
                await detector.keep()
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - a detector's fault must not stop the bot
                log.error("detector_not_kept", detector=name, error=f"{type(error).__name__}: {error}")

    def settled(self, settled: Settled) -> None:
        """Tell the detectors what was decided."""
        for name, detector in self._begun.items():
            try:
                detector.settled(settled)
            except Exception as error:  # noqa: BLE001 - it is on disk, and must not be taken for a batch that failed
                log.error("detector_not_told", detector=name, error=f"{type(error).__name__}: {error}")

    async def begin(self) -> None:
        """Have the detectors that rules name read what they remember, once each. Raises ``StorageError``."""
        for name, detector in list(self._detectors.items()):
            if self._setup is not None and name not in self._begun and isinstance(detector, Stateful):
                await detector.begin(self._database, self._clock, self._setup)
                self._begun[name] = detector
                if isinstance(detector, Asks):
                    detector.wakes(self._wake)


def _alone(event: Event, verdict: Verdict) -> Verdict:
    return with_opinion(verdict, None)


def _ask(asked: Sequence[tuple[str, Detector, Event]]) -> list[tuple[str, Verdict]]:
    """The verdicts by event id, in the order in which it happened: some detectors remember what came before."""
    found = ((event, opinion(name, detector, event)) for name, detector, event in asked)
    # A message is looked at again by a detector of another version than before: it cannot wait once more.
    return [
        (event.id, with_opinion(verdict, None) if again_by(event) and awaits(verdict) else verdict)
        for event, verdict in found
        if verdict is not None
    ]
