"""Updates brought to a webhook over real HTTP, by the clock of a world that stands until it is moved."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready, ready_world

Handler = Callable[[dict[str, Any]], Awaitable[web.Response]]


class Receiver:
    """A bot's endpoint: notes every delivery, answers as ``answering`` says, else 200."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.answering: Handler | None = None
        self.at_once = self.most_at_once = 0

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.updates.append(update)
        self.headers.append(request.headers)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            return await self.answering(update) if self.answering else web.Response()
        finally:
            self.at_once -= 1

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "text" in update.get("message", {})]


class Stage:
    """A world, its server, and a bot's endpoint."""

    def __init__(self, ready: Ready, server: BotApiServer, session: aiohttp.ClientSession, hook: str) -> None:
        self.ready = ready
        self.server = server
        self.session = session
        self.hook = hook
        self.receiver = Receiver()

    async def call(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"{self.server.url}/bot{self.ready.bot.token}/{method}", json=params) as answer:
            body = await answer.json()
        return body["result"] if body["ok"] else body

    async def info(self) -> dict[str, Any]:
        return await self.call("getWebhookInfo")

    def say(self, text: str) -> None:
        self.ready.people.say(self.ready.bo, self.ready.group, text)

    async def delivered(self, count: int) -> None:
        await until(lambda: len(self.receiver.updates) >= count)

    async def emptied(self) -> None:
        await until(lambda: not self.ready.bot.queue.waiting)


async def until(true: Callable[[], bool]) -> None:
    """Until it is true; the time limit of the whole test is the only one."""
    while not true():  # noqa: ASYNC110 - nothing tells when the simulator has noted something
        await asyncio.sleep(0.002)


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    ready = ready_world()
    app = web.Application()
    async with BotApiServer(ready.world) as server, aiohttp.ClientSession() as session:
        made: list[Stage] = []

        async def hook(request: web.Request) -> web.Response:
            return await made[0].receiver.take(request)

        app.router.add_post("/hook", hook)
        async with serving(app) as url:
            made.append(Stage(ready, server, session, f"{url}/hook"))
            yield made[0]


async def test_updates_come_in_order_with_the_secret_and_count_as_taken(stage: Stage) -> None:
    stage.say("before")
    await stage.call("setWebhook", url=stage.hook, secret_token="a-secret", max_connections=5)
    for number in range(5):
        stage.say(f"message {number}")
    await stage.emptied()
    assert stage.receiver.texts == ["before", *(f"message {number}" for number in range(5))]
    assert {headers["X-Telegram-Bot-Api-Secret-Token"] for headers in stage.receiver.headers} == {"a-secret"}
    assert {headers["Content-Type"] for headers in stage.receiver.headers} == {"application/json"}
    assert await stage.info() == {
        "url": stage.hook,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 5,
    }


async def test_without_a_secret_there_is_no_header(stage: Stage) -> None:
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.emptied()
    assert "X-Telegram-Bot-Api-Secret-Token" not in stage.receiver.headers[0]


async def test_what_waits_can_be_dropped_and_kinds_be_chosen(stage: Stage) -> None:
    stage.say("before")
    await stage.call("setWebhook", url=stage.hook, drop_pending_updates=True, allowed_updates=["chat_member"])
    stage.say("not asked for")
    cai = stage.ready.world.add_user("Cai")
    stage.ready.people.join(cai, stage.ready.group)
    await stage.emptied()
    assert [sorted(update) for update in stage.receiver.updates] == [["chat_member", "update_id"]]
    assert (await stage.info())["allowed_updates"] == ["chat_member"]


async def test_polling_is_refused_while_there_is_a_webhook_and_works_after(stage: Stage) -> None:
    await stage.call("setWebhook", url=stage.hook)
    refused = await stage.call("getUpdates")
    assert refused["error_code"] == 409
    await stage.call("deleteWebhook")
    stage.say("hello")
    assert [update["message"]["text"] for update in await stage.call("getUpdates")] == ["hello"]
    assert stage.receiver.updates == []


async def test_only_2xx_acknowledges_and_the_waits_double_up_to_a_minute(stage: Stage) -> None:
    async def fail(_: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    stage.receiver.answering = fail
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    clock = stage.ready.world.clock
    await stage.delivered(2)  # the second attempt comes at once
    for number, wait in enumerate((2, 4, 8, 16, 32, 60, 60), start=3):
        await settled(stage)
        clock.advance(wait - 0.5)
        await settled(stage)
        assert len(stage.receiver.updates) == number - 1
        clock.advance(0.5)
        await stage.delivered(number)
    info = await stage.info()
    assert info["pending_update_count"] == 1
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["last_error_date"] == int(clock.now().timestamp())
    stage.receiver.answering = None
    await settled(stage)
    clock.advance(60)
    await stage.emptied()
    assert len({update["update_id"] for update in stage.receiver.updates}) == 1


async def settled(stage: Stage) -> None:
    """Nothing is under way, and what follows from the last answer has been noted."""
    hook = stage.ready.bot.webhook
    await until(lambda: stage.receiver.at_once == 0)
    for _ in range(3):
        await stage.info()  # as many rounds over HTTP as an answer needs to arrive
    assert hook is stage.ready.bot.webhook


@pytest.mark.parametrize("status", [301, 404, 503])
async def test_no_other_status_acknowledges(stage: Stage, status: int) -> None:
    answers = iter([status, status, 204])

    async def answer(_: dict[str, Any]) -> web.Response:
        return web.Response(status=next(answers), headers={"Location": "/elsewhere"})

    stage.receiver.answering = answer
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.delivered(2)
    await settled(stage)
    stage.ready.world.clock.advance(2)
    await stage.emptied()
    assert stage.receiver.texts == ["hello"] * 3


async def test_retry_after_is_honoured(stage: Stage) -> None:
    answers = iter([web.Response(status=429, headers={"Retry-After": "30"}), web.Response()])

    async def answer(_: dict[str, Any]) -> web.Response:
        return next(answers)

    stage.receiver.answering = answer
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.delivered(1)
    await settled(stage)
    stage.ready.world.clock.advance(29)
    await settled(stage)
    assert len(stage.receiver.updates) == 1
    stage.ready.world.clock.advance(1)
    await stage.emptied()
    assert len(stage.receiver.updates) == 2


async def test_a_chat_that_fails_delays_its_own_updates_and_no_others(stage: Stage) -> None:
    async def fail_for_the_group(update: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if update["message"]["chat"]["id"] == stage.ready.group.id else 200)

    stage.receiver.answering = fail_for_the_group
    await stage.call("setWebhook", url=stage.hook)
    stage.say("one")
    stage.say("two")
    stage.ready.people.say(stage.ready.ann, stage.ready.staff, "elsewhere")
    await until(lambda: len(stage.ready.bot.queue.waiting) == 2 and stage.receiver.texts.count("one") == 2)
    assert "two" not in stage.receiver.texts
    assert "elsewhere" in stage.receiver.texts


async def test_a_message_may_overtake_the_join_of_who_wrote_it(stage: Stage) -> None:
    written = asyncio.Event()

    async def slow_to_take_joins(update: dict[str, Any]) -> web.Response:
        if "chat_member" in update:
            await written.wait()
        elif "text" in update["message"]:
            written.set()
        return web.Response()

    stage.receiver.answering = slow_to_take_joins
    await stage.call("setWebhook", url=stage.hook, allowed_updates=["message", "chat_member"])
    cai = stage.ready.world.add_user("Cai")
    stage.ready.people.join(cai, stage.ready.group)
    stage.ready.people.say(cai, stage.ready.group, "first words")
    await stage.emptied()
    assert "chat_member" in stage.receiver.updates[0]
    assert stage.receiver.texts == ["first words"]


async def test_no_more_connections_are_used_than_were_asked_for(stage: Stage) -> None:
    go_on = asyncio.Event()

    async def wait(_: dict[str, Any]) -> web.Response:
        await go_on.wait()
        return web.Response()

    stage.receiver.answering = wait
    people, world = stage.ready.people, stage.ready.world
    for number in range(6):
        people.join(world.add_user(f"Person {number}"), stage.ready.group)
    stage.ready.bot.queue.clear()
    await stage.call("setWebhook", url=stage.hook, max_connections=3, allowed_updates=["chat_member"])
    for number in range(6, 12):
        people.join(world.add_user(f"Person {number}"), stage.ready.group)
    await until(lambda: stage.receiver.at_once == 3)
    await stage.info()
    assert stage.receiver.at_once == 3
    go_on.set()
    await stage.emptied()
    assert stage.receiver.most_at_once == 3
    assert len(stage.receiver.updates) == 6


async def test_an_answer_may_name_a_method_to_carry_out(stage: Stage) -> None:
    async def answer(update: dict[str, Any]) -> web.Response:
        chat = update["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "answered"})

    stage.receiver.answering = answer
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    messages = stage.ready.group.messages.values()
    await until(lambda: "answered" in [message.text for message in messages])
    assert [message.text for message in messages if message.text] == ["hello", "answered"]


async def test_an_answer_that_cannot_be_read_still_acknowledges(stage: Stage) -> None:
    async def answer(_: dict[str, Any]) -> web.Response:
        return web.Response(body=b"\xff=1", content_type="application/x-www-form-urlencoded")

    stage.receiver.answering = answer
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.emptied()
    assert stage.receiver.texts == ["hello"]


async def test_an_answer_cannot_delete_the_webhook(stage: Stage) -> None:
    async def answer(_: dict[str, Any]) -> web.Response:
        return web.json_response({"method": "deleteWebhook"})

    stage.receiver.answering = answer
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.emptied()
    assert (await stage.info())["url"] == stage.hook


async def test_nobody_listening_is_told_as_the_last_error(stage: Stage) -> None:
    closed = "http://127.0.0.1:1/hook"
    await stage.call("setWebhook", url=closed)
    stage.say("hello")
    await until(lambda: stage.ready.bot.webhook.last_error is not None)
    info = await stage.info()
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1


async def test_after_23_hours_of_410_the_webhook_is_gone(stage: Stage) -> None:
    async def gone(_: dict[str, Any]) -> web.Response:
        return web.Response(status=410)

    stage.receiver.answering = gone
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.delivered(2)
    await settled(stage)
    stage.ready.world.clock.advance(22 * 3600)
    await stage.delivered(3)
    await settled(stage)
    assert (await stage.info())["url"] == stage.hook
    stage.ready.world.clock.advance(3700)
    await until(lambda: not stage.ready.bot.webhook.url)
    assert [update["message"]["text"] for update in await stage.call("getUpdates")] == ["hello"]


async def test_what_was_not_taken_for_a_day_is_dropped(stage: Stage) -> None:
    async def fail(_: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    stage.receiver.answering = fail
    await stage.call("setWebhook", url=stage.hook)
    stage.say("hello")
    await stage.delivered(2)
    await settled(stage)
    stage.ready.world.clock.advance(24 * 3600)
    await stage.emptied()
    assert len(stage.receiver.updates) == 3


async def test_a_malformed_update_is_delivered_and_holds_up_nobody(stage: Stage) -> None:
    async def choke(update: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if update.get("message") == "no message" else 200)

    stage.receiver.answering = choke
    await stage.call("setWebhook", url=stage.hook)
    stage.ready.bot.queue.put_raw({"message": "no message"})
    stage.say("hello")
    await until(lambda: len(stage.ready.bot.queue.waiting) == 1 and len(stage.receiver.updates) == 3)
    assert [update["message"] for update in stage.receiver.updates].count("no message") == 2


async def test_time_that_runs_brings_the_next_attempt_by_itself() -> None:
    from datetime import UTC, datetime

    ready = ready_world(lambda: datetime.now(UTC))  # noqa: TID251 - a clock that really runs is what this is about
    app = web.Application()
    answers = iter([500, 500, 200])
    got: list[int] = []

    async def hook(request: web.Request) -> web.Response:
        got.append((await request.json())["update_id"])
        return web.Response(status=next(answers))

    app.router.add_post("/hook", hook)
    async with BotApiServer(ready.world) as server, aiohttp.ClientSession() as session, serving(app) as url:
        await session.post(f"{server.url}/bot{ready.bot.token}/setWebhook", json={"url": f"{url}/hook"})
        ready.people.say(ready.bo, ready.group, "hello")
        await until(lambda: len(got) == 2)
        ready.world.clock.advance(1.9)
        await until(lambda: not ready.bot.queue.waiting)
    assert len(got) == 3
