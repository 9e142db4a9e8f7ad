"""Messages through a real gateway: many at once, some slow, some gone, and the connection lost in the middle of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from adapters.driver import MemoryIntake
from adapters.wechaty.adapter import WechatyAdapter
from adapters.wechaty.settings import WechatySettings
from rules.events import MessagePosted
from tests.wechaty.mock_wechat import GUARD, OTHER_ROOM, ROOM, Gateway


@asynccontextmanager
async def adapter_on(gateway: Gateway, intake: MemoryIntake) -> AsyncIterator[WechatyAdapter]:
    async def nap(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.05))

    settings = WechatySettings(endpoint=gateway.endpoint, token=gateway.token, puppet="mock", tls="off")
    adapter = WechatyAdapter("wx", settings, sleep=nap)
    running = asyncio.create_task(adapter.run(intake))
    try:
        await gateway.connected()
        async with asyncio.timeout(2 * GUARD):
            yield adapter
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await adapter.close()


def texts(intake: MemoryIntake, room: str = ROOM) -> list[str]:
    group = f"wx:{room}"
    return [each.message.text for each in intake.events if isinstance(each, MessagePosted) and each.group.id == group]


async def test_two_thousand_messages_in_two_rooms_come_all_and_in_order(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake):
        await asyncio.gather(gateway.burst("ann", 1000), gateway.burst("ann", 1000, room=OTHER_ROOM, text="other"))
        await intake.holds(2000)
        assert texts(intake) == [f"message {number}" for number in range(1, 1001)]
        assert texts(intake, OTHER_ROOM) == [f"other {number}" for number in range(1, 1001)]
        assert intake.broken == []
        asked = await gateway.queries()
        assert asked["messagePayload"] == 2000
        assert asked["contactPayload"] + asked["roomPayload"] < 20  # people and rooms are asked for once


async def test_order_holds_where_some_answers_are_slow(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake):
        await gateway.slow("messagePayload", 400, times=3)
        await gateway.burst("ann", 20)
        await gateway.slow("messagePayload", 200, times=2)
        await gateway.burst("bo", 20, text="more")
        await intake.holds(40)
        wanted = [f"message {number}" for number in range(1, 21)] + [f"more {number}" for number in range(1, 21)]
        assert texts(intake) == wanted


async def test_what_was_heard_before_the_connection_went_is_read_after_the_return(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake) as adapter:
        await gateway.hang("messagePayload", times=32)
        await gateway.burst("ann", 50)
        await _until(lambda: len(adapter._inflow._waiting) >= 50)
        async with asyncio.timeout(GUARD):
            while (await gateway.queries()).get("messagePayload", 0) < 32:  # noqa: ASYNC110 - what happens is in another process
                await asyncio.sleep(0.02)
        await gateway.cut()
        await intake.holds(50)
        assert texts(intake) == [f"message {number}" for number in range(1, 51)]
        assert intake.broken == []


async def test_a_message_that_the_gateway_does_not_know_is_put_aside_and_others_go_on(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake):
        await gateway.emit("message", {"messageId": "long-gone"})
        await gateway.emit("message", {"no": "id"})
        said = await gateway.say("ann", "and on")
        await intake.holds(1)
        assert texts(intake) == ["and on"]
        assert len(intake.broken) == 2
        assert intake.broken[0].id == "wx:message:long-gone"
        assert "no message long-gone" in intake.broken[0].error
        assert "\n" not in intake.broken[0].error
        await gateway.again(said)
        await gateway.say("ann", "once")
        await intake.holds(2)
        assert texts(intake) == ["and on", "once"]


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(GUARD):
        while not true():  # noqa: ASYNC110 - there is nothing that tells
            await asyncio.sleep(0.01)
