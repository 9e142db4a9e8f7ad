"""The running bot tells staff what it lacks: at the start, and whenever its standing in a group changes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready, ready_world
from adapters.protocol import Finding, Kept
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot import examination
from bot.app import App
from bot.clock import SystemClock
from bot.configuration import load_setup
from bot.examination import Examination
from rules.capability import Capability
from storage.database import Database

DEMO = Path(__file__).parents[2] / "bot" / "simulation" / "demo.en.yaml"
PATIENCE = 20.0
CONFIG = """
platforms: {{ tg: {{ type: telegram, token: "{token}", api: "{api}" }} }}
groups:
  readers: {{ platform: tg, chat: "{group}", name: Readers }}
  staff: {{ platform: tg, chat: "{staff}", name: Staff room }}
staff: {{ room: staff }}
rules: [{{ id: ads, name: No ads, groups: [readers], when: message, if: {{ links: any }}, then: delete }}]
"""


class Running:
    """The bot on the simulated Bot API."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        self.ready, self._server = ready, server

    async def staff_reads(self, words: str) -> str:
        """The message in the staff room that says so, once it is there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for text in self._server.transcript.texts(self.ready.staff):
                    if words in text:
                        return text
                await asyncio.sleep(0.02)


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.setattr(examination, "TOGETHER", 0.0)
    ready = ready_world()
    ready.people.promote(ready.ann, ready.bot, ready.group, rights={"can_pin_messages"})
    async with BotApiServer(ready.world) as server:
        config = tmp_path / "config.yaml"
        given = {"token": ready.bot.token, "api": server.url, "group": ready.group.id, "staff": ready.staff.id}
        config.write_text(CONFIG.format(**given))
        with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
            database.upgrade()
            adapter = TelegramAdapter("tg", TelegramSettings(token=ready.bot.token, api=server.url))
            app = App(load_setup(config), database, {"tg": adapter}, SystemClock())
            task = asyncio.create_task(app.run())
            yield Running(ready, server)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await app.close()


async def test_a_missing_right_is_told_at_the_start_and_its_coming_as_well(running: Running) -> None:
    told = await running.staff_reads("lacks the admin right “Delete messages”")
    assert told.startswith("🛠 “Readers”: ")
    assert "Needed by: No ads" in told
    ready = running.ready
    ready.people.promote(ready.ann, ready.bot, ready.group, rights={"can_delete_messages"})
    assert await running.staff_reads("has every right") == "✅ “Readers”: the bot has every right that the rules need."


class Odd:
    """An adapter that finds what is no finding."""

    name = "main"
    capabilities = frozenset(Capability)

    def __init__(self) -> None:
        self.asked = asyncio.Semaphore(0)

    async def examine(self, groups: Sequence[Kept]) -> Sequence[Finding]:
        self.asked.release()
        return ["nonsense"]  # type: ignore[list-item]


async def test_an_adapter_that_finds_nonsense_does_not_end_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "TOGETHER", 0.0)
    setup, odd = load_setup(DEMO, {}), Odd()

    async def tell(group: str, findings: Sequence[Finding]) -> None:
        raise AssertionError("there is nothing to tell")

    examining = Examination(lambda: setup, {"main": odd}, tell)  # type: ignore[dict-item]
    task = asyncio.create_task(examining.run())
    async with asyncio.timeout(PATIENCE):
        await odd.asked.acquire()
        examining.look()
        await odd.asked.acquire()
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
