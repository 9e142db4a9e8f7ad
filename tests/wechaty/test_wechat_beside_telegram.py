"""One running bot on both platforms: whatever the WeChat gateway does, Telegram is kept and nothing is said twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready, ready_world
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from bot.app import App
from bot.clock import SystemClock
from bot.configuration import load_setup
from rules import effects as fx
from storage.database import Database
from tests.wechaty.mock_wechat import GUARD, Gateway
from tests.wechaty.raw_client import raw_client

CONFIG = """
platforms:
  telegram: {{ type: telegram, token: "{token}", api: "{api}" }}
  wx: {{ type: wechaty, endpoint: "{gateway}", token: "{secret}", puppet: mock, tls: "off" }}
groups:
  readers: {{ platform: telegram, chat: "{group}" }}
  reading: {{ platform: wx, chat: r1@chatroom }}
  staff: {{ platform: telegram, chat: "{staff}" }}
staff: {{ room: staff }}
rules:
  - {{ id: echo, when: message, if: {{ text_has_any: [ask] }}, then: {{ reply: "heard, {{name}}" }} }}
"""


class Quick(WechatyAdapter):
    """At once, rather than like somebody who types."""

    def admit(self, key: str, effect: fx.Effect, now: datetime) -> datetime:
        return now


async def hurried(seconds: float) -> None:
    """Backoff and probes as always, only sooner."""
    await asyncio.sleep(min(seconds, 0.1))


class Both:
    """A bot that runs for good beside a gateway, and on a simulated Bot API."""

    def __init__(self, gateway: Gateway, adapter: WechatyAdapter, ready: Ready, server: BotApiServer) -> None:
        self.gateway = gateway
        self._adapter = adapter
        self._ready = ready
        self._server = server
        self._asked = {"telegram": 0, "wx": 0}

    async def asks_on_telegram(self) -> None:
        """Bo asks in the Telegram group, and is answered."""
        self._asked["telegram"] += 1
        self._ready.people.say(self._ready.bo, self._ready.group, f"ask {self._asked['telegram']}")
        await self._until(lambda: len(self.said_on_telegram()) == self._asked["telegram"])

    async def asks_on_wechat(self) -> None:
        """Ann asks in the WeChat group, and is answered."""
        self._asked["wx"] += 1
        await self.gateway.say("ann", f"ask {self._asked['wx']}")
        count = self._asked["wx"]
        await self.gateway.until(lambda: len(self.gateway.texts()) == count)

    def anew(self) -> None:
        """The gateway's memory of what was said is gone."""
        self._asked["wx"] = 0

    def said_on_telegram(self) -> list[str]:
        return self._server.transcript.texts(self._ready.group, by=self._ready.bot)

    def told_staff(self) -> list[str]:
        return self._server.transcript.texts(self._ready.staff, by=self._ready.bot)

    async def nothing_more_is_said(self) -> None:
        """What was said stands once: asked and answered on both sides, and no more than that."""
        await self.gateway.settled()
        assert len(self.gateway.texts()) == self._asked["wx"]
        assert len(self.said_on_telegram()) == self._asked["telegram"]

    async def wechat_given_up(self) -> None:
        """Until the adapter has noticed that its gateway does not answer."""
        await self._until(lambda: not self._adapter.link.up.is_set())

    async def wechat_back(self) -> None:
        await self._until(self._adapter.link.up.is_set)

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(GUARD):
            while not true():  # noqa: ASYNC110 - what happens is behind HTTP
                await asyncio.sleep(0.02)


@pytest.fixture
def own_gateway(private_gateway: Callable[..., Gateway]) -> Gateway:
    return private_gateway()


@pytest.fixture
async def both(own_gateway: Gateway, tmp_path: Path) -> AsyncIterator[Both]:
    """Begun while there is no gateway yet."""
    clock = SystemClock()
    ready = ready_world(clock.now)
    async with BotApiServer(ready.world) as server:
        file = tmp_path / "both.yaml"
        file.write_text(
            CONFIG.format(
                token=ready.bot.token,
                api=server.url,
                gateway=own_gateway.endpoint,
                secret=own_gateway.token,
                group=ready.group.id,
                staff=ready.staff.id,
            )
        )
        setup = load_setup(file, {})
        settings = WechatySettings.model_validate(setup.config.platforms["wx"].model_extra)
        wechat = Quick("wx", settings, sleep=hurried, patience=1.0)
        adapters = {
            "telegram": TelegramAdapter("telegram", TelegramSettings(token=ready.bot.token, api=server.url)),
            "wx": wechat,
        }
        database = Database.open(f"sqlite:///{tmp_path / 'bot.db'}")
        database.upgrade()
        app = App(setup, database, adapters, clock)
        running = asyncio.create_task(app.run())
        yield Both(own_gateway, wechat, ready, server)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await app.close()
        database.close()


async def test_telegram_is_kept_while_the_gateway_comes_and_goes(both: Both, own_gateway: Gateway) -> None:
    await both.asks_on_telegram()  # there is no gateway yet

    await own_gateway.start()
    await own_gateway.connected()
    await both.asks_on_wechat()
    await both.asks_on_telegram()

    await own_gateway.kill()
    await both.asks_on_telegram()

    await own_gateway.start()
    both.anew()
    await own_gateway.connected()
    await both.asks_on_wechat()

    own_gateway.freeze()
    await both.asks_on_telegram()
    await both.wechat_given_up()
    await both.asks_on_telegram()
    own_gateway.thaw()
    await both.wechat_back()
    await both.asks_on_wechat()
    await both.asks_on_telegram()
    await both.nothing_more_is_said()


async def test_telegram_is_kept_while_another_program_takes_the_gateway(both: Both, own_gateway: Gateway) -> None:
    await own_gateway.start()
    await own_gateway.connected()
    await both.asks_on_wechat()
    async with raw_client(own_gateway) as other:
        await other.rpc.stop()  # ours is broken off by that; the other one may go on
        await both.asks_on_telegram()
    await both.wechat_back()
    await both.asks_on_telegram()
    await both.nothing_more_is_said()
