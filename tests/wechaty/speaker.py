"""An adapter that is connected, to have it say and do things: ids without the platform's name, waits that take none."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from adapters.driver import MemoryIntake
from adapters.protocol import Receipt
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from rules import effects as fx
from rules.text import Text
from tests.wechaty.mock_wechat import GUARD, ROOM, Call, Gateway


def wx(key: str) -> str:
    """A qualified id."""
    return f"wx:{key}"


def words(text: str) -> Text:
    return Text(literal=text)


def said(text: str, **more: Any) -> fx.SendText:
    """A text in the room "Reading"."""
    return fx.SendText(wx(ROOM), words(text), **more)


class Speaker:
    """Runs an adapter inside `async with`. `ahead` moves its clocks; `pauses` are those between parts of a text."""

    def __init__(self, gateway: Gateway, *, puppet: str = "mock", login: bool = True, **given: Any) -> None:
        self.gateway = gateway
        self.login = login
        self.ahead = timedelta()
        self.pauses: list[float] = []
        self.intake = MemoryIntake()
        settings = WechatySettings(endpoint=gateway.endpoint, token=gateway.token, puppet=puppet, tls="off")
        self.adapter = WechatyAdapter("wx", settings, now=self._now, clock=self._clock, pause=self._pause, **given)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.adapter.run(self.intake))
        await self.connected()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self.adapter.close()

    async def connected(self) -> None:
        """Until it hears events, and knows its account where the gateway tells of a login."""
        link = self.adapter.link
        await self.until(lambda: link.up.is_set() and (link.account is not None or not self.login))
        await self.gateway.connected()

    async def until(self, true: Any) -> None:
        assert self._running is not None
        async with asyncio.timeout(GUARD):
            while not true():
                assert not self._running.done(), self._running.exception()
                await asyncio.sleep(0.01)

    async def perform(self, effect: fx.Effect) -> Receipt:
        return await self.adapter.perform(effect)

    async def calls(self, name: str) -> list[Call]:
        """What the gateway was asked to do by this name."""
        await self.gateway.settled()
        return self.gateway.calls(name)

    async def sent(self, effect: fx.SendText) -> list[tuple[str, list[str]]]:
        """The texts that an effect came to, with the ids that each mentions."""
        await self.perform(effect)
        return [(call.args["text"], call.args["mentions"]) for call in await self.calls("messageSendText")]

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - the made-up WeChat goes by the real time

    def _clock(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead.total_seconds()

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
