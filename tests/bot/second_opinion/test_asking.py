"""One question over HTTP: what is sent and to whom, and everything that is no answer."""

import asyncio
import gzip
import json
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.detection.asking import LARGEST, Asker, NoAnswer
from bot.secrets import hide_secrets, redact
from rules.ads import SecondOpinionSpec
from rules.config import Config
from rules.detectors.opinion import Opinion

KEY = "sk-made-up-key-for-tests"


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    asker = Asker()
    yield asker
    await asker.close()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    made = folder / "cert.pem", folder / "key.pem"
    wanted = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost")
    subprocess.run([openssl, *wanted, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    return made


def spec(url: str, **more: Any) -> SecondOpinionSpec:
    made = SecondOpinionSpec(url=url, model="small", key=KEY)
    return made.model_copy(update=more)


@pytest.mark.parametrize(
    ("content", "opinion"),
    [
        ('{"ad": true, "sure": 0.9}', Opinion(True, 0.9)),
        ('\n {"sure": 1, "ad": false} \n', Opinion(False, 1.0)),
        ('```json\n{"ad": false, "sure": 0}\n```', Opinion(False, 0.0)),
    ],
)
async def test_an_answer_is_read(asker: Asker, stand_in: Any, content: str, opinion: Opinion) -> None:
    standing, url = stand_in
    standing.reply = standing.answers(content)
    assert await asker.ask(spec(url), "birds") == opinion


@pytest.mark.parametrize(
    "content",
    [
        "true",
        "",
        '{"ad": true}',
        '{"sure": 1}',
        '{"ad": 1, "sure": 1}',
        '{"ad": null, "sure": 1}',
        '{"ad": true, "sure": 1.5}',
        '{"ad": true, "sure": -1}',
        '{"ad": true, "sure": NaN}',
        '{"ad": true, "sure": true}',
        '{"ad": true, "sure": 1, "why": "x"}',
        '{"ad": true, "sure": 1} and {"ad": false, "sure": 1}',
        'I think: {"ad": true, "sure": 1}',
        '[{"ad": true, "sure": 1}]',
    ],
)
async def test_whatever_else_a_model_says_is_no_answer(asker: Asker, stand_in: Any, content: str) -> None:
    standing, url = stand_in
    standing.reply = standing.answers(content)
    with pytest.raises(NoAnswer):
        await asker.ask(spec(url), "birds")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{}",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b"\xff\xfe",
        b"[" * 50_000,
        gzip.compress(b'{"choices": [{"message": {"content": "{}"}}]}', mtime=0),
    ],
)
async def test_a_body_that_is_no_completion_is_no_answer(asker: Asker, stand_in: Any, body: bytes) -> None:
    standing, url = stand_in

    async def reply(text: str) -> web.StreamResponse:
        return web.Response(body=body)

    standing.reply = reply
    with pytest.raises(NoAnswer):
        await asker.ask(spec(url), "birds")


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 429, 500, 503])
async def test_another_status_is_no_answer(asker: Asker, stand_in: Any, status: int) -> None:
    standing, url = stand_in

    async def reply(text: str) -> web.StreamResponse:
        return web.Response(status=status, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})

    standing.reply = reply
    with pytest.raises(NoAnswer) as refused:
        await asker.ask(spec(url), "birds")
    assert refused.value.pause is None


@pytest.mark.parametrize(("after", "seconds"), [("30", 30), (" 7 ", 7), ("99999999999999999999", 999_999)])
async def test_a_service_that_is_busy_says_for_how_long(asker: Asker, stand_in: Any, after: str, seconds: int) -> None:
    standing, url = stand_in

    async def reply(text: str) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": after})

    standing.reply = reply
    with pytest.raises(NoAnswer) as refused:
        await asker.ask(spec(url), "birds")
    assert refused.value.pause == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(asker: Asker, stand_in: Any, status: int) -> None:
    standing, url = stand_in

    async def reply(text: str) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": f"{url}/elsewhere"})

    standing.reply = reply
    with pytest.raises(NoAnswer):
        await asker.ask(spec(url), "birds")
    assert [path for path, _, _ in standing.requests] == ["/v1/chat/completions"]


async def test_an_endless_answer_is_not_read_to_its_end(asker: Asker, stand_in: Any) -> None:
    standing, url = stand_in
    sent = 0

    class Endless(web.StreamResponse):
        async def prepare(self, request: Any) -> Any:
            nonlocal sent
            writer = await super().prepare(request)
            try:
                while sent < 1_000 * LARGEST:
                    await self.write(b" " * LARGEST)
                    sent += LARGEST
            except (ConnectionError, asyncio.CancelledError):
                pass
            return writer

    async def reply(text: str) -> web.StreamResponse:
        return Endless()

    standing.reply = reply
    with pytest.raises(NoAnswer, match="too long"):
        await asker.ask(spec(url), "birds")
    assert sent < 1_000 * LARGEST


async def test_who_does_not_answer_in_time_has_not_answered(asker: Asker, stand_in: Any) -> None:
    standing, url = stand_in
    standing.open.clear()
    with pytest.raises(NoAnswer, match="in time"):
        await asker.ask(spec(url, wait=timedelta(seconds=0.05)), "birds")


async def test_where_nobody_listens_there_is_no_answer(asker: Asker) -> None:
    with pytest.raises(NoAnswer, match="not to be reached"):
        await asker.ask(spec("http://127.0.0.1:9/v1"), "birds")


async def test_a_certificate_that_nobody_vouches_for_is_refused(asker: Asker, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NoAnswer, match="not to be reached"):
            await asker.ask(spec(f"https://localhost:{port}/v1"), "birds")
    assert not any(asked)


async def test_the_key_is_in_one_header_and_nowhere_else(asker: Asker, stand_in: Any) -> None:
    standing, url = stand_in
    await asker.ask(spec(url), "birds")
    await asker.ask(spec(url, key=""), "birds")
    (path, headers, body), (_, without, _) = standing.requests
    assert [name for name, value in headers.items() if KEY in value] == ["Authorization"]
    assert KEY not in path + json.dumps(body)
    assert "Authorization" not in without
    assert body["model"] == "small"


async def test_cookies_are_not_sent_back(asker: Asker, stand_in: Any) -> None:
    standing, url = stand_in
    plain = standing.reply

    async def reply(text: str) -> web.StreamResponse:
        response: web.StreamResponse = await plain(text)
        response.set_cookie("who", "x")
        return response

    standing.reply = reply
    await asker.ask(spec(url), "birds")
    await asker.ask(spec(url), "birds")
    assert all("Cookie" not in headers for _, headers, _ in standing.requests)


async def test_neither_the_key_nor_the_words_are_in_the_log(asking: Any) -> None:
    async def broken(text: str) -> web.StreamResponse:
        return web.Response(status=500, text=f"{KEY} {text}")

    asking.stand_in.reply = broken
    bot = await asking.start()
    with capture_logs() as logs:
        for number in range(3):
            await bot.says("a", "ann", f"birdhouses {'x' * number} for everybody")
            await asking.answered()
    told = [line for line in logs if line["event"] == "no_second_opinion"]
    assert len(told) == 1  # once in a while
    assert KEY not in str(logs)
    assert "birdhouses" not in str(logs)
    assert KEY not in redact(f"Bearer {KEY}")
    assert KEY not in repr(bot.setup.config.ads)


def test_a_key_that_is_written_into_the_file_is_a_secret_too() -> None:
    opinion = {"url": "https://ai.example.com/v1", "model": "small", "key": "plainly-written-key"}
    hide_secrets(Config.model_validate({"ads": {"second_opinion": opinion}}), {})
    assert "plainly" not in redact("Authorization: Bearer plainly-written-key")
