"""Messages of a real gateway into the adapter, beside a bare client that reads events and asks for the messages.

The gateway runs in a process of its own and needs a core of its own: it is what both are slowed down by.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import perf_counter, process_time

from msgspec import Struct
from structlog.testing import capture_logs

from adapters.driver import MemoryIntake
from adapters.protocol import Broken, Intake
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from bot.clock import SystemClock
from bot.intake import DurableIntake
from rules.commandline import CommandNames
from rules.events import Event
from storage.database import Database
from tests.wechaty.gateway_process import GatewayProcess
from tests.wechaty.mock_wechat import OTHER_ROOM, Gateway
from tests.wechaty.raw_client import raw_client
from tools.bench.result import Figure

FOLDER = Path(".pytest_cache/d/wechaty")
"""Where the tests install the gateway and its packages."""
MESSAGES = 2_000
ROUNDS = 2
AT_ONCE = 32
AIM = 400
"""Messages a second: twice what the busiest account has to bear."""

BARE = "a second, bare client"
MEMORY = "a second, into memory"
DURABLE = "a second, into SQLite"
RATIO = "into SQLite by bare client's"


class Measured(Struct, frozen=True):
    """Messages a second, and what one costs here in µs of CPU."""

    rate: float
    cpu: float


def figures(folder: Path = FOLDER) -> Iterator[Figure]:
    """The rates, the best of some rounds; nothing where the tests have not installed a gateway."""
    if not (folder / "gateway.mjs").exists():
        print("wechaty: no gateway; `pytest tests/wechaty` installs one where there is Node", file=sys.stderr)
        return
    best: dict[str, Measured] = {}
    with capture_logs():  # that it is connected is not what was asked for
        for _ in range(ROUNDS):
            for name, found in asyncio.run(measured(folder, MESSAGES)).items():
                if name not in best or found.rate > best[name].rate:
                    best[name] = found
    for name in (BARE, MEMORY, DURABLE):
        aim = None if name == BARE else AIM
        yield Figure(name, best[name].rate, "/s", aim, more=True, note=f"{best[name].cpu:,.0f} µs of CPU a message")
    yield Figure(RATIO, best[DURABLE].rate / best[BARE].rate, "times")


async def measured(folder: Path, count: int) -> dict[str, Measured]:
    """One round, by name."""
    process = GatewayProcess(folder)
    gateway = Gateway(process)
    await gateway.start()
    try:
        found = {BARE: await _bare(gateway, count)}
        memory = MemoryIntake()
        found[MEMORY] = await _adapter(gateway, memory, lambda: memory.holds(count), count)
        with tempfile.TemporaryDirectory() as place, _durable(place, count) as durable:
            found[DURABLE] = await _adapter(gateway, durable, durable.full.wait, count)
        return found
    finally:
        await gateway.kill()


async def _said(gateway: Gateway, count: int) -> None:
    half = count // 2
    await asyncio.gather(gateway.burst("ann", half), gateway.burst("ann", count - half, room=OTHER_ROOM))


@asynccontextmanager
async def _timed(count: int, told: Callable[[Measured], None]) -> AsyncIterator[None]:
    began, spent = perf_counter(), process_time()
    yield
    told(Measured(count / (perf_counter() - began), (process_time() - spent) / count * 1e6))


async def _bare(gateway: Gateway, count: int) -> Measured:
    found: list[Measured] = []
    side_by_side = asyncio.Semaphore(AT_ONCE)
    async with raw_client(gateway) as client:

        async def ask(id_: str) -> None:
            async with side_by_side:
                await client.rpc.message_payload(id=id_)

        async with _timed(count, found.append), asyncio.TaskGroup() as asking:
            await _said(gateway, count)
            for _ in range(count):
                asking.create_task(ask((await client.next("message"))["messageId"]))
    return found[0]


async def _adapter(gateway: Gateway, intake: Intake, full: Callable[[], Awaitable[object]], count: int) -> Measured:
    found: list[Measured] = []
    settings = WechatySettings(endpoint=gateway.endpoint, token=gateway.token, puppet="mock", tls="off")
    adapter = WechatyAdapter("wx", settings)
    running = asyncio.create_task(adapter.run(intake))
    try:
        await adapter.link.up.wait()
        async with _timed(count, found.append):
            await _said(gateway, count)
            await full()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await adapter.close()
    return found[0]


class _Counted(DurableIntake):
    """The bot's own intake, that knows when so many events are on disk."""

    left = 0
    full: asyncio.Event

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        await super().accept(events, cursor, broken)
        self.left -= len(events)
        if self.left <= 0:
            self.full.set()


@contextmanager
def _durable(place: str, count: int) -> Iterator[_Counted]:
    async def moved(old: str, new: str) -> None:
        raise AssertionError(f"{old} has become {new}")

    with Database.open(f"sqlite:///{place}/bench.db") as database:
        database.upgrade()
        intake = _Counted(database, SystemClock(), lambda: CommandNames({}), lambda: None, moved)
        intake.left, intake.full = count, asyncio.Event()
        yield intake
