"""The adapter beside a real gateway, with an intake in memory; its waits are short."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.driver import MemoryIntake
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from tests.wechaty.mock_wechat import GUARD, Gateway


class Beside:
    """What a test holds: the adapter, and what it waits for."""

    def __init__(self, adapter: WechatyAdapter) -> None:
        self.adapter = adapter

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(GUARD):
            while not true():  # noqa: ASYNC110 - there is nothing that tells
                await asyncio.sleep(0.01)

    async def connected(self) -> None:
        async with asyncio.timeout(GUARD):
            await self.adapter.link.up.wait()


def adapter_for(gateway: Gateway, **given: Any) -> WechatyAdapter:
    """An adapter that does not run."""

    async def nap(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.05))

    settings = {"endpoint": gateway.endpoint, "token": gateway.token, "puppet": "mock", "tls": "off", **given}
    return WechatyAdapter("wx", WechatySettings(**settings), sleep=nap)


@asynccontextmanager
async def adapter_on(gateway: Gateway, intake: MemoryIntake, **given: Any) -> AsyncIterator[Beside]:
    """An adapter that runs and is heard."""
    adapter = adapter_for(gateway, **given)
    running = asyncio.create_task(adapter.run(intake))
    beside = Beside(adapter)
    try:
        await beside.connected()
        async with asyncio.timeout(2 * GUARD):
            yield beside
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await adapter.close()
