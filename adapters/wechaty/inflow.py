"""What is heard, on its way to the intake: read side by side, handed over in order, tried until it is kept.

A gateway neither waits for a confirmation nor delivers anything twice. So nothing that was heard is let go before it is
on disk: while the database fails, it waits here; while the connection is away, what is still to be asked of the gateway
waits for it. When too much waits, nothing more is listened to, and the gateway's own buffers fill.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import structlog
from msgspec import Struct

from adapters.errors import AdapterError, RetryLater
from adapters.protocol import Broken, Intake
from adapters.wechaty.link import Heard
from rules.errors import StorageError
from rules.events import Event

log = structlog.get_logger("groupkeeper.wechaty")

AT_ONCE = 32
"""Events that are read side by side."""
MOST = 5_000
"""Events that may wait."""
BATCH = 200
"""Events that are handed over in one go."""
TRIES = 3
"""How often something is asked for while the gateway is connected, before it is put aside."""
PAUSE = 1.0
"""Seconds before something is tried again."""
GRACE = 4.0
"""Seconds at the end for the gateway to answer, and as many for what was read to be kept."""


class Position(Struct, frozen=True):
    """A cursor that is kept together with what follows it: its ``source`` and its ``value``."""

    source: str
    value: str


Outcome = Sequence[Event | Broken | Position]
Fetched = Callable[[], Outcome]
"""What makes events of something that was asked of the gateway; called in the order in which things were heard."""
Fetch = Callable[[Heard], Awaitable[Fetched]]


class Waiting(Struct, frozen=True):
    """Something that was heard, while it is being asked about."""

    heard: Heard
    task: asyncio.Task[Fetched]


class Inflow:
    """See above. ``fetch`` asks the gateway for what belongs to an event; ``up`` is set while it is connected."""

    def __init__(
        self,
        name: str,
        fetch: Fetch,
        up: asyncio.Event,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        most: int = MOST,
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._up = up
        self._sleep = sleep
        self._waiting: deque[Waiting] = deque()
        self._most = most
        self._news = asyncio.Event()
        self._fewer = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def put(self, heard: Heard) -> None:
        """Take an event; keeps its caller waiting where too many wait already."""
        task = asyncio.create_task(self._fetched(heard), name=f"fetch {self._name}")
        self._waiting.append(Waiting(heard, task))
        self._news.set()
        await self._at_most(self._most)

    @asynccontextmanager
    async def running(self, intake: Intake) -> AsyncIterator[asyncio.Task[None]]:
        """The task that hands over. At the end it keeps all that is read by then, and lets go of the rest."""
        task = asyncio.create_task(self.run(intake), name=f"inflow {self._name}")
        try:
            yield task
        finally:
            try:
                await self._finish()
            finally:
                task.cancel()

    async def run(self, intake: Intake) -> None:
        """Hand over until cancelled."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                while self._waiting:
                    await asyncio.wait({self._waiting[0].task})
                    await self._hand_over(intake)
        finally:
            await self.close()

    async def kept(self) -> None:
        """Until all that was heard is kept, or for as long as the end may take."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._at_most(0)

    async def close(self) -> None:
        """Let go of what has not been read."""
        tasks = [each.task for each in self._waiting]
        self._waiting.clear()
        self._fewer.set()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _finish(self) -> None:
        """What is still to be asked of the gateway never will be; what was read is kept."""
        unread = [each for each in self._waiting if not each.task.done()]
        for each in unread:
            each.task.cancel()
        await self.kept()
        unkept = sum(each not in unread for each in self._waiting)
        if unread or unkept:
            advice = "the bot ended before it could read or keep these: what members wrote last may be among them"
            log.warning("wechaty_let_go", adapter=self._name, unread=len(unread), unkept=unkept, advice=advice)

    async def _at_most(self, many: int) -> None:
        """Until no more than so many wait."""
        while len(self._waiting) > many:
            self._fewer.clear()
            await self._fewer.wait()

    async def _hand_over(self, intake: Intake) -> None:
        """Keep all that is read up to the first that is not, or as much as goes into one batch."""
        ready: list[Waiting] = []
        while len(ready) < min(BATCH, len(self._waiting)) and self._waiting[len(ready)].task.done():
            ready.append(self._waiting[len(ready)])
        found = [event for each in ready for event in self._made(each)]
        for part in _parts(found):
            await self._kept(intake, part)
        for each in ready:
            if self._waiting and self._waiting[0] is each:  # else it was closed meanwhile
                self._waiting.popleft()
        self._fewer.set()

    def _made(self, one: Waiting) -> Outcome:
        if one.task.cancelled():
            return ()
        try:
            return one.task.result()()
        except AdapterError as error:
            log.error("wechaty_unreadable", adapter=self._name, kind=one.heard.kind, error=str(error))
            return [_broken(self._name, one.heard, error)]
        except Exception as error:
            log.error("wechaty_unreadable", adapter=self._name, kind=one.heard.kind, exc_info=error)
            return [_broken(self._name, one.heard, error)]

    async def _kept(self, intake: Intake, found: Outcome) -> None:
        events = [each for each in found if not isinstance(each, Broken | Position)]
        broken = [each for each in found if isinstance(each, Broken)]
        cursor = next(((each.source, each.value) for each in reversed(found) if isinstance(each, Position)), None)
        while events or broken or cursor is not None:
            try:
                await intake.accept(events, cursor, broken)
            except StorageError:  # the intake has said so
                await self._sleep(PAUSE)
            else:
                return

    async def _fetched(self, heard: Heard) -> Fetched:
        async with self._slots:
            tries = 0
            while True:
                try:
                    return await self._fetch(heard)
                except AdapterError as error:
                    failed = error
                own = asyncio.current_task()
                if own is not None and own.cancelling():
                    raise asyncio.CancelledError  # the library says of a call that is cancelled that its stream ended
                # What failed because the connection was lost does not count. A second later that is known.
                await self._sleep(PAUSE)
                if isinstance(failed, RetryLater) and not self._up.is_set():
                    await self._up.wait()
                    continue
                tries += 1
                if tries >= TRIES:
                    raise failed


def _parts(found: Outcome) -> Iterator[Outcome]:
    """What can be kept in one go: with one cursor at most, of which the last position counts."""
    part: list[Event | Broken | Position] = []
    source: str | None = None
    for each in found:
        if isinstance(each, Position):
            if source is not None and each.source != source:
                yield part
                part = []
            source = each.source
        part.append(each)
    if part:
        yield part


def _broken(name: str, heard: Heard, error: Exception) -> Broken:
    named = (value for key, value in sorted(heard.data.items()) if key.endswith("Id") and isinstance(value, str))
    what = "/".join(named) or uuid4().hex
    raw = json.dumps(heard.data, ensure_ascii=False, default=str)
    return Broken(f"{name}:{heard.kind}:{what}", raw, f"{type(error).__name__}: {error}")
