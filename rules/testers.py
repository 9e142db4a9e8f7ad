"""Made-up members for tests beside rules: a member of the group as `by:` names one, so that they hold that role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.config import Config, Earn, RoleSpec, Under
from rules.events import MessagePosted
from rules.facts import Facts, GroupSettings
from rules.reading import Reading
from rules.rulebook import Rulebook
from rules.state import GroupState, MemberState, WarningGiven
from rules.values import Group, Member, Message, PlatformRole

MEMBER, NEWCOMER, STAFF = "member", "newcomer", "staff"
_OF_PLATFORM = {"admin": PlatformRole.ADMIN, "moderator": PlatformRole.ADMIN, "owner": PlatformRole.OWNER}
_ORDINARY = ((7, 12), (2, 3), (30, 60), (400, 2000))
"""Days in the group and messages of an ordinary member, to be tried until one earns no role by them."""


@dataclass(frozen=True, slots=True)
class Tester:
    """Somebody who does what a test says: as the platform names them, and what is remembered of them."""

    member: Member
    state: MemberState


def make_up(by: str, config: Config, rulebook: Rulebook, settings: GroupSettings, now: datetime) -> Tester | None:
    """A member that holds the role ``by`` at the moment ``now``; None where nobody can be made up that does."""

    def roles(tester: Tester) -> tuple[frozenset[str], bool]:
        return _roles(tester, rulebook, settings, now)

    platform = settings.platform
    spec = config.roles.get(by)
    if spec is not None:
        made = (_holder(spec, platform, now, role=PlatformRole.MEMBER), _holder(spec, platform, now, _role_of(spec)))
        return next((tester for tester in made if by in roles(tester)[0]), None)
    if by == NEWCOMER:
        return _person(platform, now, days=0, messages=0)
    if by == MEMBER:
        ordinary = [_person(platform, now, days=days, messages=messages) for days, messages in _ORDINARY]
        return min((tester for tester in ordinary if not roles(tester)[1]), key=lambda one: len(roles(one)[0]))
    if by in _OF_PLATFORM:
        return _person(platform, now, role=_OF_PLATFORM[by])
    candidates = [_person(platform, now, role=PlatformRole.ADMIN)]
    candidates += [tester for role in config.roles.values() for tester in _holders(role, platform, now)]
    return next((tester for tester in candidates if roles(tester)[1]), None)


def _roles(tester: Tester, rulebook: Rulebook, settings: GroupSettings, now: datetime) -> tuple[frozenset[str], bool]:
    group = Group(settings.chat)
    event = MessagePosted("test", group, now, Message("test", tester.member))
    facts = Facts(now, settings, GroupState(settings.chat), tester.state, reading=Reading(event))
    return rulebook.roles_of(facts)


def _holders(spec: RoleSpec, platform: str, now: datetime) -> Iterator[Tester]:
    if spec.can:
        yield _holder(spec, platform, now, _role_of(spec))


def _role_of(spec: RoleSpec) -> PlatformRole:
    return PlatformRole.ADMIN if spec.from_platform_admins else PlatformRole.MEMBER


def _holder(spec: RoleSpec, platform: str, now: datetime, role: PlatformRole) -> Tester:
    """Somebody to whom every way of coming by a role applies."""
    own = [member for member in spec.members if member.startswith(f"{platform}:")]
    tester = _person(platform, now, id_=next(iter(own or spec.members), None), role=role)
    tester.state.tags = list(spec.tagged[:1])
    if spec.earn is not None:
        _earn(spec.earn, tester.state, now)
    return tester


def _person(
    platform: str,
    now: datetime,
    *,
    days: int = 7,
    messages: int = 12,
    id_: str | None = None,
    role: PlatformRole = PlatformRole.MEMBER,
) -> Tester:
    id_ = id_ or f"{platform}:tester"
    came = now - timedelta(days=days, minutes=1)
    state = MemberState(
        id=id_,
        name="Tester",
        role=role,
        first_seen=came,
        joined_at=came,
        messages=messages,
        active_days=min(days, messages),
        welcomed=True,
    )
    return Tester(Member(id_, "Tester", role=role), state)


def _earn(earn: Earn, state: MemberState, now: datetime) -> None:
    state.messages = _enough(earn.messages, state.messages)
    state.active_days = _enough(earn.active_days, state.active_days)
    state.score = _enough(earn.score, state.score)
    if earn.days_in_group is not None:
        state.joined_at = state.first_seen = now - timedelta(days=_enough(earn.days_in_group, 0), minutes=1)
    if earn.introduced:
        state.introduced_at = now
    if earn.warnings is not None:
        state.warnings = [WarningGiven(now, "test") for _ in range(earn.warnings)]


def _enough(wanted: int | Under | None, otherwise: int) -> int:
    if isinstance(wanted, Under):
        return max(wanted.under - 1, 0)
    return otherwise if wanted is None else wanted
