"""What the bot did to a member is told to staff with buttons: undone, kept, or no advertisement at all."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rules.actions.ladder import Ladder
from rules.actions.messages import Delete
from rules.actions.sanctions import Ban, Kick, Mute, Warn
from rules.actions.staff import Alert, AskStaff
from rules.buttons import bare, button, place_name
from rules.capability import Capability
from rules.cases import case_buttons
from rules.effects import (
    AnswerButton,
    BanMember,
    DeleteMessage,
    InviteMember,
    KickMember,
    MuteMember,
    SendPrivate,
    SendText,
    UnbanMember,
    UnmuteMember,
)
from rules.facts import GroupSettings
from rules.rulebook import Rule
from rules.step import LadderSteps, Library, Rung
from rules.values import Member, PlatformRole

HOUR = Mute.model_validate({"for": "1h"})
AD = "Limited places!"


def ruled(room: Any, *actions: Any, **more: Any) -> None:
    """Everything that plain members write is taken for an advertisement."""
    rule = Rule("ads", "No ads", frozenset({"message"}), None, actions, groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,), tells_sanctions=True, **more)


def told(room: Any, effects: list[Any]) -> SendText:
    (found,) = [effect for effect in effects if isinstance(effect, SendText) and effect.group == room.staff]
    return found


def labels(sent: SendText) -> list[str]:
    return [button.text for button in sent.buttons]


def test_staff_are_told_once_and_quietly_of_a_mute_with_what_can_be_done_about_it(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    case = told(room, room.type(room.bo, AD))
    assert case.silent
    assert case.running == "case/reading/1"
    assert room.words([case]) == (
        "⚠️ No ads\nBo Chen (telegram:10004) in “Reading”:\n“Limited places!”\n→ muted · message removed (no. 1)"
    )
    assert [(one.text, one.data) for one in case.buttons] == [
        ("↩️ Undo", "/undo 1 reading"),
        ("Keep muted", "/keep 1 reading"),
        ("It was no ad", "/noad 1 reading"),
        ("Why?", "/why #1 reading"),
    ]


def test_the_buttons_are_in_the_groups_language(room: Any) -> None:
    ruled(room, Ban(), language="zh-CN")
    assert labels(told(room, room.type(room.bo, AD))) == ["↩️ 撤销", "维持封禁", "为什么？"]


def test_a_staff_room_without_buttons_reads_what_to_type(room: Any) -> None:
    ruled(room, HOUR, staff_capabilities=frozenset({Capability.SEND}))
    assert "Keep muted: /keep 1 reading\nWhy?: /why #1 reading" in room.words([told(room, room.type(room.bo, AD))])
    assert len(room.type(room.mo, "/undo 1 reading", group=room.staff)) == 3, "unmuted, told, answered"


def test_nothing_is_told_unasked_where_the_file_does_not_want_it(room: Any) -> None:
    ruled(room, HOUR)
    room.rebuild(tells_sanctions=False)
    assert [effect.group for effect in room.type(room.bo, AD)] == [room.reading, room.reading]


def test_an_alert_and_a_ladder_and_a_question_to_staff_are_one_message(room: Any) -> None:
    ruled(room, Alert(text="Look here."), HOUR, AskStaff(whether_to="remove"))
    case = told(room, room.type(room.bo, AD))
    words = room.words([case])
    assert words.startswith("Look here.")
    assert "Remove this member?" in words
    assert words.count("Bo Chen") <= 2
    assert labels(case) == ["Remove", "↩️ Undo", "Do nothing", "Why?"]
    assert not case.silent


def test_undo_takes_back_the_mute_the_points_and_the_warning_of_that_moment_only(room: Any) -> None:
    ladders = {"ads": LadderSteps((Rung(1, (Delete(), Warn(), HOUR)),))}
    ruled(room, Ladder(name="ads"), library=Library(ladders=ladders))
    room.type(room.mo, "/warn @bo something else")
    room.type(room.bo, AD)
    assert len(room.member(room.bo).points) == 1
    unmuted, word, closed, answer = room.press(room.mo, "/undo 1 reading", press="p1")
    assert unmuted == UnmuteMember(group=room.reading, member=room.bo.id)
    state = room.member(room.bo)
    assert (state.muted_until, state.points) == (None, [])
    assert [warning.reason for warning in state.warnings] == ["something else"]
    assert isinstance(word, SendPrivate)
    assert word.otherwise is not None
    assert (closed.running, closed.buttons) == ("case/reading/1", ())
    assert "“Limited places!”" in room.words([closed]), "what was removed can still be read by staff"
    assert room.words([closed]).splitlines()[-1].startswith("↩️ Taken back · Mo")
    assert isinstance(answer, AnswerButton)
    assert room.acts()[0] == (room.mo.id, "undo", room.bo.id, "")
    told_of = room.says(room.mo, "/warnings @bo")
    assert "1 warnings in force" in told_of
    assert "(taken back)" in told_of


def test_who_was_removed_by_mistake_is_invited_back_where_the_bot_can_do_that(room: Any) -> None:
    ruled(room, Kick())
    room.type(room.bo, AD)
    invited, private, *_ = room.press(room.mo, "/undo 1 reading", press="p1")
    assert invited == InviteMember(group=room.reading, member=room.bo.id)
    assert "and invited you back" in room.words([private])
    room.type(room.bo, AD)
    ruled(room, Kick(), capabilities=frozenset(Capability) - {Capability.INVITE})
    effects = room.press(room.mo, "/undo 2 reading", press="p2")
    assert not any(isinstance(effect, InviteMember) for effect in effects)
    assert "invited" not in room.words(effects)


def test_a_decision_is_made_once_and_who_comes_second_is_told_by_whom(room: Any) -> None:
    ruled(room, Ban())
    room.type(room.bo, AD)
    assert UnbanMember(group=room.reading, member=room.bo.id) in room.press(room.mo, "/undo 1 reading", press="p1")
    (answer,) = room.press(room.mia, "/keep 1 reading", press="p2")
    assert isinstance(answer, AnswerButton)
    assert answer.alert
    assert answer.text.literal == "No. 1 is decided already, by Mo: ↩️ Taken back"


def test_keeping_a_mute_closes_the_question_and_changes_nothing(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    closed, answer = room.press(room.mo, "/keep 1 reading", press="p1")
    assert "👍 It stands · Mo" in room.words([closed])
    assert answer.text.literal == "👍 It stands (no. 1, Bo Chen)."
    assert room.member(room.bo).muted_until is not None


def test_what_was_no_advertisement_is_undone_and_noted_with_its_message(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    message = room.post(room.bo, AD)
    assert any(isinstance(effect, UnmuteMember) for effect in room.press(room.mo, "/noad 1 reading", press="p1"))
    assert room.acts()[:2] == [
        (room.mo.id, "no_ad", room.bo.id, message.id),
        (room.mo.id, "undo", room.bo.id, ""),
    ]


def test_who_may_not_decide_reads_so_and_nothing_else_happens(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    for data in ("/undo 1 reading", "/keep 1 reading", "/noad 1 reading", "/undo 1 reading"):
        (answer,) = room.press(room.xiaobo, data, press="p1")
        assert (answer.press, answer.alert) == ("p1", True)
        assert "for the admins" in answer.text.literal
    assert room.member(room.bo).muted_until is not None


def test_why_is_answered_in_the_staff_room_where_all_can_read_it(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    why, end = room.press(room.mo, "/why #1 reading", press="p1")
    assert (why.group, end) == (room.staff, AnswerButton(group=room.staff, press="p1"))
    assert "No ads" in room.words([why])


@pytest.mark.parametrize("typed", ["/undo 1", "/undo #1", "/撤销 1", "/undo 1 reading", "/undo"])
def test_a_decision_can_be_typed_in_the_group_and_in_the_staff_room(room: Any, typed: str) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    place = room.reading if typed == "/undo" else room.staff
    assert any(isinstance(effect, UnmuteMember) for effect in room.type(room.mo, typed, group=place))


def test_a_decision_can_be_given_as_a_reply_to_the_message_or_to_what_staff_were_told(room: Any) -> None:
    ruled(room, HOUR)
    message = room.post(room.bo, AD)
    assert any(isinstance(effect, UnmuteMember) for effect in room.type(room.mo, "/undo", reply_to=message))
    room.post(room.xiaobo, AD)
    room.sent_as(f"{room.staff}/900")
    told_there = room.post(room.mo, "hm", group=room.staff)
    notice = replace(told_there, id=f"{room.staff}/900", author=room.bot)
    effects = room.type(room.mo, "/undo", reply_to=notice, group=room.staff)
    assert UnmuteMember(group=room.reading, member=room.xiaobo.id) in effects


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("/undo 7", "no decision no. 7"), ("/undo bo", "and the number"), ("/why #7", "no decision no. 7")],
)
def test_a_number_that_is_none_is_told(room: Any, typed: str, answer: str) -> None:
    assert answer in room.says(room.mo, typed)


def test_why_knows_no_number_that_undo_does_not_know(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    assert "no decision no. １" in room.says(room.mo, "/why #１")
    assert "and the number" in room.says(room.mo, "/undo #１")


def test_several_open_decisions_are_named_by_their_numbers(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    room.type(room.xiaobo, AD)
    assert "open are: 2, 1" in room.says(room.mo, "/undo")


@pytest.mark.parametrize(("typed", "closes"), [("/unmute @bo", True), ("/kick @bo", True), ("/warn @bo", False)])
def test_what_staff_do_by_hand_settles_the_question(room: Any, typed: str, closes: bool) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    effects = room.type(room.mo, typed)
    closed = [effect for effect in effects if isinstance(effect, SendText) and effect.running]
    assert [effect.running for effect in closed] == (["case/reading/1"] if closes else [])
    assert ("decided already" in room.says(room.mo, "/undo 1")) is closes


def test_the_button_of_a_question_to_staff_is_carried_out_and_closes_it(room: Any) -> None:
    ruled(room, Delete(), AskStaff(whether_to="remove"))
    case = told(room, room.type(room.bo, AD))
    assert case.buttons[0].data == "/kick 10004 reading"
    effects = room.press(room.mo, case.buttons[0].data, press="p1")
    assert KickMember(group=room.reading, member=room.bo.id) in effects
    assert [effect.running for effect in effects if isinstance(effect, SendText) and effect.running] == [
        "case/reading/1"
    ]


def test_a_flood_of_measures_does_not_flood_the_staff_room_and_all_of_them_can_be_undone(room: Any) -> None:
    ruled(room, Ban())
    raiders = [Member(id=f"telegram:{20000 + number}", name=f"R{number}") for number in range(12)]
    notices = [room.type(raider, AD, after=timedelta(seconds=1)) for raider in raiders]
    assert sum(effect.group == room.staff for effects in notices for effect in effects) == 10
    assert UnbanMember(group=room.reading, member=raiders[11].id) in room.type(room.mo, "/undo 12")


def test_an_appeal_button_works_for_who_was_muted_and_for_nobody_else(room: Any) -> None:
    ruled(room, HOUR)
    notice = next(effect for effect in room.type(room.bo, AD) if getattr(effect, "buttons", ()))
    (appeal,) = notice.buttons
    assert (appeal.text, appeal.data) == ("Appeal", "/appeal 10004")
    (answer,) = room.press(room.xiaobo, appeal.data, group=room.reading, press="p1")
    assert answer.text.literal == "This button is for Bo Chen."
    asked, answer = room.press(room.bo, appeal.data, group=room.reading, press="p2")
    assert (asked.group, asked.running) == (room.staff, "appeal/reading/1")
    assert "Bo Chen (telegram:10004) objects, in “Reading”, without a word of their own." in room.words([asked])
    assert labels(asked) == ["↩️ Undo", "Keep muted", "Why?"]
    assert "have been told" in answer.text.literal
    word, closed, again, _ = room.press(room.mo, "/keep 1 reading", press="p3")
    assert isinstance(word, SendPrivate)
    assert "The decision stands this time" in room.words([word])
    assert [closed.running, again.running] == ["case/reading/1", "appeal/reading/1"]


def test_who_is_no_admin_is_told_so_of_a_button_and_not_of_a_command(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    (answer,) = room.press(room.xiaobo, "/undo 1 reading", press="p1")
    assert answer.text.literal == "This button is for the admins."


def test_an_appeal_by_the_button_of_a_private_word_reaches_the_group_it_is_about(room: Any) -> None:
    ruled(room, Ban())
    word = next(effect for effect in room.type(room.bo, AD) if isinstance(effect, SendPrivate))
    assert [one.data for one in word.buttons] == ["/appeal 10004 reading"]
    asked, answer = room.press(room.bo, word.buttons[0].data, press="p1", private=True)
    assert (asked.group, asked.running) == (room.staff, "appeal/reading/1")
    assert answer == AnswerButton(group=room.reading, press="p1", text=answer.text)


def test_an_appeal_has_its_time_and_staff_have_theirs(room: Any) -> None:
    steps = LadderSteps((Rung(1, (HOUR,)),), appeal_within=timedelta(days=7), answer_within=timedelta(hours=24))
    ruled(room, Ladder(name="ads"), library=Library(ladders={"ads": steps}))
    room.type(room.bo, AD)
    room.type(room.xiaobo, AD)
    room.press(room.bo, "/appeal 10004", group=room.reading)
    ((name, subject, due),) = room.timers()
    assert (name, subject) == ("appeal#1", room.bo.id)
    assert due == room.now + timedelta(hours=24)
    room.press(room.mo, "/keep 1 reading")
    assert room.timers() == []
    room.now += timedelta(days=8)
    (answer,) = room.press(room.xiaobo, "/appeal 10005", group=room.reading, press="p1")
    assert "An appeal was possible until" in answer.text.literal


def test_who_has_read_the_rules_is_thanked_and_tagged(room: Any) -> None:
    (answer,) = room.press(room.bo, "/read", group=room.reading, press="p1")
    assert answer == AnswerButton(group=room.reading, press="p1", text=answer.text)
    assert answer.text.literal == "Thank you, Bo Chen! 🌱"
    state = room.member(room.bo)
    assert (state.tags, state.read_rules_at) == (["read_rules"], room.now)
    room.press(room.xiaobo, "/read reading", press="p2", private=True)
    assert room.member(room.xiaobo).tags == ["read_rules"]


@pytest.mark.parametrize(
    "key", ["reading", "读书会的大群组一二三", "a-rather-long-name-of-a-group-that-somebody-chose-for-it"]
)
def test_every_command_behind_a_button_fits_into_64_bytes(key: str) -> None:
    settings = GroupSettings(key=key, chat="telegram:-1001234567890", platform="telegram")
    place = place_name(settings)
    everything = [
        *case_buttons(99999, ("ban_member", "delete_message"), settings),
        *case_buttons(99999, ("mute_member",), settings, asked=True),
        button("kick", f"/kick {bare('telegram:7123456789')} {place}"),
        button("appeal", f"/appeal {bare('telegram:7123456789')} {place}"),
        button("approve", f"/approve 99999 {place}"),
        button("why", f"/why /123456789 {place}"),
        button("read_rules", f"/read {place}"),
    ]
    assert max(len(one.data.encode()) for one in everything) <= 64


def test_a_group_of_a_long_name_is_found_by_its_id(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    room.join(room.bo, group=room.garden)
    assert any(isinstance(effect, UnmuteMember) for effect in room.press(room.mo, f"/undo 1 {room.reading}", press="p"))


CHANNEL = Member(id="telegram:-100555", name="Ads", is_chat=True)
LINKED = Member(id="telegram:-100777", name="News", is_chat=True, role=PlatformRole.GROUP)


def test_a_channel_is_banned_by_a_reply_and_cannot_be_muted(room: Any) -> None:
    advert = room.post(CHANNEL, AD)
    assert "channel" in room.says(room.mo, "/mute", reply_to=advert)
    effects = room.type(room.mo, "/ban", reply_to=advert)
    assert BanMember(group=room.reading, member=CHANNEL.id) in effects
    assert DeleteMessage(group=room.reading, message=advert.id) in effects
    assert UnbanMember(group=room.reading, member=CHANNEL.id) in room.type(room.mo, "/unban -100555")


def test_a_channel_gives_no_orders_whatever_it_has_earned(room: Any) -> None:
    roles = {**room.config["roles"], "helper": {"earn": {"messages": 1}, "can": ["warn", "ban"]}}
    room.rebuild(config={**room.config, "roles": roles})
    room.post(CHANNEL, "hello")
    assert "for the admins" in room.says(CHANNEL, "/ban @bo")


def test_an_anonymous_admin_may_do_what_admins_may(room: Any) -> None:
    anonymous = Member(id=room.reading, name="Reading", is_chat=True, role=PlatformRole.GROUP)
    roles = {**room.config["roles"], "admins": {"from_platform_admins": True, "can": ["warn", "mute"]}}
    assert "for the admins" in room.says(anonymous, "/mute @bo 1h")
    room.rebuild(config={**room.config, "roles": roles})
    assert any(isinstance(effect, MuteMember) for effect in room.type(anonymous, "/mute @bo 1h"))
    written = room.post(anonymous, "Welcome all")
    assert "in the group's own name" in room.says(room.olga, "/ban", reply_to=written)
    assert "in the group's own name" in room.says(room.olga, f"/ban {room.reading.partition(':')[2]}")


def test_the_linked_channel_is_out_of_everybodys_reach(room: Any) -> None:
    news = room.post(LINKED, "News of today")
    for target in (None, news):
        said = room.says(room.olga, "/ban" if target else f"/ban {LINKED.id}", reply_to=target)
        assert "belongs to this group" in said
