"""What an update costs by step: the parts of the bot one after the other, in one process, by its CPU time."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import orjson

from adapters.protocol import Intake, Receipt
from adapters.telegram.calls import BotCalls
from adapters.telegram.kind import CAPABILITIES
from adapters.telegram.limiter import Limiter
from adapters.telegram.reading import Reader
from adapters.telegram.transport import Transport
from bot.app import App
from bot.cli.run import spare_the_collector
from bot.clock import SystemClock
from bot.selfcheck import load_tested
from rules.effects import Effect
from storage.database import Database
from tools.bench.result import Figure
from tools.bench.telegram.figures import GROUPS, served, written
from tools.bench.telegram.server import ME, TOKEN, group_id, update

BATCH = 100
BATCHES = 30
AT_ONCE = 20
"""Calls that are under way at any time."""


class Silent:
    """The pace of Telegram, and nothing behind it."""

    name = "main"
    capabilities = CAPABILITIES

    def __init__(self) -> None:
        self._limiter = Limiter()

    async def run(self, intake: Intake) -> None:
        """Nothing happens here."""

    def admit(self, key: str, effect: Effect, now: datetime) -> datetime:
        """At once: what is measured must not wait."""
        self._limiter.admit(key, effect, now)
        return now

    async def perform(self, effect: Effect) -> Receipt:
        """Do nothing."""
        self._limiter.performed(effect)
        return Receipt()

    async def close(self) -> None:
        """Nothing to let go of."""


def steps() -> Iterator[Figure]:
    """Microseconds of CPU an update, by step."""
    with served(0, 0) as api, TemporaryDirectory(prefix="groupkeeper-bench-") as folder:
        os.environ["BENCH_TOKEN"] = TOKEN
        taken = asyncio.run(spent(written(folder, api), Path(folder) / "bench.db", api))
    for name, seconds in taken.items():
        yield Figure(name, seconds / BATCH / BATCHES * 1e6, "µs CPU")
    yield Figure("all of it", sum(taken.values()) / BATCH / BATCHES * 1e6, "µs CPU")


async def spent(config: Path, file: Path, api: str) -> dict[str, float]:
    """Seconds of CPU by step, after every group was heard of."""
    total = dict.fromkeys(
        (
            "read: JSON to events",
            "keep: inbox, commit",
            "settle: decide, states, log, outbox, commit",
            "dispatch: read, pace, mark, commit",
            "call: HTTP there and back",
        ),
        0.0,
    )
    reader = Reader("main", ME["id"], now=SystemClock().now)
    transport = Transport()
    call = BotCalls(TOKEN, api, transport)
    with Database.open(f"sqlite:///{file}") as database:
        database.upgrade()
        app = App(load_tested(config), database, {"main": Silent()}, SystemClock())
        warm = -(-GROUPS // BATCH)
        for number in range(warm + BATCHES):
            taken = await _batch(number * BATCH, reader, app, call)
            if number == warm:
                spare_the_collector()
            if number >= warm:  # every group is known by then
                for name, seconds in zip(total, taken, strict=True):
                    total[name] += seconds
        await app.close()
    await transport.shutdown()
    return total


async def _batch(first: int, reader: Reader, app: App, call: BotCalls) -> list[float]:
    body = orjson.dumps([update(number, GROUPS) for number in range(first, first + BATCH)])
    at = [process_time()]
    events = [event for raw in orjson.loads(body) for event in reader.read(raw).events]
    at.append(process_time())
    await app.intake.accept(events, ("main:updates", str(first)))
    at.append(process_time())
    await app._worker.settle_some()
    at.append(process_time())
    await app.dispatcher.flush()
    at.append(process_time())
    numbers = iter(range(first, first + BATCH))

    async def some() -> None:
        for number in numbers:
            await call("deleteMessage", {"chat_id": group_id(number % GROUPS), "message_id": number})

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    at.append(process_time())
    return [later - earlier for earlier, later in pairwise(at)]
