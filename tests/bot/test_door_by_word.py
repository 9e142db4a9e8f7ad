"""Coming in by a word: it is written to the bot alone, the gate asks there, and the right answer is an invitation."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import Rejected
from bot.configuration import load_setup
from rules.values import PlatformRole

CONFIG = """
version: 1
defaults: {{ language: zh-CN, timezone: UTC {defaults} }}
platforms: {{ sim: {{ type: simulated, like: wechat }} }}
groups:
  a: {{ platform: sim, chat: a, name: 一群 }}
  b: {{ platform: sim, chat: b, name: 二群 }}
  staff: {{ platform: sim, chat: staff }}
staff: {{ room: staff, alerts: [refused] }}
roles: {{ keepers: {{ members: ["sim:boss"], can: [everything] }} }}
onboarding:
  - id: newcomers
    groups: [a, b]
    door: {door}
    {gate}
    welcome: {{ batch: 1m, copy: "欢迎 {{names}}！" }}
{more}
"""
GATE = "gate: { ask: 《三体》的作者是谁？, answer_any: [刘慈欣], wrong: decline, no_answer: decline, wait: 1h }"


@pytest.fixture
async def opened(world: Any, tmp_path: Path) -> Callable[..., Any]:
    async def opened(
        gate: str = GATE, door: str = "{ keywords: [进群, join] }", more: str = "", defaults: str = ""
    ) -> Any:
        file = tmp_path / "config.yaml"
        file.write_text(CONFIG.format(gate=gate, door=door, more=more, defaults=defaults), encoding="utf-8")
        bot = world.bot(load_setup(file, {}))
        bot.sim.add_person("boss", groups=["a", "b", "staff"], role=PlatformRole.ADMIN)
        for name in ("new", "newer", "other"):
            bot.sim.add_person(name)
        return await world._opened.enter_async_context(bot)

    return opened


async def writes(bot: Any, who: str, *texts: str) -> None:
    """Somebody writes to the bot alone."""
    for text in texts:
        bot.sim.write_privately(who, text)
    await bot.settle()


def heard(bot: Any, who: str) -> list[str]:
    """What the bot said to somebody alone."""
    room = bot.sim.rooms.get(f"sim:{who}")
    return [post.message.text for post in room.posts.values() if post.by_bot] if room is not None else []


def is_in(bot: Any, who: str, chat: str = "a") -> bool:
    return bot.sim.seat(chat, who).present


async def test_who_writes_the_word_is_asked_and_invited_for_the_right_answer(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "new", "你好，我想进群！")
    (asked,) = heard(bot, "new")
    assert "《三体》的作者是谁？" in asked
    assert not is_in(bot, "new")
    await writes(bot, "new", "是刘慈欣吧")
    assert is_in(bot, "new")
    assert heard(bot, "new")[-1] == "谢谢new！已邀请你进「一群」；如果收到邀请卡片，点开确认即可。欢迎！"
    await bot.later(minutes=2)
    assert bot.said_in("a") == ["欢迎 new！"]
    assert bot.said_in("staff") == []


async def test_without_a_gate_the_invitation_goes_at_once(opened: Any) -> None:
    bot = await opened(gate="")
    await writes(bot, "new", "JOIN")
    assert is_in(bot, "new")
    assert len(heard(bot, "new")) == 1


async def test_who_answers_wrongly_three_times_is_declined(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "new", "进群")
    await writes(bot, "new", "莫言")
    await writes(bot, "new", "余华")
    assert "还可以试 1 次" in heard(bot, "new")[-1]
    await writes(bot, "new", "鲁迅")
    assert "没有通过" in heard(bot, "new")[-1]
    assert not is_in(bot, "new")
    assert bot.said_in("staff") == []


async def test_who_does_not_answer_in_time_is_declined_and_may_ask_again(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "new", "进群")
    await bot.later(minutes=62)
    assert "没有通过" in heard(bot, "new")[-1]
    await writes(bot, "new", "刘慈欣")
    assert not is_in(bot, "new")
    await writes(bot, "new", "进群")
    await writes(bot, "new", "刘慈欣")
    assert is_in(bot, "new")


async def test_a_restart_between_question_and_answer_changes_nothing(opened: Any) -> None:
    bot = await opened()
    bot.sim.write_privately("new", "进群")
    await bot.restart()
    assert len(heard(bot, "new")) == 1
    await bot.restart()
    await writes(bot, "new", "刘慈欣")
    assert is_in(bot, "new")


async def test_whoever_writes_it_twenty_times_is_asked_once_and_told_thrice(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "new", *["进群"] * 20)
    assert len(heard(bot, "new")) <= 4
    assert sum("一个问题" in said for said in heard(bot, "new")) == 1
    await writes(bot, "new", "进群")
    assert len(heard(bot, "new")) <= 4
    await writes(bot, "new", "刘慈欣")
    assert is_in(bot, "new")


async def test_the_word_is_no_answer_to_an_open_question(opened: Any) -> None:
    bot = await opened(gate="gate: { ask: 你为什么想来？, save: why }")
    await writes(bot, "new", "进群")
    await writes(bot, "new", "进群。")
    assert not is_in(bot, "new")
    assert "你为什么想来？" in heard(bot, "new")[-1]
    await writes(bot, "new", "想进群一起读书")
    assert is_in(bot, "new")


async def test_a_word_that_is_the_right_answer_is_taken_for_it(opened: Any) -> None:
    bot = await opened(gate="gate: { ask: 口令？, answer_any: [进群] }")
    await writes(bot, "new", "进群")
    await writes(bot, "new", "进群")
    assert is_in(bot, "new")


async def test_nobody_is_asked_more_than_three_times_a_day(opened: Any) -> None:
    bot = await opened()
    for _ in range(4):
        await writes(bot, "new", "进群")
        await writes(bot, "new", "一")
        await writes(bot, "new", "二")
        await writes(bot, "new", "三")
    assert sum("一个问题" in said for said in heard(bot, "new")) == 3
    assert "请明天再来" in "".join(heard(bot, "new"))
    await bot.later(days=1, minutes=1)
    await writes(bot, "new", "进群")
    assert sum("一个问题" in said for said in heard(bot, "new")) == 4


async def test_the_first_group_that_is_not_full_is_taken_and_then_staff_are_told_once(opened: Any) -> None:
    bot = await opened(gate="", door="{ keywords: [进群], full_at: 2 }")
    for chat in ("a", "b"):
        await bot.says(chat, "boss", "大家好")
    await writes(bot, "new", "进群")
    await bot.later(minutes=5)
    await writes(bot, "newer", "进群")
    await bot.later(minutes=5)
    assert (is_in(bot, "new", "a"), is_in(bot, "newer", "b")) == (True, True)
    await writes(bot, "other", "进群")
    assert heard(bot, "other") == ["other，目前各个群都满了，管理员已经知道；请过几天再来。"]
    (told,) = bot.said_in("staff")
    assert "other 想进群" in told
    assert "full_at: 2" in told
    bot.sim.add_person("late")
    await writes(bot, "late", "进群")
    assert len(bot.said_in("staff")) == 1
    assert not is_in(bot, "late", "a")
    assert not is_in(bot, "late", "b")


async def test_the_word_in_a_group_is_nothing_special(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "进群")
    assert heard(bot, "ann") == []
    assert bot.said_in("a") == []


@pytest.mark.parametrize("text", ["今天读了很多书", "joiner", "进群" + "，谢谢" * 60])
async def test_what_only_resembles_the_word_is_not_answered(opened: Any, text: str) -> None:
    bot = await opened()
    await writes(bot, "new", text)
    assert heard(bot, "new") == []


async def test_who_was_brought_in_by_a_friend_is_not_asked_in_the_room(opened: Any) -> None:
    bot = await opened()
    bot.sim.join("a", "new", inviter="ann")
    await bot.later(minutes=2)
    assert bot.said_in("a") == ["欢迎 new！"]
    await writes(bot, "new", "进群")
    assert len(heard(bot, "new")) == 1
    assert "问题" not in heard(bot, "new")[0]


async def test_who_is_let_in_by_a_friend_while_being_asked_waits_no_more(opened: Any) -> None:
    bot = await opened()
    await writes(bot, "new", "进群")
    bot.sim.join("a", "new", inviter="ann")
    await bot.later(hours=2)
    assert is_in(bot, "new")
    assert len(heard(bot, "new")) == 1
    assert bot.said_in("a") == ["欢迎 new！"]


KICKS = "rules: [{ id: ads, when: message, if: { text_has_any: [出售] }, then: [kick] }]"


async def test_who_was_removed_comes_back_only_if_staff_let_them(opened: Any) -> None:
    bot = await opened(more=KICKS)
    bot.sim.add_person("ad", groups=["a"])
    await bot.says("a", "ad", "出售二手书")
    assert not is_in(bot, "ad")
    await writes(bot, "ad", "进群")
    assert heard(bot, "ad")[-1] == "ad，「一群」的管理员会查看你的申请，请稍等。"
    await writes(bot, "ad", "进群")
    told = [text for text in bot.said_in("staff") if "想回来" in text]
    assert len(told) == 1
    assert "/letin sim:ad a" in told[0]
    await bot.says("staff", "boss", "/放行 sim:ad a")
    assert is_in(bot, "ad")


async def test_who_waits_at_a_door_without_a_gate_and_is_brought_in_waits_no_more(opened: Any) -> None:
    bot = await opened(gate="", more=KICKS)
    bot.sim.add_person("ad", groups=["a"])
    await bot.says("a", "ad", "出售二手书")
    await writes(bot, "ad", "进群")
    bot.sim.join("a", "ad", inviter="ann")
    await bot.settle()
    await bot.says("staff", "boss", "/letin all a")
    assert "没有人" in bot.said_in("staff")[-1]


async def test_whom_staff_turn_away_is_told_so_and_asks_no_more(opened: Any) -> None:
    bot = await opened(more=KICKS)
    bot.sim.add_person("ad", groups=["a"])
    await bot.says("a", "ad", "出售二手书")
    await writes(bot, "ad", "进群")
    await bot.says("staff", "boss", "/谢绝 sim:ad a")
    before = len(bot.said_in("staff"))
    await writes(bot, "ad", "进群")
    assert "管理员决定" in heard(bot, "ad")[-1]
    assert len(bot.said_in("staff")) == before
    assert not is_in(bot, "ad")


async def test_a_door_that_is_switched_off_says_nothing(opened: Any) -> None:
    bot = await opened(more="", door="{ keywords: [进群] }\n    mode: off")
    await writes(bot, "new", "进群")
    assert heard(bot, "new") == []
    assert not is_in(bot, "new")


async def test_a_refused_invitation_is_told_to_staff(opened: Any) -> None:
    bot = await opened(gate="")
    bot.sim.fail_next(Rejected("not a friend"))
    await writes(bot, "new", "进群")
    assert not is_in(bot, "new")
    assert any(re.search("not a friend", told) for told in bot.said_in("staff"))


async def test_a_command_needs_no_slash_where_somebody_writes_to_an_account_like_a_persons(opened: Any) -> None:
    bot = await opened()
    await bot.says("a", "ann", "大家好", "帮助")
    await writes(bot, "ann", "帮助")
    assert len(heard(bot, "ann")) == 1
    assert "/规则" in heard(bot, "ann")[0]
    assert bot.said_in("a") == []


async def test_who_could_not_be_removed_after_all_is_no_stranger(opened: Any) -> None:
    bot = await opened(more=KICKS)
    bot.sim.add_person("ad", groups=["a"])
    bot.sim.fail_next(Rejected("the bot is no admin here"))
    await bot.says("a", "ad", "出售二手书")
    await bot.later(minutes=5)
    await bot.says("a", "ad", "对不起")
    bot.sim.leave("a", "ad")
    await writes(bot, "ad", "进群")
    assert is_in(bot, "ad")


async def test_no_part_of_the_file_makes_rules_that_are_called_like_those_of_another(opened: Any) -> None:
    bot = await opened(more="activities: { checkin: { keywords: [打卡] } }")
    made = [rule.id for rule in bot.setup.rulebook.rules if rule.internal and "." in rule.id and rule.id[0] != "@"]
    last = [name.rpartition(".")[2] for name in made]
    assert len(set(last)) == len(last), made
    assert "newcomers.word" in made
