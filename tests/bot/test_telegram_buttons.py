"""Buttons, welcomes and boards on Telegram: the real bot and adapter, over real HTTP on the simulated Bot API."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.botapi.state import Chat, Message, User
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.app import App
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.menu import Menu
from storage.database import Database

FILE = """
platforms:
  telegram: {{ type: telegram, token: "{token}", api: "{api}" }}
groups:
  readers: {{ platform: telegram, chat: "{group}", name: Readers }}
  staff: {{ platform: telegram, chat: "{staff}" }}
staff: {{ room: staff }}
roles:
  owner: {{ members: ["telegram:{owner}"], can: [everything] }}
ladders:
  ads: {{ steps: [{{ at: 1, do: [delete, {{ mute: 1h }}, {{ remind: "no advertisements" }}] }}] }}
onboarding:
  - id: newcomers
    welcome: {{ batch: 2m, grow_for: 30m }}
rules:
  - {{ id: ads, name: No advertisements, when: message, if: {{ text_has_any: [buy now] }}, then: {{ ladder: ads }} }}
schedules:
  - {{ id: board, at: ["12:00", "18:00"], post: leaderboard.week, pin: true, update_for: 7d }}
"""


class Place:
    """A reading circle of Ann (its owner) and Bo, and a staff room, kept by the bot."""

    def __init__(self, folder: Path) -> None:
        self.ready = ready_world()
        self.ready.world.clock.advance(1.0)
        self.people = self.ready.people
        self.ann, self.bo = self.ready.ann, self.ready.bo
        self.group, self.staff = self.ready.group, self.ready.staff
        self._folder = folder

    async def open(self, server: BotApiServer, database: Database) -> None:
        """Start the bot."""
        bot = self.ready.bot
        file = self._folder / "group.yaml"
        file.write_text(
            FILE.format(
                token=bot.token, api=server.url, group=self.group.id, staff=self.staff.id, owner=self.ann.id,
            )
        )  # fmt: skip
        self.clock = VirtualClock(self.ready.world.now())
        settings = TelegramSettings(token=bot.token, api=server.url)
        self.adapter = TelegramAdapter("telegram", settings, now=self.clock.now)
        self.app = App(load_setup(file, {}), database, {"telegram": self.adapter}, self.clock)
        await self.app.start()
        self.server = server

    async def settle(self, after: timedelta = timedelta(seconds=2)) -> None:
        """Time goes on, and the bot does what is to be done."""
        until = self.clock.now() + after
        while True:
            while await self.adapter.pump(self.app.intake) or await self.app.settle_all():
                pass
            due = await self.app.next_moment()
            moment = min(due, until) if due is not None and due > self.clock.now() else until
            self.ready.world.clock.advance((moment - self.clock.now()).total_seconds())
            self.clock.move_to(moment)
            if moment >= until:
                break
        while await self.adapter.pump(self.app.intake) or await self.app.settle_all():
            pass

    def said(self, chat: Chat) -> list[Message]:
        """What the bot has said there and is there still."""
        return [one for one in chat.messages.values() if one.outgoing_of == self.ready.bot.id and not one.service]

    def offered(self, message: Message) -> list[str]:
        """The labels of its buttons."""
        rows = message.body.get("reply_markup", {}).get("inline_keyboard", ())
        return [one["text"] for row in rows for one in row]

    def joined(self, name: str) -> User:
        """Somebody new comes in."""
        person = self.ready.world.add_user(name)
        self.people.join(person, self.group)
        return person


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    async with BotApiServer(made.ready.world) as server:
        with Database.open(f"sqlite:///{tmp_path / 'bot.db'}") as database:
            database.upgrade()
            await made.open(server, database)
            yield made
            await made.app.close()


async def test_staff_undo_a_mute_by_a_button_and_the_message_says_who_did(place: Place) -> None:
    advert = place.people.say(place.bo, place.group, "buy now")
    await place.settle()
    assert advert.id not in place.group.messages
    assert place.group.members[place.bo.id].status == "restricted"
    (case,) = place.said(place.staff)
    assert place.offered(case) == ["↩️ Undo", "Keep muted", "It was no ad", "Why?"]

    intruder = place.joined("Eve")
    place.people.join(intruder, place.staff)
    await place.settle()
    denied = place.people.press(intruder, case, "↩️ Undo")
    await place.settle()
    assert denied.answer is not None
    assert "for the admins" in denied.answer["text"]
    assert denied.answer["show_alert"]
    assert place.group.members[place.bo.id].status == "restricted"

    undone = place.people.press(place.ann, case, "↩️ Undo")
    await place.settle()
    assert undone.answer is not None
    assert undone.answer["text"] == "↩️ Taken back (no. 1, Bo)."
    assert place.group.members[place.bo.id].status == "member"
    (closed,) = place.said(place.staff)
    assert closed.id == case.id
    assert "↩️ Taken back · Ann" in closed.body["text"]
    assert "“buy now”" in closed.body["text"]
    assert place.offered(closed) == []


async def test_a_muted_member_appeals_by_the_button_below_the_notice(place: Place) -> None:
    place.people.say(place.bo, place.group, "buy now")
    await place.settle()
    notice = next(one for one in place.said(place.group) if "Appeal" in place.offered(one))
    assert place.offered(notice) == ["Appeal", "I've read the rules"]
    appeal = place.people.press(place.bo, notice, "Appeal")
    await place.settle()
    assert appeal.answer is not None
    assert "have been told" in appeal.answer["text"]
    assert any("objects" in one.body["text"] for one in place.said(place.staff))
    read = place.people.press(place.bo, notice, "I've read the rules")
    await place.settle()
    assert read.answer is not None
    assert read.answer["text"].startswith("Thank you, Bo")


async def test_a_welcome_grows_by_who_comes_soon_after(place: Place) -> None:
    place.joined("Cy")
    await place.settle(timedelta(minutes=3))
    (first,) = place.said(place.group)
    assert "Cy" in first.body["text"]
    place.joined("Di")
    await place.settle(timedelta(minutes=3))
    (grown,) = place.said(place.group)
    assert grown.id == first.id
    assert "Di, Cy" in grown.body["text"]


async def test_a_leaderboard_is_one_message_that_is_kept_up_to_date(place: Place) -> None:
    place.people.say(place.bo, place.group, "good morning")
    await place.settle(timedelta(days=1))
    place.people.say(place.ann, place.group, "good evening")
    await place.settle(timedelta(days=1))
    boards = [one for one in place.said(place.group) if "🏆" in one.body["text"]]
    assert len(boards) == 1
    assert "Ann" in boards[0].body["text"]


async def test_the_menu_is_offered_to_telegram(place: Place) -> None:
    assert await Menu(lambda: place.app.setup, {"telegram": place.adapter}).offer()
    commands = place.ready.bot.commands
    assert "mute" in [one["command"] for one in commands["all_chat_administrators", "zh"]]
    assert "mute" not in [one["command"] for one in commands["all_group_chats", ""]]
    assert commands["all_private_chats", "zh"][0]["description"] == "看看你能做什么"
