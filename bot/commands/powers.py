"""Who may do what: the ``can`` words of roles, and who is out of whose reach."""

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.config import Config
from rules.events import CommandIssued
from rules.facts import Facts
from rules.values import Member, PlatformRole

if TYPE_CHECKING:
    from bot.commands.arguments import Target
    from bot.desk import Desk

EVERYTHING = "everything"


def powers(issued: CommandIssued, facts: Facts, config: Config) -> frozenset[str]:
    """What the issuer may do: by their roles here, and by those they have where they gave the command.

    A channel gives no orders, except the group's own.
    """
    if issued.actor.is_chat and issued.actor.role is PlatformRole.MEMBER:
        return frozenset()
    found = set(issued.origin.can) if issued.origin is not None else set()
    for role in facts.roles:
        spec = config.roles.get(role)
        if spec is not None:
            found |= set(spec.can)
    if facts.staff and not any(spec.can for spec in config.roles.values()):
        found.add(EVERYTHING)  # no role may do anything: the platform's own admins keep the group
    return frozenset(found)


def allowed(needs: str | None, held: frozenset[str]) -> bool:
    """Whether somebody who may do ``held`` may do this."""
    return needs is None or needs in held or EVERYTHING in held


def may(issued: CommandIssued, facts: Facts, desk: "Desk", verb: str) -> bool:
    """Whether the issuer may do this."""
    return allowed(verb, powers(issued, facts, desk.setup.config))


def is_staff(member: str, seen: Member | None, facts: Facts, desk: "Desk") -> bool:
    """Whether a member is one of the staff, or an admin of the platform. ``seen`` is them as in the message, if so."""
    if seen is not None and seen.role is not PlatformRole.MEMBER:
        return True
    state = desk.member(member)
    if state.role is not PlatformRole.MEMBER:
        return True
    return desk.setup.rulebook.roles_of(replace(facts, member=state))[1]


def is_ours(member: str, seen: Member | None, reply_to: str | None, desk: "Desk") -> bool:
    """Whether a member is the bot itself: by its user name, or because the message replied to is one it posted."""
    name = (seen.username if seen is not None else None) or desk.member(member).username
    if name is not None and name.casefold() in desk.setup.commands.bots:
        return True
    return seen is not None and reply_to is not None and desk.posted_by_us(reply_to)


def is_linked(member: str, seen: Member | None, desk: "Desk") -> bool:
    """Whether this is the channel that the group belongs to."""
    role = seen.role if seen is not None else desk.member(member).role
    return role is PlatformRole.GROUP and not is_anonymous(member, desk)


def is_anonymous(member: str, desk: "Desk") -> bool:
    """Whether this is no person but the group itself, as whom its anonymous admins write."""
    return member == desk.group


def is_channel(target: "Target") -> bool:
    """Whether a target is a channel, which can be kept out but has no voice to be taken. Its id is negative."""
    return (target.seen is not None and target.seen.is_chat) or target.id.partition(":")[2].startswith("-")
