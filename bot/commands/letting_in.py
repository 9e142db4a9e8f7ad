"""Staff decide on who stands before the entry gate: let them in, or send them away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from bot.commands.acting import CONFIRM_WITHIN, Act, MemberCommand, ask
from bot.commands.arguments import Order, Target, first_word, target_of
from bot.commands.base import actor_name, answer, called, decided, refused
from bot.commands.unable import unable
from rules.capability import Capability
from rules.changes import DecideAtGate
from rules.decision import Decision
from rules.effects import AnswerJoinRequest, EditText, KickMember, SendPrivate
from rules.events import CommandIssued
from rules.facts import Facts
from rules.folding import fold
from rules.gate import gate_here
from rules.gatekeeper import Gatekeeper
from rules.onboarding import gates_of
from rules.state import AtGate
from rules.step import Outcome, RuleContext
from rules.text import Text, key
from rules.wording import gathered, group_name, local_time

if TYPE_CHECKING:
    from bot.desk import Desk

ALL = "all"
_EVERYBODY = frozenset({ALL, "everybody", "everyone", "全部", "所有", "所有人"})
NAMED = 10


class GateCommand(MemberCommand):
    """A decision on one or several who stand before the gate; ``all`` are those who wait for staff."""

    needs = "review"
    severe = False
    only_open: ClassVar[bool]

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        """The one group in which somebody waits, where all are meant and no group is named."""
        if fold(issued.args.strip()) not in _EVERYBODY:
            return None
        waiting = [settings.chat for settings in desk.groups if desk.group_state(settings.chat).held]
        return (waiting[0], ALL) if len(waiting) == 1 else None

    def _checked(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Order:
        word = first_word(issued.args)
        if fold(word) in _EVERYBODY:
            if not facts.group.held:
                raise refused("letin.nobody")
            targets = tuple(target_of(member, desk) for member in facts.group.held)
            return Order(targets, reason=issued.args.strip()[len(word) :].strip())
        order = super()._checked(issued, facts, desk)
        for target in order.targets:
            gate = desk.member(target.id).gate
            if gate is None or not (gate.is_open or (gate.stands != "passed" and not self.only_open)):
                raise refused("letin.not_there", name=target.name)
        return order

    def _act(self, issued: CommandIssued, facts: Facts, desk: "Desk", order: Order) -> Decision:
        act = Act(issued, facts, desk, order)
        keepers = {target.id: keeper_of(act, target) for target in order.targets}
        outcomes: list[Outcome] = []
        for target in order.targets:
            outcomes += self.outcomes(act, target)
            outcomes.append(act.audit(target))
        outcomes += closed(keepers)
        names = gathered([target.name for target in order.targets], NAMED, facts)
        done = key(f"commands.{self.name}.done", names=names, group=group_name(issued, facts))
        outcomes.append(answer(issued, facts, done, brief=True))
        outcomes += _card_closed(issued, facts, done)
        return decided(issued, facts, desk, outcomes)


def _card_closed(issued: CommandIssued, facts: Facts, done: Text) -> Iterator[EditText]:
    """What was decided takes the place of the buttons by which it was."""
    place, card = issued.origin.group.id if issued.origin is not None else "", issued.message.id
    is_staff_room = place == facts.settings.staff_chat and Capability.EDIT_OWN in facts.settings.staff_capabilities
    if issued.press is None or not is_staff_room or not card.startswith(f"{place}/"):
        return
    line = key("gate.decided", value=done, actor=actor_name(issued), time=local_time(facts.now, facts))
    yield EditText(group=place, message=card, text=key("alerts.gate", group=group_name(issued, facts), items=(line,)))


class LetIn(GateCommand):
    name = "letin"
    aliases = ("放行",)
    mass = False
    only_open = False

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        keeper, gate = keeper_of(act, target), act.desk.member(target.id).gate
        if gate is not None and gate.is_open:
            yield from keeper.let_in(target.id, target.name, "by_hand")
            if gate.request and act.facts.can(Capability.SEND_PRIVATE):
                words = key("gate.end.let_in", name=target.name, group=group_name(act.issued, act.facts))
                yield SendPrivate(group=act.issued.group.id, member=target.id, text=words)
        else:  # they are not here: they are asked nothing when they come back
            yield DecideAtGate(member=target.id, stands="passed", why="by_hand")


class TurnAway(GateCommand):
    name = "turnaway"
    aliases = ("谢绝",)
    only_open = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        order = self._checked(issued, facts, desk)
        if len(order.targets) == 1:
            return self._act(issued, facts, desk, order)
        names = gathered([target.name for target in order.targets], NAMED, facts)
        question = key(
            "commands.confirm.members", command=called(self.name, desk), count=len(order.targets), names=names
        )
        everybody = fold(first_word(issued.args)) in _EVERYBODY
        return ask(issued, facts, desk, ALL if everybody else order.written(), question)

    def carry_out(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        order = self._checked(issued, facts, desk)
        if fold(first_word(issued.args)) in _EVERYBODY:  # all of those who were named in the question
            asked = (one.until - CONFIRM_WITHIN for one in facts.group.confirmations if one.actor == issued.actor.id)
            since = next(asked, facts.now)
            stood = (target for target in order.targets if _stands_since(since, desk.member(target.id).gate))
            order = replace(order, targets=tuple(stood))
        if not order.targets:
            raise refused("letin.nobody")
        return self._act(issued, facts, desk, order)

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        gate, group = act.desk.member(target.id).gate, act.issued.group.id
        if gate is not None and gate.request:
            yield AnswerJoinRequest(group=group, member=target.id, approve=False)
            if act.facts.can(Capability.SEND_PRIVATE):
                words = key("gate.end.turned_away", name=target.name, group=group_name(act.issued, act.facts))
                yield SendPrivate(group=group, member=target.id, text=words)
        elif not act.facts.can(Capability.KICK):
            raise unable(self.name, act.issued, act.facts, act.desk)
        else:
            yield KickMember(group=group, member=target.id)
        yield DecideAtGate(member=target.id, stands="removed", why="by_hand")


def _stands_since(moment: datetime, gate: AtGate | None) -> bool:
    return gate is not None and gate.at <= moment


def let_in_by_hand(act: Act, target: Target) -> Iterator[Outcome]:
    """Who is given their voice back is asked no more."""
    gate = act.desk.member(target.id).gate
    if gate is not None and gate.is_open and not gate.request:
        keeper = keeper_of(act, target)
        yield DecideAtGate(member=target.id, stands="passed", why="by_hand")
        yield from keeper.greet(target.id, target.name)
        yield from keeper.gone(target.id)


def gone_by_hand(act: Act, target: Target) -> Iterator[Outcome]:
    """Who is removed is asked no more."""
    gate = act.desk.member(target.id).gate
    if gate is not None and gate.is_open:
        yield DecideAtGate(member=target.id, stands="removed", why="by_hand")
        yield from keeper_of(act, target).gone(target.id)


def keeper_of(act: Act, target: Target) -> Gatekeeper:
    """The keeper of the gate at which somebody stands, or stood."""
    gate = act.desk.member(target.id).gate
    name = gate.onboarding if gate is not None else ""
    here = gate_here(gates_of(act.desk.setup.config), name, act.facts.settings)
    rule = RuleContext(f"/{act.issued.name}", "", act.desk.setup.rulebook.library)
    return Gatekeeper(name, here, act.issued, act.facts, rule)


def closed(keepers: dict[str, Gatekeeper]) -> Iterator[Outcome]:
    """What becomes of the challenges at which these waited, once all of them wait no more."""
    seen: set[str] = set()
    for member, keeper in keepers.items():
        keeper.decided |= set(keepers)
        found = keeper.place_of(member)
        if found is not None and found[0].id not in seen:
            seen.add(found[0].id)
            yield from keeper.close(found[0])
