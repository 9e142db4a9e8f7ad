"""What forgetting a member does to the states."""

from datetime import UTC, datetime

from rules.apply import apply
from rules.changes import AskAtGate, ForgetMember, Greeted, HoldMessage, NoteForStaff, QueueWelcome
from rules.state import GateNote, GroupState, MemberState

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def test_messages_of_the_member_that_are_held_for_review_are_erased() -> None:
    group, people = GroupState(id="t:g"), {id_: MemberState(id=id_) for id_ in ("t:ann", "t:bo")}
    held = [HoldMessage(rule="ads", member=id_, name=id_, text="held words", message=f"t:g/{id_}") for id_ in people]
    apply([*held, ForgetMember(member="t:ann")], NOW, group, people.__getitem__)
    assert [review.member for review in group.reviews] == ["t:bo"]
    assert group.next_review == 3


def test_the_name_of_the_member_stands_in_no_welcome_and_at_no_gate_any_more() -> None:
    group, people = GroupState(id="t:g"), {id_: MemberState(id=id_) for id_ in ("t:10001", "t:10002")}
    ann, bo = people.values()
    ann.name, bo.name = "Ann", "Bo"
    note = [GateNote(member=id_, name=one.name, stands="held", why="wrong") for id_, one in people.items()]
    apply(
        [
            Greeted(names=("Ann", "Bo")),
            *(QueueWelcome(member=id_, name=one.name, due=NOW) for id_, one in people.items()),
            *(AskAtGate(member=id_, name=one.name, onboarding="o", challenge="c") for id_, one in people.items()),
            NoteForStaff(tuple(note)),
            ForgetMember(member=ann.id),
        ],
        NOW,
        group,
        people.__getitem__,
    )
    assert group.greeting is not None
    assert (group.greeting.names, group.greeting.count) == (["Bo"], 2)
    kept = [*group.welcomes, *group.challenges[0].waiting, *group.gate_notes]
    assert [one.name for one in kept] == ["10001", "Bo"] * 3
    assert "Ann" not in str(group)
