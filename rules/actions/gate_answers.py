"""What becomes of those who stand at the entry gate: they answer, are let in by hand, come back, or leave."""

from collections.abc import Iterator

from pydantic import Field

from rules import changes as c
from rules import gate as g
from rules.actions.messages import removal
from rules.capability import Capability
from rules.effects import UnmuteMember
from rules.engine import overridden
from rules.events import ButtonPressed, Event, MemberJoined, MemberLeft, MessagePosted
from rules.facts import Facts
from rules.gate_apply import find
from rules.gatekeeper import STAYS, Gatekeeper
from rules.rulebook import ENFORCE
from rules.step import Action, Outcome, RuleContext
from rules.wording import name_of


class KeepGate(Action):
    """Something that is done for those who stand at any gate; of all gates, as the file has them."""

    gates: dict[str, g.Gate] = Field(default_factory=dict, description="The gates by their onboarding's id.")

    def keeper(self, name: str, event: Event, facts: Facts, rule: RuleContext) -> Gatekeeper:
        """The keeper of a gate, also where the file has it no more."""
        return Gatekeeper(name, g.gate_here(self.gates, name, facts.settings), event, facts, rule)

    def pressed(
        self, member: str, data: str, press: str | None, event: Event, facts: Facts, rule: RuleContext
    ) -> Iterator[Outcome]:
        """What follows from the button that somebody pressed, and what they are told."""
        id_, index = g.pressed(data) or ("", 0)
        challenge = find(facts.group, id_)
        keeper = self.keeper(challenge.onboarding if challenge is not None else "", event, facts, rule)
        found, gate = keeper.place_of(member), facts.others(member).gate
        if gate is not None and gate.is_open and gate.stands != "asked":
            yield from keeper.answered(press, f"gate.press.{'restricted' if gate.stands == 'restricted' else 'held'}")
            return
        if challenge is None:
            yield from keeper.answered(press, "gate.press.over")
            return
        if found is None or found[0].onboarding != challenge.onboarding:
            yield from keeper.answered(press, "gate.press.not_yours")
            return
        own, one = found
        if not keeper.is_kept:
            yield from keeper.let_in(member, one.name, "no_gate")
            yield from keeper.close(own)
            return
        answer = g.chosen(challenge.id, index, keeper.kind, keeper.spec, facts.settings.secret)
        if answer is None:  # the question was changed meanwhile
            yield from keeper.answered(press, "gate.press.over")
            return
        verdict = yield from keeper.judge(own, one, answer, asked_in=challenge.id)
        if verdict == "wrong":
            yield from keeper.answered(press, "gate.press.wrong", count=keeper.left(one))
        elif verdict == "over":
            yield from keeper.answered(press, f"gate.press.{STAYS.get(keeper.spec.wrong, 'removed')}")
        else:
            yield from keeper.answered(press, "gate.press.right")
            if own.private:
                yield keeper.welcomed(one)


class TakeAnswer(KeepGate):
    """Take the button that a newcomer pressed, or what they wrote, as their answer; what is none is removed.

    ```yaml
    take_answer:
      gates: { welcome: { gate: { wait: 10m }, groups: [readers] } }
    ```
    """

    step = "take_answer"
    kinds = frozenset({"message", "button"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if isinstance(event, ButtonPressed):
            yield from self.pressed(event.member.id, event.data, event.press, event, facts, rule)
        elif isinstance(event, MessagePosted):
            yield from self._written(event, facts, rule)

    def _written(self, event: MessagePosted, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message, gate = event.message, facts.member.gate
        if gate is None:
            return
        keeper = self.keeper(gate.onboarding, event, facts, rule)
        found = keeper.place_of(message.author.id)
        if not keeper.is_kept:
            yield from keeper.let_in(message.author.id, name_of(event, facts), "no_gate")
            yield from keeper.gone(message.author.id)
            return
        if facts.can(Capability.DELETE):
            yield from removal(event.group.id, message)
        words = facts.reading.text.strip()
        if found is None or message.command is not None or not words:
            return
        challenge, one = found
        if keeper.kind != "text":
            yield from keeper.notice(one, "gate.first")
            return
        verdict = yield from keeper.judge(challenge, one, words)
        if verdict == "right":
            yield from keeper.notice(one, "gate.thanks")
        elif verdict == "wrong":
            yield from keeper.notice(one, "gate.wrong", count=keeper.left(one))
        elif verdict == "over" and (stands := STAYS.get(keeper.spec.wrong)):
            yield from keeper.notice(one, f"gate.{stands}")


class LetInUnmuted(KeepGate):
    """Let in whom an admin gave their voice back by hand, or made an admin.

    ```yaml
    let_in_unmuted:
      gates: { welcome: { groups: [readers], batch: 2m } }
    ```
    """

    step = "let_in_unmuted"
    kinds = frozenset({"message"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not isinstance(event, MessagePosted):
            return
        keeper, member = self.keeper(gate.onboarding, event, facts, rule), event.message.author.id
        yield c.DecideAtGate(member=member, stands="passed", why="by_hand", unmuted=True)
        yield from keeper.greet(member, name_of(event, facts))
        yield from keeper.gone(member)


class GiveBack(KeepGate):
    """Give who comes back the voice that was taken before they left, where the gate asks nobody any more; who comes in
    otherwise waits at its door no more.

    ```yaml
    give_back:
      gates: { welcome: { groups: [readers] } }
      modes: { welcome: { readers: shadow } }
    ```
    """

    step = "give_back"
    kinds = frozenset({"join"})
    modes: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="The modes of the gates by their onboarding's id and the group."
    )

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not isinstance(event, MemberJoined) or self._asks(facts):
            return
        keeper, member = self.keeper(gate.onboarding, event, facts, rule), event.member.id
        if gate.muted:
            yield UnmuteMember(group=event.group.id, member=member)
            yield c.DecideAtGate(member=member, stands="passed", why="no_gate", unmuted=True)
        elif gate.request and gate.is_open:  # at a door without a gate, or one that is gone: somebody has let them in
            yield c.DecideAtGate(member=member, stands="passed", why="by_hand")
        else:
            return
        yield from keeper.gone(member)

    def _asks(self, facts: Facts) -> bool:
        """Whether a gate is in force here, which then sees to them itself."""
        here = next((name for name in self.gates if g.gate_here(self.gates, name, facts.settings) is not None), None)
        if here is None:
            return False
        return (overridden(here, facts) or self.modes.get(here, {}).get(facts.settings.key, ENFORCE)) == ENFORCE


class LeaveGate(KeepGate):
    """Ask those no more who have gone; who was removed by somebody is asked again when they come back.

    ```yaml
    leave_gate:
    ```
    """

    step = "leave_gate"
    kinds = frozenset({"leave"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        gate = facts.member.gate
        if gate is None or not isinstance(event, MemberLeft):
            return
        removed = event.remover is not None and event.remover.id != event.member.id
        if gate.is_open or (gate.stands == "passed" and removed):
            keeper = self.keeper(gate.onboarding, event, facts, rule)
            stands, why = ("removed", "by_hand") if removed else ("gone", "")
            yield c.DecideAtGate(member=event.member.id, stands=stands, why=why)
            yield from keeper.gone(event.member.id)
