"""Climbing an escalation ladder: the breach gives points, the points say which step is due."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import Field

from rules.changes import AddPoints
from rules.effects import DeleteMessage
from rules.engine import run_actions
from rules.events import Event, judged_before, message_of, subject_of
from rules.facts import Facts
from rules.step import Action, Outcome, Remark, RuleContext


class Ladder(Action):
    """Give the member a point on a ladder, and carry out the step it leads to. A message counts once, however edited.

    ```yaml
    ladder: ads
    ```
    """

    step = "ladder"
    scalar = "name"
    kinds = frozenset({"message", "edit", "join", "reaction", "button", "command"})
    name: str = Field(description="A ladder's name under `ladders:`.")
    points: int = Field(default=1, ge=1, description="How much this breach counts.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is None:
            return
        ladder = rule.library.ladders[self.name]
        given = [
            one
            for one in facts.member.points
            if one.ladder == self.name and (one.expires is None or one.expires > facts.now)
        ]
        standing, before = sum(one.points for one in given), judged_before(event)
        if any(one.message in before for one in given):
            yield from self._again(standing, event, facts, rule)
            return
        reached = standing + self.points
        expires = facts.now + ladder.expire_after if ladder.expire_after is not None else None
        message = message_of(event)
        yield AddPoints(subject, self.name, self.points, expires, rule.id, message.id if message else "")
        rung = ladder.rung_for(reached)
        if rung is None:
            yield Remark(f"ladder {self.name}: {reached} points reach no step yet")
            return
        steps = sorted(ladder.rungs, key=lambda step: step.at)
        number = steps.index(rung) + 1
        inside = replace(
            rule,
            params={**rule.params, "step": number, "steps": len(steps), "points": reached},
            inside=f"{rule.inside}/{self.name}/{rung.at}",
            fallback={**rule.fallback, **ladder.fallback},
        )
        yield Remark(f"ladder {self.name}: {reached} points, step {number} of {len(steps)}")
        effects, changes, remarks = run_actions(rung.do, event, facts, inside)
        yield from effects
        yield from changes
        yield from (Remark(remark) for remark in remarks)

    def _again(self, standing: int, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        """What counted already, as it reads now: it may have to go, but nobody is punished for it twice."""
        yield Remark(f"ladder {self.name}: this message has counted already")
        rung = rule.library.ladders[self.name].rung_for(standing)
        if rung is not None:
            apart = replace(rule, done=set(rule.done))  # what is only looked at here is not done
            effects, _, _ = run_actions(rung.do, event, facts, apart)
            yield from (effect for effect in effects if isinstance(effect, DeleteMessage))

    def once(self) -> str:
        return f"ladder {self.name}"

    def refers(self) -> Iterable[tuple[str, str]]:
        return [("ladder", self.name)]
