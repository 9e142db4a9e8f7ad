"""A gate that could not work is refused when the file is loaded, with what to write instead, in both languages."""

import pytest

from rules.capability import Capability
from rules.errors import ConfigError
from rules.language.saying import said


def refused(gatehouse, gate, **more):
    with pytest.raises(ConfigError) as caught:
        gatehouse(gate, **more)
    for complaint in caught.value.complaints:
        assert said(complaint, "zh-CN") != complaint
        assert complaint.place.line
    return [complaint.message for complaint in caught.value.complaints]


@pytest.mark.parametrize(
    ("gate", "why"),
    [
        ("{ challenge: question }", "a question needs `ask:`"),
        ("{ challenge: button, ask: Who? }", "`ask` needs `challenge: question`"),
        ("{ answer_any: [Ann] }", "`answer_any` needs a question; write `ask:`"),
        ("{ ask: Who?, choices: [Ann] }", "write two to ten choices"),
        ("{ ask: Who?, choices: [Ann, Bo], answer_any: [Cy] }", "`Cy` is a right answer, but none of the choices"),
        ("{ ask: Who?, attempts: 2 }", "`attempts` changes nothing: no answer is wrong here; write `answer_any:`, "),
        ("{ wrong: remove }", "`wrong` changes nothing"),
        ("{ wait: 5s }", "wait at least 30s and at most 7d"),
    ],
)
def test_what_makes_no_sense_is_refused(gatehouse, gate, why):
    (complaint,) = refused(gatehouse, gate)
    assert why in complaint


@pytest.mark.parametrize(
    ("gate", "without", "why"),
    [
        ("{}", {Capability.SEE_JOINS}, "does not tell who joins"),
        ("{}", {Capability.BUTTONS}, "has no buttons; write `ask:`"),
        ("{ challenge: captcha }", {Capability.SEND_PICTURE}, "cannot show pictures"),
        ("{}", {Capability.MUTE, Capability.DELETE}, "can neither mute a member nor delete their messages"),
        ("{ ask: Who? }", {Capability.DELETE}, "which an answer in words needs; write `choices:`"),
        ("{ no_answer: remove }", {Capability.KICK}, "cannot remove a member, as `no_answer: remove` wants"),
    ],
)
def test_what_the_platform_cannot_do_is_refused(gatehouse, gate, without, why):
    (complaint,) = refused(gatehouse, gate, without=without)
    assert why in complaint
    assert "group readers" in complaint


def test_a_platform_that_mutes_or_deletes_will_do(gatehouse):
    gatehouse("{}", without={Capability.MUTE})
    gatehouse("{}", without={Capability.DELETE, Capability.DELETE_OWN})
    gatehouse("{ ask: Who?, choices: [Ann, Bo] }", without={Capability.BUTTONS})


def test_staff_cannot_be_asked_where_there_is_no_room(gatehouse):
    found = refused(
        gatehouse, "{ if_unreachable: hold_for_staff }", more="staff: {}\n", head=("staff: { room: staff }", "")
    )
    assert (
        found
        == [
            "`no_answer: hold_for_staff` asks staff, but there is no staff room; name one (staff: room), or write "
            "`no_answer: remove`",
            "`if_unreachable: hold_for_staff` asks staff, but there is no staff room; name one (staff: room), or write "
            "`if_unreachable: let_in`",
        ]
        * 2
    )  # both groups are kept then


def test_two_gates_for_one_group_are_refused(gatehouse):
    (complaint,) = refused(gatehouse, "{}", more="  - { id: other, gate: {} }\n")
    assert complaint == "group readers has a gate already, that of `newcomers`; take one of them out"


def test_a_gate_that_is_not_there_cannot_be_required(gatehouse):
    rules = "rules:\n  - { id: raid, when: join, groups: [readers, staff], then: { require_gate: 2h } }\n"
    (complaint,) = refused(gatehouse, "{ required: when_asked }", more=rules)
    assert complaint.startswith("rule raid: group staff has no gate that `require_gate` could switch on")


def test_a_text_that_is_not_there_is_refused(gatehouse):
    (complaint,) = refused(gatehouse, "{ ask: gate.my_question }")
    assert "there is no text `gate.my_question`" in complaint
