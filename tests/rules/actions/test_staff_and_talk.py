"""Talking, telling staff, tags, points, questions, switches, doors."""

from datetime import timedelta

import pytest

from rules import changes as c
from rules import effects as e
from rules.actions.check_in import CheckIn
from rules.actions.doors import ApproveJoin, DeclineJoin
from rules.actions.members import AnswerQuestion, Ask, GivePoints, Tag, Untag
from rules.actions.staff import Alert, AskStaff
from rules.actions.switches import PauseWelcome, ShadowRule, StartRule, StopRule
from rules.actions.talk import Reply, Send, SendPrivately
from rules.capability import Capability
from rules.events import JoinRequested
from rules.values import Group


def test_a_reply_answers_the_message_and_cleans_up_after_itself(scene):
    done = scene.do(
        scene.says("?", topic="3"), Reply.model_validate({"text": "{name}: see {group}", "delete_after": "10m"})
    )
    sent = done.only(e.SendText)
    assert (sent.reply_to, sent.topic, sent.delete_after) == ("telegram:-100/55", "3", 600)
    assert done.said == ["Ann: see Reading"]


def test_a_text_may_be_named_by_its_key(scene):
    scene.copy("faq.best_answer", "It is pinned, {name}.")
    assert scene.do(scene.says("?"), Reply(text="faq.best_answer")).said == ["It is pinned, Ann."]
    assert list(Reply(text="faq.best_answer").refers()) == [("copy", "faq.best_answer")]
    assert list(Reply(text="See the pinned message. Really.").refers()) == []


def test_what_is_sent_can_be_pinned_and_silent(scene):
    scene.setting(topic="42")
    done = scene.do(scene.fires("morning"), Send(text="Good morning", pin=True, silent=True))
    sent = done.only(e.SendText)
    assert (sent.pin, sent.silent, sent.topic, sent.mentions) == (True, True, "42", ())
    assert Capability.PIN in Send(text="x", pin=True).required()
    assert Capability.PIN not in Send(text="x").required()


def test_a_private_word_falls_back_to_the_group_only_if_the_file_says_so(scene):
    both = SendPrivately(text="Secret", otherwise="{name}, write to me first.")
    told = scene.do(scene.says("?"), both).only(e.SendPrivate)
    assert scene.read(told.otherwise.text) == "Ann, write to me first."
    scene.without(Capability.SEND_PRIVATE)
    assert scene.do(scene.says("?"), both).said == ["Ann, write to me first."]
    alone = scene.do(scene.says("?"), SendPrivately(text="Secret"))
    assert (alone.effects, len(alone.remarks)) == ((), 1)
    assert (both.required(), SendPrivately(text="Secret").required()) == (
        {Capability.SEND},
        {Capability.SEND_PRIVATE},
    )


def test_an_alert_names_member_group_rule_and_words(scene):
    done = scene.do(scene.says("x" * 500), Alert(text="Please look."))
    sent = done.only(e.SendText)
    assert sent.group == "telegram:-200"
    for part in (
        "Please look.",
        "No advertisements",
        "Ann",
        "telegram:7",
        "Reading",
    ):
        assert part in done.said[0]
    assert "x" * 199 + "…" in done.said[0]
    assert "x" * 201 not in done.said[0]


def test_an_alert_without_a_staff_room_is_a_remark(scene):
    scene.setting(staff_chat=None)
    for action in (Alert(), AskStaff(whether_to="ban")):
        done = scene.do(scene.says("?"), action)
        assert (done.effects, len(done.remarks)) == ((), 1)


def test_an_alert_about_a_joiner_or_about_nobody_has_no_empty_quote(scene):
    assert "“”" not in scene.do(scene.joins(), Alert()).said[0]
    assert "telegram" not in scene.do(scene.fires("raid"), Alert()).said[0]


@pytest.mark.parametrize(("whether_to", "command"), [("remove", "/kick"), ("ban", "/ban"), ("mute", "/mute")])
def test_staff_are_asked_with_a_button_that_says_in_words_what_it_does(scene, whether_to, command):
    done = scene.do(scene.says("?"), AskStaff(whether_to=whether_to))
    (button,) = done.only(e.SendText).buttons
    assert (button.data, button.label.key) == (f"{command} telegram:7 reading", f"buttons.{command[1:]}")
    assert command not in done.said[0]
    assert done.all(e.KickMember) + done.all(e.BanMember) + done.all(e.MuteMember) == []


def test_tags_come_and_go_once(scene):
    assert scene.do(scene.says("?"), Tag(tag="vip")).changes == (c.AddTag("telegram:7", "vip"),)
    assert scene.do(scene.says("?"), Tag(tag="vip")).changes == ()
    assert scene.do(scene.says("?"), Untag(tag="vip")).changes == (c.RemoveTag("telegram:7", "vip"),)
    assert scene.do(scene.says("?"), Untag(tag="vip")).changes == ()


def test_points_add_up(scene):
    scene.do(scene.says("?"), GivePoints(points=5), GivePoints(points=-2, reason="late"))
    assert scene.member().score == 3


def test_an_answer_goes_to_the_profile(scene):
    ask = Ask.model_validate({"text": "{name}, how did you find us?", "save": "source", "wait": "10m"})
    assert scene.do(scene.joins(), ask).said == ["Ann, how did you find us?"]
    answered = scene.later(minutes=9).do(scene.says("From a {group} friend"), AnswerQuestion())
    assert scene.member().profile == {"source": "From a {group} friend"}
    assert answered.said == ["Thank you, Ann, noted."]
    assert scene.do(scene.says("and more"), AnswerQuestion()).changes == ()


def test_an_answer_that_comes_too_late_is_none(scene):
    scene.do(scene.joins(), Ask(text="How?", save="source"))
    assert scene.later(minutes=10).do(scene.says("So"), AnswerQuestion()).changes == ()


@pytest.mark.parametrize(("switch", "mode"), [(StartRule, "enforce"), (StopRule, "off"), (ShadowRule, "shadow")])
def test_a_rule_switches_another_for_some_time(scene, switch, mode):
    scene.do(scene.joins(), switch.model_validate({"rule": "flood", "for": "2h"}))
    override = scene.group.rule_modes["flood"]
    assert (override.mode, override.until, override.by) == (mode, scene.now + timedelta(hours=2), "rule:no-ads")
    assert list(switch(rule="flood").refers()) == [("rule", "flood")]


def test_a_shorter_pause_of_welcomes_does_not_shorten_a_longer_one(scene):
    scene.do(scene.joins(), PauseWelcome.model_validate({"for": "2h"}))
    scene.do(scene.joins(), PauseWelcome.model_validate({"for": "1h"}))
    assert scene.group.welcome_paused_until == scene.now + timedelta(hours=2)


def test_those_who_ask_are_let_in_or_told_why_not(scene):
    request = JoinRequested("telegram:1:5", Group("telegram:-100"), scene.now, scene.person())
    assert scene.do(request, ApproveJoin()).effects == (e.AnswerJoinRequest("telegram:-100", "telegram:7", True),)
    done = scene.do(request, DeclineJoin(text="For readers only, {name}."))
    assert done.only(e.AnswerJoinRequest).approve is False
    assert done.said == ["For readers only, Ann."]


def test_a_check_in_counts_once_a_day_and_streaks_over_days(scene):
    action = CheckIn(points=2, streak_bonus={2: 10})
    first = scene.do(scene.says("打卡"), action)
    assert "2 points" in first.said[0]
    again = scene.do(scene.says("打卡"), action)
    assert (again.changes, again.only(e.SendText).delete_after) == ((), 300)
    assert "already" in again.said[0]
    second = scene.later(days=1).do(scene.says("打卡"), action)
    assert "10 extra points, 14 altogether" in second.said[0]
    assert (scene.member().streak, scene.member().score, scene.member().checkins) == (2, 14, 2)
    scene.later(days=2).do(scene.says("打卡"), action)
    assert scene.member().streak == 1


def test_a_check_in_after_midnight_belongs_to_the_day_that_has_not_ended(scene):
    """The day begins at 04:00: 23:00 and 03:59 are one day, 04:00 is the next."""
    scene.later(hours=13)  # 23:00
    scene.do(scene.says("打卡"), CheckIn())
    assert scene.later(hours=4, minutes=59).do(scene.says("打卡"), CheckIn()).changes == ()
    assert scene.later(minutes=1).do(scene.says("打卡"), CheckIn()).only(c.CheckIn).streak == 2
