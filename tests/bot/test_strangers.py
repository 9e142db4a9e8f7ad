"""Who turns to the bot's own account: accepted as `contacts:` says, else left unanswered and told to staff."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import Rejected
from bot.configuration import load_setup
from rules.values import PlatformRole

CONFIG = """
version: 1
defaults: {{ language: zh-CN, timezone: UTC }}
platforms: {{ sim: {{ type: simulated, like: wechat }} }}
groups:
  a: {{ platform: sim, chat: a, name: 读书群 }}
  b: {{ platform: sim, chat: b }}
  staff: {{ platform: sim, chat: staff }}
{staff}
roles: {{ keepers: {{ members: ["sim:boss"], can: [warn] }} }}
{more}
"""
DOOR = """
onboarding:
  - id: newcomers
    groups: [a]
    door: { keywords: [进群] }
    gate: { ask: 《三体》的作者是谁？, answer_any: [刘慈欣], wrong: decline, no_answer: decline }
"""


@pytest.fixture
async def opened(world: Any, tmp_path: Path) -> Callable[..., Any]:
    async def opened(more: str = DOOR, staff: str = "staff: { room: staff, alerts: [refused] }") -> Any:
        file = tmp_path / "config.yaml"
        file.write_text(CONFIG.format(more=more, staff=staff), encoding="utf-8")
        bot = world.bot(load_setup(file, {}))
        bot.sim.add_person("boss", groups=["a", "staff"], role=PlatformRole.ADMIN)
        for number in range(15):
            bot.sim.add_person(f"s{number}", f"路人{number}")
        return await world._opened.enter_async_context(bot)

    return opened


async def befriends(bot: Any, who: str, note: str = "") -> None:
    bot.sim.ask_to_be_friends(who, note)
    await bot.settle()


def heard(bot: Any, who: str) -> list[str]:
    return [post.message.text for post in bot.sim.rooms[f"sim:{who}"].posts.values() if post.by_bot]


def accepted(bot: Any) -> list[str]:
    return [whom for act, whom in bot.acts if act == "let_in"]


async def test_who_says_the_word_becomes_a_friend_and_is_asked_then(opened: Any) -> None:
    bot = await opened()
    await befriends(bot, "s1", "你好，想进群")
    assert accepted(bot) == ["sim:s1"]
    (asked,) = heard(bot, "s1")
    assert "路人1，你好！" in asked
    assert "《三体》的作者是谁？" in asked
    bot.sim.write_privately("s1", "刘慈欣")
    await bot.settle()
    assert bot.sim.seat("a", "s1").present
    assert bot.said_in("staff") == []


async def test_a_restart_between_the_acceptance_and_the_question_loses_neither(opened: Any) -> None:
    bot = await opened()
    bot.sim.ask_to_be_friends("s1", "进群")
    await bot.restart()
    assert accepted(bot) == ["sim:s1"]
    assert len(heard(bot, "s1")) == 1


async def test_who_is_not_accepted_hears_nothing_and_staff_are_told_once_a_day(opened: Any) -> None:
    bot = await opened()
    await befriends(bot, "s0", "加我看片")
    (told,) = bot.said_in("staff")
    assert "路人0 想加好友：“加我看片”" in told
    for number in range(1, 14):
        await befriends(bot, f"s{number}", "你好")
    await befriends(bot, "s1", "你好")
    assert accepted(bot) == []
    assert heard(bot, "s1") == []
    assert len(bot.said_in("staff")) == 1
    await bot.later(days=1)
    _, others = bot.said_in("staff")
    assert others.count("想加好友") == 10
    assert "3" in others
    await bot.later(days=2)
    assert len(bot.said_in("staff")) == 2


async def test_everybody_may_be_a_friend_where_that_is_written(opened: Any) -> None:
    bot = await opened("contacts: { accept_friends: always }")
    await befriends(bot, "s1", "你好")
    assert accepted(bot) == ["sim:s1"]
    assert heard(bot, "s1") == []


@pytest.mark.parametrize("more", [DOOR + "contacts: { accept_friends: never }", ""])
async def test_nobody_is_accepted_where_that_is_written_or_there_is_no_door(opened: Any, more: str) -> None:
    bot = await opened(more)
    await befriends(bot, "s1", "进群")
    assert accepted(bot) == []
    assert len(bot.said_in("staff")) == 1


@pytest.mark.parametrize(
    ("policy", "who", "taken"),
    [("staff", "boss", True), ("staff", "s1", False), ("always", "s1", True), ("never", "boss", False)],
)
async def test_an_invitation_is_accepted_from_whom_it_may(opened: Any, policy: str, who: str, taken: bool) -> None:
    bot = await opened(f"contacts: {{ accept_invitations: {policy} }}")
    bot.sim.invite_bot(who, "吃瓜群")
    await bot.settle()
    assert bool(accepted(bot)) is taken
    assert ("邀请它进「吃瓜群」" in "".join(bot.said_in("staff"))) is not taken


async def test_without_a_staff_room_nothing_is_said_and_nothing_breaks(opened: Any) -> None:
    bot = await opened(staff="")
    await befriends(bot, "s1", "你好")
    assert accepted(bot) == []
    assert heard(bot, "s1") == []
    await befriends(bot, "s2", "进群")
    assert accepted(bot) == ["sim:s2"]


async def test_whom_the_platform_does_not_let_be_a_friend_is_asked_nothing_and_staff_are_told(opened: Any) -> None:
    bot = await opened()
    bot.sim.fail_next(Rejected("too many friends today"))
    await befriends(bot, "s1", "进群")
    assert heard(bot, "s1") == []
    (told,) = bot.said_in("staff")
    assert "too many friends today" in told


async def test_staff_are_told_nothing_of_what_has_no_words(opened: Any) -> None:
    bot = await opened()
    bot.sim._ask_alone("s1", "?", "something newer")
    await bot.settle()
    assert (accepted(bot), bot.said_in("staff")) == ([], [])
