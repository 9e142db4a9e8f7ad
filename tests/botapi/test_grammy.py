"""A bot of grammY, on Node, lives on the simulator: what another language's library makes of it counts, too."""

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready, ready_world
from tests.botapi.honesty import all_valid

SOURCE = Path(__file__).with_name("grammy")
OLDEST_NODE = 18


@pytest.fixture(scope="session")
def grammy(pytestconfig: pytest.Config) -> Path:
    """A folder with the bot and grammY, installed once and kept beside pytest's cache; skips where that cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(said.lstrip("v").partition(".")[0] or 0) < OLDEST_NODE:
        pytest.skip(f"Node {said} is older than {OLDEST_NODE}")
    if pytestconfig.cache is None:
        pytest.skip("there is no cache to install grammY into")
    folder = pytestconfig.cache.mkdir("grammy")
    with (folder / "lock").open("w") as lock:  # tests run in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install(folder, npm)
    return folder


def _install(folder: Path, npm: str) -> None:
    wanted = (SOURCE / "package.json").read_text(encoding="utf-8")
    shutil.copy(SOURCE / "bot.mjs", folder)
    installed = folder / "installed.json"
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return
    (folder / "package.json").write_text(wanted, encoding="utf-8")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            [npm, "install", *options], cwd=folder, capture_output=True, text=True, check=False, timeout=90
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm install took too long")
    if done.returncode:
        pytest.skip(f"npm install failed: {done.stderr.strip()[-200:]}")
    installed.write_text(wanted, encoding="utf-8")


class Stage:
    """A world with a grammY bot in it."""

    def __init__(self, ready: Ready, server: BotApiServer, process: asyncio.subprocess.Process) -> None:
        self.ready = ready
        self.server = server
        self.process = process

    def texts(self) -> list[str]:
        return self.server.transcript.texts(self.ready.group, by=self.ready.bot)

    async def until(self, true: Callable[[], bool]) -> None:
        """Until it is true; ends with what the bot said should it have ended."""
        while not true():
            if self.process.returncode is not None:
                assert self.process.stderr is not None
                raise AssertionError((await self.process.stderr.read()).decode())
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _living(folder: Path, **environ: str) -> AsyncIterator[Stage]:
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        process = await asyncio.create_subprocess_exec(
            "node",
            "bot.mjs",
            cwd=folder,
            env={**os.environ, "API": server.url, "TOKEN": ready.bot.token, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        stage = Stage(ready, server, process)
        try:
            assert process.stdout is not None
            told = await process.stdout.readline()
            await stage.until(lambda: told == b"ready\n" and "chat_member" in ready.bot.queue.allowed)
            yield stage
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        all_valid(server)


async def _keeps_the_group(stage: Stage) -> None:
    ready, people = stage.ready, stage.ready.people
    cai = ready.world.add_user("Cai")
    people.join(cai, ready.group)
    await stage.until(lambda: stage.texts() == ["Welcome, Cai!"])
    greeting = stage.server.transcript.messages(ready.group, by=ready.bot)[0]
    assert greeting.body["entities"] == [{"offset": 9, "length": 3, "type": "bold"}]

    ad = people.say(cai, ready.group, "BUY this")
    await stage.until(lambda: "An advertisement of Cai is gone." in stage.texts())
    assert ad.id not in ready.group.messages

    asked = stage.server.transcript.messages(ready.group, by=ready.bot)[-1]
    query = people.press(ready.ann, asked, "Ban")
    await stage.until(lambda: "Banned by Ann." in stage.texts())
    assert query.answer is not None
    assert (query.answer["text"], query.answer["show_alert"]) == ("Banned", True)
    assert stage.server.transcript.banned(ready.group) == [cai]

    innocent = people.say(ready.bo, ready.group, "good morning")
    people.edit(ready.bo, innocent, "BUY that")
    await stage.until(lambda: innocent.id not in ready.group.messages)


async def test_a_grammy_bot_greets_deletes_and_bans_by_polling(grammy: Path) -> None:
    async with _living(grammy) as stage:
        await _keeps_the_group(stage)


async def test_a_grammy_bot_greets_deletes_and_bans_behind_a_webhook(grammy: Path) -> None:
    async with _living(grammy, SECRET="only-telegram-knows") as stage:
        await _keeps_the_group(stage)
        await stage.until(lambda: not stage.ready.bot.queue.waiting)
        assert stage.ready.bot.webhook.last_error is None


async def test_a_grammy_bot_uploads_reacts_lets_in_and_reads_errors(grammy: Path) -> None:
    async with _living(grammy) as stage:
        ready, people = stage.ready, stage.ready.people
        people.command(ready.bo, ready.group, "/picture")
        await stage.until(lambda: "here" in stage.texts())
        shown = stage.server.transcript.messages(ready.group, by=ready.bot)[-1]
        assert ready.world.files[shown.body["photo"][-1]["file_id"]].data == b"a picture"

        people.react(ready.bo, shown, "👍", "🔥")
        await stage.until(lambda: "Seen: 👍 🔥" in stage.texts())

        dee = ready.world.add_user("Dee")
        link = people.invite_link(ready.group, by_request=True)
        people.request_to_join(dee, ready.group, link=link)
        await stage.until(lambda: dee in stage.server.transcript.present(ready.group))

        people.command(ready.bo, ready.group, "/refused@keeper_bot")
        await stage.until(lambda: "400 Bad Request: message to delete not found" in stage.texts())
