"""The dispatcher: starts a turn for every line that may go, takes it in when it has ended, knows when to look again."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from adapters.protocol import Adapter
from bot.dispatch.backlog import Backlog, LineKey
from bot.dispatch.doubts import Doubts
from bot.dispatch.marks import Mark, Marks
from bot.dispatch.outcomes import Outcomes
from bot.dispatch.turn import Carrier, Turn
from schedules.clock import Clock
from storage import outbox
from storage.database import Database
from storage.outbox import Delivery, Page

TURN = 20
"""Deliveries of one line that go in one turn; then what is new may be seen, and every line goes again."""
MODERATION_TURN = 100
"""The same for what keeps order: a raid's messages are taken away in one call."""
LIMIT = 1_000
"""Deliveries that are read at a time."""
GRACE = 5.0
"""Seconds that a turn under way has at the end."""
SOON = timedelta(milliseconds=1)
UNASKED = 1.0
"""Seconds after which the outbox is read whether or not anybody said that there is news."""

WHILE_SENT = "the process ended while it was sent"


class Dispatcher:
    """Sends deliveries through the adapters. ``delivered`` is told of each one's new state.

    ``refused`` gives what is to be told to whom about one that failed for good: it is queued along with the mark.
    ``wake_worker`` is called when the engine is to hear what became of one. ``postponed`` says until when one has to
    wait whose time is over, while others pass it by.

    ``wake`` is set whenever there is something to do: by ``look``, and when a turn has ended.
    """

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        delivered: Callable[[Delivery, str], None],
        refused: Callable[[Delivery, str], Sequence[Delivery]],
        wake_worker: Callable[[], None],
        *,
        repeat_uncertain: Callable[[], bool] = lambda: False,
        postponed: Callable[[Delivery, datetime], datetime | None] = lambda delivery, now: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._repeat_uncertain = repeat_uncertain
        self.wake = asyncio.Event()
        self._outcomes = Outcomes(clock, delivered, refused, adapters)
        self._marks = Marks(database, wake_worker, self.look)
        self._doubts = Doubts(adapters, clock, self._outcomes, self._marks, self._once_more, self.wake.set)
        self._carrier = Carrier(
            database,
            adapters,
            clock,
            self._outcomes,
            self._marks,
            self._doubts,
            repeat_uncertain,
            postponed,
            self._once_more,
        )
        self._backlog = Backlog()
        self._turns: dict[LineKey, tuple[Turn, asyncio.Task[int]]] = {}
        self._ended: list[LineKey] = []
        self._repeats: list[int] = []
        self._news = True
        self._read_at = 0.0

    async def recover(self) -> int:
        """After a start: settle what was on its way when the process died. How many texts became uncertain."""
        left = await self._database.read(outbox.in_flight)
        now = self._clock.now()
        marks: list[Mark] = []
        uncertain = 0
        for delivery in left:
            if delivery.effect.repeatable or self._repeat_uncertain():
                marks.append(_again(delivery, now))
            else:
                marks.append(self._outcomes.uncertain(delivery, WHILE_SENT))
                uncertain += 1
        if marks:
            await self._marks.write(marks)
        return uncertain

    def look(self) -> None:
        """There may be something new in the outbox."""
        self._news = True
        self.wake.set()

    async def go_on(self) -> None:
        """Take in the turns that have ended and start others, as long as there is something to do at once.

        The outbox is read where somebody said that there is news, and now and then in any case. What turns end would
        else have it read as often as there are deliveries.
        """
        self.reap()
        now = asyncio.get_running_loop().time()
        if self._news or now - self._read_at >= UNASKED or not self._marks.all_written:
            self._news, self._read_at = False, now
            try:
                await self.send_due()
            except BaseException:
                self._news = True
                raise
        else:
            self._doubts.ask()
            await self._start({})

    async def send_due(self) -> int:
        """Start a turn for every line that may go and has none under way; how many were started."""
        await self._marks.catch_up()  # the database could not take them before; until then nothing more is sent
        self._take_up_repeats()
        started, more = self._doubts.ask(), True
        while more:
            page = await self._read()
            started += await self._start({delivery.id: delivery for delivery in page.found})
            more = page.more
        return started

    def reap(self) -> int:
        """Take in the turns that have ended; how many deliveries they settled. Raises what ended one early."""
        sent = 0
        while self._ended:
            key = self._ended.pop()
            turn, task = self._turns.pop(key)
            self._backlog.give_back(key, turn.taken, [delivery.id for delivery in turn.left], turn.until)
            sent += task.result()
        return sent

    async def flush(self) -> int:
        """Send all that is due now, and what becomes due by it. How many deliveries were settled."""
        sent = 0
        while await self.send_due() or self._turns or self._doubts.asking or self._repeats:
            under_way = [*(task for _, task in self._turns.values()), *self._doubts.asking]
            if under_way:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            sent += self.reap() + self._doubts.settled()
        return sent

    async def next_due(self) -> datetime | None:
        """When the next delivery may go; what waits behind one that is held or tried again later does not count."""
        while (await self._read()).more:
            pass
        now = self._clock.now()
        return now if not self._marks.all_written else self._next_moment(now)

    def pause(self, longest: float) -> float:
        """Seconds until something that is known of may go, at most ``longest``."""
        now = self._clock.now()
        moment = self._next_moment(now)
        return longest if moment is None else min(longest, max(moment - now, SOON).total_seconds())

    def look_again(self) -> None:
        """Forget what was read: a group has another id now."""
        self._backlog = self._backlog.afresh()
        self.look()

    async def stop(self) -> None:
        """Let the turns under way end; one whose platform does not answer is left, as if the process had died."""
        tasks = [task for _, task in self._turns.values()]
        if tasks:
            _, stuck = await asyncio.wait(tasks, timeout=GRACE)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._turns.clear()
            self._ended.clear()
        await self._doubts.give_up(GRACE)

    def _next_moment(self, now: datetime) -> datetime | None:
        moments = (self._backlog.next_moment(now), self._doubts.next_moment())
        return min((moment for moment in moments if moment is not None), default=None)

    def _once_more(self, id_: int) -> None:
        """A text that was in doubt, or that is postponed, waits again. It was read before, so all is read afresh."""
        self._repeats.append(id_)
        self.look()

    def _take_up_repeats(self) -> None:
        """Not while the turn is under way in which it was sent: what that took is passed over when it is read."""
        if self._repeats and not any(id_ in turn.taken for turn, _ in self._turns.values() for id_ in self._repeats):
            self._repeats.clear()
            self.look_again()

    async def _read(self) -> Page:
        """Take the next of what has not been read yet into the backlog."""
        backlog = self._backlog

        def look(conn: Connection) -> Page:
            after = outbox.beginning(conn) if backlog.seen is None else backlog.seen
            return outbox.waiting(conn, after, LIMIT)

        page = await self._database.read(look)
        if backlog is not self._backlog:
            return Page([], 0, more=True)  # all is to be read again
        backlog.seen = page.last
        backlog.add(page.found, self._clock.now())
        return page

    async def _start(self, read: Mapping[int, Delivery]) -> int:
        """Start turns; what was not just ``read`` is read now, since it may have changed while it waited."""
        lines = self._backlog.take(self._clock.now(), TURN, MODERATION_TURN)
        if not lines:
            return 0
        known = dict(read)
        missing = [id_ for _, ids in lines for id_ in ids if id_ not in known]
        if missing:
            try:
                found = await self._database.read(lambda conn: outbox.still_waiting(conn, missing))
            except BaseException:
                for key, ids in lines:
                    self._backlog.give_back(key, ids, ids)
                raise
            known.update((delivery.id, delivery) for delivery in found)
        for key, ids in lines:
            turn = Turn(ids, [known[id_] for id_ in ids if id_ in known])
            task = asyncio.create_task(self._carrier.carry_out(turn), name=f"dispatch {key[0]}")
            task.add_done_callback(partial(self._over, key))
            self._turns[key] = (turn, task)
        return len(lines)

    def _over(self, key: LineKey, _task: "asyncio.Task[int]") -> None:
        self._ended.append(key)
        self.wake.set()


def _again(delivery: Delivery, now: datetime) -> Mark:
    return Mark(lambda conn: outbox.retry_at(conn, delivery.id, now, WHILE_SENT))
