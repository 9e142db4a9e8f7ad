"""What the bot says on WeChat is said once, also where the gateway's answer is lost."""

from pathlib import Path

from sqlalchemy import Connection, select

from adapters.wechaty.settings import WechatySettings
from rules.effects import SendText
from storage import outbox, schema
from storage.outbox import STATES, State
from tests.wechaty.bot_on_wechat import BotOnWeChat, Live, moment
from tests.wechaty.mock_wechat import Gateway

CONFIG = """\
version: 1
defaults: { timezone: Asia/Shanghai }
platforms:
  wx: { type: wechaty, endpoint: "${WX_GATEWAY}", token: "${WX_TOKEN}", puppet: mock, tls: "off" }
  sim: { type: simulated }
groups:
  reading: { platform: wx, chat: r1@chatroom, name: Reading }
  staff: { platform: sim, chat: staff }
staff: { room: staff }
rules:
  - { id: echo, when: message, if: { text_has_any: [ask] }, then: { reply: "heard, {name}" } }
"""


class Impatient(BotOnWeChat):
    """It takes an answer for lost after a second."""

    def _connect(self) -> dict[str, object]:  # type: ignore[override]
        found = super()._connect()
        settings = WechatySettings.model_validate(self.setup.config.platforms["wx"].model_extra)
        self.adapter = Live("wx", settings, now=self.stage.clock.now, patience=1.0)
        return {**found, "wx": self.adapter}


def texts(conn: Connection) -> list[State]:
    """What became of the texts."""
    c = schema.outbox.c
    rows = conn.execute(select(c.effect, c.state).order_by(c.id))
    return [STATES[state] for effect, state in rows if isinstance(outbox.decode(effect), SendText)]


def bot(gateway: Gateway, folder: Path) -> Impatient:
    config = folder / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return Impatient(gateway, config, folder / "bot.db", moment("12:00"))


async def test_an_answer_that_was_lost_is_made_up_for_by_the_echo(gateway: Gateway, tmp_path: Path) -> None:
    async with bot(gateway, tmp_path) as keeper:
        await gateway.hang("messageSendText", delivered=True)
        await gateway.say("ann", "may I ask?")
        await keeper.heard()
        await keeper.later(minutes=30)
        assert keeper.stage.app.database.read_now(texts) == [State.SENT]
        await gateway.settled()
        assert len(gateway.calls("messageSendText")) == 1


async def test_what_never_came_back_is_not_said_again(gateway: Gateway, tmp_path: Path) -> None:
    async with bot(gateway, tmp_path) as keeper:
        await gateway.hang("messageSendText")
        await gateway.say("ann", "may I ask?")
        await keeper.heard()
        await keeper.later(minutes=30)
        assert keeper.stage.app.database.read_now(texts)[0] is State.UNCERTAIN
        await gateway.settled()
        assert len(gateway.calls("messageSendText")) == 1
