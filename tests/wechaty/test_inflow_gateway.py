"""Messages through a real gateway: many at once, some slow, some gone, and the connection lost in the middle of it."""

import asyncio

from adapters.driver import MemoryIntake
from rules.events import MessagePosted
from tests.wechaty.adapter_beside import adapter_on
from tests.wechaty.mock_wechat import GUARD, OTHER_ROOM, ROOM, Gateway


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
    async with adapter_on(gateway, intake) as beside:
        await gateway.hang("messagePayload", times=32)
        await gateway.burst("ann", 50)
        await beside.until(lambda: len(beside.adapter._inflow._waiting) >= 50)
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
