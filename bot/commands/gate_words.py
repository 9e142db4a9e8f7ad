"""How a member stands with the entry gate, for /why."""

from rules.facts import Facts
from rules.state import MemberState
from rules.text import Text, key, say
from rules.wording import local_time


def gate_words(state: MemberState, facts: Facts) -> Text | None:
    """One line on a member's way through the gate; None where there was none."""
    gate = state.gate
    if gate is None:
        return None
    reason = key(f"gate.because.{gate.why}") if gate.why else say("")
    return key(f"gate.why.{gate.stands}", time=local_time(gate.at, facts), reason=reason)
