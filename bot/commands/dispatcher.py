"""From a command that was given to a decision: who may, where it belongs, and what is said when it cannot be."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.base import Command, Refused, answer, called, decided
from bot.commands.places import in_staff_room, relay
from bot.commands.powers import powers
from bot.commands.table import built_in
from rules.changes import CountUse
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.quota import Quota
from rules.step import Outcome, Remark
from rules.text import key

if TYPE_CHECKING:
    from bot.desk import Desk

REFUSALS = Quota(1, timedelta(hours=1))
"""How often a member is told that a command is not for them."""
ANSWERS = Quota(10, timedelta(minutes=10))
"""How many commands of a plain member are answered."""


class Commands:
    """The commands, as the settler asks them: a decision, or None where a command is not built in."""

    def __init__(self, commands: Mapping[str, Command] | None = None) -> None:
        self.commands = commands if commands is not None else built_in()

    def __call__(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision | None:
        command = self.commands.get(issued.name)
        if command is None:
            return None
        held = powers(issued, facts, desk.setup.config)
        if not held:
            counted = _counted(issued, facts, "commands/answered", ANSWERS)
            if counted is None:
                return decided(issued, facts, desk, (Remark("not answered: too many commands in a short time"),))
            decision = self._decide(command, issued, facts, desk, held)
            decision.changes = (*decision.changes, counted)
            return decision
        return self._decide(command, issued, facts, desk, held)

    def _decide(
        self, command: Command, issued: CommandIssued, facts: Facts, desk: "Desk", held: frozenset[str]
    ) -> Decision:
        try:
            if in_staff_room(issued, facts):
                passed_on = relay(command, issued, facts, desk)
                if passed_on is not None:
                    return decided(issued, facts, desk, (passed_on,))
            if not command.is_open_to(held):
                return decided(issued, facts, desk, _not_allowed(issued, facts, desk))
            return command.decide(issued, facts, desk)
        except Refused as refusal:
            return decided(
                issued, facts, desk, (answer(issued, facts, refusal.text, brief=True, alert=True), Remark(str(refusal)))
            )


def _not_allowed(issued: CommandIssued, facts: Facts, desk: "Desk") -> tuple[Outcome, ...]:
    if issued.press is not None:  # nobody else sees it, however often they press
        text = key("commands.not_allowed_to_press")
        return (answer(issued, facts, text, brief=True, alert=True), Remark("not allowed"))
    text = key("commands.not_allowed", command=called(issued.name, desk))
    counted = _counted(issued, facts, "commands/refused", REFUSALS)
    if counted is None:
        return (Remark("not allowed; the member was told so within the hour"),)
    return (answer(issued, facts, text), counted, Remark("not allowed"))


def _counted(issued: CommandIssued, facts: Facts, use: str, quota: Quota) -> CountUse | None:
    if not quota.allows(facts.member.uses.get(use, []), facts.now):
        return None
    return CountUse(use=use, keep=int(quota.period.total_seconds()), member=issued.actor.id)
