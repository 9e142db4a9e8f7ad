"""Conditions on who it is and what they have done."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from rules.conditions.member import FromSource, Introduced, IsBot, NameHasAny, Role, Tagged
from rules.conditions.record import ActiveDays, InGroupFor, MessagesSoFar, PointsOn, Score, Streak, Warnings
from rules.events import JoinRequested
from rules.state import Points, WarningGiven
from rules.values import Member, PlatformRole


def test_a_role_is_held_or_not(room: Any) -> None:
    room.roles = frozenset({"trusted"})
    assert room.holds(Role(of=["moderator", "trusted"]), "hi")
    assert not room.holds(Role(of=["moderator"]), "hi")
    assert room.seen(Role(of=["moderator"]), "hi") == ["trusted"]


def test_staff_member_and_admin_need_not_be_set_down(room: Any) -> None:
    assert room.holds(Role(of=["member"]), "hi")
    assert not room.holds(Role(of=["staff", "admin"]), "hi")
    room.staff = True
    assert room.holds(Role(of=["staff"]), "hi")
    assert not room.holds(Role(of=["member"]), "hi")
    admin = Member(id="telegram:7", role=PlatformRole.ADMIN)
    assert room.holds(Role(of=["admin"]), room.message("hi", author=admin))
    assert list(Role(of=["admin", "staff", "vip"]).refers()) == [("role", "vip")]


def test_tags_and_introduction_are_read_from_what_is_remembered(room: Any) -> None:
    assert not room.holds(Tagged(of=["vip"]), "hi")
    assert room.holds(Introduced(done=False), "hi")
    room.ann_state.tags = ["vip"]
    room.ann_state.introduced_at = room.at
    assert room.holds(Tagged(of=["vip", "silent"]), "hi")
    assert room.holds(Introduced(), "hi")


@pytest.mark.parametrize(
    ("member", "held"),
    [
        (Member(id="a", name="官方客 服"), False),
        (Member(id="a", name="官方客服"), True),
        (Member(id="a", name="Ann", username="CRYPTO_signals"), True),
        (Member(id="a", name="Ann", bio="找客服加我"), True),
        (Member(id="a", name="Ann"), False),
    ],
)
def test_a_name_is_read_with_user_name_and_bio(room: Any, member: Member, held: bool) -> None:
    condition = NameHasAny(of=["客服", "crypto"])
    assert room.holds(condition, room.message("早上好", author=member)) is held
    assert room.holds(condition, room.join(member=member)) is held
    assert not room.holds(condition, "客服")  # said, not named


def test_a_bot_and_a_source_are_told(room: Any) -> None:
    assert room.holds(IsBot(), room.join(member=Member(id="b", is_bot=True)))
    assert room.holds(IsBot(bot=False), "hi")
    assert room.holds(FromSource(of=["poster"]), room.join(source="poster"))
    assert not room.holds(FromSource(of=["poster"]), room.join(source="friend"))
    asks = JoinRequested(id="e", group=room.group, at=room.at, member=room.ann, source="poster")
    assert room.holds(FromSource(of=["poster"]), asks)
    room.ann_state.source = "poster"
    assert room.holds(FromSource(of=["poster"]), "hi")


def test_time_in_the_group_counts_from_joining_or_from_first_being_seen(room: Any) -> None:
    new = InGroupFor.model_validate({"under": "3d"})
    old = InGroupFor.model_validate({"at_least": "3d"})
    assert room.holds(new, "hi")  # never seen before
    room.ann_state.first_seen = room.at - timedelta(days=3)
    assert room.holds(old, "hi")
    assert not room.holds(new, "hi")
    room.ann_state.joined_at = room.at - timedelta(days=3, seconds=-1)
    assert room.holds(new, "hi")
    assert room.seen(new, "hi") == "2d23h59m59s"
    room.ann_state.joined_at = room.at - timedelta(days=30)
    assert room.holds(new, room.join())  # comes again
    with pytest.raises(ValidationError, match="how long"):
        InGroupFor()


def test_what_a_member_has_done_is_counted(room: Any) -> None:
    state = room.ann_state
    state.messages, state.active_days, state.score, state.streak = 4, 2, 100, 7
    state.warnings = [WarningGiven(at=room.at, by="rule:x")] * 2
    for condition, count in ((MessagesSoFar, 4), (ActiveDays, 2), (Score, 100), (Streak, 7), (Warnings, 2)):
        assert room.seen(condition(at_least=1), "hi") == count
        assert room.holds(condition(at_least=count), "hi")
        assert not room.holds(condition(at_least=count + 1), "hi")
        assert room.holds(condition(under=count + 1), "hi")
        assert not room.holds(condition(under=count), "hi")
    with pytest.raises(ValidationError, match="say how many"):
        Warnings()


def test_points_that_have_faded_or_are_of_another_ladder_do_not_count(room: Any) -> None:
    day = timedelta(days=1)
    room.ann_state.points = [
        Points(ladder="ads", points=1, at=room.at - day, expires=room.at + day),
        Points(ladder="ads", points=2, at=room.at - day),
        Points(ladder="ads", points=4, at=room.at - day, expires=room.at),
        Points(ladder="flood", points=8, at=room.at - day),
    ]
    condition = PointsOn(ladder="ads", at_least=3)
    assert room.seen(condition, "hi") == 3
    assert room.holds(condition, "hi")
    assert list(condition.refers()) == [("ladder", "ads")]
