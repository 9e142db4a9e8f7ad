"""Who is let in at the gate though nobody asked them: admins made meanwhile, and who comes back to a gate at rest."""

import pytest

from rules.capability import Capability
from rules.changes import SetRuleMode
from rules.effects import DeleteMessage, MuteMember, UnmuteMember
from rules.needs import needs_of
from rules.values import PlatformRole

IN_WORDS = "{ ask: Who told you?, answer_any: [Ann], no_answer: remove }"


@pytest.mark.parametrize("gate", ["{}", IN_WORDS])
def test_who_is_made_an_admin_meanwhile_is_in_and_may_write(gatehouse, gate):
    house = gatehouse(gate)
    house.joins("bo")
    house.memory.member("sim:bo").role = PlatformRole.ADMIN
    message = house.person("bo", role=PlatformRole.ADMIN)
    house.person = lambda handle: message
    house.later(seconds=5)
    effects = house.says("bo", "Good evening")
    assert not any(isinstance(effect, DeleteMessage) and "update" in effect.message for effect in effects)
    assert house.stands("bo") == "passed/by_hand"


@pytest.mark.parametrize("rest", ["mode: shadow", "mode: 'off'", "elsewhere", "/rule off"])
def test_who_left_unasked_and_comes_back_to_a_gate_at_rest_gets_their_voice_back(gatehouse, rest):
    house = gatehouse()
    house.joins("ann")
    assert house.all(MuteMember, "ann")
    house.leaves("ann")
    if rest == "/rule off":
        house.group.rule_modes = {}
        from rules.apply import apply

        apply([SetRuleMode(rule="newcomers", mode="off")], house.now, house.group, house.memory.member)
    elif rest == "elsewhere":
        house.rulebook = gatehouse("{}\n    groups: [staff]").rulebook
    else:
        house.rulebook = gatehouse(more=f"    {rest}\n").rulebook
    house.later(days=1)
    house.joins("ann")
    assert house.all(UnmuteMember, "ann")
    assert house.stands("ann") == "passed/no_gate"
    assert house.memory.member("sim:ann").muted_until is None


def test_who_left_and_comes_back_to_a_gate_that_asks_is_asked_again(gatehouse):
    house = gatehouse()
    house.joins("ann")
    house.leaves("ann")
    house.joins("ann")
    assert house.stands("ann") == "asked/"
    assert not house.all(UnmuteMember)


@pytest.mark.parametrize(("gate", "reads"), [("{}", ()), (IN_WORDS, ("newcomers",))])
def test_a_group_is_told_of_its_gate_by_the_name_that_the_file_gives_it(gatehouse, gate, reads):
    house = gatehouse(f"{gate}\n    groups: [readers]")
    needs = {chat: needs_of(book, house.rulebook) for chat, book in house.rulebook.groups.items()}
    assert {name for names in needs["sim:readers"].by_capability.values() for name in names} == {"newcomers"}
    assert Capability.SEE_JOINS in needs["sim:readers"].by_capability
    assert needs["sim:readers"].reads == reads
    assert (dict(needs["sim:staff"].by_capability), needs["sim:staff"].reads) == ({}, ())
