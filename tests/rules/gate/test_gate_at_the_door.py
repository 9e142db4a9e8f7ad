"""The entry gate for those who ask to be let in: they are asked alone, and the right answer opens the door."""

import pytest

from rules.capability import Capability
from rules.effects import AnswerJoinRequest, KickMember, MuteMember, SendPrivate, SendText
from rules.values import PlatformRole

QUESTION = '{ ask: "Who told you of us?", answer_any: [Ann], save: source, wrong: decline, attempts: 2 }'


def answers(house):
    return [(each.member, each.approve) for each in house.all(AnswerJoinRequest)]


def alone(house):
    return [house.read(each) for each in house.all(SendPrivate)]


def test_who_asks_to_be_let_in_is_asked_alone_and_welcomed_without_a_second_gate(gatehouse):
    house = gatehouse(QUESTION)
    house.asks_in("bo")
    (asked,) = alone(house)
    assert asked.startswith("Hello Bo, you would like to join “Readers”. One question first: Who told you of us?")
    assert answers(house) == []
    house.answers_alone("bo", "it was Ann")
    assert answers(house) == [("sim:bo", True)]
    assert alone(house)[-1] == "Thank you, Bo. Welcome to “Readers”!"
    assert house.memory.member("sim:bo").profile == {"source": "it was Ann"}
    assert house.group.welcomes == []
    house.joins("bo")
    assert house.all(MuteMember) == []
    house.later(minutes=2)
    assert len(house.said()) == 1
    assert house.memory.next_due() is None


def test_wrong_answers_turn_the_request_down(gatehouse):
    house = gatehouse(QUESTION)
    house.asks_in("bo")
    house.answers_alone("bo", "Cy")
    assert alone(house)[-1] == "Bo, that was not the answer. Tries left: 1. Who told you of us?"
    house.answers_alone("bo", "Di")
    assert answers(house) == [("sim:bo", False)]
    assert "turned down" in alone(house)[-1]
    assert house.all(KickMember) == []
    house.asks_in("bo")
    assert house.stands("bo") == "asked/"


@pytest.mark.parametrize(
    ("policy", "stands", "answered"),
    [
        ("hold_for_staff", "held", []),
        ("remove", "removed", [("sim:bo", False)]),
        ("decline", "removed", [("sim:bo", False)]),
        ("let_in", "passed", [("sim:bo", True)]),
        ("stay_restricted", "restricted", []),
    ],
)
def test_without_an_answer_follows_what_is_written(gatehouse, policy, stands, answered):
    house = gatehouse(f"{{ no_answer: {policy} }}")
    house.asks_in("bo")
    house.later(minutes=11)
    assert house.stands("bo") == f"{stands}/no_answer"
    assert answers(house) == answered
    assert (len(house.said("sim:staff")) == 1) is (policy == "hold_for_staff")
    assert house.memory.next_due() is None


@pytest.mark.parametrize(("policy", "answered"), [("let_in", [("sim:bo", True)]), ("hold_for_staff", [])])
def test_who_cannot_be_reached_is_let_in_or_left_to_staff(gatehouse, policy, answered):
    house = gatehouse(f"{{ if_unreachable: {policy}, no_answer: decline }}", reports=False)
    house.asks_in("bo")
    house.delivered(house.all(SendPrivate)[0], "refused")
    assert answers(house) == answered
    assert len(house.said("sim:staff")) == 1
    assert len(alone(house)) == 1


def test_a_button_alone_opens_the_door(gatehouse):
    house = gatehouse()
    house.asks_in("bo")
    house.answers_alone("bo", "please")
    assert house.stands("bo") == "asked/"
    house.answers_alone("bo", index=0)
    assert answers(house) == [("sim:bo", True)]


def test_whom_somebody_else_lets_in_is_asked_no_more(gatehouse):
    house = gatehouse("{ no_answer: decline }")
    house.asks_in("bo")
    house.joins("bo", inviter=house.person("boss", role=PlatformRole.ADMIN))
    assert house.stands("bo") == "passed/by_hand"
    house.later(hours=1)
    assert answers(house) == []
    assert [each.group for each in house.all(SendText)] == ["sim:readers"]


def test_rules_that_answer_requests_go_before_the_gate(gatehouse):
    rules = """
defaults: { match: first }
rules:
  - { id: known, when: join_request, if: { name_has_any: [Ann] }, then: approve_join }
  - { id: ads, when: join_request, if: { name_has_any: [Sale] }, then: decline_join }
  - { id: told, when: join_request, then: { alert: staff } }
"""
    house = gatehouse(more=rules)
    for handle in ("ann", "sale", "bo"):
        house.asks_in(handle)
    assert answers(house) == [("sim:ann", True), ("sim:sale", False)]
    assert [each.member for each in house.all(SendPrivate)] == ["sim:bo"]
    assert len(house.said("sim:staff")) == 1


def test_who_passed_is_let_in_at_once(gatehouse):
    house = gatehouse()
    house.joins("ann")
    house.presses("ann")
    house.leaves("ann")
    house.asks_in("ann")
    assert answers(house) == [("sim:ann", True)]


def test_where_nobody_can_be_asked_alone_requests_are_left_to_staff(gatehouse):
    house = gatehouse(without={Capability.SEND_PRIVATE})
    house.asks_in("bo")
    assert house.done == []
    assert house.remarks == ["gate: nobody can be asked alone here; staff decide"]


def test_the_banned_are_left_to_staff(gatehouse):
    house = gatehouse()
    house.memory.member("sim:bo").banned = True
    house.asks_in("bo")
    assert house.done == []


def test_a_second_request_asks_nothing_again(gatehouse):
    house = gatehouse()
    house.asks_in("bo")
    house.asks_in("bo")
    assert len(alone(house)) == 1
