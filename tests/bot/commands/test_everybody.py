"""What members ask of the bot: help, rules, their own figures, introductions, rankings."""

from typing import Any

import pytest

from bot.commands.base import Command, answer, decided
from rules.digest import PERIODS
from rules.rulebook import Rule
from rules.step import CalendarEntries, Library
from rules.text import say
from rules.values import PlatformRole


def test_help_lists_only_what_the_asker_may_do(room: Any) -> None:
    member, moderator = room.says(room.bo, "/help"), room.says(room.mo, "/help")
    assert "/appeal" in member
    assert "/mute" not in member
    assert "/confirm" not in member, "the bot says it where it is wanted"
    assert "/mute @member [30m] [reason] – take a member's voice" in moderator
    assert "/announce" not in moderator
    assert "/announce" in room.says(room.olga, "/help")


def test_help_alone_with_the_bot_lists_what_can_be_given_there(room: Any) -> None:
    told = room.words(room.type(room.bo, "/help", private=True))
    assert "/appeal" in told
    assert "/intro" not in told
    assert "/challenge" not in told


def test_help_about_one_command_says_how_to_write_it_unless_it_is_not_for_the_asker(room: Any) -> None:
    room.rebuild(language="zh-CN")
    assert "/禁言 @成员 [30分钟] [原因]" in room.says(room.mo, "/帮助 禁言")
    assert "没有你能用的 /禁言" in room.says(room.bo, "/帮助 禁言")


def test_help_tells_of_commands_that_rules_are_started_by(room: Any) -> None:
    rule = Rule(
        id="faq", name="Common questions", kinds=frozenset({"command"}), condition=None, actions=(),
        names=frozenset({"faq", "checkin"}), groups=frozenset({"reading"}),
    )  # fmt: skip
    room.rebuild(rules=(rule,))
    told = room.says(room.bo, "/help")
    assert "/faq – Common questions" in told
    assert "/checkin – check in for today" in told
    assert room.setup.commands.parse("/打卡") == ("checkin", "打卡", "")


def test_the_rules_of_the_house_are_numbered_in_the_groups_language(room: Any) -> None:
    texts = {"rules.no_ads": {"en": ("No adverts.",), "zh-CN": ("不发广告。",)}, "rules.kind": {"en": ("Be kind.",)}}
    room.rebuild(texts=texts, library=Library(house_rules=("rules.no_ads", "rules.kind")))
    assert "1. No adverts.\n2. Be kind." in room.says(room.bo, "/rules")
    room.rebuild(language="zh-CN")
    assert "1. 不发广告。" in room.says(room.bo, "/群规")


def test_a_member_sees_their_own_figures(room: Any) -> None:
    room.post(room.bo, "hello")
    room.type(room.mo, "/warn @bo")
    told = room.says(room.bo, "/me")
    assert "Bo Chen · messages: 1 · active days: 1" in told
    assert "Warnings: 1" in told


def test_an_introduction_is_kept_with_what_it_says_and_shown_to_who_asks(room: Any) -> None:
    assert "Tell us a little" in room.says(room.bo, "/intro")
    assert "Bo Chen" in room.says(room.bo, "/intro Name: Bo\nCity: Xi'an\nInterests: {poems}")
    state = room.member(room.bo)
    assert state.profile["city"] == "Xi'an"
    assert state.introduced_at == room.now
    assert "Interests: {poems}" in room.says(room.mo, "/intro @bo")
    hello = room.post(room.xiaobo, "hi")
    assert "has not introduced" in room.says(room.bo, "/介绍", reply_to=hello)


def test_members_see_their_own_warnings_and_staff_those_of_anybody(room: Any) -> None:
    room.type(room.mo, "/warn @bo too loud")
    assert "by Mo: too loud" in room.says(room.bo, "/warnings")
    assert "for the admins" in room.says(room.xiaobo, "/warnings @bo")
    room.type(room.mo, "/forgive @bo")
    told = room.says(room.mia, "/警告记录 @bo")
    assert "0 warnings" in told
    assert "taken back" in told
    assert "小波 has no warnings" in room.says(room.mo, "/warnings 小波")


def test_rankings_by_messages_points_and_period(room: Any) -> None:
    for _ in range(3):
        room.post(room.bo, "a word")
    room.post(room.xiaobo, "another")
    week = room.says(room.mo, "/top week")
    assert "🥇 Bo Chen (3)" in week
    assert "this week" in week
    assert "of all time" in room.says(room.mo, "/排行 发言 全部")
    assert "first place is free" in room.says(room.mo, "/top points")
    assert "Only messages are counted" in room.says(room.mo, "/top points week")
    assert "Please write it so" in room.says(room.mo, "/top of the pops")


@pytest.mark.parametrize(("word", "title"), [("", "today"), ("week", "7 days"), ("本月", "30 days")])
def test_staff_see_the_group_in_figures(room: Any, word: str, title: str) -> None:
    advert = room.post(room.bo, "buy my book")
    room.post(room.xiaobo, "hello")
    room.type(room.mo, "/delete", reply_to=advert)
    told = room.says(room.mo, f"/stats {word}")
    assert title in told
    assert "Messages removed: 1" in told
    assert "Members: 7, new: 7" in told
    assert "around 10:00" in told, "on the group's clock"


def test_the_days_challenge_is_told_to_members_and_posted_by_who_may(room: Any) -> None:
    calendar = CalendarEntries(by_date={"2026-10-05": "Read {nothing} aloud"})
    assert "no challenge for 2026-10-05" in room.says(room.bo, "/challenge")
    room.rebuild(library=Library(calendars={"challenge": calendar}))
    (told,) = room.type(room.bo, "/挑战")
    assert told.delete_after
    (posted,) = room.type(room.sis, "/challenge")
    assert posted.announcement
    assert posted.delete_after is None
    assert room.state().challenge_day == "2026-10-05"
    assert room.acts()[0][:2] == (room.sis.id, "challenge")


def test_a_digest_is_posted_when_asked_for(room: Any) -> None:
    room.post(room.bo, "hello")
    (posted,) = room.type(room.sis, "/digest week")
    assert posted.announcement
    assert "The week in “Reading”" in room.words([posted])
    assert "Today in “Reading”" in room.says(room.sis, "/digest")
    assert "week" in PERIODS
    assert "Please write it so" in room.says(room.sis, "/digest century")


def test_a_plain_member_is_not_answered_without_end(room: Any) -> None:
    answers = [len(room.type(room.bo, "/me", after=room.now - room.now)) for _ in range(15)]
    assert sum(answers) == 10
    assert len([room.type(room.mo, "/me", after=room.now - room.now) for _ in range(15)]) == 15


def test_the_platforms_admins_keep_the_group_where_no_role_may_do_anything(room: Any) -> None:
    room.rebuild(config={name: part for name, part in room.config.items() if name != "roles"})
    assert room.ada.role is PlatformRole.ADMIN
    assert "a warning from Ada" in room.says(room.ada, "/warn @bo")
    assert "for the admins" in room.says(room.mo, "/warn @bo")


class Dice(Command):
    """Throw a die."""

    name = "dice"

    def decide(self, issued: Any, facts: Any, desk: Any) -> Any:
        return decided(issued, facts, desk, (answer(issued, facts, say("four")),))


def test_a_command_of_an_extension_is_listed_and_answered_like_the_others(room: Any) -> None:
    room.rebuild(more=(Dice(),))
    assert "/dice – Throw a die." in room.says(room.bo, "/help")
    assert room.says(room.bo, "/dice") == "four"
