"""Deleting, warning, muting, kicking, banning, climbing a ladder, reminding."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from rules import changes as c
from rules import effects as e
from rules.actions.ladder import Ladder
from rules.actions.messages import Delete, Hold, Pin
from rules.actions.remind import Remind
from rules.actions.sanctions import Ban, Kick, Mute, Warn
from rules.capability import Capability
from rules.quota import parse_quota
from rules.step import LadderSteps, Library, Rung
from rules.values import PlatformRole

AD = "加微信 领资料"


def test_delete_removes_the_very_message(scene):
    assert scene.do(scene.says(AD), Delete()).effects == (e.DeleteMessage("telegram:-100", "telegram:-100/55"),)


def test_pin_pins_the_very_message(scene):
    assert scene.do(scene.says("Read this"), Pin()).effects == (e.PinMessage("telegram:-100", "telegram:-100/55"),)


def test_a_warning_is_counted_and_said_in_private_with_the_rules_name(scene):
    first = scene.do(scene.says(AD), Warn())
    second = scene.do(scene.says(AD), Warn(text="Please stop, {name}."))
    assert first.only(c.AddWarning) == c.AddWarning(
        "telegram:7", "rule:no-ads", "No advertisements", "telegram:-100/55"
    )
    assert isinstance(first.effects[0], e.SendPrivate)
    assert "No advertisements" in first.said[0]
    assert "no-ads" not in first.said[0]
    assert "Please stop, Ann." in second.said[0]
    assert "no. 2" in second.said[0]
    assert len(scene.member().warnings) == 2


def test_a_warning_goes_briefly_to_the_group_where_nobody_can_be_told_alone(scene):
    done = scene.without(Capability.SEND_PRIVATE).do(scene.says(AD), Warn())
    sent = done.only(e.SendText)
    assert (sent.mentions, sent.delete_after) == (("telegram:7",), 300)


def test_a_muted_member_is_told_why_until_when_and_how_to_object(scene):
    done = scene.do(scene.says(AD), Mute.model_validate({"for": "2h"}))
    until = scene.now + timedelta(hours=2)
    assert done.only(e.MuteMember).until == until
    assert scene.member().muted_until == until
    notice = done.only(e.SendText)
    assert notice.delete_after == 300
    for part in ("Ann", "2 hours", "12:00", "No advertisements", "press “Appeal” below"):
        assert part in done.said[0]


def test_a_mute_beyond_midnight_names_the_day(scene):
    assert "2026-10-07 10:00" in scene.do(scene.says(AD), Mute.model_validate({"for": "2d"})).said[0]


def test_a_quiet_mute_says_nothing(scene):
    assert scene.do(scene.says(AD), Mute.model_validate({"for": "2h", "quietly": True})).said == []


def test_a_shorter_mute_does_not_shorten_a_longer_one(scene):
    scene.do(scene.says(AD), Mute.model_validate({"for": "2d"}))
    done = scene.do(scene.says(AD), Mute.model_validate({"for": "1h"}))
    assert (done.effects, done.changes) == ((), ())
    assert "longer" in done.remarks[0]


def test_a_kick_is_no_ban(scene):
    done = scene.do(scene.says(AD), Kick())
    assert done.only(e.KickMember).member == "telegram:7"
    assert done.all(e.BanMember) == []
    assert not scene.member().banned


def test_a_ban_can_end(scene):
    done = scene.do(scene.says(AD), Ban.model_validate({"for": "7d", "quietly": True}))
    assert done.effects == (e.BanMember("telegram:-100", "telegram:7", scene.now + timedelta(days=7)),)
    assert scene.member().banned


def test_a_ban_without_an_end_says_why_to_the_member_and_nobody_is_pinged(scene):
    done = scene.do(scene.says(AD), Ban())
    assert done.only(e.BanMember).until is None
    told = done.only(e.SendPrivate)
    assert told.otherwise.mentions == ()
    assert "No advertisements" in done.said[0]
    assert "Ann" in scene.read(told.otherwise.text)


@pytest.mark.parametrize("sanction", [Mute.model_validate({"for": "1h"}), Kick(), Ban()])
def test_a_platform_admin_is_not_sanctioned_but_the_trace_says_so(scene, sanction):
    admin = scene.person(role=PlatformRole.ADMIN)
    done = scene.do(scene.says(AD, by=admin), sanction)
    assert (done.effects, done.changes) == ((), ())
    assert done.remarks == (f"{sanction.step}: the platform protects its admins",)


def test_hold_takes_the_message_away_and_asks_staff(scene):
    done = scene.do(scene.says(AD), Hold())
    assert done.only(e.DeleteMessage).message == "telegram:-100/55"
    assert [(r.number, r.text, r.name) for r in scene.group.reviews] == [(1, AD, "Ann")]
    (asked,) = [sent for sent in done.all(e.SendText) if sent.group == "telegram:-200"]
    words = scene.read(asked.text)
    assert AD in words
    assert "/approve" not in words, "there are buttons"
    assert [button.data for button in asked.buttons] == ["/approve 1 reading", "/reject 1 reading", "/why /55 reading"]
    assert asked.running == "review/reading/1"
    assert scene.do(scene.says("again"), Hold()).only(c.HoldMessage) is not None
    assert [r.number for r in scene.group.reviews] == [1, 2]


def test_hold_says_what_to_type_where_the_staff_room_has_no_buttons(scene):
    scene.setting(staff_capabilities=frozenset({Capability.SEND}))
    (asked,) = [sent for sent in scene.do(scene.says(AD), Hold()).all(e.SendText) if sent.group == "telegram:-200"]
    assert "Post it: /approve 1 reading" in scene.read(asked.text)


@pytest.mark.parametrize("action", [Mute.model_validate({"for": "2h"}), Ban(), Kick(), Warn()])
def test_whoever_is_sanctioned_can_object_by_a_button(scene, action):
    (told,) = [
        sent for sent in scene.do(scene.says(AD), action).effects if isinstance(sent, e.SendText | e.SendPrivate)
    ]
    alone = isinstance(told, e.SendPrivate)
    assert [button.data for button in told.buttons] == [f"/appeal telegram:7{' reading' if alone else ''}"]
    assert all(button.label.key == "buttons.appeal" for button in told.buttons)


def test_nobody_is_offered_a_button_that_would_reach_nobody(scene):
    scene.setting(staff_chat=None)
    done = scene.do(scene.says(AD), Mute.model_validate({"for": "2h"}))
    assert done.only(e.SendText).buttons == ()
    assert "please write to an admin" in done.said[0]


def test_who_is_reminded_can_say_that_they_have_read_the_rules(scene):
    told = scene.do(scene.says(AD), Remind(of="rules.no_ads")).only(e.SendPrivate)
    assert [button.data for button in told.buttons] == ["/read reading"]
    assert [button.data for button in told.otherwise.buttons] == ["/read"]
    scene.without(Capability.BUTTONS)
    bo = scene.person("Bo", 8)
    assert scene.do(scene.says(AD, by=bo), Remind(of="rules.no_ads")).only(e.SendPrivate).buttons == ()


LADDER = LadderSteps(
    rungs=(
        Rung(at=1, do=(Delete(), Remind(of="rules.no_ads"))),
        Rung(at=3, do=(Delete(), Mute.model_validate({"for": "1h", "reason": "Step {step} of {steps}"}))),
    ),
    expire_after=timedelta(days=30),
)


def test_a_ladder_climbs_by_the_points_that_have_not_faded(scene):
    scene.library = Library(ladders={"ads": LADDER})
    climb = Ladder(name="ads")
    assert [type(x) for x in scene.do(scene.says(AD), climb).effects] == [e.DeleteMessage, e.SendPrivate]
    assert scene.member().points[0].expires == scene.now + timedelta(days=30)
    assert [type(x) for x in scene.do(scene.says(AD), climb).effects] == [e.DeleteMessage]
    third = scene.do(scene.says(AD), climb)
    assert [type(x) for x in third.effects] == [e.DeleteMessage, e.MuteMember, e.SendText]
    assert "Step 2 of 2" in third.said[0]
    assert "ladder ads: 3 points, step 2 of 2" in third.remarks
    scene.later(days=31)
    assert [type(x) for x in scene.do(scene.says(AD), climb).effects] == [e.DeleteMessage, e.SendPrivate]


def test_points_of_another_ladder_do_not_count(scene):
    scene.library = Library(ladders={"ads": LADDER, "flood": LADDER})
    for _ in range(2):
        scene.do(scene.says(AD), Ladder(name="flood"))
    assert scene.do(scene.says(AD), Ladder(name="ads")).all(e.MuteMember) == []


def test_a_ladder_below_its_first_step_does_nothing_but_count(scene):
    scene.library = Library(ladders={"ads": LadderSteps(rungs=(Rung(at=2, do=(Delete(),)),))})
    done = scene.do(scene.says(AD), Ladder(name="ads"))
    assert done.effects == ()
    assert done.remarks == ("ladder ads: 1 points reach no step yet",)
    assert scene.do(scene.says(AD), Ladder(name="ads")).all(e.DeleteMessage)


def test_the_quota_of_a_step_inside_a_ladder_is_its_own(scene):
    often = Warn(at_most=parse_quota("1 per 6h"))
    scene.library = Library(ladders={"ads": LadderSteps(rungs=(Rung(at=1, do=(often,)),))})
    assert scene.do(scene.says(AD), often).said
    assert scene.do(scene.says(AD), Ladder(name="ads")).said
    assert scene.do(scene.says(AD), Ladder(name="ads")).said == []


def test_a_reminder_quotes_the_one_rule_in_private_and_says_it_in_the_group_otherwise(scene):
    scene.copy("rules.no_ads", "We do not advertise, {name}.")
    done = scene.do(scene.says(AD), Remind(of="rules.no_ads"))
    told = done.only(e.SendPrivate)
    assert done.said == ["Hello Ann, a friendly reminder from “Reading”: We do not advertise, Ann."]
    assert scene.read(told.otherwise.text) == "Ann, a friendly reminder: We do not advertise, Ann."
    assert (told.otherwise.delete_after, told.otherwise.mentions) == (300, ("telegram:7",))


def test_a_reminder_is_public_and_brief_where_nobody_can_be_told_alone(scene):
    scene.without(Capability.SEND_PRIVATE)
    action = Remind.model_validate({"of": "rules.no_ads", "delete_after": "1m", "otherwise": "{name}: no ads, please."})
    done = scene.do(scene.says(AD), action)
    assert (done.said, done.only(e.SendText).delete_after) == (["Ann: no ads, please."], 60)


def test_nobody_is_reminded_of_one_rule_twice_within_an_hour(scene):
    assert scene.do(scene.says(AD), Remind(of="rules.no_ads")).said
    again = scene.later(minutes=59).do(scene.says(AD), Remind(of="rules.no_ads"))
    assert (again.effects, again.changes) == ((), ())
    assert scene.do(scene.says(AD), Remind(of="rules.flood")).said
    assert scene.do(scene.says(AD, by=scene.person("Bo", 8)), Remind(of="rules.no_ads")).said
    assert scene.later(minutes=2).do(scene.says(AD), Remind(of="rules.no_ads")).said


def test_at_most_replaces_the_hour(scene):
    often = Remind(of="rules.no_ads", at_most=parse_quota("2 per 1d"))
    assert [bool(scene.do(scene.says(AD), often).said) for _ in range(3)] == [True, True, False]


def test_a_name_with_braces_stays_a_name(scene):
    tricky = scene.person("{rule}{until}\n/ban @all \u202e")
    done = scene.do(scene.says(AD, by=tricky), Mute.model_validate({"for": "2h"}))
    assert done.said[0].startswith("{rule}{until} /ban @all cannot write here")


def test_a_misspelt_placeholder_is_refused_with_the_right_one():
    with pytest.raises(ValidationError, match=r"did you mean `\{name\}`"):
        Warn(text="Hello {nmae}")
