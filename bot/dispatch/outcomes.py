"""What is recorded of a delivery: sent, tried again, refused, uncertain, dropped, each with all that follows from it.

Every one gives a mark, which is written in a transaction of its own or along with others.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from adapters.protocol import Adapter, Receipt
from bot.dispatch.followups import clean_up, instead_of, report_on
from bot.dispatch.marks import Mark
from bot.dispatch.parcels import Parcel
from rules.effects import AnswerJoinRequest, EditText, SendText, kind_of
from rules.events import ScheduleFired
from rules.outcome import Outcome
from schedules.clock import Clock
from storage import inbox, outbox, running
from storage.outbox import Delivery
from storage.running import Running

ATTEMPTS = 8
PATIENT_ATTEMPTS = 300
"""Of what provably did not happen (no network, flood control): about a day, however often it is tried."""
LONGEST_PAUSE = timedelta(minutes=5)

log = structlog.get_logger("groupkeeper.dispatch")


class Outcomes:
    """Makes the marks. ``delivered`` is told of each new state, ``refused`` gives what staff are told of a refusal."""

    def __init__(
        self,
        clock: Clock,
        delivered: Callable[[Delivery, str], None],
        refused: Callable[[Delivery, str], Sequence[Delivery]],
        adapters: Mapping[str, Adapter],
    ) -> None:
        self._adapters = adapters
        self._clock = clock
        self._delivered = delivered
        self._refused = refused

    def sent(self, parcel: Parcel, receipt: Receipt) -> Mark:
        """It was performed."""
        now = self._clock.now()
        for delivery in parcel.deliveries:
            self._delivered(delivery, "sent")
        if len(parcel.deliveries) > 1:
            return Mark(sent=tuple((delivery.id, None, now) for delivery in parcel.deliveries))
        (delivery,) = parcel.deliveries
        message = parcel.effect.message if isinstance(parcel.effect, EditText) else receipt.message
        report = report_on(delivery, Outcome("sent", message), now)
        adapter = self._adapters.get(delivery.group.partition(":")[0])
        removals = clean_up(delivery, receipt, now, adapter) if parcel.is_as_asked else []
        stands = _running(parcel, receipt, now)
        if report is None and stands is None and not removals:
            return Mark(sent=((delivery.id, message, now),))

        def write(conn: Connection) -> None:
            outbox.mark_sent(conn, [(delivery.id, message, now)])
            outbox.enqueue(conn, removals, now)
            if stands is not None:
                running.remember(conn, delivery.group, *stands)
            _put(conn, report)

        return Mark(write, wakes=report is not None, queues=bool(removals))

    def again(
        self, delivery: Delivery, why: str, after: timedelta, attempts: int = ATTEMPTS, *, counted: bool
    ) -> tuple[Mark, datetime | None]:
        """It did not happen, and is tried again at the moment given along; None: it was tried too often.

        ``counted``: a mark before it says already that this was an attempt.
        """
        if delivery.attempts + 1 >= attempts:
            return self.refused(delivery, why), None
        pause = min(timedelta(seconds=2 ** min(delivery.attempts, 10)), LONGEST_PAUSE)
        at = self._clock.now() + max(after, pause)
        self._delivered(delivery, "retried")

        def write(conn: Connection) -> None:
            if not counted:
                outbox.mark_sending(conn, (delivery.id,))
            outbox.retry_at(conn, delivery.id, at, why)

        return Mark(write), at

    def refused(self, delivery: Delivery, why: str) -> Mark:
        """It never will be performed. Told to the engine where it asked for that, else to the staff."""
        now = self._clock.now()
        instead = instead_of(delivery)
        report = None if instead is not None else report_on(delivery, Outcome("refused", reason=why), now)
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
            # The engine asks about an answer to go on with once it is given: that it was not, is for staff to know.
            untold = report is None or isinstance(delivery.effect, AnswerJoinRequest)
            follow = self._refused(delivery, why) if untold else ()
        self._delivered(delivery, "failed")

        def write(conn: Connection) -> None:
            outbox.mark_failed(conn, delivery.id, why, now)
            outbox.enqueue(conn, follow, now)
            _put(conn, report)

        return Mark(write, wakes=report is not None, queues=bool(follow))

    def uncertain(self, delivery: Delivery, why: str) -> Mark:
        """Nobody knows whether it was performed."""
        now = self._clock.now()
        log.warning("delivery_uncertain", delivery=delivery.id, group=delivery.group, rule=delivery.rule)
        self._delivered(delivery, "uncertain")
        report = report_on(delivery, Outcome("uncertain", reason=why), now)

        def write(conn: Connection) -> None:
            outbox.mark_uncertain(conn, delivery.id, why, now)
            _put(conn, report)

        return Mark(write, wakes=report is not None)

    def postponed(self, delivery: Delivery, until: datetime) -> Mark:
        """Its time is over, and comes again."""
        return Mark(lambda conn: outbox.postpone(conn, delivery.id, until))

    def over(self, delivery: Delivery, why: str = "it is over") -> Mark:
        """Nobody needs it any more, or it can be done no more. Nobody is told."""
        now = self._clock.now()
        self._delivered(delivery, "dropped")
        return Mark(lambda conn: outbox.drop(conn, (delivery.id,), why, now))


def sending(delivery: Delivery) -> Mark:
    """It is on its way from now on: should the process die, nobody knows whether it arrived."""
    return Mark(lambda conn: outbox.mark_sending(conn, (delivery.id,)))


def as_refused(parcel: Parcel) -> list[Mark]:
    """Of a parcel that is now to be performed as it was asked for: a message that cannot be edited runs no more."""
    first = parcel.deliveries[0]
    effect = first.effect
    if not isinstance(effect, SendText) or not effect.running:
        return []
    name = effect.running
    return [Mark(lambda conn: running.end(conn, first.group, name))]


def _running(parcel: Parcel, receipt: Receipt, now: datetime) -> tuple[str, Running] | None:
    """The name and message to be kept up to date from now on. One that was split cannot be changed as a whole."""
    effect = parcel.effect
    if not isinstance(effect, SendText) or not effect.running or receipt.message is None or receipt.others:
        return None
    return effect.running, Running(receipt.message, now, effect.picture is not None)


def _put(conn: Connection, report: ScheduleFired | None) -> None:
    if report is not None:
        inbox.put(conn, [report], report.at)
