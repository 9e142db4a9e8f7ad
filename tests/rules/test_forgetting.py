"""What forgetting a member does to the states."""

from datetime import UTC, datetime

from rules.apply import apply
from rules.changes import ForgetMember, HoldMessage
from rules.state import GroupState, MemberState

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def test_messages_of_the_member_that_are_held_for_review_are_erased() -> None:
    group, people = GroupState(id="t:g"), {id_: MemberState(id=id_) for id_ in ("t:ann", "t:bo")}
    held = [HoldMessage(rule="ads", member=id_, name=id_, text="held words", message=f"t:g/{id_}") for id_ in people]
    apply([*held, ForgetMember(member="t:ann")], NOW, group, people.__getitem__)
    assert [review.member for review in group.reviews] == ["t:bo"]
    assert group.next_review == 3
