"""Commands given in the staff room, by button, or to the bot alone: carried out in the group they are about."""

from datetime import timedelta
from typing import Any

import pytest

from rules.actions.messages import Hold
from rules.effects import AnswerButton, BanMember, MuteMember, SendPrivate, SendText, UnbanMember
from rules.rulebook import Rule
from rules.values import Member, PlatformRole

STRANGER = Member(id="telegram:77777", name="Stranger")
ZOE = Member(id="telegram:10008", name="Zoe", username="zoe")


def test_a_mute_given_in_the_staff_room_is_done_where_the_member_is_and_answered_in_the_room(room: Any) -> None:
    mute, notice, answer = room.type(room.mo, "/mute @bo 2h spam", group=room.staff)
    assert mute == MuteMember(group=room.reading, member=room.bo.id, until=room.now + timedelta(hours=2))
    assert notice.group == room.reading
    assert (answer.group, answer.delete_after) == (room.staff, None)
    assert "/mute: Bo Chen, in “Reading”" in room.words([answer])
    assert room.acts() == [(room.mo.id, "mute", room.bo.id, "spam")]
    assert room.member(room.bo).muted_until is not None


def test_the_staff_room_is_asked_which_group_where_several_could_be_meant(room: Any) -> None:
    room.join(room.bo, group=room.garden)
    assert room.says(room.mo, "/warn @bo spam", group=room.staff).endswith(": Reading / Garden")
    assert room.acts() == []
    notice, _ = room.type(room.mo, "/warn @bo spam in garden", group=room.staff)
    assert notice.group == room.garden
    assert room.acts(room.garden)[0] == (room.mo.id, "warn", room.bo.id, "spam")
    assert "“Reading” today" in room.says(room.mo, "/stats reading", group=room.staff)


def test_a_member_without_a_username_is_found_in_the_staff_room_by_the_name_behind_an_at(room: Any) -> None:
    room.join(Member(id="telegram:10019", name="阿乙"))
    notice, _ = room.type(room.mo, "/warn @阿乙 spam", group=room.staff)
    assert notice.group == room.reading


def test_the_staff_room_is_not_asked_for_the_group_of_a_number_that_no_group_has(room: Any) -> None:
    assert room.says(room.mo, "/undo 99", group=room.staff) == "I know of no decision no. 99 here."


def test_a_button_below_an_alert_does_what_it_says(room: Any) -> None:
    effects = room.press(room.mo, f"/ban {room.bo.id} reading")
    assert effects[0] == BanMember(group=room.reading, member=room.bo.id)
    assert effects[-1].group == room.staff
    assert room.press(room.bo, f"/unban {room.bo.id} reading", group=room.reading)[0].delete_after


def test_what_may_be_done_in_the_staff_room_holds_in_the_group_and_nothing_more(room: Any) -> None:
    admin = Member(id=ZOE.id, name="Zoe", role=PlatformRole.ADMIN)
    room.join(admin, group=room.staff)
    assert "for the admins" in room.says(admin, "/warn @bo", group=room.staff)
    assert room.member(ZOE).role is PlatformRole.MEMBER
    roles = {**room.config["roles"], "admins": {"from_platform_admins": True, "can": ["warn"]}}
    room.rebuild(config={**room.config, "roles": roles})
    room.type(admin, "/warn @bo", group=room.staff)
    assert room.acts()[0][:2] == (ZOE.id, "warn")
    assert room.member(ZOE).role is PlatformRole.MEMBER
    assert "one of the admins" in room.says(admin, "/warn @mo_mod in reading", group=room.staff)


def test_a_mass_action_is_confirmed_from_the_staff_room_too(room: Any) -> None:
    asked = room.says(room.mo, "/kick telegram:10004 telegram:10005 spam", group=room.staff)
    code = asked.split("/confirm ")[1][:4]
    done = room.type(room.mo, f"/confirm {code}", group=room.staff)
    assert [type(effect).__name__ for effect in done].count("KickMember") == 2
    assert len(room.acts()) == 2


def test_an_announcement_in_the_staff_room_needs_to_know_where(room: Any) -> None:
    assert "all reading garden" in room.says(room.olga, "/announce hello", group=room.staff)
    posted, answer = room.type(room.olga, "/announce hello in Garden", group=room.staff)
    assert posted.group == room.garden
    assert answer.group == room.staff


def _holding(room: Any) -> None:
    rule = Rule("links", "Links first", frozenset({"message"}), None, (Hold(),), groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,))


def test_a_held_message_is_approved_by_its_number_and_posted_in_its_authors_name(room: Any) -> None:
    _holding(room)
    room.post(room.bo, "see {this}: example.org")
    posted, closed, answer = room.type(room.mo, "/approve 1", group=room.staff)
    assert posted == SendText(group=room.reading, text=posted.text, mentions=(room.bo.id,), mention_names=("Bo Chen",))
    assert room.words([posted]) == "Bo Chen wrote:\nsee {this}: example.org"
    assert answer.group == room.staff
    assert (closed.running, closed.buttons) == ("review/reading/1", ())
    assert "is posted. · Mo" in room.words([closed])
    assert room.state().reviews == []
    assert room.acts()[0] == (room.mo.id, "approve", room.bo.id, "")
    assert "No message is waiting" in room.says(room.mo, "/approve 1 reading", group=room.staff)


def test_a_rejected_author_is_told_alone_and_why(room: Any) -> None:
    _holding(room)
    room.post(room.bo, "example.org")
    room.post(room.xiaobo, "example.net")
    assert "waiting are: 1, 2" in room.says(room.mia, "/reject 7 reading", group=room.staff)
    told, _, _ = room.type(room.mia, "/reject 2 advertising reading", group=room.staff)
    assert isinstance(told, SendPrivate)
    assert told.member == room.xiaobo.id
    assert "Reason: advertising" in room.words([told])
    assert [review.number for review in room.state().reviews] == [1]


def test_who_was_muted_asks_the_bot_alone_why_and_objects(room: Any) -> None:
    room.type(room.mo, "/mute @bo 2h shouting")
    (why,) = room.type(room.bo, "/why", private=True)
    assert isinstance(why, SendPrivate)
    assert (why.group, why.member) == (room.reading, room.bo.id)
    assert "Mo used /mute on Bo Chen. Reason: shouting" in room.words([why])
    assert "/appeal" in room.words([why])
    told, answer = room.type(room.bo, "/申诉 I was only reading aloud", private=True)
    assert told.group == room.staff
    assert "I was only reading aloud" in room.words([told])
    assert "shouting" in room.words([told])
    assert [button.data for button in told.buttons] == ["/undo 1 reading", "/keep 1 reading", "/why #1 reading"]
    assert [button.text for button in told.buttons] == ["↩️ Undo", "Keep muted", "Why?"]
    assert isinstance(answer, SendPrivate)


def test_an_appeal_names_what_would_undo_the_decision(room: Any) -> None:
    room.type(room.mo, "/ban @bo scam")
    told, _ = room.type(room.bo, "/appeal a mistake", private=True)
    assert [button.data for button in told.buttons] == ["/undo 1 reading", "/keep 1 reading", "/why #1 reading"]
    assert "/appeal" not in room.words([told])
    unbanned, word, closed, again, answer = room.press(room.mo, "/undo 1 reading", press="p1")
    assert unbanned == UnbanMember(group=room.reading, member=room.bo.id)
    assert not room.member(room.bo).banned
    assert isinstance(word, SendPrivate)
    assert "taken it back" in room.words([word])
    assert {closed.running, again.running} == {"case/reading/1", "appeal/reading/1"}
    assert answer == AnswerButton(group=room.staff, press="p1", text=answer.text)


def test_appeals_are_few_and_need_a_staff_room(room: Any) -> None:
    for _ in range(3):
        assert len(room.type(room.bo, "/appeal why me")) == 2
    assert "will look at them" in room.says(room.bo, "/appeal why me")
    room.rebuild(config={name: part for name, part in room.config.items() if name != "staff"})
    assert "no staff room" in room.says(room.xiaobo, "/appeal")


@pytest.mark.parametrize("words", ["/me", "/warn @bo", "hello"])
def test_a_stranger_alone_with_the_bot_is_not_answered(room: Any, words: str) -> None:
    assert room.type(STRANGER, words, private=True) == []


def test_commands_of_the_group_cannot_be_given_alone(room: Any) -> None:
    assert room.type(room.mo, "/warn @bo", private=True) == []
    assert room.acts() == []
    room.join(room.bo, group=room.garden)
    (told,) = room.type(room.bo, "/me in reading", private=True)
    assert told.group == room.reading
