"""Quiet hours where the bot is an account like a person's: only what keeps order is said, the rest in the morning."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.configuration import load_setup
from rules.values import PlatformRole
from storage.schema import outbox

CONFIG = """
version: 1
defaults:
  language: zh-CN
  timezone: UTC
  quiet_hours: {{ from: "23:00", to: "07:00", late_posts: {late} }}
platforms: {{ sim: {{ type: simulated{like} }} }}
groups:
  a: {{ platform: sim, chat: a, name: 读书群 }}
  b: {{ platform: sim, chat: b }}
  staff: {{ platform: sim, chat: staff }}
staff: {{ room: staff }}
roles: {{ keepers: {{ members: ["sim:boss"], can: [everything] }} }}
onboarding:
  - id: newcomers
    groups: [a]
    door: {{ keywords: [进群] }}
    gate: {{ ask: 《三体》的作者是谁？, answer_any: [刘慈欣], wrong: decline, no_answer: decline, wait: 1h }}
    welcome: {{ batch: 1m, copy: "欢迎 {{names}}！" }}
activities: {{ checkin: {{ keywords: [打卡] }} }}
rules:
  - {{ id: hello, when: message, if: {{ text_has_any: [你好] }}, then: [{{ reply: 你好呀 }}] }}
  - {{ id: links, when: message, if: {{ text_has_any: [出售] }}, then: [{{ remind: 群里请不要卖东西 }}] }}
  - {{ id: spam, when: message, if: {{ text_has_any: [彩票] }}, then: [{{ kick: }}] }}
  - {{ id: tell, when: message, if: {{ text_has_any: [求助] }}, then: [{{ alert: staff }}] }}
schedules:
  - {{ id: night, at: "23:30", post: 夜读 }}
"""
WECHAT = ", like: wechat"


@pytest.fixture
async def opened(world: Any, tmp_path: Path) -> Callable[..., Any]:
    async def opened(late: str = "hold", like: str = WECHAT, config: str = CONFIG) -> Any:
        file = tmp_path / "config.yaml"
        file.write_text(config.format(late=late, like=like), encoding="utf-8")
        bot = world.bot(load_setup(file, {}))
        bot.sim.add_person("boss", groups=["a", "staff"], role=PlatformRole.ADMIN)
        bot.sim.add_person("new")
        bot = await world._opened.enter_async_context(bot)
        await bot.later(hours=11, minutes=10)  # it is 23:10
        return bot

    return opened


async def writes(bot: Any, *texts: str) -> None:
    for text in texts:
        bot.sim.write_privately("new", text)
    await bot.settle()


def alone(bot: Any, who: str = "new") -> list[str]:
    room = bot.sim.rooms.get(f"sim:{who}")
    return [post.message.text for post in room.posts.values() if post.by_bot] if room is not None else []


async def morning(bot: Any) -> None:
    await bot.later(hours=7, minutes=50)  # from 23:10 to 07:00


async def test_answers_and_check_ins_come_in_the_morning(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "你好", "打卡", "/排行")
    assert bot.said_in("a") == []
    await bot.later(hours=7, minutes=49)
    assert bot.said_in("a") == []
    await bot.later(minutes=1)
    said = bot.said_in("a")
    assert said[0] == "你好呀"
    assert len(said) == 4  # and the post of 23:30


async def test_what_is_held_stands_in_the_log_once_and_with_its_time(opened: Any) -> None:
    bot = await opened(config=CONFIG.replace("timezone: UTC", "timezone: Asia/Shanghai"))  # it is 07:10 there
    await bot.later(hours=18, minutes=2)
    with capture_logs() as lines:
        await bot.says("a", "ann", "你好", "出售二手书", "/帮助")
        await bot.later(minutes=30)
    held = [line for line in lines if line["event"] == "held"]
    assert [(each["group"], each["effect"], each["until"]) for each in held] == [
        ("sim:a", "SendText", "2026-10-07 07:00"),
    ] * 2
    assert (held[0]["rule"], held[0]["log_level"]) == ("hello", "info")


async def test_elsewhere_they_come_at_once(opened: Any) -> None:
    door = "    door: {{ keywords: [进群] }}\n"
    bot = await opened(like="", config=CONFIG.replace(door, ""))
    await bot.says("a", "ann", "你好", "打卡", "/排行")
    assert len(bot.said_in("a")) == 3


async def test_posts_are_dropped_where_that_is_written_and_answers_never(opened: Any) -> None:
    bot = await opened(late="drop")
    await bot.says("a", "ann", "你好")
    await morning(bot)
    assert bot.said_in("a") == ["你好呀"]


async def test_a_reminder_of_a_rule_is_said_at_once(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "出售二手书")
    assert "群里请不要卖东西" in "".join(bot.said_in("a") + alone(bot, "ann"))


async def test_who_is_removed_is_told_why_at_once(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "买彩票吗")
    assert not bot.sim.seat("a", "ann").present
    assert len(alone(bot, "ann")) == 1
    assert len(bot.said_in("staff")) == 1


async def test_a_reminder_does_not_wait_behind_an_answer(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "你好")
    await bot.says("a", "bo", "出售二手书")
    assert len(bot.said_in("a") + alone(bot, "bo")) == 1


async def test_staff_are_told_and_answered_at_once(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "求助")
    assert len(bot.said_in("staff")) == 1
    await bot.says("a", "boss", "/排行")
    assert len(bot.said_in("a")) == 1


async def test_who_asks_to_come_in_at_night_is_asked_in_the_morning_and_has_the_whole_time(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "进群")
    await writes(bot, "在吗", "刘慈欣", "进群")  # nothing was asked yet: no answer was wrong, nor right
    await bot.later(hours=2)
    assert alone(bot) == []
    assert not bot.sim.seat("a", "new").present
    await bot.later(hours=5, minutes=50)
    assert len(alone(bot)) == 1
    await bot.later(minutes=55)
    await writes(bot, "莫言", "余华")
    assert "还可以试 1 次" in alone(bot)[-1]
    await writes(bot, "刘慈欣")
    assert bot.sim.seat("a", "new").present
    assert bot.said_in("staff") == []


async def test_who_does_not_answer_after_such_a_night_is_declined(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "进群")
    await morning(bot)
    await bot.later(hours=1, minutes=2)
    assert len(alone(bot)) == 2
    assert "没有通过" in alone(bot)[-1]


async def test_the_time_of_who_was_asked_in_the_evening_does_not_end_at_night(opened: Any, world: Any) -> None:
    bot = await opened()
    await bot.later(hours=23, minutes=20)  # 22:30 of the next day
    await writes(bot, "进群")
    assert len(alone(bot)) == 1
    await bot.later(minutes=40)
    await writes(bot, "莫言")
    assert len(alone(bot)) == 1
    await bot.later(hours=7, minutes=50)
    assert "还可以试 2 次" in alone(bot)[-1]
    await writes(bot, "刘慈欣")
    assert bot.sim.seat("a", "new").present


async def test_an_answer_at_night_opens_the_door_at_once(opened: Any) -> None:
    bot = await opened()
    await bot.later(hours=23, minutes=20)
    await writes(bot, "进群")
    await bot.later(minutes=40)
    await writes(bot, "刘慈欣")
    assert bot.sim.seat("a", "new").present
    assert len(alone(bot)) == 1


async def test_who_comes_in_at_night_is_welcomed_in_the_morning(opened: Any) -> None:
    bot = await opened()
    bot.sim.join("a", "new")
    await bot.later(minutes=5)
    assert bot.said_in("a") == []
    await morning(bot)
    assert "欢迎 new！" in bot.said_in("a")


async def test_a_restart_at_night_loses_nothing(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "你好")
    await writes(bot, "进群")
    await bot.restart()
    assert (bot.said_in("a"), alone(bot)) == ([], [])
    await morning(bot)
    assert "你好呀" in bot.said_in("a")
    assert len(alone(bot)) == 1


async def test_what_is_performed_bears_no_marks(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "出售二手书")
    kept = await bot.app.database.read(lambda conn: list(conn.scalars(select(outbox.c.effect))))
    assert len(kept) == 1
    assert '"notice"' not in kept[0]
