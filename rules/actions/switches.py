"""Switching other rules on and off, and letting welcomes rest."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rules.changes import PauseWelcome as WelcomesPaused
from rules.changes import SetRuleMode
from rules.durations import Duration
from rules.events import Event
from rules.facts import Facts
from rules.step import Action, Outcome, RuleContext


class Switch(Action):
    """Another rule's mode is set in this group, for some time or until somebody changes it."""

    scalar = "rule"
    mode: ClassVar[str]
    rule: str = Field(description="The other rule's id.")
    for_: Duration | None = Field(default=None, alias="for", description="How long; without it, until changed.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        until = facts.now + self.for_ if self.for_ is not None else None
        yield SetRuleMode(rule=self.rule, mode=self.mode, until=until, by=f"rule:{rule.id}")

    def refers(self) -> Iterable[tuple[str, str]]:
        return [("rule", self.rule)]


class StartRule(Switch):
    """Enforce another rule in this group.

    ```yaml
    start_rule: { rule: newcomers-no-links, for: 2h }
    ```
    """

    step = "start_rule"
    mode = "enforce"


class StopRule(Switch):
    """Switch another rule off in this group.

    ```yaml
    stop_rule: { rule: flood, for: 1h }
    ```
    """

    step = "stop_rule"
    mode = "off"


class ShadowRule(Switch):
    """Let another rule only write down what it would do in this group.

    ```yaml
    shadow_rule: flood
    ```
    """

    step = "shadow_rule"
    mode = "shadow"


class PauseWelcome(Action):
    """Greet nobody for some time: who joins is let in silently.

    ```yaml
    pause_welcome: 2h
    ```
    """

    step = "pause_welcome"
    scalar = "for"
    for_: Duration = Field(alias="for", description="How long, such as 2h.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        until = facts.now + self.for_
        standing = facts.group.welcome_paused_until
        if standing is None or standing < until:
            yield WelcomesPaused(until=until)
