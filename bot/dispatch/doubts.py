"""Texts whose answer was lost, where the platform can be asked whether they stand.

Such a text leaves its line, which goes on, and stays marked as on its way: should the process die, it is uncertain as
ever. It is asked about now and then: it stands, or certainly does not and is sent again, or nobody knows, in time.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from adapters.errors import AdapterError, RetryLater
from adapters.protocol import Adapter, Verifies
from bot.dispatch.marks import Mark, Marks
from bot.dispatch.outcomes import Outcomes
from bot.dispatch.parcels import Parcel, as_asked
from rules.effects import Lane, SendText
from rules.errors import StorageError
from schedules.clock import Clock
from storage.outbox import Delivery

FIRST = timedelta(seconds=5)
"""After which it is asked about: what was still on its way is there by then."""
LONGEST = {Lane.MODERATION: timedelta(), Lane.REPLY: timedelta(minutes=5), Lane.ANNOUNCEMENT: timedelta(minutes=30)}
"""For how long a text is in doubt: an answer that comes much later answers nothing any more."""
LONGEST_REPORTED = timedelta(minutes=1)
"""The same where the engine waits to be told what became of it."""
TOO_LATE = "the platform's answer was lost; it was not said, and when that was known it was too late to repeat it"

log = structlog.get_logger("groupkeeper.dispatch")


class _Doubt:
    def __init__(self, delivery: Delivery, effect: SendText, adapter: Verifies, why: str, now: datetime) -> None:
        self.delivery = delivery
        self.effect = effect
        self.adapter = adapter
        self.why = why
        self.next = now + FIRST
        self.settled = False
        longest = LONGEST[delivery.lane]
        self.until = now + (longest if effect.report is None else min(longest, LONGEST_REPORTED))


class Doubts:
    """The texts in doubt. ``again`` is given the id of each to be sent once more, ``ended`` is called after a look."""

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        outcomes: Outcomes,
        marks: Marks,
        again: Callable[[int], None],
        ended: Callable[[], None],
    ) -> None:
        self._adapters = adapters
        self._clock = clock
        self._outcomes = outcomes
        self._marks = marks
        self._again = again
        self._ended = ended
        self._waiting: list[_Doubt] = []
        self._asking: dict[asyncio.Task[None], _Doubt] = {}
        self._settled = 0

    @property
    def asking(self) -> list["asyncio.Task[None]"]:
        """The questions under way."""
        return list(self._asking)

    def take(self, parcel: Parcel, why: str) -> bool:
        """Whether a parcel with an unknown outcome can be asked about: then it is seen to here."""
        first, effect = parcel.deliveries[0], parcel.effect
        adapter = self._adapters.get(first.group.partition(":")[0])
        if not parcel.is_as_asked or not isinstance(effect, SendText) or not isinstance(adapter, Verifies):
            return False
        self._waiting.append(_Doubt(first, effect, adapter, why, self._clock.now()))
        return True

    def ask(self) -> int:
        """Ask about those whose time has come; about how many."""
        if not self._waiting:
            return 0
        now = self._clock.now()
        due = [doubt for doubt in self._waiting if doubt.next <= now]
        for doubt in due:
            self._waiting.remove(doubt)
            task = asyncio.create_task(self._look(doubt), name=f"doubt {doubt.delivery.id}")
            self._asking[task] = doubt
            task.add_done_callback(self._over)
        return len(due)

    def settled(self) -> int:
        """How many were settled since this was asked last."""
        count, self._settled = self._settled, 0
        return count

    def next_moment(self) -> datetime | None:
        """When one is asked about next."""
        return min((doubt.next for doubt in self._waiting), default=None)

    async def give_up(self, grace: float) -> None:
        """The end: what is in doubt is uncertain. Where that cannot be recorded it says so at the next start.

        ``grace`` is how many seconds the questions under way have.
        """
        if self._asking:
            asked = dict(self._asking)
            _, stuck = await asyncio.wait(asked, timeout=grace)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
            self._waiting += [asked[task] for task in stuck if not asked[task].settled]
        left, self._waiting = self._waiting, []
        if left:
            await self._record([self._outcomes.uncertain(doubt.delivery, doubt.why) for doubt in left])

    async def _look(self, doubt: _Doubt) -> None:
        delivery = doubt.delivery
        again = False
        try:
            receipt = await doubt.adapter.verify(doubt.effect)
        except RetryLater as error:
            doubt.next = self._clock.now() + max(error.after, timedelta(seconds=1))
            if doubt.next <= doubt.until:
                self._waiting.append(doubt)
                return
            mark = self._outcomes.uncertain(delivery, doubt.why)
        except AdapterError as error:
            log.info("doubt_stays", delivery=delivery.id, group=delivery.group, error=str(error))
            mark = self._outcomes.uncertain(delivery, doubt.why)
        except Exception:
            log.exception("verifying_failed", delivery=delivery.id, group=delivery.group)
            mark = self._outcomes.uncertain(delivery, doubt.why)
        else:
            if receipt is None and self._clock.now() > doubt.until:
                mark = self._outcomes.refused(delivery, TOO_LATE)
            elif receipt is not None:
                mark = self._outcomes.sent(as_asked(delivery), receipt)
            else:
                mark, at = self._outcomes.again(delivery, doubt.why, timedelta(), counted=True)
                again = at is not None
        doubt.settled = True
        self._settled += 1
        await self._record([mark])
        if again:
            self._again(delivery.id)

    async def _record(self, marks: Sequence[Mark]) -> None:
        try:
            await self._marks.write(marks)
        except StorageError as error:
            log.error("database_trouble", error=str(error))
            self._marks.keep(marks)  # before they are recorded nothing more is sent

    def _over(self, task: "asyncio.Task[None]") -> None:
        self._asking.pop(task, None)
        self._ended()
