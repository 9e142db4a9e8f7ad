"""The worker: takes open events from the inbox in order and has them settled, a batch a transaction.

An event that cannot be settled is tried again, its group waiting meanwhile so that order is kept; after ``ATTEMPTS``
it is parked and reported, and the group goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot import albums
from bot.albums import Gathered
from bot.evidence import Evidence
from bot.failpoints import reach
from bot.pictures.gallery import Gallery
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
LONGEST_REST = REST * 2**ATTEMPTS

log = structlog.get_logger("groupkeeper.worker")


class Worker:
    """Settles what is in the inbox, with what its pictures show, where there is a ``gallery`` to look at them.

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
        gallery: Gallery | None = None,
    ) -> None:
        self._database = database
        self._settler = settler
        self._evidence = evidence
        self._clock = clock
        self._report = report
        self._parked = parked
        self._gallery = gallery
        self._resting: dict[str, datetime] = {}

    async def settle_some(self) -> int:
        """Settle one batch; how many events left the inbox. Raises ``StorageError`` where the database cannot."""
        now = self._clock.now()
        # Nobody rests for longer but where the clock was set back, which is no reason to wait until it is there again.
        self._resting = {group: until for group, until in self._resting.items() if now < until <= now + LONGEST_REST}
        while True:
            before = self._all_resting
            gone = await self._settle_batch()
            if gone or self._all_resting <= before:
                return gone
            # All that was taken was albums that still grow, and pictures on their way: others may wait behind them.

    async def _settle_batch(self) -> int:
        try:
            if not self._evidence.asked_for and (self._gallery is None or not self._gallery.asked_for):
                return await self._settle_next()
            rows = await self._waiting()
            return await self._settle(rows) if rows else 0
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one event does, the others must go on
            log.warning("batch_failed", error=_told(error))
        return await self._one_by_one(await self._waiting())

    @property
    def rests_until(self) -> datetime | None:
        """When the first group that rests may be tried again."""
        return min(self._resting.values(), default=None)

    def patience(self, longest: float) -> float:
        """How many seconds to wait for more, ``longest`` at most: until the first group that rests may be tried."""
        until = self.rests_until
        if until is None:
            return longest
        return min(longest, max(0.0, (until - self._clock.now()).total_seconds()))

    @property
    def _all_resting(self) -> frozenset[str]:
        """The groups that nothing is taken of: after a failure, while an album grows, until a picture is there."""
        waiting = frozenset() if self._gallery is None else self._gallery.resting
        return waiting.union(self._resting)

    async def _waiting(self) -> Sequence[Waiting]:
        resting, now = tuple(self._all_resting), self._clock.now()
        gathered = await self._database.read(lambda conn: _gathered(conn, resting, now))
        self._resting |= gathered.resting
        return gathered.rows

    async def _settle_next(self) -> int:
        """Take a batch and settle it in one transaction: nobody has to look at the events before."""
        resting, now = tuple(self._resting), self._clock.now()

        def settle(conn: Connection) -> tuple[Settled | None, Gathered]:
            gathered = _gathered(conn, resting, now)
            if not gathered.rows:
                return None, gathered
            settled = self._settler.settle(conn, gathered.rows, now)
            reach("settling")
            return settled, gathered

        settled, gathered = await self._database.write(settle)
        self._resting |= gathered.resting
        return 0 if settled is None else self._committed(settled)

    async def _settle(self, rows: Sequence[Waiting]) -> int:
        if self._gallery is not None:
            rows = await self._gallery.hung(rows)
            if not rows:
                return 0
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
        for held in settled.held:
            log.info("held", why="quiet hours", **asdict(held))
        self._report(settled)
        return settled.events

    async def _one_by_one(self, rows: Sequence[Waiting]) -> int:
        gone = 0
        for row in rows:
            if row.group in self._all_resting:
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
            for seq in (row.seq, *row.others):
                inbox.park(conn, seq, error)
            outbox.enqueue(conn, notices, now)

        await self._database.write(park)
        return 1 + len(row.others)


def _gathered(conn: Connection, resting: tuple[str, ...], now: datetime) -> Gathered:
    """The oldest open events of the groups that do not rest, albums put together."""
    rows = inbox.waiting(conn, BATCH, resting)
    if len(rows) < BATCH:
        return albums.gather(rows, now)
    return albums.gather(rows, now, lambda groups: inbox.waiting(conn, BATCH, groups=groups, behind=rows[-1].seq))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
