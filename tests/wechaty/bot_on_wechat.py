"""The whole bot beside a real gateway: WeChat's time and the bot's are one clock, moved by hand."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from adapters.protocol import Broken, Intake, News
from adapters.simulated import SimulatedAdapter
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from bot.configuration import load_setup
from bot.simulation.stage import Stage, simulated_platforms
from rules.events import Event
from tests.wechaty.mock_wechat import GUARD, Gateway


class Counted:
    """An intake that knows how many events it has taken in."""

    def __init__(self, inner: Intake) -> None:
        self._inner = inner
        self.events: list[Event] = []
        self.broken: list[Broken] = []
        self.news_told: list[News] = []
        self.more = asyncio.Condition()

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        await self._inner.accept(events, cursor, broken)
        async with self.more:
            self.events += events
            self.broken += broken
            self.more.notify_all()

    async def cursor(self, source: str) -> str | None:
        return await self._inner.cursor(source)

    async def migrated(self, old: str, new: str) -> None:
        await self._inner.migrated(old, new)

    async def standing(self, group: str) -> None:
        await self._inner.standing(group)

    async def news(self, news: News) -> None:
        await self._inner.news(news)
        self.news_told.append(news)


class Live(WechatyAdapter):
    """The adapter as it runs for good, for a stage that would rather ask for what waits."""

    async def pump(self, intake: Intake) -> int:
        return 0


class BotOnWeChat:
    """A bot by a configuration file, with `wx` on the gateway and every other platform simulated.

    What happens on WeChat is waited for with `heard`, by the number of events since the last time; then `settle` or
    `until` (a time of the group's day) let the bot do its part.
    """

    def __init__(self, gateway: Gateway, config: Path, database: Path, start: datetime) -> None:
        self.gateway = gateway
        self.setup = load_setup(config, {"WX_TOKEN": gateway.token, "WX_GATEWAY": gateway.endpoint})
        self._start = start
        self._expected = 0
        self._database = database
        self.stage = Stage(self.setup, f"sqlite:///{database}", start, connect=self._connect)
        self.elsewhere = simulated_platforms(self.setup, self.stage.clock)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.gateway.set_clock(self._start.timestamp())
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        await self.stage.start()
        self.intake = Counted(self.stage.app.intake)
        self._expected = 0
        self._running = asyncio.create_task(self.adapter.run(self.intake))
        await self.gateway.connected()

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        await self.stage.stop()

    @property
    def now(self) -> datetime:
        return self.stage.clock.now()

    async def heard(self, count: int = 1) -> None:
        """Until so many more events have been taken in; then the bot does what it does about them."""
        self._expected += count
        async with asyncio.timeout(GUARD), self.intake.more:
            await self.intake.more.wait_for(lambda: len(self.intake.events) >= self._expected)
        await self.settle()

    async def settle(self) -> None:
        await self.stage.settle()

    async def until(self, moment: datetime) -> None:
        """Let time pass, on both sides."""
        await self.stage.advance_to(moment)
        await self.gateway.set_clock(moment.timestamp())

    async def later(self, **delta: float) -> None:
        await self.until(self.now + timedelta(**delta))

    def said_elsewhere(self, chat: str) -> list[str]:
        """What the bot said in a group of a simulated platform."""
        platform = self.elsewhere[chat.partition(":")[0]]
        return [post.message.text for post in platform.room(chat).posts.values() if post.by_bot]

    def _connect(self) -> dict[str, Live | SimulatedAdapter]:
        settings = WechatySettings.model_validate(self.setup.config.platforms["wx"].model_extra)
        self.adapter = Live("wx", settings, now=self.stage.clock.now)
        others = {n: SimulatedAdapter(platform) for n, platform in self.elsewhere.items() if n != "wx"}
        return {"wx": self.adapter, **others}


def moment(clock: str, day: int = 5) -> datetime:
    """A time of 2026-10-05 (a Monday), or another day of that month, in Shanghai."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
