"""A whole day of a WeChat group, against a real gateway: what the bot did is what the gateway received."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import segno

from tests.wechaty.bot_on_wechat import BotOnWeChat, moment
from tests.wechaty.mock_wechat import ROOM, Gateway

CONFIG = """
version: 1
defaults:
  timezone: Asia/Shanghai
  language: zh-CN
  quiet_hours: { from: "23:00", to: "07:00" }
platforms:
  wx: { type: wechaty, endpoint: "${WX_GATEWAY}", token: "${WX_TOKEN}", puppet: mock, tls: "off" }
  tg: { type: simulated }
groups:
  reading: { platform: wx, chat: r1@chatroom, name: 慢读会 }
  reading-tg: { platform: tg, chat: reading, name: Slow Readers }
  staff: { platform: tg, chat: staff, name: Staff }
staff: { room: staff }
ladders:
  ads:
    points_expire_after: 30d
    steps:
      - { at: 1, do: [delete, { remind: rules.no_ads }] }
      - { at: 2, do: [delete, { mute: 1h }] }
      - { at: 3, do: [delete, kick] }
    fallback:
      delete: nothing
      mute: { warn: 再发广告就要请你离开了。 }
copy:
  rules.no_ads: "{name}，本群不发广告，谢谢理解。"
onboarding:
  - id: newcomers
    welcome: { batch: 5m, max_names: 3 }
    introduce: { fields: { name: [名字], city: [城市], hopes: [希望] } }
rules:
  - id: ads
    name: 不发广告
    when: message
    if: { any: [{ text_has_any: [加微信] }, { qr_code: true }] }
    then: { ladder: ads }
calendar:
  challenge: { list: [今天读十页，写一句话。], start: 2026-10-01 }
schedules:
  - { id: challenge, at: "08:00", post: calendar.challenge }
  - { id: digest, at: "21:00", post: digest.day }
"""


@pytest.fixture
async def day(gateway: Gateway, tmp_path: Path) -> AsyncIterator[BotOnWeChat]:
    config = tmp_path / "groups.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    async with BotOnWeChat(gateway, config, tmp_path / "bot.db", moment("07:30")) as bot:
        yield bot


def poster() -> bytes:
    """A picture with a code in it, as those who advertise post it."""
    picture = io.BytesIO()
    segno.make("https://u.wechat.example/add-me-and-earn").save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


async def test_a_day_in_a_wechat_group(day: BotOnWeChat, gateway: Gateway) -> None:
    # 07:40: eight come at once; they are greeted together, and no more than three are pinged.
    newcomers = [f"n{number}" for number in range(8)]
    for number, who in enumerate(newcomers):
        await gateway.new_contact(who, f"新人{number}")
    await day.until(moment("07:40"))
    for who in newcomers:
        await gateway.join(who, by="ann")
    await day.heard(8)
    await day.until(moment("07:59"))
    await gateway.settled()
    (welcome,) = gateway.calls("messageSendText")
    assert welcome.args["to"] == ROOM
    assert welcome.args["mentions"] == ["n0", "n1", "n2"]
    assert "@新人0\u2005" in welcome.args["text"]

    # 08:00: the day's challenge.
    await day.until(moment("08:05"))
    await gateway.until(lambda: len(gateway.texts()) == 2)
    assert gateway.texts()[1] == "今天读十页，写一句话。"

    # 08:10: one of them introduces themselves, and is thanked by name.
    await day.until(moment("08:10"))
    await gateway.say("n0", "名字：新人0\n城市：杭州\n希望：每天读一点")
    await day.heard()
    await day.until(moment("08:15"))
    await gateway.until(lambda: len(gateway.texts()) == 3)
    thanks = gateway.calls("messageSendText")[-1]
    assert "新人0" in thanks.args["text"]

    # 09:00: an advertisement as text: the platform cannot delete it, so its author is reminded, by an @mention.
    await day.until(moment("09:00"))
    await gateway.say("n1", "加微信 领资料")
    await day.heard()
    await day.until(moment("09:05"))
    await gateway.until(lambda: len(gateway.calls("messageSendText")) == 4)
    reminder = gateway.calls("messageSendText")[-1]
    assert reminder.args["mentions"] == ["n1"]
    assert "@新人1\u2005" in reminder.args["text"]

    # 09:10: the same as a poster with a code: muting is not possible, either; they are warned.
    await day.until(moment("09:10"))
    await gateway.image("n1", poster())
    await day.heard()
    await day.until(moment("09:15"))
    await gateway.until(lambda: len(gateway.calls("messageSendText")) == 5)
    warning = gateway.calls("messageSendText")[-1]
    assert "再发广告就要请你离开了" in warning.args["text"]
    assert "n1" in gateway.members()

    # 09:20: the third strike. Removed, and told why.
    await day.until(moment("09:20"))
    await gateway.say("n1", "加微信，最后一次")
    await day.heard()
    await day.until(moment("09:25"))
    await gateway.until(lambda: "n1" not in gateway.members())
    (removal,) = gateway.calls("roomDel")
    assert removal.args == {"room": ROOM, "contact": "n1"}
    assert "n0" in gateway.members()

    # 21:00: the digest.
    await gateway.say("ann", "今天读到第三章了")
    await day.heard(2)  # the removal itself is told, too
    await day.until(moment("21:05"))
    await gateway.settled()
    digest = gateway.texts()[-1]
    assert "慢读会" in digest
    assert len([text for text in gateway.texts() if text == digest]) == 1

    # The other group, on the other platform, had its challenge and digest as well.
    assert day.said_elsewhere("tg:reading")[0] == "今天读十页，写一句话。"
    assert not day.intake.broken
