"""Conditions in /why: in plain words, in every language, for every condition that comes with Groupkeeper."""

from datetime import timedelta
from typing import Any

import pytest

from bot.commands.checks import check_words
from bot.configuration import builtin_copy
from rules.builtin import builtin_steps
from rules.conditions.asked import Asked
from rules.conditions.at_gate import BeforeGate, UnmutedByHand
from rules.conditions.contact import Contact
from rules.conditions.member import Introduced
from rules.conditions.rate import SameText
from rules.conditions.text import TextHasAny, TextIs
from rules.conditions.when import InWindow
from rules.copy import CopyBook
from rules.logic import All
from rules.placeholders import unknown_in
from rules.rulebook import Rule
from rules.values import MediaKind

COPY = CopyBook(texts=builtin_copy(), fallback="en")
LANGUAGES = ("en", "zh-CN")
MESSAGES = frozenset({"message"})
READING = frozenset({"reading"})


def words(language: str = "zh-CN", **check: Any) -> str:
    return COPY.render(check_words({"held": True, **check}, COPY), language).strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", sorted({*builtin_steps().conditions, Asked.step}))
def test_every_condition_has_words(step: str, language: str) -> None:
    text = COPY.variants(f"conditions.{step}", language)
    assert len(text) == 1
    assert "_" not in text[0]
    assert unknown_in(text[0]) == ()
    assert language in COPY.texts[f"conditions.{step}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_that_can_ask_for_the_contrary_has_words_for_it(language: str) -> None:
    yes_or_no = [
        step
        for step, condition in builtin_steps().conditions.items()
        if condition.scalar is not None and condition.model_fields[condition.scalar].annotation is bool
    ]
    assert len(yes_or_no) == 8
    for step in yes_or_no:
        assert language in COPY.texts[f"conditions.{step}.not"]


def test_every_kind_of_media_has_words() -> None:
    for kind in MediaKind:
        assert f"seen.{kind.value}" in COPY


def test_no_words_are_for_conditions_that_are_none() -> None:
    steps = {*builtin_steps().conditions, Asked.step, BeforeGate.step, UnmutedByHand.step, "contrary"}
    named = {name.split(".")[1] for name in COPY.texts if name.startswith("conditions.")}
    assert named - steps == set()


def test_what_a_condition_saw_is_said_in_the_language() -> None:
    assert words(condition="text_has_any", seen=["加微信", "bot"]) == "✓ 包含这些词：加微信, bot"
    assert words(condition="contact", seen=["wechat: 加微信 abc12345"]) == "✓ 留了联系方式：微信: 加微信 abc12345"
    assert words(condition="role", seen=["moderator", "staff"]) == "✓ 成员身份：moderator, 管理员"
    assert words(condition="in_window", seen="Fri 2026-10-09 20:30") == "✓ 在指定时段内：周五 2026-10-09 20:30"
    assert words(condition="same_text", seen={"times": 3, "members": 2}) == "✓ 同样的内容重复出现：次数 3, 人数 2"
    assert words(condition="in_group_for", seen="2d") == "✓ 进群时间：2 天"
    assert words(condition="introduced", held=False, contrary=True) == "✗ 还没有自我介绍"
    assert words("en", condition="introduces", held=False, seen="neither asked nor new") == (
        "✗ an introduction: neither asked nor new"
    )


def test_a_condition_of_an_extension_is_called_as_in_the_file() -> None:
    assert words(condition="moon_phase", seen="full") == "✓ moon_phase：full"
    assert words("en", condition="moon_phase", contrary=True) == "✓ not: moon_phase"
    assert (
        words(condition="moon_phase", error="ValueError: no moon", held=False)
        == "✗ moon_phase 出错：ValueError: no moon"
    )


def test_a_members_words_are_never_taken_for_ours() -> None:
    assert words(condition="name_has_any", seen=["Bot"]) == "✓ 名字里包含这些词：Bot"
    assert words(condition="links", seen=["channel"]) == "✓ 有链接：channel"


def test_a_chinese_group_reads_no_names_of_steps(room: Any) -> None:
    condition = All(
        of=(
            Contact(),
            Introduced(done=False),
            SameText.model_validate({"times": 2, "within": timedelta(minutes=5)}),
        )
    )
    rule = Rule("ads", "不发广告", MESSAGES, condition, (), groups=READING)
    room.rebuild(rules=(rule,), language="zh-CN")
    room.post(room.bo, "加微信 abc12345 领资料")
    advert = room.post(room.bo, "加微信 abc12345 领资料")
    told = room.says(room.mo, "/为什么", reply_to=advert)
    assert "✓ 留了联系方式：微信: 加微信 abc12345" in told or "✓ 留了联系方式：微信: 微信 abc12345" in told
    assert "✓ 还没有自我介绍" in told
    assert "✓ 同样的内容重复出现：次数 2, 人数 1" in told


def test_rules_that_nobody_wrote_are_told_only_where_they_did_something(room: Any) -> None:
    made = Rule("checkin.keyword", "", MESSAGES, TextIs(of=("打卡",)), (), groups=READING, internal=True)
    window = Rule("evening", "晚上", MESSAGES, TextHasAny(of=("晚安",)), (), groups=READING)
    room.rebuild(rules=(made, window), language="zh-CN")
    hello = room.post(room.bo, "大家好")
    told = room.says(room.mo, "/为什么", reply_to=hello)
    assert "checkin" not in told
    assert "打卡" not in told
    assert "• 晚上 – 不符合" in told
    told = room.says(room.mo, "/为什么", reply_to=room.post(room.bo, "打卡"))
    assert "• 打卡 – 已执行" in told
    assert "checkin" not in told


def test_a_rule_that_nobody_wrote_is_told_where_it_broke(room: Any) -> None:
    broken = InWindow(of=("no-such-window",))
    made = Rule("newcomers.introduced", "", MESSAGES, broken, (), groups=READING, internal=True)
    room.rebuild(rules=(made,), language="zh-CN")
    told = room.says(room.mo, "/为什么", reply_to=room.post(room.bo, "大家好"))
    assert "• 识别自我介绍 – 不符合" in told
    assert "在指定时段内 出错：KeyError" in told


def test_the_parts_of_a_section_are_listed_and_switched_as_one(room: Any) -> None:
    parts = [
        Rule(f"{of}{part}", "", MESSAGES, TextIs(of=("打卡",)), (), groups=READING, internal=True, made_from=of)
        for of, part in (("checkin", ""), ("checkin", ".keyword"), ("new.people", ""), ("new.people", ".greet"))
    ]
    room.rebuild(rules=tuple(parts), language="zh-CN")
    told = room.says(room.olga, "/规则开关 列表")
    assert "• checkin – 打卡：开启" in told
    assert "• new.people – 欢迎新人：开启" in told
    assert "checkin.keyword" not in told
    assert "new.people.greet" not in told
    room.type(room.olga, "/规则开关 关 checkin 2小时")
    told = room.says(room.mo, "/为什么", reply_to=room.post(room.bo, "打卡"))
    assert "• 打卡 – 已执行" not in told
    assert "newcomers" not in told
