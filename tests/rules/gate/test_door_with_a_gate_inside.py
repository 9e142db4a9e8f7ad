"""A door where the platform can do everything: the gate asks at the door and in the group, and knows who has passed."""

from datetime import timedelta

from rules.doors import BY_WORD, FULL
from rules.effects import AnswerJoinRequest, MuteMember, SendPrivate
from rules.events import JoinRequested
from rules.values import Group

QUESTION = '{ ask: "Who told you of us?", answer_any: [Ann], wrong: decline, attempts: 2, no_answer: decline }'
DOOR = "\n    door: { keywords: [join] }"


def says_the_word(house, handle, source=BY_WORD):
    house.happens(JoinRequested(house.new_id(), Group("sim:readers"), house.now, house.person(handle), source=source))


def answers(house):
    return [(each.member, each.approve) for each in house.all(AnswerJoinRequest)]


def alone(house):
    return [house.read(each) for each in house.all(SendPrivate)]


def test_who_passed_at_the_door_is_not_asked_inside(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    says_the_word(house, "bo")
    house.answers_alone("bo", "Ann")
    assert answers(house) == [("sim:bo", True)]
    assert alone(house)[-1].startswith("Thank you, Bo. You are invited to “Readers”")
    house.joins("bo")
    assert house.group.challenges == []


def test_who_is_brought_in_by_a_friend_is_asked_inside(gatehouse):
    house = gatehouse("{}" + DOOR)
    house.joins("bo")
    assert [each.member for each in house.all(MuteMember)] == ["sim:bo"]


def test_who_is_in_is_told_so_and_no_more_than_three_times_an_hour(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    house.says("bo", "hello")
    for _ in range(5):
        says_the_word(house, "bo")
    assert alone(house) == ["Bo, you are in “Readers” already. See you there!"] * 3
    assert answers(house) == []
    house.later(hours=1, seconds=1)
    says_the_word(house, "bo")
    assert len(alone(house)) == 4


def test_the_banned_are_told_how_to_object_and_not_invited(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    house.memory.member("sim:bo").banned = True
    says_the_word(house, "bo")
    assert answers(house) == []
    assert "write /appeal and your reasons here" in alone(house)[0]


def test_a_gate_that_rests_lets_them_in_at_once(gatehouse):
    house = gatehouse(QUESTION.replace("{ ask", "{ required: when_asked, ask") + DOOR)
    says_the_word(house, "bo")
    assert answers(house) == [("sim:bo", True)]


def test_who_passed_within_a_month_and_left_is_invited_without_a_question(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    says_the_word(house, "bo")
    house.answers_alone("bo", "Ann")
    house.joins("bo")
    house.leaves("bo")
    house.later(days=3)
    says_the_word(house, "bo")
    assert answers(house) == [("sim:bo", True)] * 2
    house.leaves("bo")
    house.later(days=31)
    says_the_word(house, "bo")
    assert len(answers(house)) == 2


def test_who_was_removed_is_held_and_who_was_sent_away_by_the_gate_may_try_again(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    house.says("bo", "hello")
    house.leaves("bo", remover=house.person("boss"))
    says_the_word(house, "bo")
    assert house.stands("bo") == "held/removed"
    assert house.group.held == ["sim:bo"]
    house.joins("cy")
    house.later(minutes=11)
    house.leaves("cy", remover=house.person("bot"))
    assert house.stands("cy") == "removed/no_answer"
    says_the_word(house, "cy")
    assert house.stands("cy") == "asked/"


def test_words_written_while_they_are_removed_do_not_let_them_back(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    house.says("bo", "hello")
    house.leaves("bo", remover=house.person("boss"))
    house.now += timedelta(seconds=5)
    house.says("bo", "still on its way")
    assert house.memory.member("sim:bo").removed_at is not None
    house.later(minutes=2)
    house.says("bo", "I am here")
    assert house.memory.member("sim:bo").removed_at is None


def test_where_all_is_full_they_are_told_so_and_staff_once_a_day(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    for handle in ("bo", "cy", "di"):
        says_the_word(house, handle, FULL)
    assert answers(house) == []
    assert all("all our groups are full" in each for each in alone(house))
    assert len(house.said("sim:staff")) == 1
    house.later(days=1, seconds=1)
    says_the_word(house, "ed", FULL)
    assert len(house.said("sim:staff")) == 2


def test_a_rule_may_answer_before_the_door(gatehouse):
    rules = """
rules:
  - { id: known, when: join_request, if: { name_has_any: [Ann] }, then: approve_join }
  - { id: ads, when: join_request, if: { name_has_any: [Sale] }, then: decline_join }
"""
    house = gatehouse(QUESTION + DOOR, more=rules)
    for handle in ("ann", "sale", "bo"):
        says_the_word(house, handle)
    assert answers(house) == [("sim:ann", True), ("sim:sale", False)]
    assert [each.member for each in house.all(SendPrivate)] == ["sim:bo"]


def test_who_asks_the_platform_itself_is_asked_as_before(gatehouse):
    house = gatehouse(QUESTION + DOOR)
    house.asks_in("bo")
    assert len(alone(house)) == 1
    assert house.stands("bo") == "asked/"


def test_in_shadow_nobody_is_told_anything(gatehouse):
    house = gatehouse(QUESTION + DOOR + "\n    mode: shadow")
    says_the_word(house, "bo")
    assert house.done == []
    assert house.stands("bo") == ""
