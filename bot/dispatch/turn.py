"""One turn of a line: its next deliveries, one call after another, until one has to wait."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater, TooLate, Unsupported
from adapters.protocol import Adapter
from bot.dispatch.doubts import Doubts
from bot.dispatch.marks import Mark, Marks
from bot.dispatch.outcomes import ATTEMPTS, PATIENT_ATTEMPTS, Outcomes, as_refused, sending
from bot.dispatch.pace import Pace
from bot.dispatch.parcels import Parcel, as_asked, parcel_of
from bot.failpoints import reach
from rules.effects import MuteMember
from schedules.clock import Clock
from storage.database import Database
from storage.outbox import Delivery

log = structlog.get_logger("groupkeeper.dispatch")


class Turn:
    """What is left of a line's deliveries, and until when the line has to wait (None: it may go on at once).

    ``taken`` are the ids of all that it began with. The first ``plainly`` of what is left are performed as they are.
    """

    def __init__(self, taken: Sequence[int], deliveries: Sequence[Delivery]) -> None:
        self.taken = taken
        self.left = deque(deliveries)
        self.until: datetime | None = None
        self.plainly = 0

    def dealt_with(self, count: int) -> None:
        """The first ones are done with."""
        for _ in range(count):
            self.left.popleft()
        self.plainly = max(0, self.plainly - count)


class Carrier:
    """Carries turns out through the adapters."""

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        outcomes: Outcomes,
        marks: Marks,
        doubts: Doubts,
        repeat_uncertain: Callable[[], bool],
        postponed: Callable[[Delivery, datetime], datetime | None],
        once_more: Callable[[int], None],
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._outcomes = outcomes
        self._marks = marks
        self._doubts = doubts
        self._repeat_uncertain = repeat_uncertain
        self._postponed = postponed
        self._once_more = once_more
        self._pace = Pace(adapters)

    async def carry_out(self, turn: Turn) -> int:
        """Perform what is left in a turn; how many deliveries were settled or tried. Raises ``StorageError``."""
        count = 0
        done: list[Mark] = []  # what happened and is not recorded yet: it goes along with the next commit
        try:
            while turn.left and turn.until is None:
                count += await self._next(turn, done)
            if done:
                await self._marks.write(done)
                done.clear()
                reach("marked")
        finally:
            self._marks.keep(done)  # the database failed: recorded before anything more is sent
        return count

    async def _next(self, turn: Turn, done: list[Mark]) -> int:
        """Perform what is next in a turn, unless its time is still to come."""
        first, now = turn.left[0], self._clock.now()
        adapter = self._adapters.get(first.group.partition(":")[0])
        if adapter is None:
            return _settled(turn, 1, done, self._outcomes.refused(first, "no platform of this name is configured"))
        if isinstance(first.effect, MuteMember) and first.effect.until is not None and first.effect.until <= now:
            return _settled(turn, 1, done, self._outcomes.over(first))
        if (later := self._postponed(first, now)) is not None:
            self._once_more(first.id)
            return _settled(turn, 1, done, self._outcomes.postponed(first, later))
        parcel = as_asked(first) if turn.plainly else await parcel_of(turn.left, adapter, self._database, now)
        turn.until = self._pace.admit(first, parcel.effect, now)
        if turn.until is not None:
            reach("held")
            return 0
        marked = not parcel.effect.repeatable
        if marked:
            await self._marks.write([*done, sending(first)])
            done.clear()
            reach("sending")
        try:
            receipt = await adapter.perform(parcel.effect)
        except Exception as error:  # noqa: BLE001 - whatever one delivery meets, the others go on
            reach("sent")
            return self._failed(turn, parcel, done, error, marked=marked)
        reach("sent")
        return _settled(turn, len(parcel.deliveries), done, self._outcomes.sent(parcel, receipt))

    def _failed(self, turn: Turn, parcel: Parcel, done: list[Mark], error: Exception, *, marked: bool) -> int:
        first, why = parcel.deliveries[0], str(error)
        repeats = parcel.effect.repeatable or self._repeat_uncertain()
        attempts = ATTEMPTS
        match error:
            case RetryLater():
                after, attempts = error.after, PATIENT_ATTEMPTS
                if error.whole_platform:
                    self._pace.stop(first.group, self._clock.now() + error.after)
            case TooLate() if parcel.is_as_asked:
                return _settled(turn, 1, done, self._outcomes.over(first, why))
            case Rejected() | Unsupported() | TooLate():
                if parcel.is_as_asked:
                    return _settled(turn, 1, done, self._outcomes.refused(first, why))
                done += as_refused(parcel)  # one message's trouble is its own; where one is gone, another is sent
                turn.plainly = len(parcel.deliveries)
                return 0
            case OutcomeUnknown() if not repeats:
                if self._doubts.take(parcel, why):
                    turn.dealt_with(1)
                    return 1
                return _settled(turn, 1, done, self._outcomes.uncertain(first, why))
            case AdapterError():
                after = timedelta(seconds=1)
            case _:
                log.error("adapter_failed", delivery=first.id, group=first.group, exc_info=error)
                why = f"{type(error).__name__}: {error}"
                if not parcel.effect.repeatable:
                    return _settled(turn, 1, done, self._outcomes.uncertain(first, why))
                after = timedelta(seconds=5)
        mark, turn.until = self._outcomes.again(first, why, after, attempts, counted=marked)
        if turn.until is None:
            return _settled(turn, 1, done, mark)
        done.append(mark)
        return 1


def _settled(turn: Turn, count: int, done: list[Mark], mark: Mark) -> int:
    done.append(mark)
    turn.dealt_with(count)
    return count
