"""What rules took away because the detector of advertisements was sure: a copy of it is known when it comes again."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rules.cases import is_about_ads
from rules.decision import FIRED, Decision
from rules.effects import DeleteMessage
from rules.events import Event, message_of
from rules.rulebook import Rulebook


class Removed(NamedTuple):
    """A message, the rule that took it away, the group, and when it was posted."""

    message: str
    rule: str
    group: str
    at: datetime


def taken_down(event: Event, decision: Decision, rulebook: Rulebook) -> Iterator[Removed]:
    """The event's message, for each rule that asked the detector and took it away."""
    message = message_of(event)
    if message is None or decision.trace is None:
        return
    for part in decision.trace.rules:
        deletes = any(isinstance(effect, DeleteMessage) and effect.message == message.id for effect in part.effects)
        if deletes and part.outcome == FIRED and is_about_ads(rulebook.rule(part.rule)):
            yield Removed(message.id, part.rule, event.group.id, event.at)
