"""The alarm in real time. APScheduler only wakes us; what is due, and that it happens once, our own tables say."""

import asyncio
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.clock import Wake

log = structlog.get_logger("groupkeeper.schedules")

_JOB = "wake"


class Waker:
    """Calls ``wake`` at the moment last asked for, and every ``beat`` seconds whatever the clock says.

    The beat is the event loop's and not an interval job's: that one waits for a wall time, and a clock that is set
    back an hour stops it for an hour. A wake-up that fails is logged, and the next beat tries again; two never run at
    once. To be used in one event loop.
    """

    def __init__(self, wake: Wake, beat: float = 60.0) -> None:
        self._wake = wake
        self._beat = beat
        self._scheduler = AsyncIOScheduler(timezone=UTC)  # no job store named: the one in memory
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked = False
        self._ended = False

    def start(self) -> None:
        """Begin to wake; a moment may have been asked for before."""
        self._scheduler.start()
        self._timer = asyncio.get_running_loop().call_later(self._beat, self._on_beat)

    def wake_at(self, moment: datetime | None) -> None:
        """Wake at this moment (aware) instead of the one before; at once if it is over; None: only at the beats."""
        if moment is not None:
            # Without a limit on lateness: by default a moment missed by a second would be dropped for good.
            self._scheduler.add_job(
                self._on_moment, "date", run_date=moment, id=_JOB, replace_existing=True, misfire_grace_time=None
            )
        elif self._scheduler.get_job(_JOB) is not None:
            self._scheduler.remove_job(_JOB)

    async def shutdown(self) -> None:
        """Wake no more; returns when a wake-up under way has ended."""
        self._ended, self._asked = True, False
        if self._timer is not None:
            self._timer.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler ends in the loop's next turn
        if self._task is not None and self._task is not asyncio.current_task():
            await asyncio.wait([self._task])

    async def _on_moment(self) -> None:
        self._poke()

    def _on_beat(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._beat, self._on_beat)
        self._poke()

    def _poke(self) -> None:
        self._asked = not self._ended
        if self._asked and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(_report)

    async def _run(self) -> None:
        while self._asked:
            self._asked = False
            await self._wake()


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("wake-up failed, will be tried again", exc_info=error)
