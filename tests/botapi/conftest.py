"""A world with a bot in charge of a group, and the server before it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.botapi import Bot, BotApiServer, People, World
from tests.botapi.honesty import valid_update


class Scene:
    """Olga owns the group, Bo is in it, the bot keeps it."""

    def __init__(self, server: BotApiServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.world = server.world
        self.people = People(self.world)
        self.bot = self.world.add_bot()
        self.olga = self.people.person("Olga", username="olga")
        self.bo = self.people.person("Bo", username="bo", bio="reads a lot")
        self.group = self.people.group("Garden", self.olga, members=[self.bo])
        self.people.add_bot_to(self.group, self.bot)
        self.bot.queue.clear()

    async def call(self, method: str, *, bot: Bot | None = None, **params: Any) -> dict[str, Any]:
        """The whole answer."""
        url = f"{self.server.url}/bot{(bot or self.bot).token}/{method}"
        async with self.session.post(url, json=params) as answer:
            body: dict[str, Any] = await answer.json()
            assert answer.status == (200 if body["ok"] else body["error_code"])
            return body

    async def do(self, method: str, *, bot: Bot | None = None, **params: Any) -> Any:
        """The result of what has to go well."""
        body = await self.call(method, bot=bot, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, *, bot: Bot | None = None, **params: Any) -> str:
        """The description of what has to be refused."""
        body = await self.call(method, bot=bot, **params)
        assert not body["ok"], body
        return str(body["description"])

    async def updates(self, bot: Bot | None = None) -> list[dict[str, Any]]:
        """Everything that waits, confirmed at once, and held against aiogram's models."""
        found = await self.do("getUpdates", bot=bot)
        for one in found:
            valid_update(one)
        if found:
            await self.do("getUpdates", bot=bot, offset=found[-1]["update_id"] + 1)
        return list(found)

    async def kinds(self, bot: Bot | None = None) -> list[str]:
        """The kinds of what waits."""
        return [next(kind for kind in one if kind != "update_id") for one in await self.updates(bot)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with BotApiServer(World()) as server, aiohttp.ClientSession() as session:
        yield Scene(server, session)
