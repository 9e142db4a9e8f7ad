"""Calls over real sockets: what arrives, what each failure is called, and that the token is never told."""

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.telegram.answers import Flooded, Garbled, Intercepted, NoAnswer, NotSent, ServerFault, TooSlow
from adapters.telegram.calls import BotCalls
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.transport import Transport

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers that do with a connection what a test says; gives their address."""
    servers: list[asyncio.Server] = []

    async def start(handler: Handler) -> str:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await handler(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    transport = Transport()
    yield transport
    await transport.shutdown()


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8")
    length = next(int(h.partition(":")[2]) for h in head.lower().splitlines() if h.startswith("content-length:"))
    return head, await reader.readexactly(length)


def _answer(status: int, body: bytes) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        writer.write(f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    return handler


def _noting(seen: list[tuple[str, bytes]]) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                seen.append(await _request(reader))
                writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}')

    return handler


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)


async def _stop_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok": tr')
    await writer.drain()


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    await reader.read()


async def _talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b"220 smtp.example.org ESMTP\r\n\r\n")
    await writer.drain()


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


async def _failure(call: Awaitable[object]) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await call
    return caught.value


async def test_what_never_left_is_told_from_what_was_not_answered(serve: Serve, transport: Transport) -> None:
    async def kind(api: str) -> type[TelegramError]:
        return type(await _failure(BotCalls(TOKEN, api, transport)("getMe", {}, read_timeout=0.2)))

    assert await kind(_closed_port()) is NotSent
    assert await kind("http://no-such-host.invalid") is NotSent
    assert await kind(await serve(_hang_up)) is NoAnswer
    assert await kind(await serve(_stop_in_the_middle)) is NoAnswer
    assert await kind(await serve(_talk_nonsense)) is NoAnswer
    assert await kind(await serve(_say_nothing)) is TooSlow
    assert issubclass(TooSlow, NoAnswer)
    assert issubclass(TooSlow, TimedOut)
    assert not issubclass(NotSent, NoAnswer)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"ok":false,"description":"Bad Request: chat not found"}', BadRequest),
        (401, b'{"ok":false,"description":"Unauthorized"}', InvalidToken),
        (404, b'{"ok":false,"description":"Not Found"}', InvalidToken),
        (404, b'{"ok":false,"description":"Not Found: method not found"}', EndPointNotFound),
        (403, b'{"ok":false,"description":"Forbidden: bot was kicked"}', Forbidden),
        (409, b'{"ok":false,"description":"Conflict: terminated by other getUpdates request"}', Conflict),
        (413, b'{"ok":false,"description":"Request Entity Too Large"}', BadRequest),
        (429, b'{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":7}}', Flooded),
        (429, b"<html>slow down</html>", Flooded),
        (400, b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1009}}', ChatMigrated),
        (500, b'{"ok":false,"description":"Internal Server Error"}', ServerFault),
        (502, b"<html>Bad Gateway</html>", ServerFault),
        (302, b"", Intercepted),
        (401, b"<html>log in to the network of this hotel</html>", Intercepted),
        (404, b"nginx", Intercepted),
        (418, b'{"ok":false,"description":"I am a teapot"}', TelegramError),
        (200, b"<html>log in to the network of this hotel</html>", Garbled),
        (200, b"{}", Garbled),
        (200, b"[1]", Garbled),
        (200, b"[" * 100_000, Garbled),
        (200, b"", Garbled),
    ],
)
async def test_an_answer_that_says_no_is_the_error_it_means(
    serve: Serve, transport: Transport, status: int, body: bytes, kind: type[TelegramError]
) -> None:
    calls = BotCalls(TOKEN, await serve(_answer(status, body)), transport)
    error = await _failure(calls("sendMessage", {"chat_id": 1, "text": "hello"}))
    assert type(error) is kind
    assert len(str(error)) < 500
    if status == 429:
        assert isinstance(error, RetryAfter)
        assert isinstance(error, Flooded)
        assert error.seconds in {7, 1}


async def test_the_token_is_in_no_error_log_line_or_representation(
    serve: Serve, transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    echo = b'{"ok":false,"description":"nothing at /bot' + TOKEN.encode() + b'/sendMessage"}'
    apis = [
        _closed_port(),
        "http://no-such-host.invalid",
        "http://[broken",
        *[await serve(handler) for handler in (_hang_up, _stop_in_the_middle, _talk_nonsense, _say_nothing)],
        *[await serve(_answer(status, body)) for status in (200, 302, 400, 502) for body in (b"<html>", echo)],
    ]
    for api in apis:
        calls = BotCalls(TOKEN, api, transport)
        error = await _failure(calls("sendMessage", {"chat_id": 1, "text": "hello"}, read_timeout=0.2))
        told += [repr(calls), *traceback.format_exception(error), repr(error.__context__), repr(error.__cause__)]
    settings = TelegramSettings.model_validate(
        {"token": TOKEN, "webhook": {"url": "https://example.org/x", "secret": "a-very-long-secret"}}
    )
    told += [repr(transport), repr(settings), str(settings), *(record.getMessage() for record in caplog.records)]
    secret = TOKEN.partition(":")[2]
    assert len(told) > 30
    assert not [line for line in told if secret in line or "a-very-long-secret" in line]


async def test_parameters_travel_as_json_and_none_is_left_out(serve: Serve, transport: Transport) -> None:
    seen: list[tuple[str, bytes]] = []
    calls = BotCalls(TOKEN, await serve(_noting(seen)), transport)
    assert await calls("sendMessage", {"chat_id": 1, "text": "大家好", "topic": None, "of": [{"a": 1}]}) is True
    head, body = seen[0]
    assert head.startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\n")
    assert "content-type: application/json" in head.lower()
    assert body.decode() == '{"chat_id":1,"text":"大家好","of":[{"a":1}]}'
    await calls("sendMessage", {"text": "half a pair: \ud83d"})
    assert seen[1][1] == b'{"text": "half a pair: \\ud83d"}'


async def test_files_travel_as_they_are_under_their_names_in_any_script(serve: Serve, transport: Transport) -> None:
    seen: list[tuple[str, bytes]] = []
    calls = BotCalls(TOKEN, await serve(_noting(seen)), transport)
    content = bytes(range(256))
    files = {"document": InputFile(content, filename="读书名单.csv")}
    await calls("sendDocument", {"chat_id": 1, "reply_markup": {"a": ["b"]}, "caption": "x"}, files)
    head, body = seen[0]
    assert "content-type: multipart/form-data; boundary=" in head.lower()
    assert 'name="document"; filename="读书名单.csv"'.encode() in body
    assert b'{"a":["b"]}' in body
    assert content in body


async def test_half_a_surrogate_pair_in_an_answer_does_not_make_it_unreadable(
    serve: Serve, transport: Transport
) -> None:
    body = b'{"ok":true,"result":{"first_name":"\\ud83d"}}'
    calls = BotCalls(TOKEN, await serve(_answer(200, body)), transport)
    assert await calls("getMe", {}) == {"first_name": "\ud83d"}


async def test_a_proxy_of_the_environment_is_used(
    serve: Serve, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bytes]] = []
    monkeypatch.setenv("http_proxy", await serve(_noting(seen)))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert await BotCalls(TOKEN, "http://api.example", transport)("getMe", {}) is True
    assert seen[0][0].startswith(f"POST http://api.example/bot{TOKEN}/getMe HTTP/1.1")


async def test_a_connection_is_used_again_and_after_closing_nothing_leaves(serve: Serve, transport: Transport) -> None:
    connections = 0
    noting = _noting([])

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await noting(reader, writer)

    calls = BotCalls(TOKEN, await serve(handler), transport)
    for _ in range(5):
        await calls("getMe", {})
    assert connections == 1
    await transport.shutdown()
    await transport.shutdown()
    assert type(await _failure(calls("getMe", {}))) is NotSent
    await transport.initialize()
    assert await calls("getMe", {}) is True


async def test_a_kept_connection_that_the_server_has_closed_costs_no_call(serve: Serve, transport: Transport) -> None:
    body = b'{"ok":true,"result":true}'
    calls = BotCalls(
        TOKEN, await serve(_answer(200, body)), transport
    )  # hangs up after each answer, and does not say so
    assert [await calls("sendMessage", {"text": "once"}) for _ in range(6)] == [True] * 6
    with pytest.raises(NotSent):
        await calls("sendDocument", {}, {"document": InputFile(b"a", filename="a")})
    assert await calls("sendDocument", {}, {"document": InputFile(b"a", filename="a")}) is True


async def test_the_bot_of_the_library_runs_on_this_transport(transport: Transport) -> None:
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        calls = BotCalls(ready.bot.token, server.url, transport)
        me = await calls.bot.get_me()
        assert me.username == "keeper_bot"
        said = await calls.bot.send_message(ready.group.id, "hello", reply_markup=None)
        assert said.text == "hello"
        sent = await calls.bot.send_document(ready.group.id, b"a,b", filename="读书.csv")
        assert sent.document is not None
        assert sent.document.file_name == "读书.csv"
        with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
            await calls.bot.send_message(4711, "hello")
