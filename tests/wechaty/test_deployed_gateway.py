"""The gateway that operators run (deploy/wechat-gateway), spoken to by the adapter's own calls."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from grpclib.exceptions import GRPCError

from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.calls import Calls
from adapters.wechaty.wire.channel import channel_to
from tests.wechaty.mock_wechat import Gateway

DEPLOY = Path(__file__).parents[2] / "deploy"
GATEWAY = DEPLOY / "wechat-gateway"
TOKEN = "a-long-random-word-of-nobody"

Started = Callable[..., "Running"]


class Running:
    """The gateway's process at a port of this machine; a line of its log is one JSON object."""

    def __init__(self, folder: Path, session: Path, **variables: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        known = {
            "WECHATY_PUPPET": "wechaty-puppet-mock",
            "WECHATY_TOKEN": TOKEN,
            "WECHATY_PUPPET_SERVER_PORT": str(self.port),
            "WECHATY_LOG": "silent",
            "GATEWAY_HOST": "127.0.0.1",
            "GATEWAY_SESSION": str(session),
            "NODE_NO_WARNINGS": "1",
        }
        self.process = subprocess.Popen(
            ["node", "gateway.mjs"],
            cwd=folder,
            env={**os.environ, **known, **variables},
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def told(self, event: str) -> dict[str, Any]:
        """The next line of the log that tells of this event."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == event:
                return told
        raise AssertionError(f"the gateway ended without telling: {event}")

    def settings(self, token: str = TOKEN, tls: str = "wechaty") -> WechatySettings:
        return WechatySettings.model_validate(
            {"endpoint": f"127.0.0.1:{self.port}", "token": token, "puppet": "mock", "tls": tls}
        )


@pytest.fixture
def started(gateway_folder: Path, tmp_path: Path) -> Iterator[Started]:
    """Starts the gateway, on the packages that the other tests have installed."""
    folder = tmp_path / "gateway"
    folder.mkdir()
    for name in ("gateway.mjs", "package.json"):
        shutil.copy(GATEWAY / name, folder)
    (folder / "node_modules").symlink_to(gateway_folder / "node_modules")
    running: list[Running] = []

    def start(**variables: str) -> Running:
        running.append(Running(folder, tmp_path / "session", **variables))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.wait()


async def test_the_bot_speaks_to_it_with_the_token_and_over_tls(started: Started) -> None:
    gateway = started()
    gateway.told("listening")
    channel = channel_to(gateway.settings())
    try:
        calls = Calls(channel, TOKEN)
        await calls.start()
        await calls.alive()
        await calls.stop()
        gateway.told("a client let go")
        await calls.start()  # the account stayed
        await calls.alive()
    finally:
        channel.close()


async def test_a_hosted_puppet_is_reached_through_it(started: Started, private_gateway: Callable[..., Gateway]) -> None:
    hosted = private_gateway(token="puppet_workpro_of_nobody")
    await hosted.start()
    gateway = started(
        WECHATY_PUPPET="wechaty-puppet-service",
        WECHATY_PUPPET_SERVICE_TOKEN=hosted.token,
        WECHATY_PUPPET_SERVICE_ENDPOINT=hosted.endpoint,
        WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT="true",
    )
    gateway.told("listening")
    channel = channel_to(gateway.settings())
    try:
        calls = Calls(channel, TOKEN)
        await calls.start()
        assert (await asyncio.to_thread(gateway.told, "logged in"))["account"] == "bot"
        assert "r1@chatroom" in await calls.rooms()
        await calls.stop()
        assert "r1@chatroom" in await calls.rooms()  # still logged in
    finally:
        channel.close()


async def test_nobody_speaks_to_it_with_another_token(started: Started) -> None:
    gateway = started()
    gateway.told("listening")
    settings = gateway.settings(token="the-word-of-somebody-else")
    channel = channel_to(settings)
    try:
        with pytest.raises(Exception) as refused:  # noqa: PT011 - whichever it is, it tells of the token
            await Calls(channel, settings.token).alive()
        cause = refused.value if isinstance(refused.value, GRPCError) else refused.value.__cause__
        assert isinstance(cause, GRPCError)
        assert cause.status.name == "UNAUTHENTICATED"
    finally:
        channel.close()


async def test_it_can_do_without_tls(started: Started) -> None:
    gateway = started(WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER="true")
    gateway.told("listening")
    channel = channel_to(gateway.settings(tls="off"))
    try:
        await Calls(channel, TOKEN).alive()
    finally:
        channel.close()


def test_it_ends_at_once_when_it_is_asked_to(started: Started) -> None:
    gateway = started()
    gateway.told("listening")
    gateway.process.send_signal(signal.SIGTERM)
    gateway.told("ended")
    assert gateway.process.wait(60) == 0


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"WECHATY_TOKEN": "short"}, "set WECHATY_TOKEN to a long random word"),
        ({"WECHATY_PUPPET": ""}, "set WECHATY_PUPPET to the package of a puppet"),
        ({"WECHATY_PUPPET": "wechaty-puppet-nobody"}, "no puppet wechaty-puppet-nobody is installed here; there are"),
    ],
)
def test_it_says_why_it_does_not_start(started: Started, variables: dict[str, str], why: str) -> None:
    gateway = started(**variables)
    assert why in gateway.told("cannot start")["why"]
    assert gateway.process.wait(60) == 1


def test_the_composition_keeps_the_gateway_to_itself() -> None:
    services = yaml.safe_load((DEPLOY / "compose.wechat.yaml").read_text(encoding="utf-8"))["services"]
    gateway, bot = services["gateway"], services["groupkeeper"]
    assert "ports" not in gateway  # whoever reaches it with the token is the account
    assert gateway["networks"] != bot["networks"]
    assert set(gateway["networks"]) & set(bot["networks"])
    program = (GATEWAY / "gateway.mjs").read_text(encoding="utf-8")
    assert [name for name in ("WECHATY_PUPPET", "WECHATY_TOKEN") if f"env.{name}" not in program] == []
    assert gateway["env_file"] == "gateway.env"  # the tokens of other platforms are not for it
    assert any(volume.endswith(":/data") for volume in gateway["volumes"])


def test_its_image_is_given_what_it_is_made_of_and_no_secret() -> None:
    copied = ["package.json", "package-lock.json", ".npmrc", "gateway.mjs"]
    made = (GATEWAY / "Dockerfile").read_text(encoding="utf-8")
    let_in = [line[1:] for line in (GATEWAY / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(let_in) == sorted(copied)
    assert [name for name in copied if name not in made or not (GATEWAY / name).exists()] == []


def test_every_package_of_the_gateway_is_pinned_by_its_hash() -> None:
    lock = json.loads((GATEWAY / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((GATEWAY / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert lock[""]["dependencies"] == wanted
    assert [name for name, package in lock.items() if name and not package.get("integrity")] == []
