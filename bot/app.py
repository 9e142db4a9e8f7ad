"""The running bot: intake, worker, clockwork and dispatch around one database, and the configuration they follow.

``run`` keeps going until it is stopped; ``settle_all`` does everything that is to be done at this very moment and
returns, which is how simulated groups and tests move through virtual time.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog

from adapters.protocol import Adapter
from bot.clockwork import Clockwork
from bot.commands import Commands
from bot.connection_news import ConnectionNews
from bot.dispatch import Dispatcher
from bot.evidence import Evidence
from bot.examination import Examination
from bot.feeds import Feeds
from bot.housekeeping import Housekeeping
from bot.in_force import InForce
from bot.intake import DurableIntake
from bot.menu import Menu
from bot.notices import Notices
from bot.observer import Observer
from bot.pictures.gallery import Gallery
from bot.pictures.looking import ReadWords
from bot.quiet import postponed
from bot.settle import Settled, Settler
from bot.setup import Setup
from bot.worker import Worker
from rules.errors import ConfigError, StorageError
from rules.links import read_suffixes
from rules.verdict import Detector
from schedules.clock import Clock
from storage.database import Database
from storage.inbox import Waiting
from storage.outbox import Delivery

log = structlog.get_logger("groupkeeper.app")

BEAT = 1.0
"""Seconds after which the loops look again, whether or not anybody woke them."""
TROUBLE_PAUSE = 1.0
"""Seconds to wait before the database is tried again after it failed."""
KEPT_EVERY = 5.0
"""Seconds after which what detectors remember is written down."""
LOGGED = 20
"""Complaints about a configuration that are put into the log."""
DRAIN = 30.0
"""Seconds in which what was taken in is to be settled and sent at the end; the rest is for the next start."""


class App:
    """One bot: a setup, a database, adapters by platform name. ``words`` reads the words in pictures."""

    def __init__(
        self,
        setup: Setup,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        *,
        load: Callable[[], Setup] | None = None,
        detectors: Mapping[str, Detector] | None = None,
        observer: Observer | None = None,
        words: ReadWords | None = None,
    ) -> None:
        self.in_force = InForce(setup, database, adapters.values(), load, self._swapped)
        self.database = database
        self.adapters = adapters
        self.clock = clock
        self.observer = observer or Observer()
        self._wake_worker = asyncio.Event()
        self._ending = False
        self._strangers: set[str] = set()  # groups that are not configured, named in the log once
        self._errands: set[asyncio.Task[None]] = set()  # the loop itself would forget them
        self._reloads: asyncio.Queue[tuple[str | None, str]] = asyncio.Queue()
        self._settler = Settler(self.in_force.named, Commands())
        self._notices = Notices(database, clock, lambda: self.setup)
        self._connections = ConnectionNews(database, clock, lambda: self.setup, self._notices)
        self._menu = Menu(lambda: self.setup, adapters)
        self._examination = Examination(lambda: self.setup, adapters, self._notices.examined)
        self.intake = DurableIntake(
            database,
            clock,
            lambda: self.in_force.named().commands,
            self._wake_worker.set,
            self._move,
            self._examination.look,
            quarantined=self._notices.quarantined,
            count_quarantined=self.observer.quarantined,
            tell=self._connections.tell,
        )
        self.feeds = Feeds(adapters.values(), self.intake, clock, self.observer)
        self._evidence = Evidence(
            database, {} if detectors is None else detectors, clock, lambda: self.setup, self._wake_worker.set
        )
        self._gallery = Gallery(database, adapters, clock, lambda: self.setup.rulebook, self._wake_worker.set, words)
        self._worker = Worker(
            database, self._settler, self._evidence, clock, self._settled, self._parked, self._gallery
        )
        self.dispatcher = Dispatcher(
            database,
            adapters,
            clock,
            self.observer.delivered,
            self._notices.refused,
            self._wake_worker.set,
            repeat_uncertain=lambda: self.setup.config.delivery.uncertain == "repeat",
            postponed=lambda delivery, now: postponed(delivery, self.setup.rulebook, now),
        )
        self._housekeeping = Housekeeping(database, clock, lambda: self.setup)
        self.clockwork = Clockwork(database, clock, lambda: self.setup, self._wake_worker.set, self._notices.missed)

    @property
    def setup(self) -> Setup:
        """The setup in force."""
        return self.in_force.setup

    async def start(self) -> None:
        """Pick up where the last run ended: settle what was on its way, and what fell due meanwhile."""
        await self.in_force.follow()
        await self._evidence.begin()
        self._gallery.begin()
        await self.dispatcher.recover()
        await self.clockwork.start()

    async def settle_all(self) -> int:
        """Do all that is to be done now: fire what is due, settle the inbox, send the outbox. How much was done."""
        done = 0
        while step := await self._step():
            done += step
        await self._evidence.keep()
        return done

    async def next_moment(self) -> datetime | None:
        """When something is due next: a schedule, a timer, a delayed delivery."""
        moments = [await self.clockwork.next_moment(), await self.dispatcher.next_due(), self._worker.rests_until]
        return min((moment for moment in moments if moment is not None), default=None)

    async def run(self) -> None:
        """Run until cancelled or drained; the adapters, the worker, the clock and dispatch side by side."""
        await self.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(read_suffixes), name="suffixes")
            worker = group.create_task(self._work(), name="worker")
            dispatch = group.create_task(self._dispatch(), name="dispatch")
            others = [
                group.create_task(self._reload(), name="reload"),
                group.create_task(self.clockwork.run(), name="clockwork"),
                group.create_task(self._housekeeping.run(), name="housekeeping"),
                group.create_task(self._examination.run(), name="examination"),
                group.create_task(self._menu.run(), name="menu"),
                group.create_task(self._remember(), name="remember"),
            ]
            await self.feeds.run()
            # The loops end by themselves: one that is cancelled in the middle leaves its transaction running.
            self._ending = True
            self._wake_worker.set()
            self.dispatcher.look()
            _, stuck = await asyncio.wait((worker, dispatch), timeout=DRAIN)
            for task in (*stuck, *others):
                task.cancel()
            await self._finish()

    def drain(self) -> None:
        """Stop taking events in; ``run`` ends when what was taken in is settled and sent."""
        self.feeds.end()

    def request_reload(self, group: str | None = None, by: str = "") -> None:
        """Read the configuration again soon; the outcome is told in ``group``, or to the staff."""
        self._reloads.put_nowait((group, by))

    async def reload(self, group: str | None = None) -> bool:
        """Read, check and test the configuration; take it over whole, or keep the old one and say what is wrong."""
        if not self.in_force.reloadable:
            return False
        try:
            setup = await self.in_force.reload()
        except ConfigError as refused:
            told = [str(one) for one in refused.complaints[:LOGGED]]
            log.error("reload_refused", complaints=len(refused.complaints), told=told)
            self.observer.reloaded(ok=False)
            await self._notices.reload_refused(refused, group)
            return False
        self._strangers.clear()
        self._examination.look()
        self._menu.look()
        log.info("reloaded", rulebook=setup.rulebook.version, rules=len(setup.rulebook.written))
        self.observer.reloaded(ok=True)
        await self._notices.reloaded(setup, group)
        return True

    async def close(self) -> None:
        """Let go of the platforms. The database is its owner's to close."""
        await self._gallery.close()
        await self._evidence.close()
        await self.dispatcher.stop()
        for adapter in self.adapters.values():
            await adapter.close()

    async def _step(self) -> int:
        done = await self.clockwork.tick()
        done += await self._worker.settle_some()
        while not self._reloads.empty():
            await self.reload(self._reloads.get_nowait()[0])
            done += 1
        done += await self.dispatcher.flush()
        return done or int(await self._gallery.arrived())

    async def _swapped(self) -> None:
        """Another setup is in force."""
        self._settler.forget()
        await self.clockwork.start()
        await self.clockwork.retime()

    async def _move(self, old: str, new: str) -> None:
        book = self.setup.rulebook.group(old)
        try:
            await self.in_force.move(old, new)
        finally:
            self.dispatcher.look_again()  # what it knows may be of the former id
        if book is not None:
            await self._notices.moved(book.settings, old, new)

    async def _work(self) -> None:
        while not self._ending:
            try:
                settled = await self._worker.settle_some()
            except StorageError as error:
                log.error("database_trouble", error=str(error))
                await asyncio.sleep(TROUBLE_PAUSE)
                continue
            if settled:
                self.dispatcher.look()
            else:
                await _wait(self._wake_worker, self._worker.patience(BEAT))

    async def _dispatch(self) -> None:
        while not self._ending:
            try:
                await self.dispatcher.go_on()
            except StorageError as error:
                log.error("database_trouble", error=str(error))
                await asyncio.sleep(TROUBLE_PAUSE)
                continue
            await _wait(self.dispatcher.wake, self.dispatcher.pause(BEAT))

    async def _reload(self) -> None:
        while True:
            group, by = await self._reloads.get()
            try:
                await self.reload(group)
            except StorageError as error:
                log.error("database_trouble", error=str(error))
                await asyncio.sleep(TROUBLE_PAUSE)
                self.request_reload(group, by)
            self.dispatcher.look()

    async def _remember(self) -> None:
        """Have what the detectors remember written down every now and then."""
        while True:
            await asyncio.sleep(KEPT_EVERY)
            try:
                await self._evidence.keep()
            except StorageError as error:
                log.error("database_trouble", error=str(error))

    async def _finish(self) -> None:
        """Settle and send what was taken in; what does not succeed now is in the database for the next start."""
        try:
            async with asyncio.timeout(DRAIN):
                while await self._worker.settle_some() or await self._gallery.arrived():
                    pass
                await self.dispatcher.flush()
                await self._evidence.keep()
                await self.clockwork.stop()
        except (StorageError, TimeoutError) as error:
            log.warning("drain_incomplete", error=str(error) or "not everything could be sent in time")

    def _settled(self, settled: Settled) -> None:
        self.observer.settled(settled)
        self._evidence.settled(settled)
        if settled.timers:
            errand = asyncio.create_task(self._retime())
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)
        for group, by in settled.reloads:
            self.request_reload(group, by)
        for group in settled.unknown_groups - self._strangers:
            self._strangers.add(group)
            log.warning("unknown_group", group=group, advice="add it under groups: to have it kept")

    async def _retime(self) -> None:
        try:
            await self.clockwork.retime()
        except StorageError as error:  # the clock looks again by itself before long
            log.error("database_trouble", error=str(error))

    def _parked(self, row: Waiting, error: str) -> list[Delivery]:
        self.observer.parked()
        return self._notices.parked(row, error)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    # Not wait_for: in Python 3.11 it loses a cancellation that comes at the moment at which the event is set.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
