"""Fetching files from the Bot API server: what comes, what is too much, and that nothing else is ever asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import orjson
import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.errors import AdapterError, Rejected, RetryLater
from adapters.protocol import OffersFiles
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.calls import BotCalls
from adapters.telegram.files import fetch_file
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.transport import Transport
from rules.values import File

MOST = 1_000
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


class Files:
    """A simulated Bot API with a file in it, and the calls of its bot."""

    def __init__(self, server: BotApiServer, call: BotCalls) -> None:
        self.server = server
        self.call = call

    def store(self, data: bytes) -> File:
        kept = self.server.world.store(data, "photos")
        return File(kept.id, kept.unique)


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    ready, transport = ready_world(), Transport()
    async with BotApiServer(ready.world) as server:
        yield Files(server, BotCalls(ready.bot.token, server.url, transport))
        await transport.shutdown()


async def test_a_file_comes_as_it_is(files: Files) -> None:
    assert await fetch_file(files.call, files.store(b"\x00picture\xff"), MOST) == b"\x00picture\xff"


async def test_what_is_too_large_is_not_fetched(files: Files) -> None:
    with pytest.raises(Rejected, match="2000 bytes"):
        await fetch_file(files.call, File("never asked for", "x", 2_000), MOST)
    assert len(files.server.log.calls("getFile")) == 0
    with pytest.raises(Rejected, match="1001 bytes"):
        await fetch_file(files.call, files.store(bytes(1_001)), MOST)


async def test_who_gives_more_than_was_told_is_cut_off() -> None:
    answer = await _of(b'{"file_path": "photos/a.jpg", "file_size": 9}', bytes(50_000_000))
    assert isinstance(answer, Rejected)
    assert "more than 1000 bytes" in str(answer)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "http://127.0.0.1:1/secret",
            "//evil.example/x.jpg",
            "../../getMe",
            "photos/../../x",
            "/var/lib/photos/a.jpg",
        ),
        *(
            "photos/a.jpg?x=1",
            "photos/a b.jpg",
            "photos//a.jpg",
            ".hidden",
            "photos/a.jpg#x",
            "",
            "@evil.example/x",
            "a\\b",
        ),
    ],
)
async def test_only_a_plain_path_on_the_server_is_followed(path: str) -> None:
    answer = await _of(orjson.dumps({"file_path": path}), b"a secret")
    assert isinstance(answer, Rejected)
    assert str(answer) == "the Bot API server does not give this file out"


@pytest.mark.parametrize("told", [b"[]", b"true", b"{}", b'{"file_path": 7}'])
async def test_an_answer_without_a_path_is_no_file(told: bytes) -> None:
    assert isinstance(await _of(told, b""), Rejected)


async def test_trouble_is_told_apart(files: Files) -> None:
    file = files.store(b"picture")
    with pytest.raises(Rejected, match="nvalid file_id"):
        await fetch_file(files.call, File("gone", "gone"), MOST)
    files.server.faults.add("error", code=502, method="getFile")
    with pytest.raises(RetryLater):
        await fetch_file(files.call, file, MOST)
    files.server.faults.add("error", code=429, retry_after=7, method="getFile")
    with pytest.raises(RetryLater) as flooded:
        await fetch_file(files.call, file, MOST)
    assert flooded.value.after.total_seconds() == 7
    assert await fetch_file(files.call, file, MOST) == b"picture"


async def test_the_token_is_in_no_error(files: Files) -> None:
    file = files.store(b"picture")
    await files.server.stop()
    with pytest.raises(AdapterError) as caught:
        await fetch_file(files.call, file, MOST)
    error = caught.value
    assert files.call.bot.token not in f"{error!r} {error.__cause__!r} {error.__context__!r}"


def test_the_adapter_offers_files() -> None:
    assert isinstance(TelegramAdapter("telegram", TelegramSettings(token=TOKEN)), OffersFiles)


async def _of(told: bytes, data: bytes) -> AdapterError:
    """What comes of fetching from a server that answers so."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/getFile" in head:
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            await reader.readexactly(length)
            body = b'{"ok": true, "result": ' + told + b"}"
        else:
            body = data
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        with suppress(ConnectionError):  # who has enough hangs up
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    transport = Transport()
    call = BotCalls(TOKEN, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", transport)
    with pytest.raises(AdapterError) as caught:
        await fetch_file(call, File("id", "unique"), MOST)
    await transport.shutdown()
    server.close()
    await server.wait_closed()
    return caught.value
