"""An adapter before a gateway, and what it hands over, kept in memory alone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from adapters.protocol import Broken, News
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from rules.events import Event, MessagePosted
from rules.values import Message
from tests.wechaty.mock_wechat import GUARD, Gateway


class TakenIn:
    """An intake that keeps events by id, as the inbox does."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.broken: list[Broken] = []
        self.adapter: WechatyAdapter

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        for event in events:
            self.events.setdefault(event.id, event)
        self.broken += broken

    async def cursor(self, source: str) -> str | None:
        return None

    async def migrated(self, old: str, new: str) -> None:
        raise AssertionError(f"{old} moved to {new}")

    async def standing(self, group: str) -> None:
        return None

    async def news(self, news: News) -> None:
        return None

    async def event(self, id_: str) -> Event:
        """The event with this id, once it has come."""
        async with asyncio.timeout(GUARD):
            while id_ not in self.events:
                assert not self.broken, self.broken
                await asyncio.sleep(0.02)
        return self.events[id_]

    async def message(self, id_: str) -> Message:
        """The message with the gateway's id."""
        event = await self.event(f"wx:{id_}")
        assert isinstance(event, MessagePosted)
        return event.message


@asynccontextmanager
async def taken_in(gateway: Gateway, puppet: str = "mock") -> AsyncIterator[TakenIn]:
    """What an adapter hands over while the block runs."""
    intake = TakenIn()
    settings = {"endpoint": gateway.endpoint, "token": gateway.token, "puppet": puppet, "tls": "off"}
    adapter = WechatyAdapter("wx", WechatySettings.model_validate(settings), now=lambda: datetime.now(UTC))  # noqa: TID251 - beside a real gateway
    intake.adapter = adapter
    running = asyncio.create_task(adapter.run(intake))
    try:
        await gateway.connected()
        yield intake
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await adapter.close()
