"""A simulated group and the adapter that is tried on it, whose pauses are noted instead of waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.botapi import BotApiServer
from adapters.botapi.log import Request
from adapters.botapi.ready import Ready, ready_world
from adapters.driver import MemoryIntake
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from rules.events import MessagePosted
from tests.botapi.honesty import valid_request

PATIENCE = 20.0
"""Real seconds after which what should have happened counts as not happening."""


class Scene:
    """``pauses`` are those that the adapter made; ``seconds`` is what its clock shows."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        self.ready = ready
        self.server = server
        self.pauses: list[float] = []
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        """The adapter pauses."""
        self.pauses.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0.001)

    def adapter(self, **settings: Any) -> TelegramAdapter:
        """The bot's adapter, not connected yet."""
        given = {"token": self.ready.bot.token, "api": self.server.url, **settings}
        return TelegramAdapter(
            "tg", TelegramSettings(**given), sleep=self.sleep, chance=lambda: 1.0, clock=lambda: self.seconds
        )

    @asynccontextmanager
    async def running(self, intake: MemoryIntake, **settings: Any) -> AsyncIterator[TelegramAdapter]:
        """The adapter feeds an intake while inside."""
        adapter = self.adapter(**settings)
        task = asyncio.create_task(adapter.run(intake))
        try:
            yield adapter
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await adapter.close()

    def say(self, count: int = 1, start: int = 0) -> None:
        """Bo says number after number."""
        for number in range(start, start + count):
            self.ready.people.say(self.ready.bo, self.ready.group, f"number {number}")

    def polls(self) -> list[Request]:
        """The questions for updates so far."""
        return [one for one in self.server.log.requests if one.method == "getUpdates"]

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so that tells nobody."""
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.005)


def texts(intake: MemoryIntake) -> list[str]:
    """What was said, as it was kept."""
    return [event.message.text for event in intake.events if isinstance(event, MessagePosted)]


@asynccontextmanager
async def scene_of(kind: Callable[[Ready, BotApiServer], Any] = Scene) -> AsyncIterator[Any]:
    """Everything set up; at the end, all that was asked must have been what the Bot API can be asked."""
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        yield kind(ready, server)
    for request in server.log:
        valid_request(request.method, {**request.params, **dict.fromkeys(request.files, "a file")})
