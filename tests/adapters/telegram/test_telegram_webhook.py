"""The webhook over real HTTP: who is let in, what is answered when, and that Telegram's deliveries all arrive."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready
from adapters.driver import MemoryIntake
from adapters.protocol import Broken
from adapters.serving import PortTaken
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.reading import ALLOWED_UPDATES
from adapters.telegram.settings import WebhookSettings
from adapters.telegram.webhook import LOOK_AGAIN, paths
from rules.errors import StorageError
from rules.events import Event
from tests.adapters.telegram.scene import PATIENCE, Scene, scene_of, texts

SECRET = "a-secret-of-the-two-of-them"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Hooked(Scene):
    """A scene whose bot is delivered to, at ``url``; when it looks after its webhook is decided by ``woken``."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        super().__init__(ready, server)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.woken = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == LOOK_AGAIN:
            await self.woken.wait()
            self.woken.clear()
            return
        await super().sleep(seconds)

    def adapter(self, path: str = "/groups/hook", **settings: Any) -> TelegramAdapter:
        hook = WebhookSettings(url=self.url + path, secret=SECRET, port=self.port)
        return super().adapter(webhook=hook, **settings)

    @asynccontextmanager
    async def running(self, intake: MemoryIntake, **settings: Any) -> AsyncIterator[TelegramAdapter]:
        async with super().running(intake, **settings) as adapter:
            await self.until(lambda: self.ready.bot.webhook.url.startswith(self.url))
            yield adapter

    async def post(
        self,
        body: bytes | Any = b"{}",
        *,
        path: str = "/groups/hook",
        secret: str | None = SECRET,
        method: str = "POST",
    ) -> int:
        headers = {} if secret is None else {HEADER: secret}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path, data=body, headers=headers) as answer,
        ):
            assert await answer.read() in {b"", b"Not Found", b"Method Not Allowed"}
            return answer.status


@pytest.fixture
async def scene() -> AsyncIterator[Hooked]:
    async with scene_of(Hooked) as scene:
        yield scene


async def test_what_is_said_is_delivered_in_order_and_the_webhook_stays_set(scene: Hooked) -> None:
    intake = MemoryIntake()
    async with scene.running(intake) as adapter:
        scene.say(50)
        await intake.holds(50)
        await scene.until(lambda: not scene.ready.bot.queue.waiting)
        assert adapter.usernames == {"keeper_bot"}
    assert texts(intake) == [f"number {n}" for n in range(50)]
    hook = scene.ready.bot.webhook
    assert (hook.url, hook.secret) == (f"{scene.url}/groups/hook", SECRET)
    assert scene.ready.bot.queue.allowed == frozenset(ALLOWED_UPDATES)


async def test_what_comes_while_the_bot_is_away_is_delivered_when_it_is_back(scene: Hooked) -> None:
    intake = MemoryIntake()
    async with scene.running(intake):
        scene.say(1)
        await intake.holds(1)
    scene.say(2, 1)
    async with scene.running(intake):
        # Telegram tries again by and by.
        await scene.until(lambda: scene.ready.world.clock.advance(30) and len(intake.events) == 3)
    assert texts(intake) == ["number 0", "number 1", "number 2"]


class _Held(MemoryIntake):
    """Keeps nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()

    async def accept(
        self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
    ) -> None:
        self.was_offered.set()
        await self.let_go.wait()
        await super().accept(events, cursor, broken)


async def test_a_delivery_is_answered_only_when_it_is_kept(scene: Hooked) -> None:
    intake = _Held()
    async with scene.running(intake):
        scene.say(1)
        await asyncio.wait_for(intake.was_offered.wait(), PATIENCE)
        assert len(scene.ready.bot.queue.waiting) == 1
        intake.let_go.set()
        await scene.until(lambda: not scene.ready.bot.queue.waiting)
    assert texts(intake) == ["number 0"]


async def test_what_the_bot_may_do_is_told_although_such_a_delivery_brings_nothing_to_keep(scene: Hooked) -> None:
    intake = MemoryIntake()
    ready = scene.ready
    async with scene.running(intake):
        ready.people.demote(ready.ann, ready.bot, ready.group)
        await scene.until(lambda: not ready.bot.queue.waiting)
    assert intake.standings == [f"tg:{ready.group.id}"]
    assert intake.offered == []


async def test_what_cannot_be_kept_is_delivered_again(scene: Hooked) -> None:
    intake = MemoryIntake(failures=2)
    async with scene.running(intake):
        scene.say(1)
        # Time passes while we wait: the first attempt is followed by another at once, the second by one after a pause.
        await scene.until(lambda: scene.ready.world.clock.advance(1) and not scene.ready.bot.queue.waiting)
    assert len(intake.offered) == 3
    assert texts(intake) == ["number 0"]


async def test_calls_without_the_secret_are_refused_counted_and_told_once_a_minute(scene: Hooked) -> None:
    intake = MemoryIntake()
    with capture_logs() as lines:
        async with scene.running(intake):
            wrong = [None, "", "wrong", SECRET[:-1], SECRET + "x", "ключ", "\x80"]
            assert [await scene.post(secret=secret) for secret in wrong] == [403] * len(wrong)
            scene.seconds += 61
            assert await scene.post(secret="again") == 403
    told = [line["count"] for line in lines if line["event"] == "webhook_calls_refused"]
    assert told == [1, 7]
    assert intake.offered == []
    assert SECRET not in str(lines)


async def test_a_body_of_10_mb_is_refused_without_being_read(scene: Hooked) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(160):
            sent += 65536
            yield b" " * 65536

    intake = MemoryIntake()
    async with scene.running(intake):
        head = f"POST /groups/hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: 10485760\r\n\r\n"
        assert b" 413 " in await _raw(scene.port, head.encode() + b"x" * 1000)
        with suppress(aiohttp.ClientError):  # the server hangs up while it is being talked to
            assert await scene.post(endless()) == 413
        assert sent < 160 * 65536
        scene.say(1)
        await intake.holds(1)
    assert len(intake.offered) == 1


async def _raw(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE)  # to the end: the server closes
    finally:
        writer.close()


async def test_what_cannot_be_read_is_put_aside_and_answered_so_that_it_does_not_come_again(scene: Hooked) -> None:
    intake = MemoryIntake()
    async with scene.running(intake):
        scene.ready.people.raw(scene.ready.bot, {"message": {"message_id": "seven"}})
        scene.say(1)
        await intake.holds(1)
        await scene.until(lambda: not scene.ready.bot.queue.waiting)
        bodies = (b"", b"<html>", b"[1, 2]", b'"x"', b"{}", b'{"update_id": "7"}', b"\xff\xfe", b"[" * 100_000)
        assert [await scene.post(body) for body in bodies] == [200] * len(bodies)
        assert [await scene.post(body) for body in bodies] == [200] * len(bodies)
    assert len(intake.broken) == 1 + len(bodies)
    assert len({one.id for one in intake.broken}) == 1 + len(bodies)


async def test_only_posts_to_its_path_are_heard_whether_a_proxy_cuts_its_front_or_not(scene: Hooked) -> None:
    intake = MemoryIntake()
    body = b'{"update_id": 3}'
    async with scene.running(intake):
        for path in ("/groups/hook", "/hook", "/"):
            assert await scene.post(body, path=path) == 200
        for path in ("/groups", "/hook/x", "/healthz", "/groups/hook/x"):
            assert await scene.post(body, path=path) == 404
        assert await scene.post(method="GET") == 405
    assert paths("https://bot.example") == ["/"]


async def test_a_port_that_is_taken_is_told_with_what_to_do(scene: Hooked) -> None:
    with socket.create_server(("127.0.0.1", scene.port)):
        adapter = scene.adapter()
        with pytest.raises(PortTaken, match=f"port {scene.port} of 127.0.0.1 .*give each bot.* a `port` of its own"):
            await adapter.run(MemoryIntake())
        await adapter.close()
    assert scene.ready.bot.webhook.url == ""


async def test_a_webhook_that_telegram_does_not_take_at_first_is_set_later(scene: Hooked) -> None:
    scene.server.faults.add("error", method="setWebhook", code=400, description="bad webhook: IP address", times=2)
    with capture_logs() as lines:
        async with scene.running(MemoryIntake()) as adapter:
            await scene.until(lambda: adapter.trouble is None)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["telegram_refuses"]
    assert any(line["event"] == "webhook_set" for line in lines)


async def test_a_webhook_that_another_program_took_away_is_set_again_and_named(scene: Hooked) -> None:
    intake = MemoryIntake()
    with capture_logs() as lines:
        async with scene.running(intake):
            async with aiohttp.ClientSession() as session:
                await session.post(f"{scene.server.url}/bot{scene.ready.bot.token}/deleteWebhook")
            scene.say(1)
            scene.woken.set()
            await intake.holds(1)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["telegram_webhook_taken_away"]


async def test_the_operator_hears_that_telegram_does_not_get_through(scene: Hooked) -> None:
    intake = MemoryIntake(failures=1)
    with capture_logs() as lines:
        async with scene.running(intake) as adapter:
            intake._failures = 10**6
            scene.say(1)
            await scene.until(lambda: scene.ready.bot.webhook.last_error)
            scene.woken.set()
            await scene.until(lambda: adapter.trouble == "telegram_webhook_not_reached")
            intake._failures = 0
            await scene.until(lambda: scene.ready.world.clock.advance(30) and intake.events)
            scene.woken.set()
            await scene.until(lambda: adapter.trouble is None)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["telegram_webhook_not_reached"]


async def test_a_storage_that_fails_says_so_to_telegram(scene: Hooked) -> None:
    class Full(MemoryIntake):
        async def accept(
            self, events: Sequence[Event], cursor: tuple[str, str] | None = None, broken: Sequence[Broken] = ()
        ) -> None:
            raise StorageError("the disk is full (as this test wants it)")

    async with scene.running(Full()):
        assert await scene.post(b"<html>") == 503
