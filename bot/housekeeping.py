"""Forgetting: what is older than the operator wants kept is removed, a little at a time, every hour."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.setup import Setup
from rules.config import StorageSpec
from rules.errors import StorageError
from schedules.clock import Clock
from storage.database import Database
from storage.retention import Keep, purge

PERIOD = 3600.0
"""Seconds between two rounds."""
BREATH = 0.05
"""Seconds between two transactions of a round: the group goes first."""

log = structlog.get_logger("groupkeeper.housekeeping")


class Housekeeping:
    """Keeps the database to what its operator wants kept."""

    def __init__(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            try:
                await self.tidy()
            except StorageError as error:
                log.error("purge_failed", error=str(error))
            await asyncio.sleep(PERIOD)

    async def tidy(self) -> None:
        """One round: remove all that is too old by now."""
        keep = keep_of(self._setup().config.storage)
        now = self._clock.now()
        left = True
        while left:
            purged = await self._database.write(lambda conn: purge(conn, now, keep))
            left = purged.more
            if left:
                await asyncio.sleep(BREATH)


def keep_of(spec: StorageSpec) -> Keep:
    """What the configuration says is to be kept, in days."""

    def days(duration: timedelta | None) -> float | None:
        return None if duration is None else duration / timedelta(days=1)

    traces = days(spec.traces.keep)
    return Keep(
        text_days=days(spec.message_text.keep),
        trace_days=traces,
        idle_trace_days=min(traces, 3.0) if traces is not None else 3.0,
        audit_days=days(spec.audit_log.keep),
        left_member_days=days(spec.member_data.forget_after_leaving),
    )
