"""Answers name commands as the group's language does, and promise only what there is."""

from typing import Any

import pytest

from bot.commands import built_in
from bot.configuration import builtin_copy

COPY = builtin_copy()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_command_has_a_name_that_calls_it_and_begins_its_usage(name: str, language: str) -> None:
    (spoken,) = COPY[f"commands.{name}.name"][language]
    (usage,) = COPY[f"commands.{name}.usage"][language]
    command = built_in()[name]
    assert spoken.removeprefix("/") in (command.name, *command.aliases)
    assert usage.startswith(spoken)
    assert spoken.isascii() is (language == "en")


def test_a_chinese_group_is_answered_with_chinese_commands(room: Any) -> None:
    room.rebuild(language="zh-CN")
    assert "/禁言 只有管理员能用" in room.says(room.bo, "/mute @xiaobo")
    assert "不能对自己使用 /警告" in room.says(room.mo, "/警告 @mo_mod")
    assert "/禁言：" in room.says(room.mo, "/帮助 mute")
    assert "/confirm" not in room.says(room.bo, "/忘记我")


def test_an_english_group_is_answered_with_english_commands(room: Any) -> None:
    assert "/mute is for" in room.says(room.bo, "/禁言 @xiaobo")
    assert "/confirm " in room.says(room.bo, "/忘记我")


def test_without_a_staff_room_nobody_is_sent_to_appeal_by_command(room: Any) -> None:
    config = {name: part for name, part in room.config.items() if name != "staff"}
    room.rebuild(language="zh-CN", config=config)
    told = room.says(room.mo, "/禁言 @bo 1h 刷屏")
    assert "/申诉" not in told
    assert "请联系管理员" in told
    assert "/申诉" not in room.says(room.bo, "/为什么")


def test_the_name_of_another_member_asks_for_their_introduction(room: Any) -> None:
    room.rebuild(language="zh-CN")
    room.post(room.xiaobo, "大家好")
    room.says(room.xiaobo, "/介绍 我在成都做设计")
    assert "我在成都做设计" in room.says(room.bo, "/介绍 小波")
    assert room.member(room.bo).introduced_at is None
    room.says(room.bo, "/介绍 我是小波的同事")
    assert room.member(room.bo).introduced_at is not None
