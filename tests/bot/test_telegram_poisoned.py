"""An update that nobody can read among 300, on Telegram: the others are handled, it is put aside, staff are told."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx2

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.app import App
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.health import health_app
from bot.metrics import Metrics
from storage import inbox, quarantine
from storage.database import Database

RULES = """
platforms:
  telegram: {{ type: telegram, token: "{token}", api: "{api}" }}
groups:
  staff: {{ platform: telegram, chat: "{staff}" }}
  readers: {{ platform: telegram, chat: "{group}" }}
staff: {{ room: staff }}
rules:
  - id: ads
    when: message
    groups: [readers]
    if: {{ text_has_any: [buy now] }}
    then: delete
"""


async def test_of_300_updates_299_are_handled_and_the_poisoned_one_is_put_aside_and_reported(tmp_path: Path) -> None:
    ready = ready_world()
    config = tmp_path / "group.yaml"
    async with BotApiServer(ready.world) as server:
        settings = TelegramSettings(token=ready.bot.token, api=server.url)
        config.write_text(
            RULES.format(token=settings.token, api=server.url, staff=ready.staff.id, group=ready.group.id)
        )
        clock = VirtualClock(ready.world.now())
        adapter = TelegramAdapter("telegram", settings, now=clock.now)
        with Database.open(f"sqlite:///{tmp_path / 'group.db'}") as database:
            database.upgrade()
            app = App(load_setup(config, {}), database, {"telegram": adapter}, clock)
            await app.start()
            ads = []
            for number in range(300):
                if number == 150:
                    ready.people.raw(ready.bot, {"message": {"message_id": 7, "text": {"not": "text"}, "chat": None}})
                    continue
                said = ready.people.say(ready.bo, ready.group, "buy now" if number % 3 == 0 else f"page {number}")
                ads += [said.id] if number % 3 == 0 else []
            while await adapter.pump(app.intake):
                pass
            for _ in range(20):
                await app.settle_all()
                clock.move_to(clock.now() + timedelta(seconds=1))
            handled = database.read_now(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM inbox").scalar())
            assert (handled, database.read_now(inbox.depth)) == (299, 0)
            (aside,) = database.read_now(quarantine.latest)
            await app.close()
    assert len(ads) == 99
    assert not set(ads) & set(ready.group.messages)
    assert aside.id.startswith("telegram:update-")
    assert '"not":"text"' in aside.raw
    (told,) = [one.text for one in ready.staff.messages.values() if one.outgoing_of == ready.bot.id]
    assert aside.id in told
    assert "an object was expected" in told


async def test_an_adapter_that_does_not_reach_telegram_is_not_ready(tmp_path: Path) -> None:
    ready = ready_world()
    config = tmp_path / "group.yaml"
    async with BotApiServer(ready.world) as server:
        rules = RULES.format(token=ready.bot.token, api=server.url, staff=ready.staff.id, group=ready.group.id)
        config.write_text(rules)
        clock = VirtualClock(ready.world.now())
        adapter = TelegramAdapter("telegram", TelegramSettings(token=ready.bot.token, api=server.url), sleep=_for_ever)
        with Database.open(f"sqlite:///{tmp_path / 'group.db'}") as database:
            database.upgrade()
            metrics = Metrics(clock, "1")
            app = App(load_setup(config, {}), database, {"telegram": adapter}, clock, observer=metrics)
            metrics.connected("telegram", up=True)
            pages = httpx2.AsyncClient(transport=httpx2.ASGITransport(health_app(app, metrics)), base_url="http://bot")
            assert (await pages.get("/readyz")).json()["adapters"] == {"telegram": True}
            server.faults.add("error", code=502, times=1)
            pumping = asyncio.create_task(adapter.pump(app.intake))
            while adapter.trouble is None:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.005)
            found = await pages.get("/readyz")
            assert (found.status_code, found.json()["trouble"]) == (503, {"telegram": "telegram_has_trouble"})
            pumping.cancel()
            await asyncio.wait([pumping])
            await app.close()


async def _for_ever(seconds: float) -> None:
    await asyncio.Event().wait()
