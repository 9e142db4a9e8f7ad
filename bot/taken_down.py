"""What rules took away because the detector of advertisements was sure: a copy of it is known when it comes again."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rules.cases import AD
from rules.changes import HoldMessage
from rules.decision import FIRED, Decision, RuleTrace
from rules.effects import DeleteMessage
from rules.events import Event, message_of


class Removed(NamedTuple):
    """A message, the rule that took it away, the group, and when it was posted."""

    message: str
    rule: str
    group: str
    at: datetime


def taken_down(event: Event, decision: Decision) -> Iterator[Removed]:
    """The event's message, for each rule that took it away because the detector was sure.

    What is held for staff to decide is not known to be one: else a copy would be, whatever they decide.
    """
    message = message_of(event)
    if message is None or decision.trace is None:
        return
    for part in decision.trace.rules:
        deletes = any(isinstance(effect, DeleteMessage) and effect.message == message.id for effect in part.effects)
        holds = any(isinstance(change, HoldMessage) for change in part.changes)
        if deletes and not holds and part.outcome == FIRED and _was_sure(part):
            yield Removed(message.id, part.rule, event.group.id, event.at)


def _was_sure(part: RuleTrace) -> bool:
    return any(held and AD in condition.detectors() for condition, held, _ in part.notes)
