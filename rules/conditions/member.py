"""Who it is: roles, tags, names and where they came from."""

from functools import cached_property

from rules.conditions.fields import MEMBERS, Names, Phrases
from rules.events import Event, JoinRequested, MemberJoined, member_of
from rules.facts import Facts
from rules.folding import fold
from rules.phrases import PhraseIndex
from rules.step import MEMBER_EVENTS, Condition
from rules.values import PlatformRole

IMPLICIT_ROLES = frozenset({"staff", "member", "admin"})
"""Roles that need not be set down: who may do anything, everybody else, and the platform's own admins."""


class Role(Condition):
    """The member holds one of these roles. `staff`, `member` (all others) and `admin` (the platform's) always exist.

    ```yaml
    role: [moderator, trusted]
    ```
    """

    step = "role"
    scalar = "of"
    kinds = MEMBERS

    of: Names

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(self.of)

    def refers(self) -> tuple[tuple[str, str], ...]:
        return tuple(("role", name) for name in self.of if name not in IMPLICIT_ROLES)

    def holds(self, event: Event, facts: Facts) -> bool:
        wanted = self._wanted
        if not wanted.isdisjoint(facts.roles):
            return True
        if wanted.isdisjoint(IMPLICIT_ROLES):
            return False
        return ("staff" if facts.staff else "member") in wanted or (
            "admin" in wanted and is_platform_admin(event, facts)
        )

    def seen(self, event: Event, facts: Facts) -> list[str]:
        return [*sorted(facts.roles), *(["staff"] if facts.staff else [])] or ["member"]


class Tagged(Condition):
    """The member has one of these tags.

    ```yaml
    tagged: [vip, silent]
    ```
    """

    step = "tagged"
    scalar = "of"
    kinds = MEMBERS

    of: Names

    def holds(self, event: Event, facts: Facts) -> bool:
        tags = facts.member.tags
        return bool(tags) and any(tag in tags for tag in self.of)

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return list(facts.member.tags) or None


class NameHasAny(Condition):
    """The member's name, user name or bio holds one of these phrases.

    ```yaml
    name_has_any: [客服, 兼职, "crypto signals"]
    ```
    """

    step = "name_has_any"
    scalar = "of"
    kinds = MEMBER_EVENTS

    of: Phrases

    @cached_property
    def _index(self) -> PhraseIndex:
        return PhraseIndex(self.of)

    def holds(self, event: Event, facts: Facts) -> bool:
        return bool(self._index.found_in(facts.reading.names))

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        found = self._index.found_in(facts.reading.names)
        return [phrase for phrase in self.of if fold(phrase) in found] or None


class IsBot(Condition):
    """The member is a bot.

    ```yaml
    is_bot: true
    ```
    """

    step = "is_bot"
    scalar = "bot"
    kinds = MEMBER_EVENTS

    bot: bool = True

    def holds(self, event: Event, facts: Facts) -> bool:
        member = member_of(event)
        return (member is not None and member.is_bot) is self.bot


class Introduced(Condition):
    """The member has introduced themselves; `false`: has not yet.

    ```yaml
    introduced: false
    ```
    """

    step = "introduced"
    scalar = "done"
    kinds = MEMBERS

    done: bool = True

    def holds(self, event: Event, facts: Facts) -> bool:
        return (facts.member.introduced_at is not None) is self.done


class FromSource(Condition):
    """The member came by one of these invitations (the link's name, where the platform tells).

    A link without a name is `link`; who was let in on request came by `request`, who came by a shared folder by
    `folder`.

    ```yaml
    from_source: [poster, newsletter]
    ```
    """

    step = "from_source"
    scalar = "of"
    kinds = MEMBERS

    of: Names

    def holds(self, event: Event, facts: Facts) -> bool:
        return _source(event, facts) in self.of

    def seen(self, event: Event, facts: Facts) -> str | None:
        return _source(event, facts)


def is_platform_admin(event: Event, facts: Facts) -> bool:
    """Whether the platform itself makes the member an admin or the owner."""
    member = member_of(event)
    return (member.role if member is not None else facts.member.role) is not PlatformRole.MEMBER


def _source(event: Event, facts: Facts) -> str | None:
    if isinstance(event, (MemberJoined, JoinRequested)) and event.source is not None:
        return event.source
    return facts.member.source
