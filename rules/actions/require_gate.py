"""Having newcomers asked at the gate for some time, as in a raid."""

from collections.abc import Iterator

from pydantic import Field

from rules.changes import RequireGate as GateRequired
from rules.durations import Duration
from rules.events import Event
from rules.facts import Facts
from rules.step import Action, Outcome, RuleContext


class RequireGate(Action):
    """Have the gate ask who joins from now on, where it says `required: when_asked`.

    ```yaml
    require_gate: 2h
    ```
    """

    step = "require_gate"
    scalar = "for"
    for_: Duration = Field(alias="for", description="How long, such as 2h.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        until = facts.now + self.for_
        standing = facts.group.gate_required_until
        if standing is None or standing < until:
            yield GateRequired(until=until)
