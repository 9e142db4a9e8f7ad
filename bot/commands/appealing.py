"""/appeal: a member objects, and the staff room is told, with what was decided and how to undo it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.acting import actor_name
from bot.commands.base import Command, answer, decided, refused
from bot.commands.why import last_decided
from rules.changes import CountUse
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.quota import Quota
from rules.text import key
from rules.values import Button
from rules.wording import excerpt, group_name, to_staff

if TYPE_CHECKING:
    from bot.desk import Desk

APPEALS = Quota(3, timedelta(days=1))
LONGEST = 1_000
_USE = "commands/appeal"


class Appeal(Command):
    name = "appeal"
    aliases = ("申诉",)
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        if facts.settings.staff_chat is None:
            raise refused("appeal.no_staff")
        if not APPEALS.allows(facts.member.uses.get(_USE, []), facts.now):
            raise refused("appeal.enough")
        member, place = issued.actor.id, facts.settings.key
        acts = undoing(facts)
        text = key(
            "commands.appeal.staff",
            name=actor_name(issued),
            member=member,
            group=group_name(issued, facts),
            text=excerpt(issued.args, LONGEST) or "–",
            items=last_decided(member, facts, desk, staff=True),
            command=f"/{acts[0]} {member} {place}",
        )
        told = to_staff(
            facts,
            text,
            buttons=tuple(Button(text=f"/{act}", data=f"/{act} {member} {place}") for act in acts),
        )
        if told is None:
            raise refused("appeal.no_staff")
        counted = CountUse(use=_USE, keep=int(APPEALS.period.total_seconds()), member=member)
        return decided(issued, facts, desk, (told, counted, answer(issued, facts, key("commands.appeal.done"))))


def undoing(facts: Facts) -> tuple[str, ...]:
    """The commands that take back what holds against the member, the gravest first."""
    state = facts.member
    found = ["unban"] if state.banned else []
    if state.muted_until is not None and state.muted_until > facts.now:
        found.append("unmute")
    return (*found, "forgive")
