"""Dispatch: carries out what is in the outbox, per group in order, groups side by side, what keeps order first.

A text cannot be sent twice by the same key on most platforms. So it is marked before it leaves; where the process
dies, or the answer is lost, in between, nobody knows whether it arrived: it becomes ``uncertain``, and is dropped or
repeated as the operator chose. Deletes, mutes and bans are simply repeated: doing them twice does no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater, Unsupported
from adapters.protocol import Adapter, Receipt
from bot.failpoints import reach
from rules.effects import DeleteMessage, Lane, MuteMember, SendPrivate, SendText, kind_of
from rules.errors import StorageError
from schedules.clock import Clock
from storage import outbox
from storage.database import Database
from storage.outbox import Delivery

ATTEMPTS = 8
TURN = 20
"""Deliveries of one group that go in one turn; then what keeps order elsewhere may go first again."""
LIMIT = 500
FALLBACK, CLEAN_UP = 1_000, 2_000
"""Positions of deliveries that follow from another one: what is said instead, and its later removal."""

log = structlog.get_logger("groupkeeper.dispatch")

Mark = Callable[[Connection], None]


class Dispatcher:
    """Sends deliveries through the adapters. ``report`` is told of each one's new state, ``refused`` of refusals.

    ``wake`` is set whenever there may be something to send.
    """

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        report: Callable[[Delivery, str], None],
        refused: Callable[[Delivery, str], Awaitable[None]],
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
        busy = tuple(self._turns)
        due = await self._database.read(lambda conn: outbox.due(conn, now, LIMIT, busy))
        started = 0
        by_group = sorted(due, key=lambda delivery: delivery.group)  # stable: lanes and order are kept within
        for group, deliveries in groupby(by_group, key=lambda delivery: delivery.group):
            turn = asyncio.create_task(self._turn(list(deliveries)[:TURN]), name=f"dispatch {group}")
            turn.add_done_callback(lambda _: self.wake.set())
            self._turns[group] = turn
            started += 1
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
        """When the next delivery may go."""
        return await self._database.read(outbox.next_due)

    async def stop(self) -> None:
        """Let the turns under way end."""
        if self._turns:
            await asyncio.gather(*self._turns.values(), return_exceptions=True)
            self._turns.clear()

    async def _turn(self, deliveries: list[Delivery]) -> int:
        settled = 0
        pending: Mark | None = None  # the mark of the last one goes with that of the next: one commit, not two
        for delivery in deliveries:
            if not delivery.effect.repeatable:
                await self._write(pending, before=_sending(delivery))
                pending = None
                reach("sending")
            mark, goes_on = await self._send(delivery)
            settled += 1
            reach("sent")
            if pending is not None:
                await self._write(pending)
            pending = mark
            if not goes_on:
                break
        await self._write(pending)
        reach("marked")
        return settled

    async def _write(self, after: Mark | None, before: Mark | None = None) -> None:
        """Record what was done (``after``) and what is about to be; what was done is kept until it is recorded."""
        todo = [mark for mark in (after, before) if mark is not None]
        if not todo:
            return
        try:
            await self._database.write(_all(todo))
        except StorageError:
            if after is not None:
                self._unmarked.append(after)
            raise

    async def _send(self, delivery: Delivery) -> tuple[Mark, bool]:
        """Carry one delivery out; the mark to be made, and whether the group's turn goes on."""
        effect = delivery.effect
        now = self._clock.now()
        if isinstance(effect, MuteMember) and effect.until is not None and effect.until <= now:
            return self._done(delivery, "dropped", lambda conn: outbox.drop(conn, (delivery.id,), "it is over", now))
        adapter = self._adapters.get(delivery.group.partition(":")[0])
        if adapter is None:
            return await self._refuse(delivery, "no platform of this name is configured")
        try:
            receipt = await adapter.perform(effect)
        except RetryLater as error:
            return self._again(delivery, str(error), error.after)
        except OutcomeUnknown as error:
            if effect.repeatable or self._repeat_uncertain():
                return self._again(delivery, str(error), timedelta(seconds=1))
            why = str(error)
            log.warning("delivery_uncertain", delivery=delivery.id, group=delivery.group, rule=delivery.rule)
            return self._done(
                delivery, "uncertain", lambda conn: outbox.mark_uncertain(conn, delivery.id, why, self._clock.now())
            )
        except (Rejected, Unsupported) as error:
            return await self._refuse(delivery, str(error))
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
        effect = delivery.effect
        clean_up: list[Delivery] = []
        if isinstance(effect, SendText) and effect.delete_after is not None and receipt.message is not None:
            clean_up.append(
                Delivery(
                    event=delivery.event,
                    position=CLEAN_UP + delivery.position,
                    group=delivery.group,
                    lane=Lane.REPLY,
                    effect=DeleteMessage(group=effect.group, message=receipt.message),
                    rule=delivery.rule,
                    not_before=now + timedelta(seconds=effect.delete_after),
                )
            )

        def mark(conn: Connection) -> None:
            outbox.mark_sent(conn, delivery.id, receipt.message, now)
            outbox.enqueue(conn, clean_up, now)

        return mark

    def _again(self, delivery: Delivery, why: str, after: timedelta) -> tuple[Mark, bool]:
        now = self._clock.now()
        if delivery.attempts + 1 >= ATTEMPTS:
            log.error("delivery_failed", delivery=delivery.id, group=delivery.group, rule=delivery.rule, error=why)
            return self._done(delivery, "failed", lambda conn: outbox.mark_failed(conn, delivery.id, why, now))
        at = now + max(after, timedelta(seconds=2**delivery.attempts))
        self._report(delivery, "retried")

        def mark(conn: Connection) -> None:
            if delivery.effect.repeatable:  # the attempt was not counted by a mark before it
                outbox.mark_sending(conn, (delivery.id,))
            outbox.retry_at(conn, delivery.id, at, why)

        return mark, False

    async def _refuse(self, delivery: Delivery, why: str) -> tuple[Mark, bool]:
        effect = delivery.effect
        now = self._clock.now()
        instead: list[Delivery] = []
        if isinstance(effect, SendPrivate) and effect.otherwise is not None:
            instead.append(
                Delivery(
                    event=delivery.event,
                    position=FALLBACK + delivery.position,
                    group=delivery.group,
                    lane=delivery.lane,
                    effect=effect.otherwise,
                    rule=delivery.rule,
                )
            )
        else:
            log.warning(
                "delivery_refused",
                delivery=delivery.id,
                group=delivery.group,
                effect=kind_of(effect),
                rule=delivery.rule,
                error=why,
            )
            await self._refused(delivery, why)

        def mark(conn: Connection) -> None:
            outbox.mark_failed(conn, delivery.id, why, now)
            outbox.enqueue(conn, instead, now)

        return self._done(delivery, "failed", mark)


def _all(marks: Sequence[Mark]) -> Mark:
    def write(conn: Connection) -> None:
        for mark in marks:
            mark(conn)

    return write


def _sending(delivery: Delivery) -> Mark:
    return lambda conn: outbox.mark_sending(conn, (delivery.id,))
