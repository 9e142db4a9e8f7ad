"""The adapters as they run: begun again when they break, and given time at the end to hand over what they heard."""

import asyncio
from collections.abc import Iterable

import structlog

from adapters.protocol import Adapter, Intake
from bot.observer import Observer
from schedules.clock import Clock

log = structlog.get_logger("groupkeeper.app")

PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before an adapter that broke runs again, the first time and at most."""
PARTING = 10.0
"""Seconds in which an adapter that was asked to end hands over what it has heard."""


class Feeds:
    """What feeds events to one intake: a task for each adapter."""

    def __init__(self, adapters: Iterable[Adapter], intake: Intake, clock: Clock, observer: Observer) -> None:
        self._adapters = tuple(adapters)
        self._intake = intake
        self._clock = clock
        self._observer = observer
        self._until = asyncio.timeout(None)
        self.tasks: list[asyncio.Task[None]] = []
        """Empty until they run."""

    async def run(self) -> None:
        """Until all have ended, by themselves or because they were asked to."""
        self.tasks = [asyncio.create_task(self._feed(each), name=each.name) for each in self._adapters]
        if not self.tasks:
            return
        self._until = asyncio.timeout(None)
        try:
            async with self._until:
                await asyncio.wait(self.tasks)
        except TimeoutError:
            for each in self.tasks:
                if not each.done():
                    log.warning("adapter_stuck", adapter=each.get_name(), advice="it was asked to end, and does not")
        finally:
            if left := [each for each in self.tasks if each.cancel()]:
                await asyncio.wait(left, timeout=PARTING)  # who does not end now either is left behind

    def end(self) -> None:
        """Ask them to end. Once, however often this is called: who is asked again cannot finish handing over."""
        if [each for each in self.tasks if not each.cancelling() and each.cancel()]:
            self._until.reschedule(asyncio.get_running_loop().time() + PARTING)

    async def _feed(self, adapter: Adapter) -> None:
        pause = PAUSE
        while True:
            since = self._clock.now()
            self._observer.connected(adapter.name, up=True)
            try:
                await adapter.run(self._intake)
            except Exception as error:  # noqa: BLE001 - one platform's fault must not stop the others
                if (self._clock.now() - since).total_seconds() > LONGEST_PAUSE:
                    pause = PAUSE  # it held for long: this is another trouble than the last
                log.error("adapter_ended", adapter=adapter.name, error=f"{type(error).__name__}: {error}", again=pause)
            else:
                return
            finally:
                self._observer.connected(adapter.name, up=False)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
