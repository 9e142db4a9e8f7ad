"""A picture with a code in it on its way: posted in the simulated Bot API, fetched over HTTP, read, and deleted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Connection

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.botapi.state import Chat, Message
from adapters.settings import checked
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.simulation.stage import Stage
from rules.values import File
from storage import inbox, schema
from tests.bot.pictures.making import code, moving, png_of, saved

START = datetime(2026, 10, 5, 12, tzinfo=UTC)
CONFIG = """
version: 1
platforms: {{ telegram: {{ type: telegram, token: "${{TOKEN}}", api: "${{API}}" }} }}
groups:
  reading: {{ platform: telegram, chat: "{group}", name: Reading }}
  staff: {{ platform: telegram, chat: "{staff}" }}
ads: {{ cold_start: 0 }}
staff: {{ room: staff, alerts: [refused, quarantined, parked] }}
rules:
  - id: no-codes
    groups: [reading]
    when: [message, edit]
    if: {rule}
    then: [delete]
"""


class Slow(TelegramAdapter):
    """Telegram, where files come when they are let go."""

    asked: asyncio.Event
    held: asyncio.Event

    async def fetch(self, file: File, most: int) -> bytes:
        self.asked.set()
        await self.held.wait()
        return await super().fetch(file, most)


class Telegram:
    """A kept group on Telegram, with time that is moved by hand."""

    def __init__(
        self, ready: Any, server: BotApiServer, stage: Stage, asked: asyncio.Event, held: asyncio.Event
    ) -> None:
        self.people, self.world = ready.people, ready.world
        self.ann, self.bo, self.group, self.staff = ready.ann, ready.bo, ready.group, ready.staff
        self.server = server
        self.stage = stage
        self.asked, self.held = asked, held

    async def settle(self) -> None:
        await self.stage.settle()
        await self.stage.advance_to(self.stage.clock.now() + timedelta(seconds=3))

    async def posts(self, data: bytes, **more: Any) -> Message:
        shown = self.people.photo(self.bo, self.group, data, **more)
        await self.settle()
        return shown

    def stands(self, message: Message, chat: Chat | None = None) -> bool:
        return message.id in (chat or self.group).messages

    def fetched(self) -> int:
        return len(self.server.log.calls("getFile"))

    async def kept(self) -> int:
        database = self.stage.app.database
        return len(await database.read(lambda conn: list(conn.execute(schema.pictures.select()))))


Open = Callable[..., Awaitable[Telegram]]


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def opened(rule: str = "{ qr_code: true }") -> Telegram:
            clock = VirtualClock(START)
            ready = ready_world(clock.now)

            async def pause(seconds: float) -> None:
                clock.move_to(clock.now() + timedelta(seconds=seconds))

            server = await stack.enter_async_context(BotApiServer(ready.world, sleep=pause))
            file = tmp_path / "config.yaml"
            file.write_text(CONFIG.format(rule=rule, group=ready.group.id, staff=ready.staff.id), encoding="utf-8")
            setup = load_setup(file, {"TOKEN": ready.bot.token, "API": server.url})
            settings = checked(TelegramSettings, setup.config.platforms["telegram"].model_extra or {})

            asked, held = asyncio.Event(), asyncio.Event()
            held.set()

            def connect() -> Mapping[str, TelegramAdapter]:
                adapter = Slow("telegram", settings, now=clock.now, clock=lambda: clock.now().timestamp(), sleep=pause)
                adapter.asked, adapter.held = asked, held
                return {"telegram": adapter}

            stage = Stage(setup, f"sqlite:///{tmp_path / 'bot.db'}", clock, connect)
            await stack.enter_async_context(stage)
            return Telegram(ready, server, stage, asked, held)

        yield opened


async def test_a_picture_with_a_code_is_fetched_and_deleted_and_another_stays(telegram: Open) -> None:
    tg = await telegram()
    ordinary = await tg.posts(saved(Image.linear_gradient("L"), "PNG"))
    advert = await tg.posts(png_of("https://example.com/join"), caption="look")
    assert (tg.stands(ordinary), tg.stands(advert)) == (True, False)
    assert (tg.fetched(), await tg.kept()) == (2, 2)


async def test_what_a_code_says_is_read_by_the_rules_for_texts(telegram: Open) -> None:
    tg = await telegram("{ all: [{ invite_links: true }, { qr_code: true }] }")
    harmless = await tg.posts(png_of("just a word"))
    invites = await tg.posts(png_of("https://t.me/+AbCdEfGh12345678"))
    assert (tg.stands(harmless), tg.stands(invites)) == (True, False)


async def test_an_advertisement_in_a_code_is_told_by_the_detector(telegram: Open) -> None:
    tg = await telegram("{ ad: certain }")
    ordinary = await tg.posts(saved(Image.linear_gradient("L"), "PNG"), caption="the sky over the lake")
    advert = await tg.posts(png_of("https://t.me/+AbCdEfGh12345678"), caption="look")
    assert (tg.stands(ordinary), tg.stands(advert)) == (True, False)


async def test_no_picture_is_fetched_where_no_rule_goes_by_it(telegram: Open) -> None:
    tg = await telegram("{ text_has_any: [spam] }")
    assert tg.stands(await tg.posts(png_of("https://example.com/join")))
    assert tg.fetched() == 0


async def test_the_same_picture_is_fetched_once_even_over_a_restart(telegram: Open) -> None:
    tg = await telegram()
    first = await tg.posts(png_of("https://example.com/join"))
    shown = dict(first.body)
    assert tg.fetched() == 1
    await tg.stage.stop()
    again = tg.people.unknown(tg.bo, tg.group, {"photo": shown["photo"]})
    await tg.stage.start()
    await tg.settle()
    assert not tg.stands(again)
    assert tg.fetched() == 1


async def test_one_that_cannot_be_had_is_decided_on_without_it(telegram: Open) -> None:
    tg = await telegram()
    tg.server.faults.add("error", code=502, method="getFile", times=None)
    advert = await tg.posts(png_of("https://example.com/join"))
    assert tg.stands(advert)
    said = tg.people.say(tg.bo, tg.group, "good morning")
    await tg.settle()
    assert tg.stands(said)


async def test_others_are_decided_on_while_a_picture_is_on_its_way(telegram: Open) -> None:
    tg = await telegram()
    tg.held.clear()
    advert = tg.people.photo(tg.bo, tg.group, png_of("https://example.com/join"))
    behind = tg.people.say(tg.bo, tg.group, "and this")
    elsewhere = tg.people.say(tg.ann, tg.staff, "what a day")
    settling = asyncio.create_task(tg.settle())
    await tg.asked.wait()
    while (waiting := await tg.stage.app.database.read(_open_groups)) != {f"telegram:{tg.group.id}"}:
        assert f"telegram:{tg.group.id}" in waiting
    tg.held.set()
    await settling
    assert not tg.stands(advert)
    assert tg.stands(behind)
    assert tg.stands(elsewhere, tg.staff)


async def test_an_album_with_a_code_in_its_last_picture_goes_as_a_whole(telegram: Open) -> None:
    tg = await telegram()
    plain = [saved(Image.linear_gradient("L").rotate(turn), "PNG") for turn in (0, 90, 180, 45, 10)]
    shown = tg.people.album(tg.bo, tg.group, [*plain, png_of("https://example.com/join")])
    await tg.settle()
    assert [tg.stands(message) for message in shown] == [False] * 6


async def test_a_document_that_is_a_picture_is_read_and_another_file_is_not_fetched(telegram: Open) -> None:
    tg = await telegram()
    late = moving("GIF", 30, 29, "https://example.com/join")
    gif = tg.people.document(tg.bo, tg.group, late, name="fun.gif", mime="image/gif")
    page = tg.people.document(tg.bo, tg.group, b"%PDF-1.4 " + png_of("x"), name="page.pdf")
    await tg.settle()
    assert (tg.stands(gif), tg.stands(page), tg.fetched()) == (False, True, 1)


async def test_an_edited_picture_is_looked_at_too(telegram: Open) -> None:
    tg = await telegram("{ all: [{ qr_code: true }, { text_has_any: [now] }] }")
    posted = await tg.posts(saved(code("https://example.com/join"), "JPEG"), caption="later")
    assert tg.stands(posted)
    tg.people.edit(tg.bo, posted, "now")
    await tg.settle()
    assert (tg.stands(posted), tg.fetched()) == (False, 1)


def _open_groups(conn: Connection) -> set[str]:
    return {row.group for row in inbox.waiting(conn, 10)}
