"""``groupkeeper simulate telegram`` as a user runs it: a process that can be talked to until it is stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest


def _until_told(stream: IO[str], words: str) -> str:
    seen = ""
    for line in stream:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"it ended without {words!r}: {seen}")


@contextmanager
def _simulating(*args: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "simulate", "telegram", "--port", "0", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    try:
        assert process.stdout is not None
        yield process, _until_told(process.stdout, "docs/bot-api-simulator.md")
    finally:
        process.kill()
        process.communicate()


def _ask(url: str, **params: object) -> Any:
    body = json.dumps(params).encode() if params else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["result"]


def test_a_bot_hears_what_is_said_with_the_printed_commands() -> None:
    with _simulating() as (process, told):
        (url,) = set(re.findall(r'api: "(http://127\.0\.0\.1:\d+)"', told))
        (token,) = set(re.findall(r'token: "(\d+:\S+)"', told))
        assert _ask(f"{url}/bot{token}/getMe")["username"] == "keeper_bot"
        said = _ask(f"{url}/control/act/say", user="bo", where="Reading circle", text="hello")
        (update,) = _ask(f"{url}/bot{token}/getUpdates")
        assert update["message"] == said
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out.strip(), err) == (0, "Stopped.", "")


def test_the_token_can_be_chosen() -> None:
    with _simulating("--token", "4242:a-token-of-my-own-choosing") as (_, told):
        (url,) = set(re.findall(r'api: "(http://127\.0\.0\.1:\d+)"', told))
        assert _ask(f"{url}/bot4242:a-token-of-my-own-choosing/getMe")["id"] == 4242


def test_with_limits_a_bot_that_talks_too_much_is_told_to_wait() -> None:
    with _simulating("--limits") as (_, told):
        (url,) = set(re.findall(r'api: "(http://127\.0\.0\.1:\d+)"', told))
        (token,) = set(re.findall(r'token: "(\d+:\S+)"', told))
        (chat,) = set(re.findall(r'chat: "(-\d+)"', told))
        send = f"{url}/bot{token}/sendMessage"
        _ask(send, chat_id=chat, text="one")
        with pytest.raises(urllib.error.HTTPError) as refused:
            _ask(send, chat_id=chat, text="two")
        assert (refused.value.code, refused.value.headers["Retry-After"]) == (429, "1")


def test_a_port_that_is_taken_is_told_in_one_line(groupkeeper: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = groupkeeper("simulate", "telegram", "--port", port)
    assert done.returncode == 1
    assert done.stderr == f"groupkeeper: port {port} is taken: choose another with --port, or 0 for any that is free\n"


@pytest.mark.parametrize("token", ["abc", "12:", ":secret", "twelve:secretsecretsecretsecret"])
def test_a_token_that_is_none_is_refused(groupkeeper: Callable[..., Any], token: str) -> None:
    done = groupkeeper("simulate", "telegram", "--token", token)
    assert done.returncode == 2
    assert "123456789:" in done.stderr
