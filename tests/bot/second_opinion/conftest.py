"""A service to be asked that stands in for a language model, and a bot that is unsure of every message."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.detection.second_opinion import SecondOpinion
from bot.setup import Setup
from rules.actions.messages import Delete
from rules.conditions.verdicts import Ad
from rules.config import Config
from rules.detectors.judging import log_odds, probability, total, weightiest
from rules.detectors.looking import text_of
from rules.detectors.settings import AdSettings
from rules.events import Event, MessageEdited, MessagePosted
from rules.verdict import Reason, Verdict
from schedules.clock import Clock
from storage.database import Database

Reply = Callable[[str], Awaitable[web.StreamResponse]]
KEY = "sk-made-up-key-for-tests"


def said(content: str) -> web.Response:
    """A completion, as OpenAI-compatible services write it."""
    return web.json_response({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]})


class StandIn:
    """Answers what it is told to; ``texts`` are the messages it was asked about, ``requests`` all that came in."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.texts: list[str] = []
        self.reply: Reply = self.answers('{"ad": true, "sure": 1}')
        self.open = asyncio.Event()
        self.open.set()

    def answers(self, content: str) -> Reply:
        async def reply(text: str) -> web.StreamResponse:
            return said(content)

        return reply

    def thinks(self, *, ad: bool, sure: float = 1.0) -> None:
        self.reply = self.answers(json.dumps({"ad": ad, "sure": sure}))

    def obeys(self) -> None:
        """Whatever a message tells it to answer, it answers; else it calls everything an advertisement."""

        async def reply(text: str) -> web.StreamResponse:
            told = re.search(r"ad\W{0,4}(true|false)", text)
            return said(json.dumps({"ad": told is None or told[1] == "true", "sure": 1}))

        self.reply = reply

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append((request.path, dict(request.headers), body))
        text = json.loads(body["messages"][-1]["content"])["message"]
        self.texts.append(text)
        await self.open.wait()
        return await self.reply(text)


class Unsure:
    """A detector that is as sure of every message as it is told to be, and may ask."""

    name = "ad"
    version = "1"

    def __init__(self, score: float) -> None:
        self.score = score
        self.second = SecondOpinion()

    async def begin(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        await self.second.begin(database, clock, setup)

    def look(self, event: Event) -> Verdict:
        reasons: tuple[Reason, ...] = (Reason("base", log_odds(self.score)),)
        if isinstance(event, MessagePosted | MessageEdited):
            reasons = (*reasons, *self.second.consider(event, reasons, lambda: text_of(event)))
        return Verdict(self.name, self.version, probability(total(reasons)), weightiest(reasons))

    def again(self, event: Event, verdict: Verdict) -> Verdict:
        return self.second.again(event, verdict)

    def wakes(self, wake: Callable[[], object]) -> None:
        self.second.wakes(wake)

    def settled(self, settled: Any) -> None:
        self.second.settled(settled)

    async def keep(self) -> None: ...

    async def close(self) -> None:
        await self.second.close()


class Asking:
    """A bot with a detector that is unsure, and the service that it asks."""

    def __init__(self, world: Any, stand_in: StandIn, url: str) -> None:
        self.world, self.stand_in, self.url = world, stand_in, url
        self.bot: Any = None

    def config(self, **spec: Any) -> Config:
        opinion = {"url": self.url, "model": "small", "key": KEY, **spec}
        return Config.model_validate({"ads": {"second_opinion": opinion}})

    def rules(self, *, at_least: float = 0.9) -> list[Any]:
        ads = self.world.rule("ads", Delete(), condition=Ad(at_least=at_least), kinds=("message", "edit"))
        return [ads]

    async def start(self, score: float = 0.95, *rules: Any, settings: dict[str, Any] | None = None, **spec: Any) -> Any:
        given = {"ads": AdSettings(cold_start=0), **(settings or {})}
        setup = self.world.setup(*(rules or self.rules()), config=self.config(**spec), **given)
        self.bot = self.world.bot(setup)
        self.detector = Unsure(score)
        self.bot._detectors = {"ad": self.detector}
        return await self.world._opened.enter_async_context(self.bot)

    async def answered(self) -> None:
        """What was asked is answered, and the bot does what it does about that."""
        while await self.detector.second.arrived():
            await self.bot.settle()
        await self.bot.settle()

    def gone(self, *ids: str, chat: str = "a") -> list[bool]:
        return [self.bot.sim.room(chat).posts[id_].deleted for id_ in ids]


@pytest.fixture
async def stand_in() -> AsyncIterator[tuple[StandIn, str]]:
    standing = StandIn()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", standing.handle)
    async with TestServer(app) as server:
        yield standing, str(server.make_url("/v1"))
        standing.open.set()


@pytest.fixture
async def asking(world: Any, stand_in: tuple[StandIn, str]) -> AsyncIterator[Asking]:
    asking = Asking(world, *stand_in)
    yield asking
    if asking.bot is not None:  # those who wait for an answer are let go before the service ends
        await asking.bot.stop()
