"""What could not be said in time is not said at night, nor are hours of it said at once."""

import asyncio
from pathlib import Path

from rules.events import MessagePosted
from rules.values import Group, Member, Message
from tests.wechaty.bot_on_wechat import BotOnWeChat, moment
from tests.wechaty.mock_wechat import GUARD, ROOM, Gateway

CONFIG = """
defaults: { timezone: Asia/Shanghai, quiet_hours: { from: "23:00", to: "07:00" } }
platforms:
  wx: { type: wechaty, endpoint: "${WX_GATEWAY}", token: "${WX_TOKEN}", puppet: mock, tls: "off" }
groups:
  reading: { platform: wx, chat: r1@chatroom }
rules:
  - { id: echo, when: message, if: { text_has_any: [ask] }, then: { reply: "heard" } }
  - { id: ads, when: message, if: { text_has_any: [buy] }, then: { warn: "No advertisements, please." } }
"""


def asked(number: int) -> MessagePosted:
    group, at = Group(f"wx:{ROOM}"), moment("12:00")
    message = Message(f"{group.id}/m{number}", Member(f"wx:person{number}", f"Person {number}"), "ask", at)
    return MessagePosted(f"wx:m{number}", group, at, message)


async def asks_as_the_gateway_goes(bot: BotOnWeChat) -> None:
    """At 22:50; the gateway is back at 23:30."""
    await bot.gateway.say("ann", "ask")
    await bot.heard()
    await bot.gateway.close()
    async with asyncio.timeout(GUARD):
        while bot.adapter.link.up.is_set():  # noqa: ASYNC110 - what happens is in another process
            await asyncio.sleep(0.01)
    await bot.until(moment("23:30"))
    await bot.gateway.open()
    await bot.gateway.connected()


async def test_what_could_not_be_said_before_quiet_hours_is_said_after_them(gateway: Gateway, tmp_path: Path) -> None:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG)
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("22:50")) as bot:
        await asks_as_the_gateway_goes(bot)
        await bot.until(moment("06:59", day=6))
        await gateway.settled()
        assert gateway.calls("messageSendText") == []
        await bot.until(moment("07:05", day=6))
        await gateway.until(lambda: len(gateway.texts()) == 1)


async def test_what_keeps_order_at_night_does_not_wait_behind_what_is_postponed(
    gateway: Gateway, tmp_path: Path
) -> None:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG)
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("22:50")) as bot:
        await asks_as_the_gateway_goes(bot)
        await gateway.say("bo", "buy")
        await bot.heard()
        await bot.until(moment("23:50"))
        await gateway.settled()
        (warning,) = gateway.private_texts("bo")
        assert "No advertisements, please." in warning
        assert gateway.texts() == []


async def test_what_waited_for_hours_is_said_at_a_human_pace(gateway: Gateway, tmp_path: Path) -> None:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG)
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("12:00")) as bot:
        await gateway.close()
        await bot.stage.app.intake.accept([asked(number) for number in range(60)])
        await bot.settle()
        await bot.until(moment("15:00"))
        await gateway.open()
        await gateway.connected()
        await bot.until(moment("15:06"))  # pauses between tries are at most five minutes long
        said = len(gateway.texts())
        for minute in range(7, 12):
            await bot.until(moment(f"15:{minute:02}"))
            await gateway.settled()
            assert len(gateway.texts()) - said <= 6
            said = len(gateway.texts())
