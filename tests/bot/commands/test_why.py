"""/why: members are told what was done and under which rule; staff are told everything."""

from datetime import timedelta
from typing import Any

import pytest

from rules.actions.messages import Delete
from rules.actions.sanctions import Mute
from rules.conditions.rate import SamePerson
from rules.conditions.shape import LongerThan
from rules.conditions.text import TextHasAny
from rules.durations import parse_duration
from rules.logic import All
from rules.rulebook import Rule

READING = frozenset({"reading"})
MESSAGES = frozenset({"message"})


def contact_rule(mode: str = "enforce") -> Rule:
    condition = All(of=(TextHasAny.model_validate({"of": ["加微信"]}), LongerThan(characters=3)))
    mute = Mute.model_validate({"for": parse_duration("10m")})
    return Rule("contacts", "No contacts in the group", MESSAGES, condition, (Delete(), mute), mode, groups=READING)


@pytest.fixture
def judged(room: Any) -> Any:
    long = Rule("long", "Not too long", MESSAGES, LongerThan(characters=100), (Delete(),), groups=READING)
    room.rebuild(rules=(contact_rule(), long))
    return room


def test_staff_see_every_rule_with_what_its_conditions_saw(judged: Any) -> None:
    advert = judged.post(judged.bo, "加微信 领资料")
    told = judged.says(judged.mo, "/why", reply_to=advert)
    assert "No contacts in the group – it acted" in told
    assert "✓ longer than allowed, in characters: 7" in told
    assert "message removed · muted" in told
    assert "Not too long – it did not hold" in told
    assert "✗ longer than allowed" in told


def test_of_a_rule_that_did_not_hold_only_what_kept_it_from_holding_is_told(room: Any) -> None:
    condition = All(of=(LongerThan(characters=3), TextHasAny.model_validate({"of": ["加微信"]})))
    room.rebuild(rules=(Rule("contacts", "", MESSAGES, condition, (Delete(),), groups=READING),))
    hello = room.post(room.bo, "hello there")
    told = room.says(room.mo, "/why", reply_to=hello)
    assert "✗ one of these words is in it" in told
    assert "longer than" not in told


def test_a_member_is_told_the_rule_and_what_was_done_but_no_thresholds(judged: Any) -> None:
    advert = judged.post(judged.bo, "加微信 领资料")
    told = judged.says(judged.bo, "/why", reply_to=advert)
    assert "• No contacts in the group: message removed · muted" in told
    assert "/appeal" in told
    for secret in ("longer than", "Not too long", "these words", "7"):
        assert secret not in told.replace("10:", "")


def test_members_cannot_ask_about_the_messages_of_others(judged: Any) -> None:
    advert = judged.post(judged.bo, "加微信 领资料")
    assert "your own messages" in judged.says(judged.xiaobo, "/why", reply_to=advert)
    assert "your own messages" in judged.says(judged.xiaobo, "/why @bo")
    assert "your own messages" in judged.says(judged.xiaobo, f"/why {advert.id}")


def test_the_bots_own_notice_leads_to_why_it_was_posted(judged: Any) -> None:
    judged.post(judged.bo, "加微信 领资料")
    judged.sent_as(f"{judged.reading}/notice")
    notice = judged.post(judged.bot, "unrelated").__class__(id=f"{judged.reading}/notice", author=judged.bot)
    assert "it acted" in judged.says(judged.mo, "/why", reply_to=notice)
    assert "No contacts in the group" in judged.says(judged.bo, "/why", reply_to=notice)
    assert "your own messages" in judged.says(judged.xiaobo, "/why", reply_to=notice)


def test_the_last_decision_on_a_member_is_told_without_a_reply(judged: Any) -> None:
    judged.post(judged.bo, "加微信 领资料")
    assert "No contacts in the group" in judged.says(judged.bo, "/为什么")
    assert "it acted" in judged.says(judged.mo, "/why @bo")
    assert "Nothing was decided" in judged.says(judged.xiaobo, "/why")


def test_staff_follow_an_alert_by_the_messages_id_from_their_room(judged: Any) -> None:
    advert = judged.post(judged.bo, "加微信 领资料")
    told = judged.type(judged.mo, f"/why {advert.id}", group=judged.staff)
    assert told[0].group == judged.staff
    assert "it acted" in judged.words(told)
    assert "no record" in judged.says(judged.mo, f"/why {judged.reading}/404", group=judged.staff)


def test_a_command_of_staff_is_explained_with_who_and_why(judged: Any) -> None:
    judged.type(judged.mo, "/mute @bo 1h shouting")
    judged.sent_as(f"{judged.reading}/notice")
    notice = judged.post(judged.bot, "x").__class__(id=f"{judged.reading}/notice", author=judged.bot)
    told = judged.says(judged.mia, "/why", reply_to=notice)
    assert "Mo used /mute on Bo Chen. Reason: shouting" in told


def test_a_shadow_rule_says_what_it_would_have_done(judged: Any) -> None:
    judged.rebuild(rules=(contact_rule("shadow"),), language="zh-CN")
    advert = judged.post(judged.bo, "加微信 领资料")
    told = judged.says(judged.mo, "/why", reply_to=advert)
    assert "只观察" in told
    assert "本来会：删除消息 · 禁言" in told


def test_rules_are_listed_switched_and_come_back(judged: Any) -> None:
    assert "• contacts – No contacts in the group: on" in judged.says(judged.olga, "/rule list")
    assert "off until 12:0" in judged.says(judged.olga, "/rule off contacts for 2h")
    assert "contacts – No contacts in the group: off until" in judged.says(judged.olga, "/rule")
    assert judged.type(judged.bo, "加微信 领资料") == []
    assert judged.acts()[0][:3] == (judged.olga.id, "rule off", "contacts")
    judged.says(judged.olga, "/规则开关 恢复 No contacts in the group")
    assert len(judged.type(judged.bo, "加微信 领资料")) == 3


def test_a_rule_that_is_not_there_is_answered_with_the_nearest(judged: Any) -> None:
    assert "Did you mean contacts?" in judged.says(judged.olga, "/rule off contact")
    assert "no rule “xyz”" in judged.says(judged.olga, "/rule off xyz")
    assert "Please write it so" in judged.says(judged.olga, "/rule upside down")
    assert "no time I can use" in judged.says(judged.olga, "/rule off contacts for ever and ever")
    assert "for the admins" in judged.says(judged.mo, "/rule off contacts")
    assert judged.acts() == []


def test_a_rule_is_tried_on_a_message_or_on_words_and_nothing_is_done(judged: Any) -> None:
    judged.rebuild(rules=(contact_rule("off"),))
    advert = judged.post(judged.bo, "加微信 领资料")
    for told in (
        judged.type(judged.olga, "/rule test contacts", reply_to=advert),
        judged.type(judged.olga, "/rule test contacts 加微信 领资料"),
    ):
        assert len(told) == 1
        assert "it holds" in judged.words(told)
        assert "it acted" not in judged.words(told)
        assert "would have: message removed · muted" in judged.words(told)
        assert "nothing is done" in judged.words(told)
    assert "did not hold" in judged.says(judged.olga, "/rule test contacts hello there")
    assert "Reply to the message" in judged.says(judged.olga, "/rule test contacts")
    assert judged.member(judged.bo).muted_until is None


def test_trying_a_rule_sees_rates_as_they_are(judged: Any) -> None:
    flood = Rule(
        "flood", "Flood", MESSAGES, SamePerson.model_validate({"messages": 2, "within": "30s"}), (Delete(),),
        groups=READING,
    )  # fmt: skip
    judged.rebuild(rules=(flood,))
    hello = judged.post(judged.bo, "hello")
    assert "did not hold" in judged.says(judged.olga, "/rule test flood", reply_to=hello)
    judged.post(judged.bo, "hello again")
    hello = judged.post(judged.bo, "and again", after=timedelta(seconds=5))
    assert "it holds" in judged.says(judged.olga, "/rule test flood", reply_to=hello, after=timedelta(seconds=5))


def test_a_reload_is_asked_for_and_logged(judged: Any) -> None:
    judged.type(judged.olga, "/reload")
    assert judged.acts()[0][:2] == (judged.olga.id, "reload")
    assert "for the admins" in judged.says(judged.bo, "/重载")
