"""Who holds which of the operator's roles, and what that lets them do."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from rules.config import Earn, RoleSpec, Under
from rules.facts import Facts
from rules.state import MemberState
from rules.values import PlatformRole

EVERYTHING = "everything"
_Test = Callable[[MemberState, Facts], bool]
_NONE: frozenset[str] = frozenset()


class RoleBook:
    """The roles of a configuration, ready to be asked for every message.

    Where no role may do anything, the platform's own admins and its owner are staff and may do everything.
    """

    def __init__(self, roles: Mapping[str, RoleSpec]) -> None:
        self._can: dict[str, frozenset[str]] = {name: frozenset(role.can) for name, role in roles.items()}
        self._ranks: frozenset[str] = frozenset(name for name, can in self._can.items() if can)
        self._by_member: dict[str, frozenset[str]] = {}
        self._of_admins = frozenset(name for name, role in roles.items() if role.from_platform_admins)
        self._by_tag: dict[str, frozenset[str]] = {}
        self._earned: list[tuple[str, tuple[_Test, ...]]] = []
        self._admins_rule = not self._ranks
        for name, role in roles.items():
            for member in role.members:
                self._by_member[member] = self._by_member.get(member, _NONE) | {name}
            for tag in role.tagged:
                self._by_tag[tag] = self._by_tag.get(tag, _NONE) | {name}
            if role.earn is not None:
                self._earned.append((name, tuple(_tests(role.earn))))

    def roles_of(self, facts: Facts) -> tuple[frozenset[str], bool]:
        """The roles that the member of these facts holds now, and whether they are staff."""
        member = facts.member
        roles = self._by_member.get(member.id, _NONE)
        # What the event says of its member is newer than what is remembered: it is noted only after the decision.
        person = facts.reading.member
        role = person.role if person is not None and person.id == member.id else member.role
        is_admin = role is not PlatformRole.MEMBER
        if is_admin:
            roles = roles | self._of_admins
        if member.tags and self._by_tag:
            for tag in member.tags:
                roles = roles | self._by_tag.get(tag, _NONE)
        for name, tests in self._earned:
            for test in tests:
                if not test(member, facts):
                    break
            else:
                roles = roles | {name}
        if self._admins_rule:
            return roles, is_admin
        # Who speaks as the group itself is exempt like staff, also where admins hold no role here.
        return roles, role is PlatformRole.GROUP or not self._ranks.isdisjoint(roles)

    def may(self, roles: Iterable[str], verb: str, *, staff: bool = False) -> bool:
        """Whether holders of these roles may do something. ``staff`` is what ``roles_of`` told along with them."""
        if staff and self._admins_rule:
            return True
        return any(verb in can or EVERYTHING in can for can in map(self._can_of, roles))

    def _can_of(self, role: str) -> frozenset[str]:
        return self._can.get(role, _NONE)


def _tests(earn: Earn) -> Iterable[_Test]:
    if earn.messages is not None:
        yield _count(earn.messages, lambda member: member.messages)
    if earn.active_days is not None:
        yield _count(earn.active_days, lambda member: member.active_days)
    if earn.score is not None:
        yield _count(earn.score, lambda member: member.score)
    if earn.warnings is not None:
        most = earn.warnings
        yield lambda member, facts: len(member.warnings) <= most
    if earn.introduced is not None:
        wanted = earn.introduced
        yield lambda member, facts: (member.introduced_at is not None) is wanted
    if earn.days_in_group is not None:
        yield _in_group(earn.days_in_group)


def _count(wanted: int | Under, read: Callable[[MemberState], int]) -> _Test:
    if isinstance(wanted, Under):
        under = wanted.under
        return lambda member, facts: read(member) < under
    return lambda member, facts: read(member) >= wanted


def _in_group(days: int | Under) -> _Test:
    """Days since the member joined or was first seen; who has never been seen is new."""
    span = timedelta(days=days.under if isinstance(days, Under) else days)
    newer = isinstance(days, Under)

    def test(member: MemberState, facts: Facts) -> bool:
        since = member.joined_at or member.first_seen
        return ((facts.now - since < span) if since is not None else bool(span)) is newer

    return test
