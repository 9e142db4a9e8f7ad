"""Trouble on order, the flood limits, and the log of it all."""

from typing import Any

import aiohttp
import pytest

from adapters.botapi import BotApiServer, World
from adapters.botapi.methods import BY_LOWER


async def test_a_429_says_how_long_and_for_whom(scene: Any) -> None:
    scene.server.faults.add("error", code=429, retry_after=30, method="sendMessage", chat=scene.group.id)
    answer = await scene.call("sendMessage", chat_id=scene.group.id, text="x")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 30",
        "parameters": {"retry_after": 30},
    }
    assert await scene.do("sendMessage", chat_id=scene.group.id, text="x")


async def test_a_fault_meets_only_what_it_is_about(scene: Any) -> None:
    scene.server.faults.add("error", code=403, description="bot was blocked by the user", method="deleteMessage")
    assert await scene.do("sendMessage", chat_id=scene.group.id, text="x")
    assert await scene.refused("deleteMessage", chat_id=scene.group.id, message_id=1) == (
        "Forbidden: bot was blocked by the user"
    )


async def test_a_connection_dropped_before_the_effect_had_none(scene: Any) -> None:
    scene.server.faults.add("drop_before", method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await scene.call("sendMessage", chat_id=scene.group.id, text="lost")
    assert scene.server.transcript.texts(scene.group) == []


async def test_a_connection_dropped_after_the_effect_had_it(scene: Any) -> None:
    scene.server.faults.add("drop_after", method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await scene.call("sendMessage", chat_id=scene.group.id, text="arrived")
    assert scene.server.transcript.texts(scene.group) == ["arrived"]


async def test_an_answer_may_be_garbage(scene: Any) -> None:
    scene.server.faults.add("malformed", method="getMe")
    async with scene.session.get(f"{scene.server.url}/bot{scene.bot.token}/getMe") as answer:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            await answer.json()


async def test_a_delay_is_waited_out_by_the_sleep_given() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    world = World()
    bot = world.add_bot()
    async with BotApiServer(world, sleep=sleep) as server, aiohttp.ClientSession() as session:
        server.faults.add("delay", seconds=2.5, times=None)
        for _ in range(2):
            async with session.get(f"{server.url}/bot{bot.token}/getMe") as answer:
                assert (await answer.json())["ok"]
    assert slept == [2.5, 2.5]


async def test_chance_repeats_itself_with_its_seed(scene: Any) -> None:
    async def run() -> list[bool]:
        scene.server.faults.clear()
        scene.server.faults.seed(7)
        scene.server.faults.add("error", code=502, probability=0.5, times=None)
        return [(await scene.call("getMe"))["ok"] for _ in range(20)]

    first = await run()
    assert await run() == first
    assert 0 < sum(first) < 20


async def test_a_fault_ends_with_the_clock(scene: Any) -> None:
    until = scene.world.now().replace(minute=5)
    scene.server.faults.add("error", code=500, times=None, until=until)
    assert await scene.refused("getMe") == "Internal Server Error"
    scene.world.clock.set(until)
    assert await scene.do("getMe")


async def test_the_log_knows_what_was_asked_and_answered(scene: Any) -> None:
    await scene.do("sendMessage", chat_id=scene.group.id, text="x", reply_markup={"inline_keyboard": []})
    await scene.refused("deleteMessage", chat_id=scene.group.id, message_id=999)
    sent, deleted = scene.server.log.calls(chat=scene.group.id)
    assert (sent.method, sent.ok, sent.result["text"]) == ("sendMessage", True, "x")
    assert (deleted.ok, deleted.error) == (False, "Bad Request: message to delete not found")


async def test_flood_limits_by_group_by_second_and_by_minute() -> None:
    world = World()
    bot = world.add_bot()
    groups = [world.add_chat(f"G{number}") for number in range(40)]
    async with BotApiServer(world, limits=True) as server, aiohttp.ClientSession() as session:
        from adapters.botapi import People

        for group in groups:
            owner = world.add_user("O")
            group.members[owner.id] = world.member(group, owner)
            People(world).add_bot_to(group, bot, by=owner)

        async def send(number: int) -> int | None:
            url = f"{server.url}/bot{bot.token}/sendMessage"
            async with session.post(url, json={"chat_id": groups[number].id, "text": "x"}) as answer:
                body = await answer.json()
                return body["parameters"]["retry_after"] if not body["ok"] else None

        assert await send(0) is None
        assert await send(0) == 1  # a second one within the second
        assert [await send(number) for number in range(1, 30)] == [None] * 29
        assert await send(30) == 1  # thirty in the second
        for _ in range(19):
            world.clock.advance(1)
            assert await send(0) is None
        world.clock.advance(1)
        assert await send(0) == 40  # twenty in the minute
        world.clock.advance(40)
        assert await send(0) is None


async def test_a_body_that_is_too_large_is_refused(scene: Any) -> None:
    scene.server.app._client_max_size = 1000
    async with scene.session.post(
        f"{scene.server.url}/bot{scene.bot.token}/sendMessage", json={"chat_id": 1, "text": "x" * 2000}
    ) as answer:
        assert answer.status == 413


async def test_what_breaks_the_server_is_in_the_log_as_500(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a fault of the simulator's own")

    monkeypatch.setitem(BY_LOWER, "getme", ("getMe", broken))
    async with scene.session.get(f"{scene.server.url}/bot{scene.bot.token}/getMe") as answer:
        assert answer.status == 500
    (request,) = scene.server.log.calls("getMe")
    assert (request.ok, request.code, request.error) == (False, 500, "Internal Server Error")
