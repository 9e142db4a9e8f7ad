"""Warning, muting, removing and their undoing, as staff type them."""

from datetime import timedelta
from typing import Any

import pytest

from rules.capability import Capability
from rules.effects import BanMember, DeleteMessage, KickMember, MuteMember, SendPrivate, SendText, UnmuteMember
from rules.events import MessagePosted
from rules.values import Group, Member, Mention, Message, PlatformRole


def kinds(effects: list[Any]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


def test_a_warning_is_counted_logged_and_told_with_its_reason_and_how_to_object(room: Any) -> None:
    (notice,) = room.type(room.mo, "/warn @bo no advertising please")
    assert isinstance(notice, SendText)
    assert notice.mentions == (room.bo.id,)
    assert "Bo Chen" in room.words([notice])
    assert "Mo (no. 1)" in room.words([notice])
    assert "Reason: no advertising please" in room.words([notice])
    assert "press “Appeal” below" in room.words([notice])
    (given,) = room.member(room.bo).warnings
    assert (given.by, given.reason) == (room.mo.id, "no advertising please")
    assert room.acts()[0] == (room.mo.id, "warn", room.bo.id, "no advertising please")
    assert "(no. 2)" in room.says(room.mia, "/warn @bo again")


def test_the_chinese_form_mutes_a_member_by_name_for_the_time_said(room: Any) -> None:
    room.rebuild(language="zh-CN")
    effects = room.type(room.mo, "／禁言 小波 30分钟 刷屏")
    assert effects[0] == MuteMember(group=room.reading, member=room.xiaobo.id, until=room.now + timedelta(minutes=30))
    assert room.words(effects).startswith("🔇 小波，你已被禁言 30 分钟，到 10:31 为止。原因：刷屏。")
    assert room.member(room.xiaobo).muted_until == room.now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("written", "minutes", "reason"),
    [
        ("@bo", 60, ""),
        ("@bo spamming", 60, "spamming"),
        ("@bo 2h spamming", 120, "spamming"),
        ("@bo 1h30m", 90, ""),
        ("@bo for 2 hours off topic", 120, "off topic"),
        ("@bo 45 min 3 adverts", 45, "3 adverts"),
        ("@bo 10m, 3 adverts", 10, "3 adverts"),
        ("bo chen 半小时 刷屏", 30, "刷屏"),
        ("＠bo ３０分钟刷屏", 30, "刷屏"),
        ("@bo 一天到晚刷屏", 60, "一天到晚刷屏"),
        ("@bo 两个小时 刷屏", 120, "刷屏"),
        ("@bo 1小时半 刷屏", 90, "刷屏"),
        ("@bo 一个半小时", 90, ""),
        ("@bo 3天半价促销", 4320, "半价促销"),
        ("telegram:10004 1d", 1440, ""),
        ("10004 1d", 1440, ""),
        ("“Bo Chen” 5m", 5, ""),
        ("@bo https://spam.example is no link for here", 60, "https://spam.example is no link for here"),
    ],
)
def test_target_duration_and_reason_are_told_apart(room: Any, written: str, minutes: int, reason: str) -> None:
    mute = room.type(room.mo, f"/mute {written}")[0]
    assert mute == MuteMember(group=room.reading, member=room.bo.id, until=room.now + timedelta(minutes=minutes))
    assert room.acts()[0][3] == reason


def test_a_reply_names_the_target_so_that_everything_typed_is_duration_and_reason(room: Any) -> None:
    advert = room.post(room.bo, "buy my book")
    effects = room.type(room.mo, "/mute 30m Mia asked you not to", reply_to=advert)
    assert effects[0] == MuteMember(group=room.reading, member=room.bo.id, until=room.now + timedelta(minutes=30))
    assert effects[1].reply_to == advert.id
    assert room.acts()[0][3] == "Mia asked you not to"


def test_a_mention_without_a_username_is_taken_with_all_its_words(room: Any) -> None:
    mention = Mention(text="@Bo Chen", member=room.bo.id)
    room.type(room.mo, "/warn @Bo Chen be nice", mentions=(mention,))
    assert room.acts()[0] == (room.mo.id, "warn", room.bo.id, "be nice")


def test_a_muted_member_can_be_given_their_voice_back_and_forgiven(room: Any) -> None:
    room.type(room.mo, "/warn @bo")
    room.type(room.mo, "/mute @bo forever")
    assert room.member(room.bo).muted_until.year == 9999
    effects = room.type(room.mia, "/unmute @bo")
    assert effects[0] == UnmuteMember(group=room.reading, member=room.bo.id)
    assert room.member(room.bo).muted_until is None
    room.type(room.mia, "/forgive @bo")
    assert room.member(room.bo).warnings == []
    assert "no warnings" in room.says(room.mia, "/forgive @bo")


def test_a_kick_by_reply_takes_the_message_along_and_is_no_ban(room: Any) -> None:
    advert = room.post(room.bo, "buy my book")
    effects = room.type(room.mo, "/kick advertising", reply_to=advert)
    assert kinds(effects) == ["DeleteMessage", "KickMember", "SendPrivate", "SendText"]
    assert effects[0] == DeleteMessage(group=room.reading, message=advert.id)
    assert effects[1] == KickMember(group=room.reading, member=room.bo.id)
    assert "welcome to come back" in room.words(effects)
    assert not room.member(room.bo).banned


def test_a_ban_ends_when_it_was_said_to_and_is_told_alone_and_aloud(room: Any) -> None:
    effects = room.type(room.mo, "/ban @bo 7d scam")
    assert effects[0] == BanMember(group=room.reading, member=room.bo.id, until=room.now + timedelta(days=7))
    assert isinstance(effects[1], SendPrivate)
    assert "for 7 days" in room.words(effects)
    assert room.member(room.bo).banned
    assert "may come back" in room.says(room.mo, "/unban @bo")
    assert not room.member(room.bo).banned


def test_a_message_is_removed_with_the_command_and_its_author_told_why(room: Any) -> None:
    advert = room.post(room.bo, "buy my book")
    effects = room.type(room.mo, "/delete off topic", reply_to=advert)
    assert kinds(effects) == ["DeleteMessage", "DeleteMessage", "SendText"]
    assert effects[0].message == advert.id
    assert "off topic" in room.words(effects)
    assert room.acts()[0] == (room.mo.id, "delete", room.bo.id, "off topic")
    assert "as a reply" in room.says(room.mo, "/delete")


def test_nobody_acts_on_themselves_the_bot_or_the_group(room: Any) -> None:
    assert "on yourself" in room.says(room.mo, "/mute @mo_mod 1h")
    assert "on yourself" in room.says(room.mo, "/unmute @mo_mod")
    notice = room.post(room.bot, "Welcome!")
    assert "on me?" in room.says(room.mo, "/ban", reply_to=notice)
    room.sent_as(f"{room.reading}/answer")
    nameless = Message(id=f"{room.reading}/answer", author=Member(id="telegram:90002", name="Keeper"))
    assert "on me?" in room.says(room.mo, "/kick", reply_to=nameless)
    anonymous = room.post(Member(id=room.reading, name="Reading", role=PlatformRole.ADMIN), "dear all")
    assert "group's own name" in room.says(room.mo, "/warn", reply_to=anonymous)
    assert room.acts() == []


def test_moderators_cannot_act_on_staff_but_the_owner_can(room: Any) -> None:
    for target in ("@mia_mod", "@olga", "@ada"):
        assert "one of the admins" in room.says(room.mo, f"/mute {target} 1h")
    assert room.acts() == []
    assert room.type(room.olga, "/mute @mia_mod 1h")[0].member == room.mia.id


def test_an_unknown_target_is_named_and_nothing_is_done(room: Any) -> None:
    assert "“@nobody”" in room.says(room.mo, "/ban @nobody 7d")
    assert "“Somebody”" in room.says(room.mo, "/ban Somebody")
    room.join(Member(id="telegram:20001", name="小波"))
    assert "several people" in room.says(room.mo, "/mute 小波")
    assert room.acts() == []


def test_a_number_without_its_unit_is_asked_about(room: Any) -> None:
    assert "30 what?" in room.says(room.mo, "/mute @bo 30 spamming")
    assert "at most ten years" in room.says(room.mo, "/mute @bo 99999d")
    assert "Please write it so: /mute @member" in room.says(room.mo, "/mute 30m")
    assert room.acts() == []


def test_what_the_platform_cannot_do_is_said_instead_of_logged(room: Any) -> None:
    room.rebuild(capabilities=frozenset({Capability.SEND, Capability.DELETE}))
    said = room.says(room.mo, "/mute @bo")
    assert said == "/mute has no effect here: this platform does not let me do that. What works here: /warn, /delete"
    assert room.acts() == []


def test_only_commands_are_named_instead_that_the_issuer_may_use(room: Any) -> None:
    room.config["roles"] = {**room.config["roles"], "moderator": {"members": [room.mo.id], "can": ["mute"]}}
    room.rebuild(capabilities=frozenset({Capability.SEND, Capability.KICK}))
    assert room.says(room.mo, "/mute @bo") == "/mute has no effect here: this platform does not let me do that."
    assert room.says(room.olga, "/mute @bo").endswith("What works here: /warn, /kick")


def test_a_member_is_told_once_an_hour_that_a_command_is_not_theirs(room: Any) -> None:
    (answer,) = room.type(room.bo, "/ban @olga")
    assert "for the admins" in room.words([answer])
    assert answer.delete_after
    assert room.type(room.bo, "/ban @olga") == []
    assert room.type(room.bo, "/mute @olga") == []
    assert len(room.type(room.bo, "/ban @olga", after=timedelta(hours=1))) == 1
    assert room.acts() == []


def test_braces_in_a_reason_stay_what_they_are(room: Any) -> None:
    assert "Reason: {actor} {group} {0}" in room.says(room.mo, "/warn @bo {actor} {group} {0}")


def posted(room: Any, number: int, author: Member, text: str, **more: Any) -> MessagePosted:
    message = Message(id=f"{room.reading}/x{number}", author=author, text=text, at=room.now, **more)
    return MessagePosted(id=f"telegram:x{number}", group=Group(room.reading), at=room.now, message=message)


def test_an_event_that_comes_again_warns_once(room: Any) -> None:
    event = posted(room, 1, room.mo, "/warn @bo")
    assert len(room.settle(event)) == 1
    assert room.settle(event) == []
    assert len(room.member(room.bo).warnings) == 1


def test_a_command_knows_what_came_just_before_it_in_the_same_batch(room: Any) -> None:
    ned = Member(id="telegram:30001", name="Ned", username="ned")
    hello = posted(room, 1, ned, "hello, I am new")
    warn = posted(room, 2, room.mo, "/warn @ned introduce yourself first")
    why = posted(room, 3, room.mo, "/why", reply_to=hello.message.id, reply_to_author=ned)
    told = room.words(room.settle(hello, warn, why))
    assert "Ned, a warning from Mo" in told
    assert "No rule is for such a message" in told
    assert room.says(room.mo, "/top all").count("Ned (1)") == 1


def test_an_anonymous_admin_acts_in_the_groups_name(room: Any) -> None:
    roles = {**room.config["roles"], "admins": {"from_platform_admins": True, "can": ["warn"]}}
    room.rebuild(config={**room.config, "roles": roles})
    anonymous = Member(id=room.reading, name="Reading", role=PlatformRole.ADMIN)
    assert "a warning from Reading" in room.says(anonymous, "/warn @bo")
    assert room.acts()[0][:2] == (room.reading, "warn")
