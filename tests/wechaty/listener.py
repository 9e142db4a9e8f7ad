"""A link to a gateway with nothing else of the adapter on it: what it heard, told, and how long it meant to wait."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from adapters.protocol import News
from adapters.wechaty.link import Heard, Link
from adapters.wechaty.settings import WechatySettings
from tests.wechaty.mock_wechat import GUARD, Gateway

PROBE = 7.25
"""A time that no other wait has."""


class Listener:
    """Runs a link inside `async with`; its waits take no time, and are written down."""

    def __init__(self, gateway: Gateway | None = None, *, pace: float = 0.02, **given: Any) -> None:
        self.heard: list[Heard] = []
        self.news: list[News] = []
        self.waits: list[float] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self._pace = pace
        of_link = {name: given.pop(name) for name in ("patience", "greeting", "clock") if name in given}
        settings: dict[str, Any] = {"puppet": "mock", "tls": "off", "token": "insecure-test-token", **given}
        if gateway is not None:
            settings = {"endpoint": gateway.endpoint, **settings}
        self.link = Link(
            "wx",
            WechatySettings(**settings),
            self._take,
            self._told,
            sleep=self._sleep,
            chance=lambda: 1.0,
            probe=PROBE,
            **of_link,
        )
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.link.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End it; it has to end at once, whatever it was doing."""
        if self._running is None:
            return
        running, self._running = self._running, None
        running.cancel()
        async with asyncio.timeout(GUARD):
            with suppress(asyncio.CancelledError):
                await running

    @property
    def messages(self) -> list[str]:
        """The ids of the messages that were heard, in order."""
        return [heard.data["messageId"] for heard in self.heard if heard.kind == "message"]

    @property
    def told(self) -> list[str]:
        """The kinds of news, in order."""
        return [news.kind for news in self.news]

    def kinds(self) -> list[str]:
        return [heard.kind for heard in self.heard]

    def pauses(self) -> list[float]:
        """How long it meant to wait between connections."""
        return [wait for wait in self.waits if wait != PROBE]

    async def until(self, true: Callable[[], object]) -> None:
        assert self._running is not None
        async with asyncio.timeout(GUARD):
            while not true():
                assert not self._running.done(), self._running.exception()
                await asyncio.sleep(0.01)

    async def connected(self) -> None:
        await self.until(self.link.up.is_set)

    async def lost(self) -> None:
        await self.until(lambda: not self.link.up.is_set())

    async def probed(self, times: int = 2) -> None:
        """It has asked whether the gateway is alive, and was answered."""
        before = self.waits.count(PROBE)
        await self.until(lambda: self.waits.count(PROBE) >= before + times)

    async def _take(self, heard: Heard) -> None:
        await self.hold.wait()
        self.heard.append(heard)

    async def _told(self, news: News) -> None:
        self.news.append(news)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(self._pace)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the link that is tested goes by the real time


@contextmanager
def nothing_left() -> Iterator[None]:
    """No task and no socket more than before."""
    tasks, files = asyncio.all_tasks(), _open_files()
    yield
    left = {task for task in asyncio.all_tasks() - tasks if not task.done()}
    assert left == set()
    assert _open_files() <= files


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
