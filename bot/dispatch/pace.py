"""How fast platforms let us go: what an adapter with a pace admits, and platforms that asked for silence."""

from collections.abc import Mapping
from datetime import datetime

import structlog

from adapters.protocol import Adapter, Paced
from rules.effects import Effect, Lane
from storage.outbox import Delivery

log = structlog.get_logger("groupkeeper.dispatch")


class Pace:
    """Asks before anything is marked as on its way. A platform that is stopped has its talk wait; order is kept."""

    def __init__(self, adapters: Mapping[str, Adapter]) -> None:
        self._adapters = adapters
        self._paced: dict[str, tuple[Adapter, Paced | None]] = {}
        self._stopped: dict[str, datetime] = {}

    def admit(self, delivery: Delivery, effect: Effect, now: datetime) -> datetime | None:
        """From when the delivery may be performed, as this effect; None: at once."""
        platform = delivery.group.partition(":")[0]
        stopped = self._stopped.get(platform)
        if stopped is not None and stopped > now and delivery.lane is not Lane.MODERATION:
            return stopped
        adapter = self._with_pace(platform)
        if adapter is None:
            return None
        try:
            at = adapter.admit(f"{delivery.event}/{delivery.position}", effect, now)
        except Exception:
            log.exception("pace_failed", adapter=platform, delivery=delivery.id)
            return None  # the platform itself says when it is too much
        return at if at > now else None

    def _with_pace(self, platform: str) -> Paced | None:
        """The adapter, if it has a pace: decided once, because that takes longer than to ask it for the pace."""
        adapter = self._adapters.get(platform)
        if adapter is None:
            return None
        known = self._paced.get(platform)
        if known is None or known[0] is not adapter:
            known = self._paced[platform] = (adapter, adapter if isinstance(adapter, Paced) else None)
        return known[1]

    def stop(self, group: str, until: datetime) -> None:
        """Let all talk on the platform of a group wait until a moment."""
        platform = group.partition(":")[0]
        self._stopped[platform] = max(until, self._stopped.get(platform, until))
        log.warning("platform_stopped", adapter=platform, until=until.isoformat())
