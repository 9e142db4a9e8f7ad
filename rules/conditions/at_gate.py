"""Whether the member is before the entry gate: conditions of rules that are made, not written."""

from rules import gate as g
from rules.events import ButtonPressed, Event
from rules.facts import Facts
from rules.step import Condition
from rules.values import PlatformRole


class BeforeGate(Condition):
    """A button of the entry gate is pressed, or somebody writes who was not let in yet.

    ```yaml
    before_gate:
    ```
    """

    step = "before_gate"
    kinds = frozenset({"message", "button"})

    def holds(self, event: Event, facts: Facts) -> bool:
        if isinstance(event, ButtonPressed):
            return g.pressed(event.data) is not None
        gate = facts.member.gate
        return gate is not None and gate.is_open and not was_unmuted(facts)


class UnmutedByHand(Condition):
    """Somebody writes whose voice the gate had taken: an admin has given it back.

    ```yaml
    unmuted_by_hand:
    ```
    """

    step = "unmuted_by_hand"
    kinds = frozenset({"message"})

    def holds(self, event: Event, facts: Facts) -> bool:
        return was_unmuted(facts)


def was_unmuted(facts: Facts) -> bool:
    """Whether a member can write although the gate took their voice, and has had the time to take it.

    Whoever is made an admin meanwhile is trusted, and asked no more.
    """
    gate = facts.member.gate
    if gate is None or not gate.is_open or gate.request:
        return False
    if facts.staff or facts.member.role is not PlatformRole.MEMBER:
        return True
    return gate.muted and facts.now - (facts.member.joined_at or gate.at) > g.NOTICED
