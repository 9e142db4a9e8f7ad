"""Who holds which role, and what that lets them do."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.config import Earn, RoleSpec, Under
from rules.events import MessagePosted
from rules.facts import Facts, GroupSettings
from rules.reading import Reading
from rules.roles import RoleBook
from rules.state import GroupState, MemberState, WarningGiven
from rules.values import Group, Member, Message, PlatformRole

NOW = datetime(2026, 10, 5, tzinfo=UTC)
ROLES = {
    "owner": RoleSpec(members=("telegram:1",), can=("everything",)),
    "moderator": RoleSpec(from_platform_admins=True, can=("warn", "mute")),
    "editor": RoleSpec(tagged=("writes",), can=("post",)),
    "trusted": RoleSpec(earn=Earn(days_in_group=14, messages=30, warnings=0)),
    "newcomer": RoleSpec(earn=Earn(days_in_group=Under(under=3))),
    "known": RoleSpec(earn=Earn(introduced=True)),
    "star": RoleSpec(earn=Earn(score=100, active_days=5)),
}


def facts(**state: object) -> Facts:
    member = MemberState(**{"id": "telegram:9", "first_seen": NOW - timedelta(days=5), **state})  # type: ignore[arg-type]
    settings = GroupSettings(key="g", chat="c", platform="telegram")
    return Facts(now=NOW, settings=settings, group=GroupState(id="c"), member=member)


def held(**state: object) -> tuple[set[str], bool]:
    roles, staff = RoleBook(ROLES).roles_of(facts(**state))
    return set(roles), staff


@pytest.mark.parametrize(
    ("state", "roles", "staff"),
    [
        ({}, set(), False),
        ({"id": "telegram:1"}, {"owner"}, True),
        ({"role": PlatformRole.ADMIN}, {"moderator"}, True),
        ({"role": PlatformRole.OWNER}, {"moderator"}, True),
        ({"tags": ["writes", "vip"]}, {"editor"}, True),
        ({"tags": ["vip"]}, set(), False),
        ({"first_seen": None}, {"newcomer"}, False),
        ({"first_seen": NOW}, {"newcomer"}, False),
        ({"joined_at": NOW - timedelta(days=2)}, {"newcomer"}, False),
        ({"joined_at": NOW - timedelta(days=3)}, set(), False),
        ({"joined_at": NOW - timedelta(days=14), "messages": 30}, {"trusted"}, False),
        ({"joined_at": NOW - timedelta(days=14), "messages": 29}, set(), False),
        ({"introduced_at": NOW}, {"known"}, False),
        ({"score": 100, "active_days": 5}, {"star"}, False),
        ({"score": 100, "active_days": 4}, set(), False),
    ],
)
def test_a_member_holds_what_they_are_given_and_what_they_earn(
    state: dict[str, object], roles: set[str], staff: bool
) -> None:
    assert held(**state) == (roles, staff)


def test_a_warning_takes_trust_away() -> None:
    earned = {"joined_at": NOW - timedelta(days=20), "messages": 99}
    assert held(**earned)[0] == {"trusted"}
    assert held(**earned, warnings=[WarningGiven(at=NOW, by="telegram:1")])[0] == set()


def test_the_platform_s_word_of_now_counts_more_than_what_is_remembered() -> None:
    author = Member(id="telegram:9", role=PlatformRole.ADMIN)
    event = MessagePosted(id="e", group=Group(id="c"), at=NOW, message=Message(id="m", author=author))
    known = facts()
    known.reading = Reading(event)
    assert RoleBook(ROLES).roles_of(known) == (frozenset({"moderator"}), True)
    known = facts(id="telegram:8")  # somebody else than who acts: the target of a command
    known.reading = Reading(event)
    assert RoleBook(ROLES).roles_of(known) == (frozenset(), False)


def test_without_roles_that_may_do_anything_the_platform_s_admins_may_do_everything() -> None:
    for book in (RoleBook({}), RoleBook({"newcomer": ROLES["newcomer"]})):
        roles, staff = book.roles_of(facts(role=PlatformRole.ADMIN))
        assert staff
        assert book.may(roles, "ban", staff=staff)
        roles, staff = book.roles_of(facts())
        assert not staff
        assert not book.may(roles, "ban", staff=staff)


def test_roles_let_do_what_they_list_and_everything_is_all() -> None:
    book = RoleBook(ROLES)
    assert book.may({"moderator"}, "mute")
    assert not book.may({"moderator"}, "ban")
    assert book.may({"owner"}, "ban")
    assert book.may({"trusted", "editor"}, "post")
    assert not book.may({"trusted"}, "post")
    assert not book.may((), "post")
    assert not book.may({"gone"}, "post")
