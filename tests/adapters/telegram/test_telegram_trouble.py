"""What can stand between the bot and Telegram: each named once, waited for as long as fits, and survived."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs
from telegram.error import NetworkError

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready
from adapters.driver import MemoryIntake
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.trouble import LONGEST, REMEMBERED, SLOW, Trouble
from tests.adapters.telegram.scene import PATIENCE, Scene, scene_of, texts

UNKNOWN = "700000777:AATokenThatNobodyKnowsYetAtAll_xyz0"


class Troubled(Scene):
    """A scene with an intake of its own, and another program that has the token, too."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        super().__init__(ready, server)
        self.intake = MemoryIntake()

    async def hears(self, count: int) -> None:
        await asyncio.wait_for(self.intake.holds(count), PATIENCE)

    async def other_program(self, method: str, **params: Any) -> None:
        url = f"{self.server.url}/bot{self.ready.bot.token}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
            await answer.read()


@pytest.fixture
async def scene() -> AsyncIterator[Troubled]:
    async with scene_of(Troubled) as scene:
        yield scene


@pytest.fixture
def lines() -> Any:
    with capture_logs() as lines:
        yield lines


def _named(lines: list[Any]) -> list[str]:
    return [line["event"] for line in lines if line["log_level"] in {"error", "warning"}]


async def test_a_wrong_token_is_named_once_asked_about_slowly_and_may_become_right(scene: Troubled, lines: Any) -> None:
    async with scene.running(scene.intake, token=UNKNOWN) as adapter:
        await scene.until(lambda: len(scene.pauses) >= 3)
        assert adapter.trouble == "telegram_token_refused"
        assert adapter.usernames == frozenset()
        other = scene.ready.world.add_bot("New", username="new_bot", token=UNKNOWN)
        scene.ready.people.add_bot_to(scene.ready.group, other)
        await scene.until(lambda: adapter.trouble is None)
        assert adapter.usernames == {"new_bot"}
    assert set(scene.pauses) == {SLOW}
    assert _named(lines) == ["telegram_token_refused"]
    told = next(line for line in lines if line["event"] == "telegram_token_refused")
    assert "@BotFather" in told["advice"]
    assert not [line for line in lines if UNKNOWN.partition(":")[2] in str(line)]


async def test_a_token_revoked_while_the_bot_runs_is_named(scene: Troubled, lines: Any) -> None:
    async with scene.running(scene.intake) as adapter:
        await scene.server.polling.opened(scene.ready.bot)
        bots = scene.ready.world.bots
        bot = bots.pop(scene.ready.bot.token)
        scene.server.wake()
        await scene.until(lambda: adapter.trouble == "telegram_token_refused")
        bots[bot.token] = bot
        scene.say()
        await scene.hears(1)
    assert _named(lines) == ["telegram_token_refused"]


async def test_another_program_on_the_same_token_is_named_once_and_nothing_is_lost(scene: Troubled, lines: Any) -> None:
    async with scene.running(scene.intake):
        for _ in range(4):
            await scene.server.polling.opened(scene.ready.bot)
            await scene.other_program("getUpdates", timeout=1)
        scene.say()
        await scene.hears(1)
    assert _named(lines) == ["telegram_token_in_use"]
    advice = lines[[line["event"] for line in lines].index("telegram_token_in_use")]["advice"]
    assert advice == "another program uses this bot's token; stop it, or give one of them a token of its own"


async def test_a_webhook_from_before_is_removed_at_the_start_and_what_waited_for_it_is_read(
    scene: Troubled, lines: Any
) -> None:
    await scene.other_program("setWebhook", url="https://old.example/hook", allowed_updates=["message"])
    scene.say()
    async with scene.running(scene.intake):
        await scene.hears(1)
    assert _named(lines) == ["telegram_webhook_removed"]
    assert lines[1]["url"] == "https://old.example/hook"
    assert scene.pauses == []


async def test_the_token_in_the_address_of_a_webhook_from_before_is_not_logged(scene: Troubled, lines: Any) -> None:
    token = scene.ready.bot.token
    await scene.other_program("setWebhook", url=f"https://old.example/{token}")
    scene.say()
    async with scene.running(scene.intake):
        await scene.hears(1)
    assert lines[1]["url"] == "https://old.example/..."
    assert token not in str(lines)


async def test_a_webhook_that_another_program_sets_meanwhile_is_removed_and_named(scene: Troubled, lines: Any) -> None:
    async with scene.running(scene.intake):
        await scene.server.polling.opened(scene.ready.bot)
        await scene.other_program("setWebhook", url="https://thief.example/hook")
        scene.server.wake()
        scene.say()
        await scene.hears(1)
    assert "telegram_webhook_in_the_way" in _named(lines)
    assert scene.ready.bot.webhook.url == ""


async def test_a_429_is_waited_for_as_long_as_it_says(scene: Troubled, lines: Any) -> None:
    scene.server.faults.add("error", method="getUpdates", code=429, retry_after=17, times=2)
    scene.say()
    async with scene.running(scene.intake):
        await scene.hears(1)
    assert scene.pauses == [17, 17]
    assert _named(lines) == ["telegram_flooded"]


@pytest.mark.parametrize(
    ("order", "name"),
    [
        ({"kind": "error", "code": 502}, "telegram_has_trouble"),
        ({"kind": "drop_before"}, "telegram_unreachable"),
        ({"kind": "drop_after"}, "telegram_unreachable"),
        ({"kind": "malformed"}, "telegram_answers_strangely"),
        ({"kind": "error", "code": 400, "description": "what is that"}, "telegram_refuses"),
    ],
)
async def test_trouble_of_every_method_at_the_start_is_survived_and_named_once(
    scene: Troubled, lines: Any, order: dict[str, Any], name: str
) -> None:
    for method in ("getMe", "getWebhookInfo", "getUpdates"):
        scene.server.faults.add(method=method, times=3, **order)
    scene.say()
    async with scene.running(scene.intake) as adapter:
        await scene.hears(1)
        await scene.until(lambda: adapter.trouble is None)
    assert len(scene.pauses) == 9
    assert _named(lines) == [name]


async def test_a_server_that_is_not_there_yet_is_waited_for(scene: Troubled, lines: Any) -> None:
    port = scene.server.port
    await scene.server.stop()
    async with scene.running(scene.intake):
        await scene.until(lambda: len(scene.pauses) >= 8)
        scene.server.port = port
        await scene.server.start()
        scene.say()
        await scene.hears(1)
    assert scene.pauses[:8] == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST]
    assert _named(lines) == ["telegram_unreachable"]
    assert [line["event"] for line in lines][-2:] == ["telegram_reached", "telegram_connected"]


async def test_the_other_bots_of_the_process_go_on(scene: Troubled) -> None:
    wrong = TelegramAdapter("wrong", TelegramSettings(token=UNKNOWN, api=scene.server.url), sleep=_never)
    task = asyncio.create_task(wrong.run(MemoryIntake()))
    async with scene.running(scene.intake):
        scene.say()
        await scene.hears(1)
    await scene.until(lambda: wrong.trouble)
    task.cancel()
    await asyncio.wait([task])
    await wrong.close()
    assert texts(scene.intake) == ["number 0"]


async def _never(seconds: float) -> None:
    await asyncio.Event().wait()


async def test_trouble_that_comes_and_goes_is_named_again_only_after_a_while(lines: Any) -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        return

    trouble = Trouble("tg", sleep=sleep, clock=lambda: now)
    for _ in range(5):
        await trouble.face(NetworkError("x"))
        trouble.over()
        now += 30
    assert len(_named(lines)) == 1
    now += REMEMBERED
    await trouble.face(NetworkError("x"))
    assert len(_named(lines)) == 2


async def test_what_does_not_succeed_is_tried_until_it_does_and_then_the_trouble_is_over(lines: Any) -> None:
    pauses: list[float] = []
    answers: list[NetworkError | str] = [NetworkError("x"), NetworkError("x"), "an answer"]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def attempt() -> str:
        answer = answers.pop(0)
        if isinstance(answer, NetworkError):
            raise answer
        return answer

    trouble = Trouble("tg", sleep=sleep, chance=lambda: 1.0)
    assert await trouble.overcome(attempt) == "an answer"
    assert pauses == [1, 2]
    assert trouble.present is None
    assert [line["event"] for line in lines] == ["telegram_answers_strangely", "telegram_reached"]


async def test_pauses_are_between_half_and_all_of_what_they_grow_to() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    for chance in (0.0, 1.0):
        trouble = Trouble("tg", sleep=sleep, chance=lambda chance=chance: chance, clock=lambda: 0.0)
        for _ in range(3):
            await trouble.face(NetworkError("x"))
    assert pauses == [0.5, 1, 2, 1, 2, 4]
