"""WeChat keeps the contract of adapters, before a real Wechaty gateway."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import AdapterContract, PlatformDriver
from adapters.protocol import Adapter, Broken, Intake, News, Receipt
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from rules.effects import Effect
from rules.events import Event
from tests.wechaty.mock_wechat import GUARD, ROOM, Gateway

QUOTE = "「{name}：{text}」\n- - - - - - - - - - - - - - -\n{answer}"


class Relay:
    """An intake before the test's: what comes while there is none waits, as it does while a database is stuck."""

    def __init__(self) -> None:
        self.to: Intake | None = None
        self.there = asyncio.Event()

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        await (await self._intake()).accept(events, cursor, broken)

    async def cursor(self, source: str) -> str | None:
        return None

    async def migrated(self, old: str, new: str) -> None:
        await (await self._intake()).migrated(old, new)

    async def standing(self, group: str) -> None:
        return

    async def news(self, news: News) -> None:
        return

    async def _intake(self) -> Intake:
        while self.to is None:
            self.there.clear()
            await self.there.wait()
        return self.to


class AlwaysOn:
    """The adapter, listening from the beginning: a gateway tells only those who listen when something happens."""

    def __init__(self, adapter: WechatyAdapter) -> None:
        self._adapter = adapter
        self._relay = Relay()
        self._task: asyncio.Task[None] | None = None
        self.closed = False
        self.name, self.capabilities = adapter.name, adapter.capabilities

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def listen(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._adapter.run(self._relay))
        async with asyncio.timeout(GUARD):
            link = self._adapter.link
            while link.account is None or not link.up.is_set():  # noqa: ASYNC110 - what happens is in another process
                await asyncio.sleep(0.01)

    async def run(self, intake: Intake) -> None:
        await self.listen()
        self._relay.to = intake
        self._relay.there.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._relay.to = None

    async def perform(self, effect: Effect) -> Receipt:
        await self.listen()
        return await self._adapter.perform(effect)

    async def close(self) -> None:
        self.closed = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._adapter.close()


class WechatyDriver(PlatformDriver):
    """The room r1 of the made-up WeChat: Ann and Bo are in it, and friends of the account; Cy is neither."""

    group = f"wechat:{ROOM}"
    redelivers = False

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.adapters: list[AlwaysOn] = []
        self.said: dict[str, tuple[str, str]] = {}

    async def open(self) -> None:
        await self._listening()

    async def close(self) -> None:
        for adapter in self.adapters:
            await adapter.close()

    def adapter(self) -> Adapter:
        if not self.adapters or self.adapters[-1].closed:
            settings = WechatySettings(
                endpoint=self.gateway.endpoint, token=self.gateway.token, puppet="mock", tls="off"
            )
            self.adapters.append(AlwaysOn(WechatyAdapter("wechat", settings, pause=_no_pause)))
        return self.adapters[-1]

    def unknown_group(self) -> str:
        return "wechat:r404@chatroom"

    def stranger(self) -> str | None:
        return self.member("cy")

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the made-up WeChat goes by the real time

    def member(self, who: str) -> str:
        return f"wechat:{who}"

    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        await self._listening()
        written = text
        if reply_to is not None:
            author, quoted = self.said[reply_to]
            written = QUOTE.format(name=author.title(), text=quoted, answer=text)
        message = f"{self.group}/{await self.gateway.say(who, written)}"
        self.said[message] = (who, text)
        return message

    async def bot_texts(self) -> list[str]:
        await self.gateway.settled()
        return self.gateway.texts()

    async def join(self, who: str) -> None:
        await self._listening()
        await self.gateway.join(who)

    async def leave(self, who: str) -> None:
        await self._listening()
        await self.gateway.leave(who)

    async def is_visible(self, message: str) -> bool:
        await self.gateway.settled()
        return message.removeprefix(f"{self.group}/") not in self.gateway.recalled()

    async def is_member(self, who: str) -> bool:
        await self.gateway.settled()
        return who in self.gateway.members()

    async def may_come_in(self, who: str) -> bool:
        await self.gateway.join(who)
        return await self.is_member(who)

    async def private_texts(self, who: str) -> list[str]:
        await self.gateway.settled()
        return self.gateway.private_texts(who)

    async def _listening(self) -> None:
        self.adapter()
        await self.adapters[-1].listen()


async def _no_pause(seconds: float) -> None:
    return


class TestWechaty(AdapterContract):
    @pytest.fixture(autouse=True)
    def _before(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def make_driver(self) -> PlatformDriver:
        return WechatyDriver(self.gateway)
