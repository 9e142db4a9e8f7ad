"""What time asks for: schedules and timers that came due become events in the inbox, each exactly once.

The event, its line in the schedule ledger and the cursor that says how far time was dealt with are one transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.second_look import brought_by, is_another_look
from bot.setup import Setup
from rules.events import Event, ScheduleFired
from rules.memory import timer_event_id
from rules.state import GroupState
from rules.values import Group
from schedules.clock import Clock
from schedules.planned import Due, Key, planned
from schedules.planner import Plan, Planner
from schedules.quiet import Silence
from schedules.waker import Waker
from schedules.walltime import wall_time
from storage import inbox, ledger, states, timers
from storage.database import Database
from storage.timers import Timer

log = structlog.get_logger("groupkeeper.clockwork")


class Clockwork:
    """Turns due moments into events. ``wake`` tells the worker that there are some, ``missed`` tells of late ones."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        setup: Callable[[], Setup],
        wake: Callable[[], None],
        missed: Callable[[Due], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup
        self._wake = wake
        self._missed = missed
        self._planner = Planner()
        self._waker: Waker | None = None

    async def start(self) -> None:
        """Plan the schedules of the setup, going on from where each was left."""
        rulebook = self._setup().rulebook
        plan = planned(rulebook)
        cursors = await self._database.read(ledger.cursors)
        stale = self._planner.load(plan, cursors, self._clock.now())
        if stale:
            await self._database.write(lambda conn: ledger.forget_cursors(conn, stale))

    async def stop(self) -> None:
        """Note how far time was dealt with, so that a time that is changed while we are away counts from then."""
        cursors = self._planner.cursors(self._clock.now())
        if cursors:
            await self._database.write(lambda conn: _note(conn, cursors))

    async def tick(self) -> int:
        """Put everything that is due into the inbox; how many events that were."""
        now = self._clock.now()
        silences = await self._silences(self._planner.to_check(now))
        due_timers = await self._database.read(lambda conn: timers.due(conn, now))
        plan = self._planner.tick(now, silences)
        if not due_timers and not plan.due and not plan.cursors:
            self._planner.settled(plan)
            return 0
        fired = await self._database.write(lambda conn: _fire(conn, plan, due_timers, now, self._wall))
        self._planner.settled(plan)
        for due in plan.due:
            log.info("schedule_due", schedule=due.schedule, group=due.group, local=due.local, outcome=due.outcome)
            if due.outcome == "alert":
                await self._missed(due)
        if fired:
            self._wake()
        return fired

    async def next_moment(self) -> datetime | None:
        """When a schedule or timer is due next."""
        moments = (await self._database.read(timers.next_due), self._planner.next_look())
        return min((moment for moment in moments if moment is not None), default=None)

    async def run(self) -> None:
        """Wake at every due moment until cancelled."""
        self._waker = waker = Waker(self._woken)
        waker.start()
        waker.wake_at(self._clock.now())
        try:
            await asyncio.Event().wait()
        finally:
            self._waker = None
            await waker.shutdown()

    async def retime(self) -> None:
        """Look again when to wake: a timer may have been set, or the configuration changed."""
        if self._waker is not None:
            self._waker.wake_at(await self.next_moment())

    async def _woken(self) -> None:
        await self.tick()
        await self.retime()

    def _wall(self, timer: Timer) -> str:
        """A timer's moment on its group's clock; empty where the group is not configured any more."""
        book = self._setup().rulebook.group(timer.group)
        return wall_time(timer.due, book.settings.timezone) if book is not None else ""

    async def _silences(self, keys: Sequence[Key]) -> dict[Key, Silence]:
        if not keys:
            return {}
        found = await self._database.read(lambda conn: states.load_groups(conn, {group for _, group in keys}))
        return {(schedule, group): _silence(found[group], schedule) for schedule, group in keys}


def _silence(group: GroupState, schedule: str) -> Silence:
    return Silence(group.last_message_at, group.quiet_fires.get(schedule, 0), group.posted.get(schedule))


def _fire(
    conn: Connection, plan: Plan, due_timers: Sequence[Timer], now: datetime, wall: Callable[[Timer], str]
) -> int:
    events: list[Event] = [
        due.event(now, Group(due.group))
        for due in plan.due
        if due.outcome == "run" and ledger.fire(conn, due.schedule, due.group, due.local, now)
    ]
    events += [
        ScheduleFired(
            id=timer_event_id(timer.name, timer.group, timer.due, timer.subject),
            group=Group(timer.group),
            at=now,
            schedule=timer.name,
            due=timer.due,
            local=wall(timer),
            subject=timer.subject,
            data=timer.data,
        )
        for timer in due_timers
        if not is_another_look(timer)
    ]
    events = [*events, *(again for timer in due_timers if is_another_look(timer) and (again := brought_by(timer)))]
    inbox.put(conn, events, now)
    timers.remove(conn, due_timers)
    _note(conn, plan.cursors)
    return len(events)


def _note(conn: Connection, cursors: Mapping[Key, datetime]) -> None:
    for (schedule, group), at in cursors.items():
        ledger.set_checked_through(conn, schedule, group, at)
