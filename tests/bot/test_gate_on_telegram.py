"""The entry gate on Telegram: the real adapter over HTTP, with the simulated Bot API behind it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.ready import ready_world
from adapters.botapi.state import Chat, Message, User
from adapters.settings import checked
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.simulation.stage import Stage
from rules.gate import code_of
from storage import states
from tests.botapi.honesty import all_valid

START = datetime(2026, 10, 5, 12, tzinfo=UTC)
CONFIG = """
version: 1
platforms: {{ telegram: {{ type: telegram, token: "${{TOKEN}}", api: "${{API}}" }} }}
groups:
  reading: {{ platform: telegram, chat: "{group}", name: Reading }}
  staff: {{ platform: telegram, chat: "{staff}" }}
staff: {{ room: staff, alerts: [refused, quarantined, parked] }}
onboarding:
  - id: newcomers
    groups: [reading]
    gate: {gate}
    welcome: {{ batch: 1m, copy: "Welcome, {{names}}!" }}
"""


class Telegram:
    """A kept group on Telegram, with time that is moved by hand."""

    def __init__(self, ready: Any, server: BotApiServer, stage: Stage) -> None:
        self.people, self.world = ready.people, ready.world
        self.bot, self.ann, self.group, self.staff = ready.bot, ready.ann, ready.group, ready.staff
        self.server = server
        self.stage = stage

    async def settle(self) -> None:
        await self.later(seconds=3)  # Telegram takes one message a second in a chat

    async def later(self, **delta: float) -> None:
        await self.stage.advance_to(self.stage.clock.now() + timedelta(**delta))

    async def joins(self, *users: User) -> None:
        for user in users:
            self.people.join(user, self.group)
        await self.settle()

    async def presses(self, user: User, button: str, chat: Chat | None = None) -> Any:
        """Somebody presses a button of the last message that has any; what they were shown."""
        message = next(one for one in reversed(self.said(chat)) if "reply_markup" in one.body)
        query = self.people.press(user, message, button)
        await self.settle()
        return query.answer

    def said(self, chat: Chat | None = None) -> list[Message]:
        """What the bot said in a chat and is still there."""
        found = (chat or self.group).messages.values()
        return [one for one in found if one.outgoing_of == self.bot.id and not one.service]

    def texts(self, chat: Chat | None = None) -> list[str]:
        words = (one.body.get("text") or one.body.get("caption", "") for one in self.said(chat))
        return [text.lstrip("\u200b") for text in words]  # behind which it mentions whom it does not name

    def can_write(self, user: User) -> bool:
        member = self.world.member(self.group, user)
        return member.present and (member.status == "member" or "can_send_messages" in member.allowed)

    def private(self, user: User) -> Chat:
        return self.world.private(self.bot, user)


Open = Callable[..., Any]


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def opened(gate: str = "{ wait: 5m }") -> Telegram:
            clock = VirtualClock(START)
            ready = ready_world(clock.now)

            async def pause(seconds: float) -> None:
                clock.move_to(clock.now() + timedelta(seconds=seconds))

            server = await stack.enter_async_context(BotApiServer(ready.world, limits=True, sleep=pause))
            file = tmp_path / "config.yaml"
            written = CONFIG.format(gate=gate, group=ready.group.id, staff=ready.staff.id)
            file.write_text(written, encoding="utf-8")
            setup = load_setup(file, {"TOKEN": ready.bot.token, "API": server.url})
            settings = checked(TelegramSettings, setup.config.platforms["telegram"].model_extra or {})

            def connect() -> Mapping[str, TelegramAdapter]:
                adapter = TelegramAdapter(
                    "telegram",
                    settings,
                    now=clock.now,
                    clock=lambda: clock.now().timestamp(),
                    sleep=pause,
                    chance=lambda: 0.5,
                )
                return {"telegram": adapter}

            stage = Stage(setup, f"sqlite:///{tmp_path / 'bot.db'}", clock, connect)
            await stack.enter_async_context(stage)
            return Telegram(ready, server, stage)

        yield opened


async def test_a_newcomer_presses_the_button_and_is_welcomed(telegram: Open) -> None:
    tg = await telegram()
    di, ed = tg.people.person("Di"), tg.people.person("Ed")
    await tg.joins(di)
    assert not tg.can_write(di)
    answer = await tg.presses(tg.ann, "👋 I am human")
    assert answer["text"] == "This is for those who have just joined."
    answer = await tg.presses(di, "👋 I am human")
    assert answer["text"] == "Thank you, and welcome! You can write now."
    assert tg.can_write(di)
    assert tg.texts() == []
    await tg.later(minutes=2)
    assert tg.texts() == ["Welcome, Di!"]
    await tg.joins(ed)
    await tg.later(minutes=8)
    assert not tg.can_write(ed)
    assert ["Ed" in text for text in tg.texts(tg.staff)] == [True]
    await tg.presses(tg.ann, "✅ Let in", tg.staff)
    assert tg.can_write(ed)
    assert all_valid(tg.server) > 5


async def test_letters_in_a_picture_that_is_kept_up_to_date(telegram: Open) -> None:
    tg = await telegram("{ challenge: captcha, wait: 5m, no_answer: remove, wrong: remove, attempts: 1 }")
    di, ed, flo = (tg.people.person(name) for name in ("Di", "Ed", "Flo"))
    await tg.joins(di, ed, flo)
    await tg.later(seconds=20)
    (asked,) = tg.said()
    assert tg.texts()[0].startswith("Di, Ed, Flo, welcome to “Reading”!")
    assert asked.body["photo"]
    letters = [one["text"] for row in asked.body["reply_markup"]["inline_keyboard"] for one in row]
    (challenge,) = await challenges(tg)
    secret = tg.stage.setup.rulebook.groups[f"telegram:{tg.group.id}"].settings.secret
    right = code_of(challenge, secret)
    assert right in letters
    wrong = next(each for each in letters if each != right)
    assert len(letters) == 6
    answer = await tg.presses(ed, wrong)
    assert answer["text"] == "That was not it. You may come back and try again."
    await tg.presses(di, right)
    assert (tg.can_write(di), tg.world.member(tg.group, ed).present) == (True, False)
    await tg.later(minutes=7)
    assert not tg.world.member(tg.group, flo).present
    assert tg.texts() == ["Welcome, Di!"]
    for user in (ed, flo):  # no ban: they come back and try again
        await tg.joins(user)
    assert tg.world.member(tg.group, flo).present
    assert all_valid(tg.server) > 5


async def challenges(tg: Telegram) -> list[str]:
    chat = f"telegram:{tg.group.id}"
    group = await tg.stage.app.database.read(lambda conn: states.load_groups(conn, [chat])[chat])
    return [one.id for one in group.challenges]


async def test_who_asks_to_be_let_in_answers_alone(telegram: Open) -> None:
    tg = await telegram('{ ask: "Who told you?", answer_any: [Ann], wrong: decline, attempts: 2 }')
    di = tg.people.person("Di")
    tg.people.request_to_join(di, tg.group)
    await tg.settle()
    private = tg.private(di)
    assert tg.texts(private)[-1].startswith("Hello Di, you would like to join “Reading”. One question first: Who told")
    tg.people.start(di, tg.bot)
    await tg.settle()
    tg.people.say(di, tg.bot, "Bo")
    await tg.settle()
    assert "that was not the answer. Tries left: 1." in tg.texts(private)[-1]
    tg.people.say(di, tg.bot, "It was Ann!")
    await tg.settle()
    assert tg.can_write(di)
    assert "Welcome to “Reading”" in tg.texts(private)[-1]
    await tg.later(minutes=2)
    assert tg.texts() == ["Welcome, Di!"]
    assert all_valid(tg.server) > 3


async def test_a_raid_is_one_message(telegram: Open) -> None:
    tg = await telegram()
    for number in range(100):
        tg.people.join(tg.people.person(f"P{number}"), tg.group)
        if number % 10 == 9:
            await tg.later(seconds=4)
    await tg.later(seconds=20)
    (asked,) = tg.said()
    assert "and 95 others" in asked.body["text"]
    assert len(tg.server.log.calls("sendMessage")) == 1
    await tg.later(minutes=15)
    assert tg.said() == []
    assert len(tg.texts(tg.staff)) <= 2
    assert tg.server.log.calls("banChatMember") == []
    assert [request.method for request in tg.server.log if request.code == 429] == []


async def test_without_the_right_to_restrict_nobody_is_removed(telegram: Open) -> None:
    tg = await telegram("{ wait: 5m, no_answer: let_in }")
    tg.people.promote(tg.ann, tg.bot, tg.group, rights=["can_delete_messages"])
    di = tg.people.person("Di")
    await tg.joins(di)
    await tg.later(minutes=2)
    tg.people.say(di, tg.group, "hello all")
    await tg.settle()
    assert tg.can_write(di)
    assert "hello all" in [one.body.get("text") for one in tg.group.messages.values()]
