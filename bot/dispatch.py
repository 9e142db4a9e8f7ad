"""Dispatch: carries out what is in the outbox, per group in order, groups side by side, what keeps order first.

A text cannot be sent twice by the same key on most platforms. So it is marked before it leaves; where the process
dies, or the answer is lost, in between, nobody knows whether it arrived: it becomes ``uncertain``, and is dropped or
repeated as the operator chose. Deletes, mutes and bans are simply repeated: doing them twice does no harm.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater, Unsupported
from adapters.protocol import Adapter, Receipt
from bot.failpoints import reach
from bot.followups import clean_up, instead_of
from rules.effects import MuteMember, kind_of
from schedules.clock import Clock
from storage import outbox
from storage.database import Database
from storage.outbox import Delivery

ATTEMPTS = 8
PATIENT_ATTEMPTS = 300
"""Of what provably did not happen (no network, flood control): about a day, however often it is tried."""
LONGEST_PAUSE = timedelta(minutes=5)
TURN = 20
"""Deliveries of one group that go in one turn; then what keeps order elsewhere may go first again."""
LIMIT = 500
GRACE = 5.0
"""Seconds that a turn under way has at the end."""

log = structlog.get_logger("groupkeeper.dispatch")

Mark = Callable[[Connection], None]


class Dispatcher:
    """Sends deliveries through the adapters. ``report`` is told of each one's new state.

    ``refused`` gives what is to be told to whom about one that failed for good: it is queued along with the mark.

    ``wake`` is set whenever there may be something to send.
    """

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        report: Callable[[Delivery, str], None],
        refused: Callable[[Delivery, str], Sequence[Delivery]],
        *,
        repeat_uncertain: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._report = report
        self._refused = refused
        self._repeat_uncertain = repeat_uncertain
        self._turns: dict[str, asyncio.Task[int]] = {}
        self._unmarked: list[Mark] = []
        self.wake = asyncio.Event()

    async def recover(self) -> int:
        """After a start: settle what was on its way when the process died. How many texts became uncertain."""
        left = await self._database.read(outbox.in_flight)
        now = self._clock.now()

        def recover(conn: Connection) -> None:
            for delivery in left:
                if delivery.effect.repeatable or self._repeat_uncertain():
                    outbox.retry_at(conn, delivery.id, now, "the process ended while it was sent")
                else:
                    outbox.mark_uncertain(conn, delivery.id, "the process ended while it was sent", now)

        if left:
            await self._database.write(recover)
        uncertain = [d for d in left if not (d.effect.repeatable or self._repeat_uncertain())]
        for delivery in uncertain:
            self._report(delivery, "uncertain")
            log.warning("delivery_uncertain", delivery=delivery.id, group=delivery.group, rule=delivery.rule)
        return len(uncertain)

    async def send_due(self) -> int:
        """Start a turn for every group that has something due and none under way; how many were started."""
        if self._unmarked:  # the database could not take them before; until then nothing more is sent
            await self._database.write(_all(self._unmarked))
            self._unmarked.clear()
        now = self._clock.now()
        started = 0
        while True:  # one group's long backlog must not hide what is due in the others
            due = await self._database.read(lambda conn: outbox.due(conn, now, LIMIT, tuple(self._turns)))
            by_group = sorted(due, key=lambda delivery: delivery.group)  # stable: lanes and order are kept within
            for group, deliveries in groupby(by_group, key=lambda delivery: delivery.group):
                turn = asyncio.create_task(self._turn(list(deliveries)[:TURN]), name=f"dispatch {group}")
                turn.add_done_callback(lambda _: self.wake.set())
                self._turns[group] = turn
                started += 1
            if len(due) < LIMIT:
                return started

    def reap(self) -> int:
        """Take in the turns that have ended; how many deliveries they settled. Raises what ended one early."""
        sent = 0
        for group, turn in list(self._turns.items()):
            if turn.done():
                del self._turns[group]
                sent += turn.result()
        return sent

    async def flush(self) -> int:
        """Send all that is due now, and what becomes due by it. How many deliveries were settled."""
        sent = 0
        while await self.send_due() or self._turns:
            await asyncio.wait(self._turns.values(), return_when=asyncio.FIRST_COMPLETED)
            sent += self.reap()
        return sent

    async def next_due(self) -> datetime | None:
        """When the next delivery may go; what waits behind one that is tried again later does not count."""
        now = self._clock.now()

        def look(conn: Connection) -> datetime | None:
            return now if outbox.due(conn, now, 1) else outbox.next_due(conn, after=now)

        return await self._database.read(look)

    async def stop(self) -> None:
        """Let the turns under way end; one whose platform does not answer is left, as if the process had died."""
        if self._turns:
            _, stuck = await asyncio.wait(self._turns.values(), timeout=GRACE)
            for turn in stuck:
                turn.cancel()
            await asyncio.gather(*self._turns.values(), return_exceptions=True)
            self._turns.clear()

    async def _turn(self, deliveries: list[Delivery]) -> int:
        settled = 0
        done: list[Mark] = []  # what happened and is not recorded yet: it goes along with the next commit
        try:
            for delivery in deliveries:
                if not delivery.effect.repeatable:
                    await self._database.write(_all([*done, _sending(delivery)]))
                    done.clear()
                    reach("sending")
                mark, goes_on = await self._send(delivery)
                done.append(mark)
                settled += 1
                reach("sent")
                if not goes_on:
                    break
            await self._database.write(_all(done))
            done.clear()
        finally:
            self._unmarked += done  # the database failed: recorded before anything more is sent
        reach("marked")
        return settled

    async def _send(self, delivery: Delivery) -> tuple[Mark, bool]:
        """Carry one delivery out; the mark to be made, and whether the group's turn goes on."""
        effect = delivery.effect
        now = self._clock.now()
        if isinstance(effect, MuteMember) and effect.until is not None and effect.until <= now:
            return self._done(delivery, "dropped", lambda conn: outbox.drop(conn, (delivery.id,), "it is over", now))
        adapter = self._adapters.get(delivery.group.partition(":")[0])
        if adapter is None:
            return self._refuse(delivery, "no platform of this name is configured")
        try:
            receipt = await adapter.perform(effect)
        except RetryLater as error:
            return self._again(delivery, str(error), error.after, PATIENT_ATTEMPTS)
        except OutcomeUnknown as error:
            if effect.repeatable or self._repeat_uncertain():
                return self._again(delivery, str(error), timedelta(seconds=1))
            why = str(error)
            log.warning("delivery_uncertain", delivery=delivery.id, group=delivery.group, rule=delivery.rule)
            return self._done(
                delivery, "uncertain", lambda conn: outbox.mark_uncertain(conn, delivery.id, why, self._clock.now())
            )
        except (Rejected, Unsupported) as error:
            return self._refuse(delivery, str(error))
        except AdapterError as error:
            return self._again(delivery, str(error), timedelta(seconds=1))
        except Exception as error:
            log.exception("adapter_failed", delivery=delivery.id, group=delivery.group)
            told = f"{type(error).__name__}: {error}"
            if effect.repeatable:
                return self._again(delivery, told, timedelta(seconds=5))
            return self._done(
                delivery, "uncertain", lambda conn: outbox.mark_uncertain(conn, delivery.id, told, self._clock.now())
            )
        return self._done(delivery, "sent", self._sent(delivery, receipt))

    def _done(self, delivery: Delivery, state: str, mark: Mark) -> tuple[Mark, bool]:
        self._report(delivery, state)
        return mark, True

    def _sent(self, delivery: Delivery, receipt: Receipt) -> Mark:
        now = self._clock.now()
        removal = clean_up(delivery, receipt.message, now)

        def mark(conn: Connection) -> None:
            outbox.mark_sent(conn, delivery.id, receipt.message, now)
            outbox.enqueue(conn, [removal] if removal is not None else [], now)

        return mark

    def _again(self, delivery: Delivery, why: str, after: timedelta, attempts: int = ATTEMPTS) -> tuple[Mark, bool]:
        if delivery.attempts + 1 >= attempts:
            return self._refuse(delivery, why)
        pause = min(timedelta(seconds=2 ** min(delivery.attempts, 10)), LONGEST_PAUSE)
        at = self._clock.now() + max(after, pause)
        self._report(delivery, "retried")

        def mark(conn: Connection) -> None:
            if delivery.effect.repeatable:  # the attempt was not counted by a mark before it
                outbox.mark_sending(conn, (delivery.id,))
            outbox.retry_at(conn, delivery.id, at, why)

        return mark, False

    def _refuse(self, delivery: Delivery, why: str) -> tuple[Mark, bool]:
        now = self._clock.now()
        instead = instead_of(delivery)
        if instead is not None:
            follow: Sequence[Delivery] = (instead,)
        else:
            log.warning(
                "delivery_refused",
                delivery=delivery.id,
                group=delivery.group,
                effect=kind_of(delivery.effect),
                rule=delivery.rule,
                error=why,
            )
            follow = self._refused(delivery, why)

        def mark(conn: Connection) -> None:
            outbox.mark_failed(conn, delivery.id, why, now)
            outbox.enqueue(conn, follow, now)

        return self._done(delivery, "failed", mark)


def _all(marks: Sequence[Mark]) -> Mark:
    def write(conn: Connection) -> None:
        for mark in marks:
            mark(conn)

    return write


def _sending(delivery: Delivery) -> Mark:
    return lambda conn: outbox.mark_sending(conn, (delivery.id,))
