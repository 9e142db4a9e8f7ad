"""The entry gate in a group: who is asked, how, what follows from an answer, and that everything is cleaned up."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from rules.capability import Capability
from rules.effects import (
    AnswerButton,
    DeleteMessage,
    KickMember,
    MuteMember,
    SendText,
    UnmuteMember,
)
from rules.gate import code_of, options
from rules.values import Member, PlatformRole

QUESTION = '{ ask: "Who told you of us?", answer_any: [Ann, 小王], save: source }'
CHOICES = '{ ask: "How many legs has a spider?", choices: ["6", "8"], answer_any: ["8"], attempts: 2, wrong: remove }'


def test_a_joiner_is_silent_until_they_press_the_button_and_is_welcomed_then(gatehouse):
    house = gatehouse()
    house.joins("ann")
    assert house.all(MuteMember) == [MuteMember("sim:readers", "sim:ann", None)]
    (asked,) = house.all(SendText)
    assert house.read(asked).startswith("Ann, welcome to “Readers”! So that we know you are human, please press")
    assert "10 minutes" in house.read(asked)
    assert asked.mentions == ("sim:ann",)
    assert [button.data for button in asked.buttons] == [f"gate:{house.group.challenges[0].id}:0"]
    house.later(minutes=3)
    assert house.said() == [house.read(asked)]
    done = house.presses("ann")
    assert done[0] == UnmuteMember("sim:readers", "sim:ann")
    assert isinstance(done[1], DeleteMessage)
    assert house.read(done[2]) == "Thank you, and welcome! You can write now."
    assert house.stands("ann") == "passed/answered"
    assert (house.group.challenges, house.group.welcomes[0].name) == ([], "Ann")
    house.later(minutes=1)
    assert house.said()[-1].startswith(("Welcome, Ann", "A warm welcome", "Hello"))
    assert house.memory.next_due() is None


def test_a_press_counts_for_the_presser_only(gatehouse):
    house = gatehouse()
    house.joins("ann", "bo")
    assert [type(each) for each in house.presses("cy")] == [AnswerButton]
    assert house.read(house.done[-1]) == "This is for those who have just joined."
    house.presses("bo")
    assert (house.stands("ann"), house.stands("bo")) == ("asked/", "passed/answered")


def test_joiners_share_one_message_that_is_kept_up_to_date(gatehouse):
    house = gatehouse()
    house.joins(*(f"p{number}" for number in range(17)))
    house.later(seconds=20)
    sent = [each for each in house.all(SendText) if each.running]
    assert len(sent) == 2
    assert {each.running for each in sent} == {f"gate/{house.group.challenges[0].id}"}
    assert house.read(sent[1]).startswith("P0, P1, P2, P3, P4 and 12 others, welcome")
    assert len(sent[1].mentions) == 5


def test_a_raid_of_two_hundred_gives_a_handful_of_messages(gatehouse):
    house = gatehouse()
    for number in range(200):
        house.joins(f"p{number}")
        house.later(milliseconds=300)
    house.later(minutes=30)
    asked = [each for each in house.all(SendText) if each.running]
    assert len({each.running for each in asked}) == 1
    assert len(asked) <= 6
    assert len(house.said("sim:staff")) <= 2
    assert " more" in house.said("sim:staff")[0]
    assert house.all(KickMember) == []
    assert len(house.group.held) == 200
    assert house.memory.next_due() is None


def test_the_message_stays_while_a_crowd_still_comes(gatehouse):
    house = gatehouse()
    for number in range(30):
        house.joins(f"p{number}")
        house.presses(f"p{number}", challenge=house.group.challenges[-1].id)
        house.later(seconds=3)
    house.later(minutes=10)
    # The first ones were asked one by one; from the third on the message stays for who follows.
    assert len({each.running for each in house.all(SendText) if each.running}) <= 3
    assert house.group.challenges == []
    assert all(house.stands(f"p{number}") == "passed/answered" for number in range(30))


def test_a_question_with_choices_is_answered_by_a_button(gatehouse):
    house = gatehouse(CHOICES)
    house.joins("ann", "bo")
    assert "How many legs has a spider?" in house.said()[0]
    assert [button.text for button in house.all(SendText)[0].buttons] == ["6", "8"]
    house.presses("ann", 0)
    assert house.read(house.done[-1]) == "That was not it. Tries left: 1"
    house.presses("ann", 1)
    assert house.stands("ann") == "passed/answered"
    house.presses("bo", 0)
    house.presses("bo", 0)
    assert house.stands("bo") == "removed/wrong"
    assert house.all(KickMember) == [KickMember("sim:readers", "sim:bo")]
    assert house.read(house.done[-1]) == "That was not it. You may come back and try again."


def test_letters_in_a_picture_are_chosen_among_six(gatehouse):
    house = gatehouse("{ challenge: captcha }")
    house.joins("ann", "bo")
    (asked,) = house.all(SendText)
    challenge = house.group.challenges[0].id
    assert asked.picture is not None
    secret = house.settings.secret
    assert asked.picture.captcha == code_of(challenge, secret)
    shown = [button.text for button in asked.buttons]
    assert shown == list(options(challenge, secret))
    assert len(set(shown)) == 6
    right = shown.index(code_of(challenge, secret))
    house.presses("bo", (right + 1) % 6)
    house.presses("ann", right)
    assert (house.stands("ann"), house.stands("bo")) == ("passed/answered", "asked/")


def test_the_right_letters_stand_anywhere_and_look_like_no_others():
    places = {options(f"{number:012x}", "s").index(code_of(f"{number:012x}", "s")) for number in range(200)}
    assert places == set(range(6))
    letters = {letter for number in range(200) for letter in code_of(f"{number:012x}", "s")}
    assert not letters & set("B8G6I1O0S5Z2QVN")


def test_the_right_letters_do_not_follow_from_what_stands_behind_the_buttons(gatehouse):
    kept = [
        gatehouse("{ challenge: captcha }", head=("type: simulated", f"type: simulated, token: {token}"))
        for token in ("one", "two")
    ]
    for house in kept:
        house.joins("ann")
    first, second = (house.all(SendText)[0] for house in kept)
    assert [button.data for button in first.buttons] == [button.data for button in second.buttons]
    assert first.picture != second.picture
    assert not {button.text for button in first.buttons} & {button.text for button in second.buttons}
    assert kept[0].settings.secret not in repr(kept[0].settings)


def test_a_question_in_words_lets_its_writer_in_and_is_kept(gatehouse):
    house = gatehouse(QUESTION)
    house.joins("bo")
    assert house.all(MuteMember) == []
    house.says("bo", "hello? may I ask")
    assert isinstance(house.done[-2], DeleteMessage)
    assert house.said()[-1] == "Bo, that was not the answer. Tries left: 2. Who told you of us?"
    house.says("bo", "It was ＡＮＮ, I think")
    assert house.stands("bo") == "passed/answered"
    assert house.memory.member("sim:bo").profile == {"source": "It was ＡＮＮ, I think"}
    assert house.said()[-1] == "Thank you, Bo. You can write now."
    assert len(house.says("bo", "buy now")) == 0


@pytest.mark.parametrize(
    ("answer", "right"),
    [("ann", True), ("Anna", False), ("joanna", False), ("是小王说的", True), ("小 王", True), ("小李", False)],
)
def test_answers_are_compared_folded_and_as_whole_words(gatehouse, answer, right):
    house = gatehouse(QUESTION)
    house.joins("bo")
    house.says("bo", answer)
    assert (house.stands("bo") == "passed/answered") is right


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("hold_for_staff", "An admin will have a look; please be patient, you cannot write here until then."),
        ("stay_restricted", "To be able to write here, please talk to an admin."),
    ],
)
def test_who_has_no_answer_left_is_told_what_follows(gatehouse, wrong, told):
    house = gatehouse(f"{{ ask: Who told you?, answer_any: [Ann], attempts: 1, wrong: {wrong} }}")
    house.joins("bo")
    house.says("bo", "Zed")
    assert f"bo, that was not the answer. {told}".casefold() in [said.casefold() for said in house.said()]
    house = gatehouse(f'{{ ask: Legs?, choices: ["6", "8"], answer_any: ["8"], attempts: 1, wrong: {wrong} }}')
    house.joins("bo")
    house.presses("bo", 0)
    assert house.read(house.done[-1]).endswith(told if wrong == "stay_restricted" else "please be patient.")


def test_where_no_answer_is_wrong_every_answer_lets_in(gatehouse):
    house = gatehouse('{ ask: "Where did you hear of us?", save: source }')
    house.joins("bo")
    house.says("bo", "", media=())
    assert house.stands("bo") == "asked/"
    house.says("bo", "the radio")
    assert house.memory.member("sim:bo").profile == {"source": "the radio"}
    assert house.stands("bo") == "passed/answered"


def test_a_command_is_no_answer(gatehouse):
    house = gatehouse(QUESTION)
    house.joins("bo")
    house.says("bo", "/help", command="help")
    assert house.group.challenges[0].waiting[0].wrong == 0


def test_notices_to_many_who_write_are_few(gatehouse):
    house = gatehouse(QUESTION)
    for number in range(50):
        house.joins(f"p{number}")
    for number in range(50):
        house.says(f"p{number}", "buy now")
    assert len([each for each in house.all(SendText) if not each.running]) == 5
    assert len(house.all(DeleteMessage)) == 50


def test_where_nobody_can_be_muted_what_they_write_is_removed_until_the_button_is_pressed(gatehouse):
    house = gatehouse(without={Capability.MUTE})
    house.joins("ann")
    house.says("ann", "hi all")
    assert house.all(DeleteMessage)
    assert house.said()[-1] == "Ann, please press the button above first; then you can write."
    house.presses("ann")
    assert house.says("ann", "hi all") == ()
    assert house.all(UnmuteMember) == []


@pytest.mark.parametrize(
    ("policy", "stands", "kicked", "told"),
    [
        ("hold_for_staff", "held", 0, 1),
        ("remove", "removed", 1, 0),
        ("decline", "removed", 1, 0),
        ("stay_restricted", "restricted", 0, 0),
        ("let_in", "passed", 0, 0),
    ],
)
def test_without_an_answer_follows_what_is_written(gatehouse, policy, stands, kicked, told):
    house = gatehouse(f"{{ no_answer: {policy}, wait: 5m }}")
    house.joins("ann")
    house.later(minutes=4, seconds=59)
    assert house.stands("ann") == "asked/"
    house.later(seconds=2)
    assert house.stands("ann") == f"{stands}/no_answer"
    assert (len(house.all(KickMember)), len(house.said("sim:staff"))) == (kicked, told)
    assert len(house.all(DeleteMessage)) == 1
    assert house.group.challenges == []
    house.later(hours=1)
    assert house.memory.next_due() is None


def test_staff_decide_by_buttons(gatehouse):
    house = gatehouse("{ wait: 5m }")
    house.joins("ann")
    house.later(minutes=6)
    (told,) = [each for each in house.all(SendText) if each.group == "sim:staff"]
    assert (
        house.read(told) == "🚪 At the gate of “Readers”:\n• Ann (sim:ann) has not answered in time, and waits for you."
    )
    assert [button.data for button in told.buttons] == ["/letin sim:ann readers", "/turnaway sim:ann readers"]
    house.presses("ann", challenge="0" * 12)
    assert house.read(house.done[-1]) == "That was not it. An admin will have a look; please be patient."


def test_the_time_begins_when_the_question_was_delivered(gatehouse):
    house = gatehouse("{ wait: 5m, no_answer: remove }", reports=False)
    house.joins("ann")
    house.later(minutes=9)
    house.delivered(house.all(SendText)[0])
    house.later(minutes=4)
    assert house.stands("ann") == "asked/"
    house.later(minutes=2)
    assert house.stands("ann") == "removed/no_answer"


@pytest.mark.parametrize("state", ["refused", "uncertain"])
@pytest.mark.parametrize(("policy", "stands"), [("let_in", "passed"), ("hold_for_staff", "held")])
def test_who_could_not_be_asked_is_let_in_or_held_and_staff_are_told(gatehouse, state, policy, stands):
    house = gatehouse(f"{{ no_answer: remove, if_unreachable: {policy} }}", reports=False)
    house.joins("ann")
    house.delivered(house.all(SendText)[0], state)
    assert house.stands("ann") == f"{stands}/unreachable"
    assert "could not be shown the question" in house.said("sim:staff")[0]
    assert (house.all(UnmuteMember) != []) is (policy == "let_in")
    house.later(days=1)
    assert house.all(KickMember) == []


def test_of_what_nothing_is_heard_counts_as_not_delivered(gatehouse):
    house = gatehouse("{ wait: 1m, no_answer: remove }", reports=False)
    house.joins("ann")
    house.later(minutes=11)
    assert house.stands("ann") == "passed/unreachable"
    asked = house.all(SendText)[0]
    house.delivered(asked, message="sim:readers/late")
    assert house.done[-1] == DeleteMessage("sim:readers", "sim:readers/late")
    house.later(days=1)
    assert house.all(KickMember) == []


def test_who_joined_later_has_as_much_time(gatehouse):
    house = gatehouse("{ wait: 5m, no_answer: remove }")
    house.joins("ann")
    house.later(minutes=4)
    house.joins("bo")
    house.later(minutes=2)
    assert (house.stands("ann"), house.stands("bo")) == ("removed/no_answer", "asked/")
    house.later(minutes=4)
    assert house.stands("bo") == "removed/no_answer"
    assert house.group.challenges == []


def test_when_the_bot_was_away_everybody_gets_more_time(gatehouse):
    house = gatehouse("{ wait: 10m, no_answer: remove }")
    house.joins("ann")
    (clock,) = house.memory.due_before(house.now + timedelta(minutes=10), house.settings)
    house.now += timedelta(hours=2)
    house.happens(replace(clock, at=house.now))
    assert house.stands("ann") == "asked/"
    house.later(minutes=4)
    house.presses("ann")
    assert house.stands("ann") == "passed/answered"


def test_who_leaves_is_forgotten_and_their_question_with_them(gatehouse):
    house = gatehouse("{ no_answer: remove }")
    house.joins("ann")
    house.leaves("ann")
    assert house.stands("ann") == "gone/"
    assert (len(house.all(DeleteMessage)), house.group.challenges) == (1, [])
    house.later(hours=1)
    assert house.all(KickMember) == []
    house.joins("ann")
    assert house.stands("ann") == "asked/"


def test_who_passed_is_not_asked_again_for_thirty_days_unless_somebody_removed_them(gatehouse):
    house = gatehouse()
    house.joins("ann", "bo")
    house.presses("ann")
    house.presses("bo")
    house.leaves("ann")
    house.leaves("bo", remover=house.person("boss", role=PlatformRole.ADMIN))
    house.later(days=5)
    house.joins("ann", "bo")
    assert (house.stands("ann"), house.stands("bo")) == ("passed/answered", "asked/")
    house.leaves("ann")
    house.later(days=31)
    house.joins("ann")
    assert house.stands("ann") == "asked/"


@pytest.mark.parametrize(
    "by", [Member("sim:boss", "Boss", role=PlatformRole.OWNER), Member("sim:helper", "Helper", is_bot=True)]
)
def test_who_is_added_by_an_admin_or_a_bot_is_not_asked(gatehouse, by):
    house = gatehouse()
    house.joins("ann", inviter=by)
    assert house.done == []
    assert house.remarks == ["gate: an admin or a bot has added them"]
    assert [one.name for one in house.group.welcomes] == ["Ann"]
    house.joins("bo", inviter=Member("sim:cy", "Cy"))
    assert house.stands("bo") == "asked/"


def test_bots_and_admins_are_not_asked(gatehouse):
    house = gatehouse()
    house.joins("robot", is_bot=True)
    house.joins("boss", role=PlatformRole.ADMIN)
    assert house.done == []


def test_whom_an_admin_adds_while_they_are_asked_is_let_in(gatehouse):
    house = gatehouse()
    house.joins("ann")
    house.joins("ann", inviter=Member("sim:boss", "Boss", role=PlatformRole.ADMIN))
    assert house.stands("ann") == "passed/by_hand"
    assert len(house.all(UnmuteMember)) == 1
    assert house.group.challenges == []


def test_whoever_can_write_although_they_were_silenced_was_unmuted_by_an_admin(gatehouse):
    house = gatehouse("{ no_answer: remove }")
    house.joins("ann", "bo")
    house.says("ann", "before the mute took hold")
    assert house.stands("ann") == "asked/"
    house.later(minutes=2)
    house.says("ann", "thank you for letting me speak")
    assert house.stands("ann") == "passed/by_hand"
    assert len(house.all(DeleteMessage)) == 1
    house.later(hours=1)
    assert [each.member for each in house.all(KickMember)] == ["sim:bo"]


def test_a_mute_that_a_rule_gave_outlasts_the_gate(gatehouse):
    house = gatehouse(more="rules:\n  - { id: m, when: button, then: { mute: 1h } }\n")
    house.memory.member("sim:ann").muted_until = house.now + timedelta(days=3)
    house.joins("ann")
    assert house.all(MuteMember) == []
    house.presses("ann")
    assert house.stands("ann") == "passed/answered"
    assert house.all(UnmuteMember) == []


def test_a_gate_for_raids_asks_only_while_it_is_required(gatehouse):
    raid = """
rules:
  - { id: raid, when: join, if: { joins: { count: 3, within: 1m } }, then: { require_gate: 2h } }
"""
    house = gatehouse("{ required: when_asked }", more=raid)
    house.joins("a", "b", "c", "d")
    assert [house.stands(each) for each in "abcd"] == ["", "", "", "asked/"]
    house.later(hours=1)
    house.joins("e")
    assert house.stands("e") == "asked/"
    house.later(hours=2)
    house.joins("f")
    assert house.stands("f") == ""


@pytest.mark.parametrize("mode", ["shadow", "off"])
def test_a_gate_that_only_watches_asks_nobody(gatehouse, mode):
    house = gatehouse(more=f"    mode: '{mode}'\n")
    house.joins("ann")
    assert (house.done, house.group.challenges, house.stands("ann")) == ([], [], "")
    assert house.last.shadowed == (("newcomers",) if mode == "shadow" else ())


def test_what_was_begun_is_ended_once_the_gate_is_out_of_the_file(gatehouse):
    house = gatehouse("{ no_answer: remove }")
    house.joins("ann", "bo")
    house.rulebook = gatehouse("{}\n    groups: [staff]").rulebook
    house.later(minutes=30)
    assert (house.stands("ann"), house.stands("bo")) == ("passed/no_gate", "passed/no_gate")
    assert len(house.all(UnmuteMember)) == 2
    assert house.group.challenges == []


def test_other_rules_do_not_look_at_what_is_said_before_the_gate(gatehouse):
    house = gatehouse(QUESTION, more="rules:\n  - { id: echo, when: message, then: { reply: heard } }\n")
    house.joins("bo")
    house.says("bo", "buy now")
    assert "heard" not in house.said()
    house.says("bo", "Ann")
    house.says("bo", "hello")
    assert house.said()[-1] == "heard"


def test_a_rule_that_mutes_who_joins_is_not_undone_by_passing_the_gate(gatehouse):
    house = gatehouse(more="rules:\n  - { id: quiet-start, when: join, then: { mute: 1d } }\n")
    house.joins("bo")
    until = house.now + timedelta(days=1)
    assert house.all(MuteMember) == [MuteMember("sim:readers", "sim:bo", until)]
    assert house.memory.group.next_case > 1  # staff can take it back
    house.presses("bo")
    assert house.stands("bo") == "passed/answered"
    assert house.all(UnmuteMember) == []
    assert house.memory.member("sim:bo").muted_until == until


def test_those_who_are_asked_are_pinged_by_their_names(gatehouse):
    house = gatehouse(QUESTION)
    house.joins("ann", "bo")
    house.later(minutes=1)
    house.says("ann", "nobody")
    sent = [each for each in house.all(SendText) if each.mentions]
    assert {each.mention_names for each in sent} >= {("Ann",), ("Ann", "Bo")}
    assert all(len(each.mention_names) == len(each.mentions) for each in sent)
