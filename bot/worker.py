"""The worker: takes open events from the inbox in order and has them settled, a batch a transaction.

An event that cannot be settled is tried again, its group waiting meanwhile so that order is kept; after ``ATTEMPTS``
it is parked and reported, and the group goes on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.evidence import Evidence
from bot.failpoints import reach
from bot.settle import Settled, Settler
from rules.errors import StorageError
from schedules.clock import Clock
from storage import inbox, outbox
from storage.database import Database
from storage.inbox import Waiting
from storage.outbox import Delivery

ATTEMPTS = 3
BATCH = 256
REST = timedelta(seconds=1)

log = structlog.get_logger("groupkeeper.worker")


class Worker:
    """Settles what is in the inbox.

    ``report`` is told of each batch; ``parked`` of each event put aside: what it answers is queued along with that.
    """

    def __init__(
        self,
        database: Database,
        settler: Settler,
        evidence: Evidence,
        clock: Clock,
        report: Callable[[Settled], None],
        parked: Callable[[Waiting, str], Sequence[Delivery]],
    ) -> None:
        self._database = database
        self._settler = settler
        self._evidence = evidence
        self._clock = clock
        self._report = report
        self._parked = parked
        self._resting: dict[str, datetime] = {}

    async def settle_some(self) -> int:
        """Settle one batch; how many events left the inbox. Raises ``StorageError`` where the database cannot."""
        now = self._clock.now()
        self._resting = {group: until for group, until in self._resting.items() if until > now}
        resting = tuple(self._resting)
        try:
            if not self._evidence.asked_for:
                return await self._settle_next(resting)
            rows = await self._waiting(resting)
            return await self._settle(rows) if rows else 0
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one event does, the others must go on
            log.warning("batch_failed", error=_told(error))
        return await self._one_by_one(await self._waiting(resting))

    @property
    def rests_until(self) -> datetime | None:
        """When the first group that rests may be tried again."""
        return min(self._resting.values(), default=None)

    async def _waiting(self, resting: tuple[str, ...]) -> list[Waiting]:
        return await self._database.read(lambda conn: inbox.waiting(conn, BATCH, resting))

    async def _settle_next(self, resting: tuple[str, ...]) -> int:
        """Take a batch and settle it in one transaction: nobody has to look at the events before."""
        now = self._clock.now()

        def settle(conn: Connection) -> Settled | None:
            rows = inbox.waiting(conn, BATCH, resting)
            if not rows:
                return None
            settled = self._settler.settle(conn, rows, now)
            reach("settling")
            return settled

        settled = await self._database.write(settle)
        return 0 if settled is None else self._committed(settled)

    async def _settle(self, rows: Sequence[Waiting]) -> int:
        verdicts = await self._evidence.gather([row.event for row in rows])
        now = self._clock.now()

        def settle(conn: Connection) -> Settled:
            settled = self._settler.settle(conn, rows, now, verdicts)
            reach("settling")
            return settled

        return self._committed(await self._database.write(settle))

    def _committed(self, settled: Settled) -> int:
        self._settler.committed()
        reach("settled")
        self._report(settled)
        return settled.events

    async def _one_by_one(self, rows: Sequence[Waiting]) -> int:
        gone = 0
        for row in rows:
            if row.group in self._resting:
                continue
            try:
                gone += await self._settle([row])
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - an event that cannot be settled is put aside, not lost
                gone += await self._failed(row, _told(error), hopeless=isinstance(error, msgspec.ValidationError))
        return gone

    async def _failed(self, row: Waiting, error: str, *, hopeless: bool) -> int:
        attempts = row.attempts + 1
        if attempts < ATTEMPTS and not hopeless:
            log.warning("event_failed", event_id=row.id, group=row.group, attempt=attempts, error=error)
            await self._database.write(lambda conn: inbox.fail(conn, row.seq, error, attempts))
            self._resting[row.group] = self._clock.now() + REST * 2**row.attempts
            return 0
        log.error("event_parked", event_id=row.id, group=row.group, error=error)
        notices = self._parked(row, error)
        now = self._clock.now()

        def park(conn: Connection) -> None:
            inbox.park(conn, row.seq, error)
            outbox.enqueue(conn, notices, now)

        await self._database.write(park)
        return 1


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
