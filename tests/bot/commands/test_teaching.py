"""/spam and /ham: what staff say of single messages is done, learned from, told aside, and can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rules.actions.messages import Delete
from rules.actions.sanctions import Ban, Mute
from rules.actions.staff import Alert
from rules.capability import Capability
from rules.conditions.text import TextHasAny
from rules.conditions.verdicts import Ad
from rules.effects import AnswerButton, DeleteMessage, SendPrivate, SendText, UnmuteMember
from rules.events import MessageEdited, MessagePosted
from rules.logic import AnyOf
from rules.rulebook import Rule
from rules.values import Group, Member, Message, PlatformRole
from storage import labels, lookups, outbox, retention
from storage.labels import Label
from storage.schema import labels as labels_table

HOUR = Mute.model_validate({"for": "1h"})
AD = "Earn 900 a day from home, write to @fastcash now"
TALK = "Which chapter are we reading on Friday?"


def taught(room: Any, group: str | None = None) -> list[Label]:
    found: list[Label] = room.db.read_now(lambda conn: labels.latest(conn, group or room.reading))
    return found


def in_force(room: Any) -> list[tuple[bool, str]]:
    return [(label.ad, label.by) for label in reversed(taught(room)) if label.undone_at is None]


def ruled(room: Any, *actions: Any, **more: Any) -> None:
    """Who writes of cash is taken for an advertiser by a rule that asks the detection, too."""
    ad = AnyOf(of=(Ad(), TextHasAny(of=("fastcash",))))
    rule = Rule("ads", "No ads", frozenset({"message"}), ad, actions, groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,), tells_sanctions=True, **more)


def deleted(effects: list[Any]) -> list[str]:
    return [effect.message for effect in effects if isinstance(effect, DeleteMessage)]


def sent_as(room: Any, group: str, message: str) -> None:
    """The bot's word in a group was sent, and is this message now."""
    waiting = room.db.read_now(lambda conn: outbox.waiting(conn, 0, 100)).found
    (word,) = [one for one in waiting if one.group == group and isinstance(one.effect, SendText)]
    room.db.write_now(lambda conn: outbox.mark_sent(conn, [(word.id, message, room.now)]))


def test_a_message_that_is_an_ad_goes_and_is_learned_from_and_only_staff_read_of_it(room: Any) -> None:
    message = room.post(room.bo, AD)
    effects = room.type(room.mo, "/spam", reply_to=message)
    assert set(deleted(effects)) == {message.id, f"{room.reading}/102"}, "the command goes, too"
    (told,) = [effect for effect in effects if isinstance(effect, SendText)]
    assert told.group == room.staff
    assert told.silent
    assert told.text.literal == (
        "🧹 The message was removed.\n🎓 Learned: an advertisement (no. 1). To take it back: /unlearn 1\n(Reading)"
    )
    (label,) = taught(room)
    assert (label.ad, label.by, label.member, label.message) == (True, room.mo.id, room.bo.id, message.id)
    assert (label.source, label.group) == ("command", room.reading)
    assert room.acts()[0] == (room.mo.id, "spam", room.bo.id, message.id)
    assert room.member(room.bo).warnings == []


def test_a_label_holds_no_word_of_the_message(room: Any) -> None:
    room.type(room.mo, "/spam", reply_to=room.post(room.bo, AD))
    (label,) = taught(room)
    assert label.features
    for word in (b"fastcash", b"Earn", b"900"):
        assert word not in label.features + (label.sketch or b"")


def test_without_a_staff_room_a_short_lived_word_names_nobody(room: Any) -> None:
    room.rebuild(config={name: part for name, part in room.config.items() if name != "staff"})
    message = room.post(room.bo, AD)
    (told,) = [effect for effect in room.type(room.mo, "/spam", reply_to=message) if isinstance(effect, SendText)]
    assert (told.group, told.reply_to, told.mentions) == (room.reading, None, ())
    assert told.delete_after == 300
    assert "Bo" not in (told.text.literal or "")


def test_where_nothing_can_be_removed_it_is_learned_all_the_same(room: Any) -> None:
    message = room.post(room.bo, AD)
    room.rebuild(capabilities=frozenset({Capability.SEND}))
    effects = room.type(room.mo, "/spam", reply_to=message)
    assert deleted(effects) == []
    assert "🎓 Learned: an advertisement (no. 1)." in room.words(effects)
    assert "🧹" not in room.words(effects)


def test_ordinary_is_learned_without_a_case_and_a_mute_for_another_reason_is_pointed_at(room: Any) -> None:
    message = room.post(room.bo, TALK)
    room.type(room.mo, "/mute @bo 1h")
    told = room.says(room.mia, "/ham", reply_to=message)
    assert "🎓 Learned: no advertisement (no. 1)." in told
    assert "Bo Chen is still muted, for another reason: /unmute." in told
    assert in_force(room) == [(False, room.mia.id)]


def test_ham_takes_back_what_was_done_because_of_the_message(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    message = room.post(room.bo, AD)
    effects = room.type(room.mo, "/ham", reply_to=message)
    assert UnmuteMember(group=room.reading, member=room.bo.id) in effects
    assert any(isinstance(effect, SendPrivate) for effect in effects)
    assert "What was removed cannot be brought back: Bo Chen may post it again." in room.words(effects)
    assert room.member(room.bo).muted_until is None
    assert {act for _, act, _, _ in room.acts()} >= {"ham", "no_ad"}
    (closed,) = [effect for effect in effects if getattr(effect, "running", None)]
    assert "it was no advertisement" in room.words([closed])


def test_the_card_of_a_decision_about_ads_has_buttons_to_say_what_it_was(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    (case,) = [effect for effect in room.type(room.bo, AD) if getattr(effect, "running", None)]
    assert [(one.text, one.data) for one in case.buttons] == [
        ("↩️ Undo", "/undo 1 reading"),
        ("Keep muted", "/keep 1 reading"),
        ("It is an ad", "/spam 1 reading"),
        ("It was no ad", "/noad 1 reading"),
        ("Why?", "/why #1 reading"),
    ]


def test_a_rule_that_does_not_ask_the_detection_has_none(room: Any) -> None:
    rule = Rule("long", "Too long", frozenset({"message"}), None, (HOUR,), groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,), tells_sanctions=True)
    (case,) = [effect for effect in room.type(room.bo, AD) if getattr(effect, "running", None)]
    assert all("/spam" not in (one.data or "") for one in case.buttons)


def test_pressing_that_it_is_an_ad_removes_what_still_stands_and_closes_the_question(room: Any) -> None:
    ruled(room, Alert(text="Look here."))
    message = room.post(room.bo, AD)
    effects = room.press(room.mo, "/spam 1 reading", press="p1")
    assert deleted(effects) == [message.id]
    (answer,) = [effect for effect in effects if isinstance(effect, AnswerButton)]
    assert answer.text is not None
    assert (answer.text.literal or "").startswith("🧹 The message was removed.\n🎓 Learned: an advertisement (no. 1)")
    (closed,) = [effect for effect in effects if getattr(effect, "running", None)]
    assert "🚫 It stands: an advertisement · Mo" in room.words([closed])
    (label,) = taught(room)
    assert (label.source, label.by, label.member) == ("button", room.mo.id, room.bo.id)


def test_what_was_removed_already_is_not_removed_again_and_the_mute_stays(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    room.post(room.bo, AD)
    assert deleted(room.press(room.mo, "/spam 1 reading", press="p1")) == []
    assert room.member(room.bo).muted_until is not None
    assert in_force(room) == [(True, room.mo.id)]


@pytest.mark.parametrize("command", ["/noad 1 reading", "/ham 1 reading"])
def test_no_ad_teaches_and_keeps_its_line_in_the_log(room: Any, command: str) -> None:
    ruled(room, Delete(), HOUR)
    message = room.post(room.bo, AD)
    room.press(room.mo, command, press="p1")
    assert in_force(room) == [(False, room.mo.id)]
    assert (room.mo.id, "no_ad", room.bo.id, message.id) in room.acts()


def test_no_ad_in_reply_to_a_message_on_which_nothing_was_decided_is_learned(room: Any) -> None:
    message = room.post(room.bo, TALK)
    assert "🎓 Learned: no advertisement (no. 1)." in room.says(room.mo, "/不是广告", reply_to=message)
    assert in_force(room) == [(False, room.mo.id)]


def test_an_appeal_that_is_granted_teaches_and_taking_back_without_one_does_not(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    room.post(room.bo, AD)
    room.press(room.mo, "/undo 1 reading", press="p1")
    assert in_force(room) == []
    room.post(room.xiaobo, AD)
    room.type(room.xiaobo, "/appeal It was a joke", private=True)
    room.press(room.mo, "/undo 2 reading", press="p2")
    assert in_force(room) == [(False, room.mo.id)]


def test_an_appeal_against_a_rule_that_is_not_about_ads_teaches_nothing(room: Any) -> None:
    rule = Rule("flood", "Flood", frozenset({"message"}), None, (HOUR,), groups=frozenset({"reading"}))
    room.rebuild(rules=(rule,), tells_sanctions=True)
    room.post(room.bo, TALK)
    room.type(room.bo, "/appeal please", private=True)
    room.press(room.mo, "/undo 1 reading", press="p1")
    assert taught(room) == []


@pytest.mark.parametrize("act", ["/ban", "/mute 1h", "/delete", "/kick", "/warn spam"])
def test_a_sanction_alone_teaches_nothing(room: Any, act: str) -> None:
    assert room.type(room.mo, act, reply_to=room.post(room.bo, AD))
    assert taught(room) == []


def test_what_a_rule_does_teaches_nothing(room: Any) -> None:
    ruled(room, Delete(), Ban())
    room.post(room.bo, AD)
    room.press(room.mo, "/keep 1 reading", press="p1")
    assert taught(room) == []


def test_the_other_word_takes_the_place_of_the_first(room: Any) -> None:
    message = room.post(room.bo, AD)
    room.type(room.mo, "/spam", reply_to=message)
    room.type(room.mia, "/ham", reply_to=message)
    assert in_force(room) == [(False, room.mia.id)]
    first = taught(room)[-1]
    assert (first.number, first.undone_by) == (1, room.mia.id)
    room.type(room.mo, "/spam", reply_to=message)
    assert in_force(room) == [(True, room.mo.id)]


def test_who_says_the_contrary_of_the_same_words_has_changed_their_mind(room: Any) -> None:
    room.type(room.mo, "/spam", reply_to=room.post(room.bo, AD))
    room.type(room.mo, "/ham", reply_to=room.post(room.xiaobo, AD))
    assert in_force(room) == [(False, room.mo.id)]


def test_what_others_say_of_a_copy_stands_beside_it(room: Any) -> None:
    room.type(room.mo, "/spam", reply_to=room.post(room.bo, AD))
    room.type(room.mia, "/ham", reply_to=room.post(room.xiaobo, AD))
    assert in_force(room) == [(True, room.mo.id), (False, room.mia.id)]


def test_the_same_said_twice_by_one_person_is_one_label_and_another_is_heard(room: Any) -> None:
    message = room.post(room.bo, AD)
    room.type(room.mo, "/spam", reply_to=message)
    assert "You have told me already: an advertisement (no. 1)." in room.says(room.mo, "/spam", reply_to=message)
    room.type(room.mia, "/spam", reply_to=message)
    assert in_force(room) == [(True, room.mo.id), (True, room.mia.id)]
    room.type(room.olga, "/ham", reply_to=message)
    assert in_force(room) == [(False, room.olga.id)]


def test_words_alone_can_be_taught_in_the_staff_room(room: Any) -> None:
    told = room.says(room.mo, f"/spam {AD} reading", group=room.staff)
    assert told.startswith("🎓 Learned: an advertisement (no. 1).")
    (label,) = taught(room)
    assert (label.message, label.member, label.group) == (None, None, room.reading)
    room.type(room.bo, AD)
    assert room.type(room.mo, f"/ham {AD} reading", group=room.staff)
    assert in_force(room) == [(False, room.mo.id)]


def test_words_for_a_group_that_is_not_named_are_asked_about(room: Any) -> None:
    assert "Reading / Garden" in room.says(room.mo, f"/spam {AD}", group=room.staff)
    assert taught(room) == []


def test_words_in_the_group_itself_are_not_taken_for_an_example(room: Any) -> None:
    assert "Reply to the message with /spam" in room.says(room.mo, f"/spam {AD}")
    assert taught(room) == []


def test_the_card_can_be_answered_by_a_reply(room: Any) -> None:
    ruled(room, Delete(), HOUR)
    room.type(room.bo, AD)
    card = room.post(room.bot, "the card", group=room.staff)
    sent_as(room, room.staff, card.id)
    room.type(room.mo, "/ham", reply_to=card, group=room.staff)
    assert in_force(room) == [(False, room.mo.id)]


def test_the_bots_word_in_the_group_stands_for_the_decision_it_tells_of(room: Any) -> None:
    ruled(room, HOUR)
    room.type(room.bo, AD)
    notice = room.post(room.bot, "Bo Chen was muted", after=timedelta())
    sent_as(room, room.reading, notice.id)
    room.type(room.mo, "/ham", reply_to=notice)
    assert in_force(room) == [(False, room.mo.id)]
    assert room.member(room.bo).muted_until is None


def test_when_the_words_are_no_longer_kept_that_is_said_and_the_rest_is_done(room: Any) -> None:
    message = room.post(room.bo, AD)
    keep = retention.Keep(text_days=0)
    room.db.write_now(lambda conn: retention.purge(conn, room.now + timedelta(hours=1), keep))
    effects = room.type(room.mo, "/spam", reply_to=message)
    assert message.id in deleted(effects)
    assert "no longer kept" in room.words(effects)
    assert taught(room) == []


def test_what_is_older_than_the_bot_is_learned_from_the_answered_message(room: Any) -> None:
    now = room.now + timedelta(minutes=1)
    command = Message(
        id=f"{room.reading}/901",
        author=room.mo,
        text="/spam",
        at=now,
        reply_to=f"{room.reading}/3",
        reply_to_author=room.bo,
        reply_to_text=AD,
    )
    effects = room.settle(MessagePosted(id="telegram:901", group=Group(room.reading), at=now, message=command))
    assert f"{room.reading}/3" in deleted(effects)
    (label,) = taught(room)
    assert (label.message, label.member) == (f"{room.reading}/3", room.bo.id)


def test_what_the_answer_quotes_is_learned_where_nothing_else_is_known(room: Any) -> None:
    now = room.now + timedelta(minutes=1)
    command = Message(
        id=f"{room.reading}/901", author=room.mo, text="/spam", at=now, reply_to=f"{room.reading}/3", quote=AD
    )
    room.settle(MessagePosted(id="telegram:901", group=Group(room.reading), at=now, message=command))
    (label,) = taught(room)
    assert label.message == f"{room.reading}/3"
    room.type(room.mo, f"/spam {AD}", group=room.staff)
    assert taught(room)[0].features == label.features


def test_any_part_of_an_album_stands_for_the_words_below_it(room: Any) -> None:
    now = room.now
    parts = (f"{room.reading}/902", f"{room.reading}/903")
    album = Message(id=parts[0], author=room.bo, text=AD, at=now, album="x", parts=(parts[1],))
    room.settle(MessagePosted(id="telegram:902", group=Group(room.reading), at=now, message=album))
    effects = room.type(room.mo, "/spam", reply_to=replace(album, id=parts[1]))
    assert set(parts) <= set(deleted(effects))
    assert in_force(room) == [(True, room.mo.id)]


def test_a_message_that_was_edited_teaches_what_it_says_now(room: Any) -> None:
    message = room.post(room.bo, TALK)
    now = room.now + timedelta(seconds=1)
    edited = MessageEdited(id="edit:1", group=Group(room.reading), at=now, message=replace(message, text=AD))
    room.settle(edited)
    assert room.db.read_now(lambda conn: lookups.words_of(conn, room.reading, message.id)) == AD
    room.type(room.mo, "/spam", reply_to=message)
    label = taught(room)[0]
    room.type(room.mo, f"/spam {AD} reading", group=room.staff)
    assert taught(room)[0].features == label.features


def test_members_cannot_teach_and_who_may_delete_or_review_can(room: Any) -> None:
    message = room.post(room.bo, TALK)
    for member in (room.xiaobo, room.sis):
        assert deleted(room.type(member, "/spam", reply_to=message)) == []
    assert taught(room) == []
    room.rebuild(config={**room.config, "roles": {"helper": {"members": [room.sis.id], "can": ["delete"]}}})
    room.type(room.sis, "/spam", reply_to=message)
    assert in_force(room) == [(True, room.sis.id)]


def test_staff_are_out_of_reach_and_so_is_the_bot(room: Any) -> None:
    message = room.post(room.mia, TALK)
    assert deleted(room.type(room.mo, "/spam", reply_to=message)) == []
    assert deleted(room.type(room.mo, "/spam", reply_to=room.post(room.bot, "Welcome!"))) == []
    assert taught(room) == []


def test_a_bot_teaches_nothing_though_it_is_an_admin(room: Any) -> None:
    other = Member(id="telegram:90002", name="Helper", username="helper_bot", is_bot=True, role=PlatformRole.ADMIN)
    config = {**room.config, "roles": {"robot": {"members": [other.id], "can": ["everything"]}}}
    room.rebuild(config=config)
    assert "from people only" in room.says(other, "/spam", reply_to=room.post(room.bo, AD))
    assert taught(room) == []


def test_what_was_taught_is_listed_with_who_and_when_and_can_be_taken_back(room: Any) -> None:
    first = room.post(room.bo, AD)
    room.type(room.mo, "/spam", reply_to=first)
    room.type(room.mia, "/ham", reply_to=room.post(room.xiaobo, TALK))
    assert "no. 1 teaches nothing any more" in room.says(room.mia, "/unlearn 1")
    told = room.says(room.mo, "/learned").splitlines()
    assert told[0] == "🎓 What “Reading” taught me – advertisements: 0, ordinary messages: 1"
    assert told[1].startswith("Ordinary messages that I have seen here: 0 of the 200")
    assert told[2].startswith("2 · ")
    assert told[2].endswith("no advertisement · Mia, by command")
    assert told[3].endswith("an advertisement · Mo, by command (taken back: Mia)")
    assert room.acts()[0][:3] == (room.mia.id, "unlearn", room.bo.id)
    assert "taken back already, by Mia" in room.says(room.mo, "/unlearn 1")
    assert "nothing under no. 9" in room.says(room.mo, "/unlearn 9")


def test_taking_back_by_a_reply_and_without_a_number(room: Any) -> None:
    message = room.post(room.bo, TALK)
    room.type(room.mo, "/ham", reply_to=message)
    assert "/learned lists them" in room.says(room.mo, "/unlearn")
    room.type(room.mo, "/unlearn", reply_to=message)
    assert in_force(room) == []


def test_what_a_label_of_an_earlier_version_is_called(room: Any) -> None:
    room.type(room.mo, "/ham", reply_to=room.post(room.bo, TALK))
    room.db.write_now(lambda conn: conn.execute(labels_table.update().values(features_version="0")))
    assert "(of an earlier version: not used)" in room.says(room.mo, "/learned")


@pytest.mark.parametrize("text", ["   ", "🙂", "\ud800", "a" * 20_000, "\u202e" * 50])
def test_odd_words_give_a_clear_answer(room: Any, text: str) -> None:
    message = room.post(room.bo, text)
    assert room.words(room.type(room.mo, "/spam", reply_to=message))


def test_in_chinese(room: Any) -> None:
    room.rebuild(language="zh-CN")
    message = room.post(room.bo, "加我微信领红包")
    told = room.says(room.mo, "/广告", reply_to=message)
    assert told == "🧹 消息已删除。\n🎓 学到了：是广告（编号 1）。收回请发 /撤回学习 1\n（Reading）"
    assert "🎓 「Reading」教过我：广告 1 条" in room.says(room.mo, "/学习记录")
