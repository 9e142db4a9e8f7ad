"""What could not be said for a while: whether it is still said in quiet hours."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.configuration import load_setup
from bot.quiet import postponed
from rules.effects import Lane, SendText
from rules.text import Text
from storage.outbox import Delivery
from tests.wechaty.bot_on_wechat import moment

CONFIG = """
defaults: { timezone: Asia/Shanghai, quiet_hours: { from: "23:00", to: "07:00" } }
platforms: { wx: { type: simulated, like: wechat } }
groups: { reading: { platform: wx, chat: reading } }
rules: [{ id: echo, when: message, if: { text_has_any: [ask] }, then: { reply: "heard" } }]
"""


@pytest.mark.parametrize(
    ("decided", "now", "waits"),
    [
        (moment("22:50"), moment("23:20"), True),
        (moment("22:55"), moment("23:01"), False),  # they have just begun
        (moment("23:30"), moment("23:50"), False),  # what is decided at night keeps order, or is by order of the staff
        (moment("23:30", day=4), moment("23:20"), True),  # of the night before
        (moment("20:00"), moment("22:00"), False),
    ],
)
def test_what_was_decided_before_quiet_hours_waits_for_their_end(
    tmp_path: Path, decided: datetime, now: datetime, waits: bool
) -> None:
    (tmp_path / "groups.yaml").write_text(CONFIG)
    book = load_setup(tmp_path / "groups.yaml", {}).rulebook
    effect = SendText("wx:reading", Text(literal="heard"))
    delivery = Delivery(
        event="m",
        position=0,
        group="wx:reading",
        lane=Lane.REPLY,
        effect=effect,
        created_at=decided,
    )
    until = postponed(delivery, book, now)
    assert until == (moment("07:00") + timedelta(days=1) if waits else None)
