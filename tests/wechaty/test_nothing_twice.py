"""What everybody notices is not done twice where the gateway's answer was lost."""

from pathlib import Path

import pytest

from adapters.errors import OutcomeUnknown, Rejected
from rules import effects as fx
from tests.wechaty.bot_on_wechat import BotOnWeChat, moment
from tests.wechaty.mock_wechat import ROOM, Gateway
from tests.wechaty.speaker import Speaker, wx

LOST = "socket hang up"

CONFIG = """
defaults: { timezone: Asia/Shanghai, quiet_hours: { from: "23:00", to: "07:00" } }
platforms:
  wx: { type: wechaty, endpoint: "${WX_GATEWAY}", token: "${WX_TOKEN}", puppet: mock, tls: "off" }
groups:
  reading: { platform: wx, chat: r1@chatroom }
rules:
  - { id: notice, when: message, if: { text_has_any: [notice] }, then: { announce: "Be kind." } }
"""


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_notice_whose_answer_was_lost_is_not_put_up_again(
    gateway: Gateway, tmp_path: Path, delivered: bool
) -> None:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG)
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("12:00")) as bot:
        await gateway.fail("roomAnnounce", LOST, delivered=delivered)
        await gateway.say("ann", "notice")
        await bot.heard()
        await bot.later(minutes=30)
        await gateway.settled()
        assert len(gateway.calls("roomAnnounce")) == 1


async def test_an_invitation_whose_answer_was_lost_is_not_sent_again(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("roomAdd", LOST)
        with pytest.raises(Rejected, match="nobody knows whether the invitation arrived"):  # which is not tried again
            await bot.perform(fx.AnswerJoinRequest(wx(ROOM), wx("sam"), approve=True))
        await gateway.fail("roomAdd", LOST)
        with pytest.raises(OutcomeUnknown):
            await bot.perform(fx.InviteMember(wx(ROOM), wx("sam")))


@pytest.mark.parametrize(
    "effect", [fx.InviteMember(wx(ROOM), wx("sam")), fx.AnswerJoinRequest(wx(ROOM), wx("sam"), True)]
)
async def test_who_has_come_in_was_brought_in_whatever_the_gateway_answers(gateway: Gateway, effect: fx.Effect) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("roomAdd", LOST, delivered=True)
        await bot.perform(effect)
        assert "sam" in gateway.members()
