"""The whole bot on a real gateway: what it makes of answers, recalls, pokes and talks that are passed on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wechaty.bot_on_wechat import BotOnWeChat, moment
from tests.wechaty.mock_wechat import HISTORY, RECALLED, Gateway
from tests.wechaty.test_reading_gateway import DASHES, poster
from tests.wechaty.wechat_xml import item, nested, patted, record

UNKNOWN = 0
AD = "加微信 dushu12345 日赚五百"
CONFIG = """
version: 1
defaults: { timezone: Asia/Shanghai, language: zh-CN }
platforms:
  wx: { type: wechaty, endpoint: "${WX_GATEWAY}", token: "${WX_TOKEN}", puppet: mock, tls: "off" }
groups:
  reading: { platform: wx, chat: r1@chatroom, name: 慢读会 }
rules:
  - { id: ads, when: message, if: { text_has_any: [加微信] }, then: { reply: "{name}，请不要发广告" } }
  - { id: codes, when: message, if: { qr_code: true }, then: { reply: 请不要发二维码 } }
  - { id: regrets, when: message, if: { media: recall }, then: { send: 有人撤回了消息 } }
"""


@pytest.fixture
async def bot(gateway: Gateway, tmp_path: Path) -> AsyncIterator[BotOnWeChat]:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("09:00")) as bot:
        yield bot


async def said(bot: BotOnWeChat, gateway: Gateway) -> list[str]:
    """What the bot has said by now; everything has been taken in and dealt with."""
    before = len(gateway.texts())
    await bot.heard()
    await bot.later(minutes=2)
    await gateway.settled()
    return gateway.texts()[before:]


async def test_who_answers_an_advertisement_is_let_be_and_who_makes_one_up_is_told_off(
    bot: BotOnWeChat, gateway: Gateway
) -> None:
    await gateway.say("ann", AD)
    (answer,) = await said(bot, gateway)
    assert "Ann" in answer
    await gateway.say("bo", f"「Ann：{AD}」\n{DASHES}\n骗子，别信")
    assert await said(bot, gateway) == []
    await gateway.say("bo", f"「Ann：{AD}，另有惊喜」\n{DASHES}\n看")
    (answer,) = await said(bot, gateway)
    assert "Bo" in answer


async def test_a_poke_that_reads_like_an_advertisement_is_nobodys(bot: BotOnWeChat, gateway: Gateway) -> None:
    await gateway.raw("bo", RECALLED, text=patted("ann", "bo", f'"${{ann}}" 拍了拍 "${{bo}}" {AD}'))
    assert await said(bot, gateway) == []
    await gateway.raw("bot", UNKNOWN, text=f'"Ann"修改群名为“{AD}”')
    assert await said(bot, gateway) == []
    assert len(bot.intake.events) == 2
    await gateway.say("ann", AD)
    assert len(await said(bot, gateway)) == 1


async def test_what_is_taken_back_is_not_judged_again_but_can_be_asked_for(bot: BotOnWeChat, gateway: Gateway) -> None:
    advert = await gateway.say("ann", AD)
    assert len(await said(bot, gateway)) == 1
    await gateway.recall(advert)
    assert await said(bot, gateway) == ["有人撤回了消息"]


async def test_an_advertisement_deep_in_a_talk_that_is_passed_on_is_found(bot: BotOnWeChat, gateway: Gateway) -> None:
    talk = record(item("Cy", "你好"), item("Cy", "", kind=17, more=nested("Cy的聊天记录", item("Cy", AD))))
    await gateway.raw("ann", HISTORY, text=talk)
    (answer,) = await said(bot, gateway)
    assert "Ann" in answer


@pytest.mark.parametrize("as_file", [False, True])
async def test_a_code_in_a_picture_is_found_also_where_it_is_sent_as_a_file(
    as_file: bool, bot: BotOnWeChat, gateway: Gateway
) -> None:
    post = gateway.file if as_file else gateway.image
    await post("ann", poster(), name="poster.png")
    (answer,) = await said(bot, gateway)
    assert "请不要发二维码" in answer
